"""The bot on Discord: where its commands, buttons, forms, messages and reactions arrive."""

import asyncio
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.faults import places
from bot.handlers.discord_answers import FAILED_REQUEST, Answers, AnyInteraction, Sentence
from bot.handlers.discord_connection import TRANSIENT, Connection
from bot.handlers.discord_errors import RefusedSetupError, ShuttingDownError
from bot.handlers.discord_reactions import Reaction, reaction_of
from bot.handlers.discord_resilience import Resilience
from bot.handlers.discord_sync import Markers, sync_commands
from bot.shards import Shards
from core.errors import MaeumError

__all__ = ["MaeumClient", "MaeumTree", "spoken"]

_log = logging.getLogger(__name__)

Hear = Callable[[discord.Message], Awaitable[None]]
Watch = Callable[[Reaction], Awaitable[None]]
Form = Callable[[AnyInteraction, Mapping[str, str]], Awaitable[None]]


class MaeumTree(app_commands.CommandTree["MaeumClient"]):
    """The commands; they work in guilds, in direct messages and where people take them along."""

    def __init__(self, client: "MaeumClient") -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def on_error(
        self, interaction: AnyInteraction, error: app_commands.AppCommandError, /
    ) -> None:
        """Say what failed outside of `Answers.acknowledged`: unknown commands, refused checks."""
        if isinstance(error, app_commands.CommandNotFound):
            await self.client.answers.outdated(interaction)
            return
        original = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await self.client.answers.failed(interaction, original)


class MaeumClient(Connection):
    """The bot on Discord.

    Every interaction handler goes through `answers.acknowledged`. Buttons and menus are
    `DynamicItem`s, or stand in a view without timeout that is given to `add_view`; forms are
    `discord.ui.Modal`s without `on_submit` whose answer `add_form` receives. So all of them work
    after a restart, and what matches none of them is answered as outdated.

    Attributes:
        tree: the commands.
        answers: acknowledges interactions and says failures.
    """

    def __init__(
        self,
        sentence: Sentence,
        *,
        shards: Shards | None = None,
        resilience: Resilience | None = None,
    ) -> None:
        super().__init__(shards=shards, resilience=resilience)
        self.answers = Answers(sentence, self.running)
        self.tree = MaeumTree(self)
        self._sentence = sentence
        self._hear: Hear | None = None
        self._hear_edited: Hear | None = None
        self._watch: Watch | None = None
        self._forms: dict[str, Form] = {}
        self._patterns: list[re.Pattern[str]] = []

    # What handlers are given.

    def hear(self, handler: Hear) -> None:
        """Let `handler` have the direct messages, and in guilds those that mention us."""
        self._hear = handler

    def hear_edited(self, handler: Hear) -> None:
        """Let `handler` have such messages as they are after they were edited."""
        self._hear_edited = handler

    def watch(self, handler: Watch) -> None:
        """Let `handler` have people's reactions."""
        self._watch = handler

    def add_form(self, name: str, handler: Form) -> None:
        """Let `handler` have forms with the custom_id `name`, or beginning with `name` and ":".

        It gets the interaction and what was written, by the custom_id of the inputs.
        """
        self._forms[name] = handler

    def add_dynamic_items(self, *items: type[discord.ui.DynamicItem[Any]]) -> None:
        """Register buttons and menus by the pattern of their custom_id."""
        super().add_dynamic_items(*items)
        self._patterns += [item.__discord_ui_compiled_template__ for item in items]

    def add_view(self, view: Any, *, message_id: int | None = None) -> None:
        """Register a view that survives a restart."""
        super().add_view(view, message_id=message_id)
        ids = [getattr(item, "custom_id", None) for item in view.walk_children()]
        self._patterns += [re.compile(re.escape(found)) for found in ids if found]

    # Events.

    async def on_interaction(self, interaction: AnyInteraction) -> None:
        """Serve forms, and what the library finds nobody for."""
        data: Any = interaction.data or {}
        custom_id = data.get("custom_id", "")
        if interaction.type is discord.InteractionType.modal_submit:
            form = self._forms.get(custom_id.partition(":")[0])
            if form is not None:
                await self._receive(form, interaction, _written(data))
                return
        elif interaction.type is not discord.InteractionType.component or any(
            pattern.fullmatch(custom_id) for pattern in self._patterns
        ):
            return
        await self.answers.outdated(interaction)

    async def _receive(
        self, form: Form, interaction: AnyInteraction, written: Mapping[str, str]
    ) -> None:
        try:
            await form(interaction, written)
        except Exception as error:  # noqa: BLE001 - nobody else would tell the person
            await self.answers.failed(interaction, error)

    async def on_message(self, message: discord.Message) -> None:
        """Hear what is addressed to us; a failure is said in reply."""
        await self._let_hear(self._hear, message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Likewise; Discord tells of previews that were added to a message by the same event."""
        if event.message.edited_at is not None:
            await self._let_hear(self._hear_edited, event.message)

    async def _let_hear(self, handler: Hear | None, message: discord.Message) -> None:
        if handler is None or not self._addressed(message):
            return
        with self.running.track():
            try:
                await handler(message)
            except asyncio.CancelledError:
                await self._say_in_reply(message, ShuttingDownError())
                raise
            except Exception as error:  # noqa: BLE001 - the place where messages end
                if not isinstance(error, MaeumError):
                    _log.error("message %s: %s", message.id, places(error))
                await self._say_in_reply(message, error)

    async def _say_in_reply(self, message: discord.Message, error: Exception) -> None:
        locale = str(message.guild.preferred_locale) if message.guild else None
        try:
            await message.reply(self._sentence(error, locale))
        except FAILED_REQUEST as refused:  # where we may not write, say
            _log.warning("message %s: it could not be said: %r", message.id, refused)

    def _addressed(self, message: discord.Message) -> bool:
        if message.author.bot or message.is_system():
            return False
        return message.guild is None or self.user in message.mentions

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Tell of people's reactions."""
        reaction = reaction_of(event, self.user.id if self.user else 0)
        if self._watch is None or reaction is None:
            return
        with self.running.track():
            await self._watch(reaction)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Likewise."""
        await self.on_raw_reaction_add(event)

    async def on_error(self, event: str, /, *_: Any, **__: Any) -> None:
        """Log what no handler expected; the arguments hold what people wrote, so not them."""
        error = sys.exception()
        _log.error("%s failed: %s", event, places(error) if error else "for no reason given")

    async def send_commands(self, token: str, markers: Markers, guild: int | None = None) -> None:
        """Send the commands now, changed or not, and do nothing else.

        Args:
            token: of the bot.
            markers: where the digest is kept.
            guild: id of the one guild that gets them all, at once, to try them; None for
                everywhere.

        Raises:
            RefusedTokenError: Discord does not know the token.
            RefusedSetupError: Discord does not take them, or cannot be reached.
        """
        place = None if guild is None else discord.Object(guild)
        if place is not None:
            self.tree.copy_global_to(guild=place)
        async with self:
            try:
                await self.log_in(token)
            except (discord.HTTPException, *TRANSIENT) as error:
                raise RefusedSetupError(f"Discord cannot be reached: {error!r}") from error
            await sync_commands(self.tree, markers, guild=place, force=True)


def spoken(message: discord.Message, me: int) -> str:
    """What was said, without the mentions that only address us; `me` is our id."""
    return re.sub(rf"<@!?{me}>", "", message.content).strip()


def _written(data: Any) -> dict[str, str]:
    """What a form holds, by the custom_id of its inputs."""
    written: dict[str, str] = {}
    for row in data.get("components", ()):
        inputs = [row["component"]] if "component" in row else row.get("components", ())
        written |= {part["custom_id"]: str(part.get("value", "")) for part in inputs}
    return written
