"""Writes docs/conversations.md: ten conversations with the bot, as it answers now.

python -m scripts.write_conversations [--out FILE]
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from bot.chat.answers import AnswerKind
from bot.chat.chat import Chat
from bot.presentation import Presenter
from core.dialogue.tones import leading_emotion
from core.errors import MaeumError
from core.models import EmotionScores, Language
from scripts.conversations import (
    CONVERSATIONS,
    Conversation,
    Exchange,
    open_chat,
    play,
    read_conversations,
)

__all__ = ["PAGE", "main", "page"]

PAGE: Final = Path("docs/conversations.md")
_INTRO: Final = """# Ten conversations

Written by `python -m scripts.write_conversations`; do not edit.

What people do stands in `tests/data/conversations.yaml`, with what has to be true of the answers;
`tests/e2e/test_conversations.py` plays them through the bundled model, bank and catalogue, with a
fixed seed and clock, and checks that this page is up to date. What is pressed stands in square
brackets. The small line below an answer tells what the bot read in the message.
"""
_ME: Final = {Language.KOREAN: "나", Language.ENGLISH: "me"}
_LATER: Final = 1.0  # hours from which on a pause is told


def main() -> None:
    """Have the conversations, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=PAGE)
    arguments = parser.parse_args()
    try:
        text = asyncio.run(_written())
    except (MaeumError, OSError, LookupError) as error:
        sys.exit(str(error))
    arguments.out.write_text(text, encoding="utf-8")


async def _written() -> str:
    async with open_chat() as chat:
        had = [(each, await play(chat, each)) for each in read_conversations(CONVERSATIONS)]
        return page(chat, had)


def page(chat: Chat, had: Sequence[tuple[Conversation, Sequence[Exchange]]]) -> str:
    """The page of conversations that were had."""
    parts = [_INTRO]
    for number, (conversation, exchanges) in enumerate(had, start=1):
        parts.append(f"## {number}. {conversation.title}\n")
        for exchange in exchanges:
            parts += _exchange(chat.presenters, exchange, conversation.language)
    return "\n".join(parts).rstrip("\n") + "\n"


def _exchange(
    presenters: Mapping[Language, Presenter], exchange: Exchange, language: Language
) -> Iterator[str]:
    turn, answer = exchange.turn, exchange.answer
    presenter = presenters[answer.language]
    if turn.get("hours", 0) >= _LATER:
        yield f"*({turn['hours']} hours later)*\n"
    done = turn["say"] if "say" in turn else f"[{turn['press']}]"
    place = f" ({turn['of']})" if "of" in turn else ""
    yield f"**{_ME[language]}**: {_plain(done)}{place}\n"
    reply = answer.reply
    first: tuple[str, ...] = ()
    if reply is not None and reply.first and answer.kind is not AnswerKind.HELP:
        first = (presenter.texts("about.hello"), presenter.texts("about.ai"))
    lines = [_plain(line) for text in (*first, *answer.text) for line in text.splitlines()]
    if answer.picture is not None:
        lines.append(f"*({_plain(answer.picture.alt)})*")
    if reply is not None and reply.slate is not None:
        for card in presenter.cards(reply.slate):
            facts = f" ({card.facts})" if card.facts else ""
            lines.append(f"♪ {card.number}. {_plain(f'{card.title} - {card.artist}{facts}')}")
            lines.append(f"&nbsp;&nbsp;&nbsp;{_plain(card.why)}")
    if answer.buttons:
        lines.append(" ".join(f"[{_plain(b.label)}]" for row in answer.buttons for b in row))
    if reply is not None and reply.reading is not None and answer.kind is AnswerKind.TALK:
        lines.append(f"<sub>{_plain(_read(presenter, reply.reading))}</sub>")
    yield from (f"> {line}<br>" for line in lines[:-1])
    yield f"> {lines[-1]}\n"


def _read(presenter: Presenter, scores: EmotionScores) -> str:
    """What was read, without shares: they differ in the last digit from machine to machine."""
    emotion = leading_emotion(scores)
    name = "mixed" if emotion is None else presenter.texts(f"feeling.{emotion}")
    return " · ".join((name, *presenter.fine_names(scores)))


def _plain(text: str) -> str:
    """`text` as Markdown shows it unchanged."""
    for special in "\\`*_<>[]":
        text = text.replace(special, f"\\{special}")
    return text


if __name__ == "__main__":
    main()
