"""The bot on Discord: builds it, and runs it until it is told to stop."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

import numpy as np

from bot.chat.chat import Chat
from bot.clock import Clock, utc_now
from bot.config import Settings, SettingsError
from bot.handlers.discord_answers import AnyInteraction, Sentence
from bot.handlers.discord_client import MaeumClient
from bot.handlers.discord_commands import add_commands
from bot.handlers.discord_components import ITEMS
from bot.handlers.discord_context import PLATFORM, Context
from bot.handlers.discord_diary import FORM, receive_diary
from bot.handlers.discord_messages import on_edited_message, on_message
from bot.handlers.discord_names import Names, Translator
from bot.handlers.discord_places import Places
from bot.handlers.discord_presses import press
from bot.handlers.discord_reminders import DiscordCarrier
from bot.handlers.discord_resilience import Resilience
from bot.handlers.discord_sender import Sender
from bot.handlers.discord_sync import sync_commands
from bot.handlers.discord_votes import ReactionVotes
from bot.shards import Shards
from bot.texts import load_texts
from core.models import Language
from core.service.updates import Updates

__all__ = ["CommandClient", "DiscordBot", "serve"]


class CommandClient(MaeumClient):
    """A client that knows all commands by name; `DiscordBot` answers them."""

    def __init__(
        self,
        sentence: Sentence,
        *,
        shards: Shards | None = None,
        resilience: Resilience | None = None,
    ) -> None:
        super().__init__(sentence, shards=shards, resilience=resilience)
        texts = {language: load_texts(language) for language in Language}
        self._translator = Translator(texts)
        add_commands(self.tree, Names(texts[Language.ENGLISH]))

    async def setup_hook(self) -> None:
        """Let the commands be translated, before they are sent."""
        await self.tree.set_translator(self._translator)


class DiscordBot(CommandClient):
    """The bot: what arrives where.

    Attributes:
        context: what the handlers have at hand.
    """

    def __init__(
        self,
        context: Context,
        *,
        shards: Shards | None = None,
        resilience: Resilience | None = None,
    ) -> None:
        super().__init__(context.sentence, shards=shards, resilience=resilience)
        self.context = context
        votes = ReactionVotes(context)
        self.hear(partial(on_message, context, self))
        self.hear_edited(partial(on_edited_message, context, self))
        self.watch(partial(votes.take, self))
        self.add_dynamic_items(*ITEMS)
        self.add_form(FORM, partial(receive_diary, context))

    async def press(self, interaction: AnyInteraction, carried: str) -> None:
        """Do what a button does."""
        await press(self.context, interaction, carried)


async def serve(
    settings: Settings,
    chat: Chat,
    generator: np.random.Generator,
    stop: asyncio.Event,
    *,
    resilience: Resilience | None = None,
    clock: Clock = utc_now,
) -> None:
    """Talk on Discord until `stop` is set; then finish what runs, within ten seconds.

    Args:
        settings: the token among them.
        chat: answers.
        generator: of all that varies.
        stop: set on SIGTERM.
        resilience: how requests are repeated.
        clock: the time now, aware.

    Raises:
        SetupError: the bot cannot start as it is set up, or its token was revoked.
    """
    if settings.discord_token is None:
        raise SettingsError("DISCORD_TOKEN has to be set; the developer portal gives one")
    updates = chat.service.updates
    context = Context(
        chat=chat,
        places=Places(updates),
        generator=generator,
        clock=clock,
        language=settings.language,
        sender=Sender(chat.service.votes),
    )
    client = DiscordBot(context, shards=settings.discord_shards, resilience=resilience)
    async with AsyncExitStack() as whole:

        async def prepare() -> None:
            await sync_commands(client.tree, _Markers(updates))
            carrier = DiscordCarrier(context, client)
            await whole.enter_async_context(chat.rounds.through(PLATFORM, carrier, stop))

        await client.serve(settings.discord_token.reveal(), stop, prepare)


class _Markers:
    """What commands were sent, in the store."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates

    async def get(self, name: str) -> str | None:
        return await self._updates.marker(name)

    async def put(self, name: str, value: str) -> None:
        await self._updates.mark(name, value)
