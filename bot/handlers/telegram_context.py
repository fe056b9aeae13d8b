"""What the handlers of Telegram's updates share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from telegram import Bot, User

from bot.chat.answers import Answer, AnswerKind, Turn
from bot.chat.chat import Chat
from bot.handlers.telegram_sender import Place, Sender
from bot.handlers.telegram_typing import Typing
from bot.handlers.telegram_views import Post, posts, song_posts, text_posts
from bot.presentation import Presenter
from core.models import Language, Layout, UserKey

__all__ = ["PLATFORM", "Context", "user_key"]

PLATFORM: Final = "telegram"
_GREETED: Final = 10_000
"""People of whom it is remembered that they were told who speaks."""
_INTRODUCED: Final = frozenset({AnswerKind.TALK, AnswerKind.SONGS, AnswerKind.MOOD})
"""Answers before which the bot says who it is, the first time."""


@dataclass(frozen=True, eq=False)
class Context:
    """What a handler has at hand.

    Attributes:
        chat: answers.
        bot: initialised.
        sender: brings answers into chats.
        typing: shows that the bot is at work.
        generator: of all that varies.
        clock: the time now, aware, UTC.
        language: of people of whom Telegram does not tell one.
    """

    chat: Chat
    bot: Bot
    sender: Sender
    typing: Typing
    generator: np.random.Generator
    clock: Callable[[], datetime]
    language: Language
    _greeted: dict[UserKey, None] = field(default_factory=dict)

    def turn(
        self, user: User, key: str, *, message: str | None = None, private: bool = True
    ) -> Turn:
        """Something a person did.

        Args:
            user: the person.
            key: what it is called, the same when Telegram repeats it; without the platform.
            message: by which it can be edited later.
            private: whether nobody else reads along.
        """
        return Turn(
            user=user_key(user),
            key=f"{PLATFORM}:{key}",
            language=self.language_of(user),
            now=self.clock(),
            generator=self.generator,
            message=message,
            private=private,
        )

    def language_of(self, user: User) -> Language:
        """The language of the person's app, as far as the bot speaks it."""
        if user.language_code is None:
            return self.language
        code = user.language_code.partition("-")[0]
        return Language(code) if code in set(Language) else Language.ENGLISH

    def presenter(self, answer: Answer) -> Presenter:
        """What says an answer in its language."""
        return self.chat.presenters[answer.language]

    async def presenter_for(self, user: User) -> Presenter:
        """What speaks to a person where there is no answer yet."""
        chosen = (await self.chat.service.people.settings(user_key(user))).language
        return self.chat.presenters[chosen or self.language_of(user)]

    async def show(self, place: Place, turn: Turn, answer: Answer) -> None:
        """Send all messages of an answer."""
        presenter = self.presenter(answer)
        slate = answer.reply.slate if answer.reply else None
        messages = posts(answer, presenter)
        if slate and slate.items:
            service = self.chat.service
            ids = [item.impression for item in slate.items]
            votes = await service.votes.standing(turn.user, ids)
            chosen = (await service.people.settings(turn.user)).layout
            messages = song_posts(
                answer,
                slate,
                votes,
                presenter,
                layout=chosen or Layout.LIST,
                private=place.private,
            )
        await self.sender.send(place, [*self._introduction(turn, answer), *messages])

    def greeted(self, user: UserKey) -> None:
        """The person was told who speaks."""
        self._greeted[user] = None
        if len(self._greeted) > _GREETED:
            del self._greeted[next(iter(self._greeted))]

    def _introduction(self, turn: Turn, answer: Answer) -> list[Post]:
        """Who speaks, to somebody of whom nothing is known yet; once."""
        first = answer.kind in _INTRODUCED and answer.reply is not None and answer.reply.first
        if not first or turn.user in self._greeted:
            return []
        self.greeted(turn.user)
        texts = self.presenter(answer).texts
        return text_posts((texts("about.hello"), texts("about.ai")))


def user_key(user: User) -> UserKey:
    """The person, as the service knows people."""
    return UserKey(PLATFORM, str(user.id))
