"""Somebody who talks to the bot through its chat, without a platform."""

import itertools
from datetime import timedelta
from typing import Any

import numpy as np

from bot.chat.answers import Answer, Button, Turn
from bot.chat.chat import Chat
from bot.chat.desk import Desk
from bot.chat.verdicts import rows_below
from core.models import Language, UserKey
from tests.services import NOW, USER
from tests.unit.console_fakes import PRESENTERS

__all__ = ["Person"]

_KEYS = itertools.count()


class Person:
    """Somebody who talks to the bot."""

    def __init__(
        self, chat: Chat, user: UserKey = USER, language: Language = Language.KOREAN
    ) -> None:
        self.chat = chat
        self.user = user
        self.language = language
        self.now = NOW

    def turn(self, key: str | None = None) -> Turn:
        self.now += timedelta(seconds=1)
        return Turn(
            user=self.user,
            key=key or f"test:{next(_KEYS)}",
            language=self.language,
            now=self.now,
            generator=np.random.default_rng(0),
        )

    async def says(self, text: str) -> Answer:
        return await self.chat.answer(self.turn(), text)

    async def presses(self, button: Button, key: str | None = None) -> Answer:
        assert button.action is not None
        carried = str(button.action)
        assert len(carried.encode()) <= 64
        return await self.chat.press(self.turn(key), carried)

    async def rows(self, answer: Answer, *, listed: bool) -> Any:
        desk = Desk(
            self.chat.service,
            PRESENTERS[answer.language],
            PRESENTERS,
            self.turn(),
            None,
            "Asia/Seoul",
            None,
        )
        assert answer.reply is not None
        return await rows_below(desk, answer.reply, listed=listed)
