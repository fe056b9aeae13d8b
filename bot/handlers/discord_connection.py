"""The connection to Discord: what it asks for, how it fails and how it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import aiohttp
import discord

from bot.handlers.discord_errors import RefusedSetupError, RefusedTokenError
from bot.handlers.discord_once import accept_once
from bot.handlers.discord_resilience import Resilience, make_answers_resilient, make_resilient
from bot.running import Running
from bot.shards import Shards
from bot.up import up

__all__ = ["INTENTS", "TRANSIENT", "Connection"]

_log = logging.getLogger(__name__)
# In detail the library logs what people write.
_LIBRARY_LOG: Final = logging.getLogger("discord")

# The library warns at each start that it cannot speak by voice, which we do not.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

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
TRANSIENT: Final = (OSError, aiohttp.ClientError, discord.GatewayNotFound, TimeoutError)


class Connection(discord.AutoShardedClient):
    """A client that survives failures of the network and of Discord, and ends in order.

    Attributes:
        running: the work that is under way, which the end waits for.
    """

    def __init__(
        self, *, shards: Shards | None = None, resilience: Resilience | None = None
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
        self._resilience = resilience or Resilience()
        accept_once(self)
        make_resilient(self.http, self._resilience)

    async def before_identify_hook(self, _: int | None, *, initial: bool = False) -> None:
        """Keep the five seconds between two identifications that Discord wants."""
        if not initial:
            await self._resilience.sleep(5.0)

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
        _LIBRARY_LOG.setLevel(max(logging.INFO, _LIBRARY_LOG.getEffectiveLevel()))
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
        await self._until_it_succeeds(lambda: self.log_in(token), "log in")
        if prepare is not None:
            await prepare()
        up("Discord", str(self.user))
        await self._until_it_succeeds(self._connect, "connect")

    async def _until_it_succeeds(self, step: Callable[[], Awaitable[None]], name: str) -> None:
        """Repeat what fails for want of a network or of Discord, ever more slowly."""
        delay = 1.0
        while True:
            try:
                await step()
                return
            except discord.RateLimited as error:
                problem: Exception = error
                delay = max(delay, error.retry_after)
            except discord.HTTPException as error:
                if error.status < 500 and error.status != 429:
                    raise RefusedSetupError(f"Discord does not let us {name}: {error}") from error
                problem = error
            except TRANSIENT as error:
                problem = error
            _log.warning("could not %s (%r); trying again in %.0f s", name, problem, delay)
            await self._resilience.sleep(delay)
            delay = min(2 * delay, _LONGEST_BACKOFF)

    async def log_in(self, token: str) -> None:
        """Log in once, so that it can be tried again.

        Raises:
            RefusedTokenError: Discord does not know the token.
        """
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
            with suppress(*TRANSIENT):  # a socket that is broken is closed enough
                await shard.disconnect()
        await self.running.drain(_TO_DRAIN)
        connected = bool(self.shards)
        await self.close()
        if connected:
            await asyncio.wait({living}, timeout=_TO_CLOSE)
