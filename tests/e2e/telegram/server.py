"""The Bot API over HTTP, for the real library: `base_url` and `base_file_url` point here."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp import web

from tests.e2e.telegram import methods_bot, methods_messages  # noqa: F401 - they register
from tests.e2e.telegram.call import METHODS, Call, SentFile
from tests.e2e.telegram.errors import RefusedError
from tests.e2e.telegram.faults import Fault, FaultKind, Faults
from tests.e2e.telegram.people import Person
from tests.e2e.telegram.world import BOT_ID, BOT_NAME, Group, World

__all__ = ["TOKEN", "Refusal", "TelegramServer", "running_server"]

TOKEN: Final = f"{BOT_ID}:TEST-token_of-the-local-server-0123"
_LARGEST_CALL: Final = 60 * 1024 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """A call that earned an error nobody asked for."""

    method: str
    code: int
    description: str
    params: dict[str, str]


class TelegramServer:
    """Telegram as a bot sees it, and the people behind it.

    Attributes:
        world: chats, messages, updates on their way.
        faults: what goes wrong on demand.
        calls: every call, in order of arrival.
        refusals: the calls answered with a 4xx (or 501) outside of an injected fault.
        repeat: how many times each update is sent again right after itself in the same answer.
        proxy: where the webhook's public address leads, "http://127.0.0.1:PORT".
        deliveries: the status of each webhook delivery; 0 where nobody answered.
    """

    token = TOKEN
    bot_id = BOT_ID
    bot_name = BOT_NAME

    def __init__(self) -> None:
        self.world = World()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self.revoked = False
        self.repeat = 0
        self.proxy = ""
        self.deliveries: list[int] = []
        self.port = 0
        self._excused: list[tuple[str, dict[str, str]]] = []

    @property
    def base_url(self) -> str:
        """For `ApplicationBuilder.base_url`."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        """For `ApplicationBuilder.base_file_url`."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    def person(
        self, user_id: int = 101, name: str = "하나", *, language: str | None = "ko"
    ) -> Person:
        """A person, with an empty private chat."""
        told = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language}
        self.world.people[user_id] = {
            key: value for key, value in told.items() if value is not None
        }
        self.world.chats[user_id] = Group(user_id, "private", name, {user_id, BOT_ID})
        return Person(self.world, user_id)

    def group(self, group_id: int = -201, title: str = "우리들", *, admin: bool = False) -> Group:
        """A group with the bot in it; whoever speaks is a member."""
        group = Group(group_id, "group", title, {BOT_ID}, {BOT_ID} if admin else set())
        self.world.chats[group_id] = group
        return group

    def chat(self, chat_id: int) -> Group:
        """A chat by its id."""
        return self.world.chat(chat_id)

    def made(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def settled(self) -> None:
        """Wait until the bot has confirmed every update."""
        await self.world.until(lambda: not self.world.pending, "the bot to confirm all updates")

    async def deliver(self) -> None:
        """Send what is pending to the webhook, once each, and drop what is answered with 2xx."""
        sent = await asyncio.gather(*(self._post(update) for update in list(self.world.pending)))
        done = {update_id for update_id, status in sent if 200 <= status < 300}
        self.deliveries += [status for _, status in sent]
        self.world.pending = [u for u in self.world.pending if u["update_id"] not in done]
        await self.world.notify()

    async def _post(self, update: dict[str, Any]) -> tuple[int, int]:
        webhook = self.world.webhook
        assert webhook, "the bot set no webhook"
        path = "/" + webhook["url"].split("/", 3)[3]
        secret = webhook["secret"]
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(self.proxy + path, json=update, headers=headers) as answer,
            ):
                return update["update_id"], answer.status
        except aiohttp.ClientError:
            return update["update_id"], 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        try:
            call = await _read(request)
        except ConnectionResetError:  # a bot that stops hangs up in the middle of a call
            return web.Response(status=400)
        self.calls.append(call)
        fault = self.faults.take(call)
        if fault and fault.kind is FaultKind.DROP:
            return _drop(request)
        if fault and fault.refusal:
            return web.json_response(fault.refusal.body(), status=fault.refusal.code)
        try:
            self._check(request.match_info["token"])
            answer = METHODS.get(call.method.lower())
            if answer is None:
                raise RefusedError(501, f"this test server does not play {call.method}")
            result = await answer(self.world, call)
        except RefusedError as refused:
            self._note(call, refused)
            return web.json_response(refused.body(), status=refused.code)
        if call.method.lower() == "getupdates":
            result = [update for update in result for _ in range(self.repeat + 1)]
        return self._answered(request, call, result, fault)

    def _check(self, token: str) -> None:
        if ":" not in token:
            raise RefusedError(404, "Not Found")
        if self.revoked or token != TOKEN:
            raise RefusedError(401, "Unauthorized")

    def _answered(
        self, request: web.Request, call: Call, result: Any, fault: Fault | None
    ) -> web.StreamResponse:
        if fault:  # a bot that repeats what had its effect is not to blame for what it hears then
            self._excused.append((call.method, call.params))
        if fault and fault.kind is FaultKind.LOSE_ANSWER:
            return _drop(request)
        if fault and fault.kind is FaultKind.GARBLE:
            return web.Response(text="<html>502", content_type="text/html")
        return web.json_response({"ok": True, "result": result})

    def _note(self, call: Call, refused: RefusedError) -> None:
        if refused.code == 409 or self.revoked:
            return  # two instances at once, or a dead token, are the test's own doing
        if (call.method, call.params) in self._excused:
            return
        refusal = Refusal(call.method, refused.code, refused.description, call.params)
        _log.warning("refused: %s", refusal)
        self.refusals.append(refusal)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Answer one download."""
        upload = self.world.files.get(request.match_info["file"])
        if upload is None or request.match_info["token"] != TOKEN:
            return web.Response(status=404)
        return web.Response(body=upload.content)


async def _read(request: web.Request) -> Call:
    params, files = dict(request.query), {}
    if request.content_type == "application/json":
        params |= {name: str(value) for name, value in (await request.json()).items()}
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = SentFile(value.filename, value.file.read(), value.content_type)
            else:
                params[name] = value if isinstance(value, str) else bytes(value).decode()
    return Call(request.match_info["method"], params, files)


def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


@asynccontextmanager
async def running_server() -> AsyncIterator[TelegramServer]:
    """A server on a free port of this machine."""
    server = TelegramServer()
    app = web.Application(client_max_size=_LARGEST_CALL)
    app.router.add_route("*", "/bot{token}/{method}", server.handle)
    app.router.add_get("/file/bot{token}/files/{file}", server.download)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        server.world.closed = True
        with contextlib.suppress(Exception):
            await server.world.notify()
        await runner.cleanup()
