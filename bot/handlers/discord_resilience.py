"""Requests to Discord that fail for a moment are repeated, where that cannot do anything twice.

discord.py itself repeats every 5xx, whatever was asked for, and after whole seconds, which is too
late to acknowledge an interaction. It does not repeat a 429 of the wall in front of Discord (one
without a Via header), nor a connection that was reset on Linux. So a middleware below the library
decides, and the library only sees what is final; it still waits for the ordinary 429.

What is repeated after a failure that may have had an effect:

- GET, PUT, PATCH and DELETE, which do the same twice as once;
- messages to channels: the library gives each a nonce, by which Discord makes it only once;
- acknowledgements: Discord refuses a second one (40060), which tells that the first arrived.

Follow-ups and other POSTs are repeated only where nothing can have happened.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import discord
from discord.http import HTTPClient, Route, json_or_text
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

__all__ = ["ALREADY_ACKNOWLEDGED", "Resilience", "make_answers_resilient", "make_resilient"]

ALREADY_ACKNOWLEDGED: Final = 40060
"""Discord's code for an interaction that has its acknowledgement."""

_IN_ALL: Final = aiohttp.ClientTimeout(total=120.0)
_HARMLESS_POSTS: Final = (
    "/channels/{channel_id}/messages",
    "/channels/{channel_id}/typing",
    "/users/@me/channels",
)

Sleep = Callable[[float], Awaitable[Any]]
Handler = Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]


@dataclass(frozen=True)
class Resilience:
    """How often and when to try again.

    Attributes:
        delays: seconds before each further attempt; together well below the three seconds in
            which an interaction has to be acknowledged.
        longest_wait: seconds; who is told to wait longer gives up.
        to_acknowledge: seconds that one attempt to acknowledge an interaction may take.
        to_answer: seconds that one attempt of anything else may take.
        sleep: what waits.
    """

    delays: Sequence[float] = (0.2, 0.5, 1.0)
    longest_wait: float = 5.0
    to_acknowledge: float = 1.0
    to_answer: float = 20.0
    sleep: Sleep = asyncio.sleep


class Attempts:
    """The middleware of one request.

    Attributes:
        unsure: whether an attempt failed that may have had its effect all the same.
    """

    def __init__(
        self, resilience: Resilience, *, harmless: bool, patience: float | None = None
    ) -> None:
        self._resilience = resilience
        self._harmless = harmless
        self._patience = patience or resilience.to_answer
        self.unsure = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: Handler
    ) -> aiohttp.ClientResponse:
        """Send the request until the answer is final.

        Raises:
            DiscordServerError: a 5xx that stayed, or that must not be repeated.
            ClientConnectionError: the same of a failed connection.
        """
        for delay in self._resilience.delays:
            wait = delay
            try:
                response = await self._send(request, handler)
            except aiohttp.ClientConnectionError as error:
                if not self._may_repeat(error):
                    raise
            else:
                if response.status == 429 and "Via" not in response.headers:
                    wait = _told_to_wait(response, delay)
                    if wait > self._resilience.longest_wait:
                        return response
                elif response.status < 500:
                    return response
                else:
                    self.unsure = True
                    if not self._harmless:
                        raise await _server_error(response)
            await self._resilience.sleep(wait)
        response = await self._send(request, handler)
        if response.status >= 500:
            raise await _server_error(response)
        return response

    async def _send(
        self, request: aiohttp.ClientRequest, handler: Handler
    ) -> aiohttp.ClientResponse:
        try:
            async with asyncio.timeout(self._patience):
                response = await handler(request)
                await response.read()  # part of the attempt: an answer may break off half-way
        except aiohttp.ClientPayloadError as error:
            raise aiohttp.ServerDisconnectedError("the answer broke off") from error
        except TimeoutError as error:
            raise aiohttp.ServerTimeoutError("no answer came") from error
        return response

    def _may_repeat(self, error: aiohttp.ClientConnectionError) -> bool:
        never_sent = isinstance(error, aiohttp.ClientConnectorError)
        self.unsure = self.unsure or not never_sent
        return self._harmless or never_sent


def _told_to_wait(response: aiohttp.ClientResponse, delay: float) -> float:
    """Seconds, at least `delay`."""
    try:
        return max(float(response.headers.get("Retry-After", 0.0)), delay)
    except ValueError:  # it may be a date
        return delay


async def _server_error(response: aiohttp.ClientResponse) -> discord.DiscordServerError:
    return discord.DiscordServerError(response, await json_or_text(response))


def make_resilient(http: HTTPClient, resilience: Resilience) -> None:
    """Let what goes through `http` from now on be repeated."""
    plain = http.request

    async def request(route: Route, **options: Any) -> Any:
        attempts = Attempts(
            resilience, harmless=route.method != "POST" or route.path in _HARMLESS_POSTS
        )
        return await plain(route, middlewares=(attempts,), timeout=_IN_ALL, **options)

    http.request = request  # type: ignore[method-assign] # the library has no seam of its own


def make_answers_resilient(resilience: Resilience) -> None:
    """Let the answers to interactions be repeated, of this task and of those it begins.

    The library answers them as webhooks, which it finds by a context variable.
    """
    async_context.set(ResilientWebhooks(resilience))


@dataclass(frozen=True)
class _Session:
    """A session whose requests go through a middleware."""

    session: aiohttp.ClientSession
    attempts: Attempts

    def request(self, method: str, url: str, **options: Any) -> Any:
        return self.session.request(
            method, url, middlewares=(self.attempts,), timeout=_IN_ALL, **options
        )


class ResilientWebhooks(AsyncWebhookAdapter):
    """The library's way to answer interactions, resilient."""

    def __init__(self, resilience: Resilience) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._resilience = resilience

    async def request(self, route: Route, session: Any, **options: Any) -> Any:
        """Send the request; an acknowledgement that turns out to be there counts as accepted."""
        acknowledging = route.path.endswith("/callback")
        attempts = Attempts(
            self._resilience,
            harmless=acknowledging or route.method != "POST",
            patience=self._resilience.to_acknowledge if acknowledging else None,
        )
        through: Any = _Session(session, attempts)
        try:
            return await super().request(route, through, **options)
        except discord.HTTPException as error:
            if error.code == ALREADY_ACKNOWLEDGED and attempts.unsure:
                return {"interaction": {"id": str(route.webhook_id)}}
            raise
