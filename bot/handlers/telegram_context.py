"""What the handlers of Telegram's updates share."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from telegram import Bot, User

from bot.chat.answers import Answer, Turn
from bot.chat.chat import Chat
from bot.chat.introductions import Introductions
from bot.clock import Clock
from bot.handlers.telegram_sender import Place, Sender
from bot.handlers.telegram_typing import Typing
from bot.handlers.telegram_views import posts, song_posts, text_posts
from bot.pace import Deed, Leave
from bot.presentation import Presenter
from core.models import Language, UserKey

if TYPE_CHECKING:
    from bot.handlers.telegram_voice import Voices

__all__ = ["PLATFORM", "Context", "user_key"]

PLATFORM: Final = "telegram"


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
        voices: hears voice messages.
        introductions: to whom the bot said who it is.
    """

    chat: Chat
    bot: Bot
    sender: Sender
    typing: Typing
    generator: np.random.Generator
    clock: Clock
    language: Language
    voices: "Voices"
    introductions: Introductions = field(default_factory=Introductions)

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

    def may(self, user: User, deed: Deed) -> bool:
        """Whether the person may do this now; then it is counted."""
        return self.chat.pace.ask(user_key(user), deed, self.clock()) is Leave.GIVEN

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
        """Send all messages of an answer; none of one that was given a moment ago."""
        if answer.quiet:
            return
        presenter = self.presenter(answer)
        slate = answer.reply.slate if answer.reply else None
        messages = posts(answer, presenter)
        if slate and slate.items:
            ids = [item.impression for item in slate.items]
            votes = await self.chat.service.votes.standing(turn.user, ids)
            messages = song_posts(
                answer,
                slate,
                votes,
                presenter,
                layout=answer.layout,
                private=place.private,
            )
        if introduction := self.introductions.of(turn, answer, presenter):
            messages = [*text_posts(introduction), *messages]
        await self.sender.send(place, messages)


def user_key(user: User) -> UserKey:
    """The person, as the service knows people."""
    return UserKey(PLATFORM, str(user.id))
