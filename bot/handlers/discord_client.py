"""The connection to Discord: what it asks for, how it fails and how it ends."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

import aiohttp
import discord
from discord import app_commands

from bot.handlers.discord_answers import Answers, AnyInteraction, Sentence
from bot.handlers.discord_errors import RefusedSetupError, RefusedTokenError
from bot.handlers.discord_once import accept_once
from bot.handlers.discord_reactions import Reaction, reaction_of
from bot.handlers.discord_resilience import Resilience, make_answers_resilient, make_resilient
from bot.running import Running
from bot.shards import Shards

__all__ = ["INTENTS", "MaeumClient", "MaeumTree"]

_log = logging.getLogger(__name__)

# None of the privileged ones: Discord gives the text of direct messages and of what is addressed
# to us without them.
INTENTS: Final = discord.Intents(
    guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True, dm_reactions=True
)

_TO_DRAIN: Final = 10.0  # seconds
_TO_CLOSE: Final = 2.0
_LONGEST_BACKOFF: Final = 60.0
_REFUSED: Final = {
    4010: "the shard is not one of those there are",
    4011: "the bot is in so many guilds that it needs more shards",
    4012: "the version of the gateway is not served any more",
    4013: "an intent is not valid",
    4014: "an intent is not allowed; ask for none in the developer portal",
}
_TRANSIENT: Final = (OSError, aiohttp.ClientError, discord.GatewayNotFound, TimeoutError)

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


class MaeumClient(discord.AutoShardedClient):
    """The bot on Discord.

    Every interaction handler goes through `answers.acknowledged`. Buttons and menus are
    `DynamicItem`s, or stand in a view without timeout that is given to `add_view`; forms are
    `discord.ui.Modal`s without `on_submit` whose answer `add_form` receives. So all of them work
    after a restart, and what matches none of them is answered as outdated.

    Attributes:
        tree: the commands.
        answers: acknowledges interactions and says failures.
        running: the work that is under way.
    """

    def __init__(
        self,
        sentence: Sentence,
        *,
        shards: Shards | None = None,
        resilience: Resilience | None = None,
    ) -> None:
        part: Any = {"shard_ids": shards.ids, "shard_count": shards.count} if shards else {}
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=30.0,
            **part,
        )
        self.running = Running()
        self.answers = Answers(sentence, self.running)
        self.tree = MaeumTree(self)
        self._sentence = sentence
        self._resilience = resilience or Resilience()
        self._hear: Hear | None = None
        self._watch: Watch | None = None
        self._forms: dict[str, Form] = {}
        self._patterns: list[re.Pattern[str]] = []
        accept_once(self)
        make_resilient(self.http, self._resilience)

    # What handlers are given.

    def hear(self, handler: Hear) -> None:
        """Let `handler` have the direct messages, and in guilds those that mention us."""
        self._hear = handler

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
                await form(interaction, _written(data))
                return
        elif interaction.type is not discord.InteractionType.component or any(
            pattern.fullmatch(custom_id) for pattern in self._patterns
        ):
            return
        await self.answers.outdated(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Hear what is addressed to us; a failure is said in reply."""
        if self._hear is None or not self._addressed(message):
            return
        with self.running.track():
            try:
                await self._hear(message)
            except Exception as error:  # noqa: BLE001 - the place where messages end
                _log.error("message %s failed", message.id, exc_info=error)
                locale = str(message.guild.preferred_locale) if message.guild else None
                with suppress(discord.HTTPException):  # where we may not write, nobody waits
                    await message.reply(self._sentence(error, locale))

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
        _log.exception("%s failed", event)

    async def before_identify_hook(self, _: int | None, *, initial: bool = False) -> None:
        """Keep the five seconds between two identifications that Discord wants."""
        if not initial:
            await self._resilience.sleep(5.0)

    # Life.

    async def serve(
        self,
        token: str,
        stopping: asyncio.Event,
        prepare: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Run until `stopping` is set; then finish what is under way and leave.

        Args:
            token: of the bot.
            stopping: ends it.
            prepare: done once, after Discord knows us and before events come: `sync_commands`.

        Raises:
            RefusedTokenError: Discord does not know the token.
            RefusedSetupError: Discord refuses how we connect.
        """
        async with self:
            living = asyncio.create_task(self._live(token, prepare))
            stop = asyncio.create_task(stopping.wait())
            try:
                await asyncio.wait({living, stop}, return_when=asyncio.FIRST_COMPLETED)
                if not living.done():
                    await self._leave(living)
            finally:
                stop.cancel()
                living.cancel()  # unless it is done
            with suppress(asyncio.CancelledError):
                await living

    async def login(self, token: str) -> None:
        """Log in; the task that does so is the one that connects."""
        make_answers_resilient(self._resilience)
        await super().login(token)

    async def _live(self, token: str, prepare: Callable[[], Awaitable[object]] | None) -> None:
        await self._until_it_succeeds(lambda: self._log_in(token), "log in")
        if prepare is not None:
            await prepare()
        await self._until_it_succeeds(self._connect, "connect")

    async def _until_it_succeeds(self, step: Callable[[], Awaitable[None]], name: str) -> None:
        """Repeat what fails for want of a network or of Discord, ever more slowly."""
        delay = 1.0
        while True:
            try:
                await step()
                return
            except discord.DiscordServerError as error:
                problem: Exception = error
            except _TRANSIENT as error:
                problem = error
            _log.warning("could not %s (%r); trying again in %.0f s", name, problem, delay)
            await self._resilience.sleep(delay)
            delay = min(2 * delay, _LONGEST_BACKOFF)

    async def _log_in(self, token: str) -> None:
        try:
            await self.login(token)
        except discord.LoginFailure as error:
            raise RefusedTokenError from error
        except BaseException:
            # The library opens a new session each time, on the connector of the old one.
            await self.http.close()
            self.http.connector = discord.utils.MISSING
            raise

    async def _connect(self) -> None:
        try:
            await self.connect()
        except discord.PrivilegedIntentsRequired as error:
            raise RefusedSetupError(f"Discord: {_REFUSED[4014]}") from error
        except discord.ConnectionClosed as error:
            if error.code == 4004:
                raise RefusedTokenError from error
            reason = _REFUSED.get(error.code, "the connection was closed for good")
            raise RefusedSetupError(f"Discord: {reason} ({error.code})") from error
        except discord.GatewayNotFound as error:
            if isinstance(error.__cause__, discord.HTTPException) and error.__cause__.status == 401:
                raise RefusedTokenError from error
            raise

    async def _leave(self, living: asyncio.Task[None]) -> None:
        """Take no more events, finish what is under way, say goodbye."""
        for shard in self.shards.values():
            await shard.disconnect()
        await self.running.drain(_TO_DRAIN)
        connected = bool(self.shards)
        await self.close()
        if connected:
            await asyncio.wait({living}, timeout=_TO_CLOSE)


def _written(data: Any) -> dict[str, str]:
    """What a form holds, by the custom_id of its inputs."""
    written: dict[str, str] = {}
    for row in data.get("components", ()):
        inputs = [row["component"]] if "component" in row else row.get("components", ())
        written |= {part["custom_id"]: str(part.get("value", "")) for part in inputs}
    return written
