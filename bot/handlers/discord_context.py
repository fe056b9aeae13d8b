"""What the handlers of Discord's events share."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

import discord
import numpy as np

from bot.chat.answers import Answer, Turn
from bot.chat.chat import Chat
from bot.chat.introductions import Introductions
from bot.clock import Clock
from bot.handlers.discord_answers import AnyInteraction
from bot.handlers.discord_errors import OutdatedError, ShuttingDownError
from bot.handlers.discord_once import Recent
from bot.handlers.discord_places import Places
from bot.handlers.discord_sender import Sender
from bot.presentation import Presenter
from core.models import Language, UserKey

__all__ = [
    "PLATFORM",
    "Context",
    "in_direct_messages",
    "language_of",
    "shown_in_private",
    "user_key",
]

PLATFORM: Final = "discord"
_REMEMBERED: Final = 10_000


@dataclass(frozen=True, eq=False)
class Context:
    """What a handler has at hand.

    Attributes:
        chat: answers.
        places: how the bot behaves in which guild.
        generator: of all that varies.
        clock: the time now, aware, UTC.
        language: of people of whom nothing tells one.
        sender: brings answers to people.
        introductions: to whom the bot said who it is.
        shared: ids of the messages whose songs were shown to everybody.
    """

    chat: Chat
    places: Places
    generator: np.random.Generator
    clock: Clock
    language: Language
    sender: Sender
    introductions: Introductions = field(default_factory=Introductions)
    shared: Recent = field(default_factory=Recent)
    _locks: WeakValueDictionary[UserKey, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _languages: OrderedDict[UserKey, Language] = field(default_factory=OrderedDict)

    def alone(self, user: UserKey) -> asyncio.Lock:
        """What lets the things one person does happen one after the other, as they came.

        A lock lives as long as somebody holds or awaits it.
        """
        return self._locks.setdefault(user, asyncio.Lock())

    def turn(self, interaction: AnyInteraction) -> Turn:
        """An interaction as something a person did; only that person sees the answer."""
        user = user_key(interaction.user)
        language = language_of(str(interaction.locale))
        # Messages do not say which language their author's app speaks, interactions do.
        self._languages[user] = language
        self._languages.move_to_end(user)
        if len(self._languages) > _REMEMBERED:
            self._languages.popitem(last=False)
        return self._turn(user, str(interaction.id), language, private=True)

    async def turn_of(self, message: discord.Message, edited: str = "") -> Turn:
        """A message as something a person did; `edited` tells apart what it said since."""
        user = user_key(message.author)
        language = await self.language_for(user, message.guild)
        key = f"{message.id}:{edited}" if edited else str(message.id)
        private = message.guild is None
        name = f"{message.channel.id}:{message.id}"
        return self._turn(user, key, language, private=private, message=name)

    def _turn(
        self,
        user: UserKey,
        key: str,
        language: Language,
        *,
        private: bool,
        message: str | None = None,
    ) -> Turn:
        return Turn(
            user=user,
            key=f"{PLATFORM}:{key}",
            language=language,
            now=self.clock(),
            generator=self.generator,
            message=message,
            private=private,
        )

    async def language_for(self, user: UserKey, guild: discord.Guild | None = None) -> Language:
        """What to speak to a person who chose nothing: as in the app, or as the guild does."""
        if user in self._languages:
            return self._languages[user]
        if guild is None:
            return self.language
        chosen = (await self.places.rules(guild.id)).language
        return chosen or language_of(str(guild.preferred_locale))

    def presenter(self, answer: Answer) -> Presenter:
        """What says an answer in its language."""
        return self.chat.presenters[answer.language]

    async def presenter_for(self, turn: Turn) -> Presenter:
        """What speaks to a person where there is no answer yet."""
        chosen = (await self.chat.service.people.settings(turn.user)).language
        return self.chat.presenters[chosen or turn.language]

    def sentence(self, error: Exception, locale: str | None) -> str:
        """The kind sentence for a failure outside of the chat."""
        language = self.language if locale is None else language_of(locale)
        texts = self.chat.presenters[language].texts
        if isinstance(error, OutdatedError):
            return texts("error.unknown_action")
        if isinstance(error, ShuttingDownError):
            return texts("discord.ending")
        return self.chat.failed(error, language).text[0]


def user_key(user: discord.abc.Snowflake) -> UserKey:
    """The person, as the service knows people."""
    return UserKey(PLATFORM, str(user.id))


def language_of(locale: str) -> Language:
    """The language of a Discord locale like "ko" or "en-US", as far as the bot speaks it."""
    code = locale.partition("-")[0]
    return Language(code) if code in set(Language) else Language.ENGLISH


def in_direct_messages(interaction: AnyInteraction) -> bool:
    """Whether it came in the person's direct messages with the bot."""
    return interaction.context.dm_channel


def shown_in_private(interaction: AnyInteraction) -> bool:
    """Whether nobody else sees the message that was pressed."""
    shown = interaction.message
    return in_direct_messages(interaction) or (shown is not None and shown.flags.ephemeral)
