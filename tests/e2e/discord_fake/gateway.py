"""The gateway: sessions that outlive their sockets, so that RESUME can replay."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import WSMsgType, web

from tests.e2e.discord_fake.errors import Json
from tests.e2e.discord_fake.world import World

__all__ = ["Gateway", "Session"]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

GUILDS: Final = 1 << 0
GUILD_MESSAGES: Final = 1 << 9
GUILD_REACTIONS: Final = 1 << 10
DM_MESSAGES: Final = 1 << 12
DM_REACTIONS: Final = 1 << 13
MESSAGE_CONTENT: Final = 1 << 15
PRIVILEGED: Final = 1 << 1 | 1 << 8 | MESSAGE_CONTENT


@dataclass(eq=False)
class Session:
    """What a bot that identified is told, whether its socket is open or not."""

    id: str
    shard: int
    shards: int
    intents: int
    socket: web.WebSocketResponse | None = None
    events: list[Json] = field(default_factory=list)

    def serves(self, guild_id: int | None) -> bool:
        """Whether events of that guild, or of direct messages, are this shard's."""
        return self.shard == (0 if guild_id is None else (guild_id >> 22) % self.shards)


class Gateway:
    """Sockets and sessions, and how they fail.

    Attributes:
        identifies: how often bots identified.
        resumes: how often they resumed.
        heartbeats: how many were answered.
        closed: the codes with which bots closed their sockets.
        refused: how many of the next connections are refused.
        twice: how many of the next events are delivered twice.
    """

    def __init__(self, world: World, token: str, on_change: Callable[[], None]) -> None:
        self.world = world
        self.token = token
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.resumes = 0
        self.heartbeats = 0
        self.closed: list[int | None] = []
        self.refused = 0
        self.twice = 0
        self.shards = 1
        self.address = ""
        self.on_change = on_change
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}

    # What the bot does.

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket."""
        if self.refused:
            self.refused -= 1
            return web.Response(status=502)
        socket = web.WebSocketResponse(autoclose=True)
        await socket.prepare(request)
        self._sockets[socket] = request
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 41250}})
        session: Session | None = None
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    session = await self._receive(socket, frame.json(), session)
        finally:
            self._sockets.pop(socket, None)
            self._forget(socket, session)
        return socket

    def _forget(self, socket: web.WebSocketResponse, session: Session | None) -> None:
        self.closed.append(socket.close_code)
        if session is not None and session.socket is socket:
            session.socket = None
            if socket.close_code in (1000, 1001):  # a goodbye ends the session
                self.sessions.pop(session.id, None)
        self.on_change()

    async def _receive(
        self, socket: web.WebSocketResponse, frame: Json, session: Session | None
    ) -> Session | None:
        if frame["op"] == HEARTBEAT:
            self.heartbeats += 1
            await socket.send_json({"op": HEARTBEAT_ACK})
        elif frame["op"] == IDENTIFY:
            session = await self._identify(socket, frame["d"])
        elif frame["op"] == RESUME:
            session = await self._resume(socket, frame["d"])
        return session

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> Session | None:
        self.identifies += 1
        shard, shards = data.get("shard") or (0, 1)
        if data["token"] != self.token:
            await socket.close(code=4004, message=b"Authentication failed.")
        elif not 0 <= shard < shards:
            await socket.close(code=4010, message=b"Invalid shard.")
        elif data["intents"] & PRIVILEGED:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
        if socket.closed:
            return None
        session = Session(f"session-{self.identifies}", shard, shards, data["intents"], socket)
        self.sessions[session.id] = session
        guilds = [g for g in self.world.guilds.values() if g.has_bot and session.serves(g.id)]
        ready: Json = {
            "v": 10,
            "user": self.world.bot.json,
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "shard": [shard, shards],
            "application": {"id": str(self.world.bot.id), "flags": 0},
        }
        await self._dispatch(session, "READY", ready)
        for guild in guilds:
            await self._dispatch(session, "GUILD_CREATE", self.world.guild_json(guild))
        self.on_change()
        return session

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.token:
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        if session is None:
            await socket.send_json({"op": INVALID_SESSION, "d": False})
            return None
        self.resumes += 1
        session.socket = socket
        for event in list(session.events):
            if event["s"] > (data["seq"] or 0):
                await socket.send_json(event)
        await self._dispatch(session, "RESUMED", {})
        self.on_change()
        return session

    # What Discord does.

    async def dispatch(self, name: str, data: Json, *, guild_id: int | None, intent: int) -> None:
        """Tell the sessions that asked for it; `intent` 0 is told to all."""
        for session in list(self.sessions.values()):
            if session.serves(guild_id) and (not intent or session.intents & intent):
                await self._dispatch(session, name, data)
        self.on_change()

    async def _dispatch(self, session: Session, name: str, data: Json) -> None:
        event: Json = {"op": DISPATCH, "t": name, "s": len(session.events) + 1, "d": data}
        session.events.append(event)
        times = 1
        if self.twice and name not in ("READY", "RESUMED", "GUILD_CREATE"):
            self.twice -= 1
            times = 2
        for _ in range(times):
            if session.socket is not None and not session.socket.closed:
                try:
                    await session.socket.send_json(event)
                except ConnectionError:  # kept for RESUME
                    return

    @property
    def connected(self) -> list[Session]:
        """The sessions with an open socket."""
        return [s for s in self.sessions.values() if s.socket is not None and not s.socket.closed]

    def drop(self) -> None:
        """Cut all sockets without a word."""
        for session in self.connected:
            socket, session.socket = session.socket, None
            request = self._sockets.get(socket) if socket is not None else None
            if request is not None and request.transport is not None:
                request.transport.abort()

    async def ask_to_reconnect(self) -> None:
        """Op 7."""
        for session in self.connected:
            assert session.socket is not None
            socket, session.socket = session.socket, None
            await socket.send_json({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9; what happens from here on is told to nobody, unless it is `resumable`."""
        for session in self.connected:
            assert session.socket is not None
            socket, session.socket = session.socket, None
            if not resumable:
                del self.sessions[session.id]
            await socket.send_json({"op": INVALID_SESSION, "d": resumable})

    async def close(self, code: int) -> None:
        """Close all sockets with a code; the sessions stay."""
        for session in self.connected:
            assert session.socket is not None
            socket, session.socket = session.socket, None
            await socket.close(code=code)
