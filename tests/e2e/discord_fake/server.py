"""A Discord on this machine: REST v10 and the gateway, in memory."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.e2e.discord_fake.channels import Channels
from tests.e2e.discord_fake.commands import Commands
from tests.e2e.discord_fake.errors import Refused
from tests.e2e.discord_fake.faults import Faults
from tests.e2e.discord_fake.gateway import Gateway
from tests.e2e.discord_fake.interactions import Interactions
from tests.e2e.discord_fake.messages import Interaction
from tests.e2e.discord_fake.people import Person
from tests.e2e.discord_fake.places import Channel, Guild, Member
from tests.e2e.discord_fake.world import Clock, World

__all__ = ["TOKEN", "DiscordServer", "Refusal", "running_discord"]

TOKEN: Final = "test-token"
BASE: Final = "/api/v10"
# The token in the address is what identifies the caller there.
OPEN: Final = re.compile(rf"{BASE}/(interactions|webhooks)/")


@dataclass(frozen=True)
class Refusal:
    """A request that was refused."""

    method: str
    path: str
    status: int
    code: int
    body: dict[str, Any]


class DiscordServer:
    """The server. `running_discord` starts it and points the library at it.

    Attributes:
        refusals: every 4xx that was not ordered as a fault; a test wants it empty at its end.
        requests: method, path and status of all requests, in order.
        errors: what broke in the server itself.
    """

    def __init__(self, clock: Clock | None = None, token: str = TOKEN) -> None:
        self.clock = clock or Clock()
        self.token = token
        self.world = World(self.clock)
        self.gateway = Gateway(self.world, token, self._changed)
        self.commands = Commands(self.world)
        self.channels = Channels(self.world, self.gateway)
        self.interactions = Interactions(self.world, self.channels)
        self.faults = Faults()
        self.refusals: list[Refusal] = []
        self.requests: list[tuple[str, str, int]] = []
        self.errors: list[Exception] = []
        self._pulse = asyncio.Event()

    # People and places.

    def person(
        self, name: str = "민지", *, locale: str = "ko", admin: bool = False, bot: bool = False
    ) -> Person:
        """Somebody new; an admin of all guilds or none."""
        member = Member(self.world.new_id(), name, locale, bot, admin)
        return Person(self, self.world.add_person(member))

    def guild(self, name: str = "우리 서버", *, locale: str = "ko", has_bot: bool = True) -> Guild:
        """A guild; found before the bot connects, or it is not told of it."""
        return self.world.add_guild(name, locale=locale, has_bot=has_bot)

    def channel(self, guild: Guild, name: str = "잡담") -> Channel:
        """A text channel."""
        return self.world.add_channel(guild, name)

    def group(self, *people: Person) -> Channel:
        """A group of people without the bot."""
        return self.world.group(*(person.member for person in people))

    # Waiting for the bot.

    async def until(self, holds: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait until something holds, of the server or of the bot.

        Raises:
            TimeoutError: it never did; `errors` and `refusals` may say why.
        """
        with self._explained():
            async with asyncio.timeout(seconds):
                while not holds():
                    # A bot's own state tells nobody of its changes: look again now and then.
                    pulse = asyncio.ensure_future(self._pulse.wait())
                    await asyncio.wait([pulse], timeout=0.01)
                    pulse.cancel()

    async def happens(self, event: asyncio.Event, seconds: float = 10.0) -> None:
        """Wait for one event.

        Raises:
            TimeoutError: it was never set.
        """
        with self._explained():
            await asyncio.wait_for(event.wait(), seconds)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            told = f"{self.refusals=} {self.errors=} {self.requests[-5:]=}"
            raise TimeoutError(f"the bot did not do it: {told}") from error

    async def connected(self, shards: int = 1) -> None:
        """Wait until that many sessions have an open socket."""
        await self.until(lambda: len(self.gateway.connected) >= shards)

    def _changed(self) -> None:
        self._pulse.set()
        self._pulse = asyncio.Event()

    async def offer(self, interaction: Interaction) -> None:
        """Tell the bot of an interaction."""
        interaction.payload = self.interactions.offer(interaction)
        await self.repeat(interaction)

    async def repeat(self, interaction: Interaction) -> None:
        """Tell the bot of it once more."""
        guild = interaction.channel.guild
        await self.gateway.dispatch(
            "INTERACTION_CREATE",
            interaction.payload,
            guild_id=guild.id if guild is not None and guild.has_bot else None,
            intent=0,
        )

    # HTTP.

    def application(self) -> web.Application:
        """All routes."""
        app = web.Application(middlewares=[self._serve], client_max_size=64 * 2**20)
        parts = (self.channels.routes, self.interactions.routes, self.commands.routes)
        own = [
            web.get("/gateway/bot", self._gateway_bot),
            web.get("/users/@me", self._me),
        ]
        for route in (*own, *(route for routes in parts for route in routes)):
            app.router.add_route(route.method, BASE + route.path, route.handler)
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_get("/gateway/", self.gateway.connect)
        return app

    async def _gateway_bot(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return web.json_response(
            {
                "url": self.gateway.address,
                "shards": self.gateway.shards,
                "session_start_limit": limit,
            }
        )

    async def _me(self, _: web.Request) -> web.Response:
        return web.json_response(self.world.bot.json)

    @web.middleware
    async def _serve(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Faults, then who asks, then what is asked; all of it written down."""

        async def honest(request: web.Request) -> web.StreamResponse:
            try:
                self._authorise(request)
                response = await handler(request)
            except Refused as refused:
                self.refusals.append(
                    Refusal(
                        request.method, request.path, refused.status, refused.code, refused.body
                    )
                )
                response = web.json_response(refused.body, status=refused.status)
            except web.HTTPException as error:
                self.errors.append(error)
                raise
            except Exception as error:
                self.errors.append(error)
                raise
            return response

        if not request.path.startswith(BASE):
            return await honest(request)
        response = await self.faults.around(request, honest)
        if response.content_type == "application/json":
            response.headers["Content-Type"] = "application/json"  # as Discord writes it
        self.requests.append((request.method, request.path.removeprefix(BASE), response.status))
        self._changed()
        return response

    def _authorise(self, request: web.Request) -> None:
        if not request.path.startswith(BASE) or OPEN.match(request.path):
            return
        if request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(401, 0, "401: Unauthorized")


@asynccontextmanager
async def running_discord(
    clock: Clock | None = None, token: str = TOKEN
) -> AsyncIterator[DiscordServer]:
    """A server on a free port; the library of this process talks to it until it ends."""
    server = DiscordServer(clock, token)
    runner = web.AppRunner(server.application(), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.gateway.address = f"ws://{host}:{port}/gateway"
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = f"http://{host}:{port}{BASE}"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway.address)
    try:
        yield server
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
        server.gateway.drop()
        await runner.cleanup()
