"""The way to Telegram: a bot that logs no words of people, and calls that are repeated."""

import asyncio
import functools
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import numpy as np
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter, ExtBot

from bot.handlers.telegram_errors import RefusedSetupError, RevokedTokenError, retry_after_s
from bot.handlers.telegram_request import Request

__all__ = ["API", "FILES", "Backoff", "Network", "TransportBot", "bot_id_of", "build_bot", "unless"]

API = "https://api.telegram.org/bot"
FILES = "https://api.telegram.org/file/bot"

Sleep = Callable[[float], Awaitable[None]]
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class TransportBot(ExtBot[None]):
    """The library's bot, and updates as they come."""

    async def pending_updates(
        self,
        *,
        offset: int | None,
        limit: int,
        timeout_s: int,
        allowed: Sequence[str],
        margin_s: float = 10.0,
    ) -> list[dict[str, Any]]:
        """The updates from `offset` on, as JSON; all before it are confirmed.

        `get_updates` of the library would build objects of all at once: one that it cannot read
        makes it fail for the others, and log what people wrote.

        Args:
            offset: None to confirm nothing.
            limit: 1 to 100.
            timeout_s: how long Telegram may hold the answer back while there is nothing.
            allowed: the kinds of updates to get.
            margin_s: how much longer than `timeout_s` the answer may take.

        Raises:
            TelegramError: as from any call.
        """
        data = {
            "offset": offset,
            "limit": limit,
            "timeout": timeout_s,
            "allowed_updates": list(allowed),
        }
        result = await self._post("getUpdates", data, read_timeout=timeout_s + margin_s)
        if not isinstance(result, list) or not all(map(_is_update, result)):
            raise TelegramError("the answer holds no updates")
        return result

    async def shutdown(self) -> None:
        """Close what is open; also what the library, cancelled while it began, does not know of."""
        await super().shutdown()
        for request in self._request:
            await request.shutdown()


def _is_update(content: object) -> bool:
    return isinstance(content, dict) and isinstance(content.get("update_id"), int)


def build_bot(
    token: str,
    limiter: BaseRateLimiter[None] | None = None,
    *,
    base_url: str = API,
    base_file_url: str = FILES,
) -> TransportBot:
    """The bot, for `ApplicationBuilder().bot(...).updater(None)`.

    Raises:
        RevokedTokenError: `token` is not of the form of one.
    """
    bot_id_of(token)
    _hush()
    certificates = _certificates()  # one for both: each reads all certificates there are
    return TransportBot(
        token=token,
        base_url=base_url,
        base_file_url=base_file_url,
        request=Request(base_url, certificates, connections=256, read_s=10.0, pool_s=10.0),
        get_updates_request=Request(base_url, certificates, connections=2),
        rate_limiter=limiter,
    )


@functools.cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _hush() -> None:
    """Whatever LOG_LEVEL says: below WARNING these log the token, and what people write."""
    for name in ("aiohttp", "httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)


def bot_id_of(token: str) -> int:
    """The bot's id, with which its token begins.

    Raises:
        RevokedTokenError: `token` is not of the form of one.
    """
    head, separator, tail = token.partition(":")
    if not (separator and tail and head.isascii() and head.isdecimal()):
        raise RevokedTokenError
    return int(head)


@dataclass(frozen=True)
class Backoff:
    """Growing pauses between attempts.

    Attributes:
        first_s: the first pause, in seconds.
        longest_s: no pause is longer, in seconds.
    """

    first_s: float = 0.5
    longest_s: float = 30.0

    def pause_s(self, failures: int, generator: np.random.Generator) -> float:
        """The pause after so many failures in a row: doubled each time, a random half taken off.

        The random part keeps many bots from coming back at the same moment.
        """
        whole = min(self.longest_s, self.first_s * 2.0 ** min(failures - 1, 30))
        return float(generator.uniform(whole / 2, whole))


class Network:
    """Repeats calls until Telegram can be reached."""

    def __init__(
        self,
        generator: np.random.Generator,
        *,
        sleep: Sleep = asyncio.sleep,
        backoff: Backoff = Backoff(),
    ) -> None:
        self._generator = generator
        self._sleep = sleep
        self._backoff = backoff

    async def insist(self, call: Callable[[], Awaitable[_Result]], what: str) -> _Result:
        """Make a call, again and again until it succeeds: for starting and for receiving.

        Args:
            call: makes it; harmless when made twice.
            what: its name, for the log.

        Raises:
            RevokedTokenError: Telegram does not know the token.
            RefusedSetupError: Telegram says that the call itself is wrong.
        """
        failures = 0
        while True:
            try:
                return await call()
            except InvalidToken:
                raise RevokedTokenError from None  # the library's message holds the token
            except BadRequest as error:
                raise RefusedSetupError(f"Telegram refuses {what}: {error.message}") from error
            except TelegramError as error:
                failures += 1
                pause = self._pause_s(error, failures)
                _tell(error, what, pause)
            await self._sleep(pause)

    async def pause(self, failures: int) -> None:
        """Wait as long as befits so many failures in a row."""
        await self._sleep(self._backoff.pause_s(failures, self._generator))

    def _pause_s(self, error: TelegramError, failures: int) -> float:
        if isinstance(error, RetryAfter):
            return retry_after_s(error)
        return self._backoff.pause_s(failures, self._generator)


async def unless(stop: asyncio.Event, work: Awaitable[object]) -> bool:
    """Do something, unless `stop` is set before it is done.

    Returns:
        Whether it was done; where it was not, it was cancelled.
    """
    working = asyncio.ensure_future(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            return False
        working.result()
        return True
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


def _tell(error: TelegramError, what: str, pause: float) -> None:
    # Only the kind of error: its message may quote an answer, and with it what people wrote.
    if isinstance(error, Conflict):
        _log.error(
            "another instance receives this bot's updates, or a webhook is set: stop it, or give "
            "this one a token of its own; trying again in %.1f s",
            pause,
        )
    else:
        _log.warning("%s: %s; trying again in %.1f s", what, type(error).__name__, pause)
