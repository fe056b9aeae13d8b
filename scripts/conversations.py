"""Plays the conversations of tests/data/conversations.yaml: everything is real but the clock.

The bundled model, bank, catalogue and pictures answer through `bot.chat.chat.Chat`; the store is
in memory. Seed and clock are fixed, so that the same files give the same answers.
"""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from bot.bootstrap import load_painter, load_presenters, open_service
from bot.chat.answers import Answer, Button, Turn
from bot.chat.chat import Chat
from bot.chat.desk import Desk
from bot.chat.verdicts import rows_below
from bot.config import load_settings
from core.models import Language, UserKey

__all__ = ["CONVERSATIONS", "Conversation", "Exchange", "open_chat", "play", "read_conversations"]

CONVERSATIONS: Final = Path("tests/data/conversations.yaml")
_START: Final = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)
"""A Wednesday evening in Seoul."""
_ZONE: Final = "Asia/Seoul"
_PLATFORM: Final = "conversation"
_SEED: Final = 20261121


@dataclass(frozen=True)
class Conversation:
    """What a person does.

    Attributes:
        name: its key in the file.
        title: in English.
        language: of the person.
        turns: as they stand in the file, whose head says what their keys mean.
    """

    name: str
    title: str
    language: Language
    turns: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Exchange:
    """A turn and its answer.

    Attributes:
        turn: as it stands in the file.
        answer: what was said to it.
        buttons: all that stand below it, those of songs too, in reading order.
        at: when.
    """

    turn: Mapping[str, Any]
    answer: Answer
    buttons: tuple[Button, ...]
    at: datetime


def read_conversations(path: Path) -> tuple[Conversation, ...]:
    """The conversations of a file, in its order."""
    return tuple(
        Conversation(name, entry["title"], Language(entry["language"]), tuple(entry["turns"]))
        for name, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    )


@asynccontextmanager
async def open_chat() -> AsyncIterator[Chat]:
    """What answers, over the bundled files and an empty store in memory.

    Raises:
        SetupError: files are missing or damaged.
    """
    settings = load_settings({"DATABASE_URL": "memory:"}, env_file=Path(os.devnull))
    async with open_service(settings) as service:
        yield Chat(service, load_presenters(), _ZONE, painter=load_painter())


async def play(chat: Chat, conversation: Conversation) -> list[Exchange]:
    """Have a conversation, as somebody whom nobody else is.

    Raises:
        LookupError: a button is pressed that was not shown.
    """
    generator = np.random.default_rng([_SEED, *conversation.name.encode()])
    user = UserKey(_PLATFORM, conversation.name)
    now = _START
    shown: tuple[Button, ...] = ()
    exchanges: list[Exchange] = []
    for number, entry in enumerate(conversation.turns):
        now += timedelta(hours=entry["hours"]) if "hours" in entry else timedelta(minutes=1)
        key = f"{conversation.name}:{number}"
        turn = Turn(user, key, conversation.language, now, generator)
        if "say" in entry:
            answer = await chat.answer(turn, entry["say"])
        else:
            answer = await chat.press(turn, _carried(shown, entry))
        buttons = await _buttons(chat, turn, answer)
        # Older buttons stand where they stood.
        shown = (*buttons, *(old for old in shown if old.label not in {b.label for b in buttons}))
        exchanges.append(Exchange(entry, answer, buttons, now))
    return exchanges


async def _buttons(chat: Chat, turn: Turn, answer: Answer) -> tuple[Button, ...]:
    rows = list(answer.buttons)
    if answer.reply is not None and answer.reply.slate is not None:
        presenter = chat.presenters[answer.language]
        desk = Desk(chat.service, presenter, chat.presenters, turn, None, _ZONE, None)
        for below in await rows_below(desk, answer.reply, listed=True):
            rows += below
    return tuple(button for row in rows for button in row)


def _carried(shown: Sequence[Button], entry: Mapping[str, Any]) -> str:
    named = [str(b.action) for b in shown if b.label == entry["press"] and b.action is not None]
    place = int(entry.get("of", 1)) - 1
    if place >= len(named):
        raise LookupError(f"there is no button {entry['press']} among {[b.label for b in shown]}")
    return named[place]
