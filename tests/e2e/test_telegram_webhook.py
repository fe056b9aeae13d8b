"""Updates that Telegram brings: 200 means handled, and only Telegram gets in."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO

import aiohttp
import pytest
from telegram import Update

from bot.handlers.telegram_dispatch import Dispatcher
from bot.handlers.telegram_errors import RefusedSetupError, RevokedTokenError
from bot.handlers.telegram_intake import Intake
from bot.handlers.telegram_webhook import (
    LARGEST_BODY,
    PROOF_HEADER,
    WebhookConfig,
    WebhookReceiver,
    webhook_path,
)
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.transport import (
    ALLOWED,
    MemoryInbox,
    Recorder,
    eventually,
    network,
    transport_bot,
)

SECRET = "a-secret_of-the-tests"
PUBLIC = "https://bot.example.org"


@dataclass
class Hooked:
    """A bot with a webhook."""

    task: asyncio.Task[None]
    stopping: asyncio.Event
    receiver: WebhookReceiver
    dispatcher: Dispatcher
    path: str

    async def post(
        self, body: bytes, *, headers: Mapping[str, str] | None = None, path: str | None = None
    ) -> int:
        """The status of the answer to a request, by default one with the right secret."""
        url = f"http://127.0.0.1:{self.receiver.port}{path or self.path}"
        shown = {PROOF_HEADER: SECRET} if headers is None else headers
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=BytesIO(body), headers=shown) as answer,
        ):
            return answer.status


@asynccontextmanager
async def hooked(
    server: TelegramServer,
    handle: Callable[[Update], Awaitable[None]],
    *,
    inbox: MemoryInbox | None = None,
    url: str = PUBLIC,
    close_after_s: float = 5.0,
    check_s: float = 3600,
    port: int = 0,
) -> AsyncIterator[Hooked]:
    paced = network()
    async with transport_bot(server) as bot:
        dispatcher = Dispatcher(
            handle,
            inbox or MemoryInbox(),
            bot_id=server.bot_id,
            network=paced,
            close_after_s=close_after_s,
        )
        config = WebhookConfig(url, SECRET, port=port, check_s=check_s)
        receiver = WebhookReceiver(Intake(bot, dispatcher, paced, ALLOWED), config)
        stop = asyncio.Event()
        task = asyncio.create_task(receiver.run(stop))
        await eventually(lambda: task.done() or server.world.webhook is not None)
        server.proxy = f"http://127.0.0.1:{receiver.port}"
        try:
            yield Hooked(task, stop, receiver, dispatcher, webhook_path(server.token, SECRET))
        finally:
            stop.set()
            if not task.done():
                await task


async def test_an_update_is_answered_with_200_only_when_it_was_handled(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("안녕")
    async with hooked(telegram_server, recorder):
        await telegram_server.person().says("안녕")
        delivery = asyncio.create_task(telegram_server.deliver())
        await recorder.until(1)
        assert telegram_server.deliveries == []
        gate.set()
        await delivery
    assert telegram_server.deliveries == [200]
    assert recorder.ended == ["안녕"]


async def test_a_repeated_delivery_waits_for_the_same_handling(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("안녕")
    async with hooked(telegram_server, recorder):
        await telegram_server.person().says("안녕")
        twice = [asyncio.create_task(telegram_server.deliver()) for _ in range(2)]
        await recorder.until(1)
        gate.set()
        await asyncio.gather(*twice)
    assert telegram_server.deliveries == [200, 200]
    assert recorder.begun == ["안녕"]


async def test_after_a_restart_a_finished_update_is_not_handled_again(
    telegram_server: TelegramServer,
) -> None:
    inbox, before, after = MemoryInbox(), Recorder(), Recorder()
    await telegram_server.person().says("안녕")
    (update,) = telegram_server.world.pending
    async with hooked(telegram_server, before, inbox=inbox):
        await telegram_server.deliver()
    telegram_server.world.webhook = None
    async with hooked(telegram_server, after, inbox=inbox) as again:
        assert await again.post(json.dumps(update).encode()) == 200
    assert (before.ended, after.begun) == (["안녕"], [])


async def test_what_is_not_finished_when_the_bot_stops_is_brought_again(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    recorder.hold("endless")
    async with hooked(telegram_server, recorder, close_after_s=0) as running:
        await telegram_server.person().says("endless")
        delivery = asyncio.create_task(telegram_server.deliver())
        await recorder.until(1)
        running.stopping.set()
        await running.task
        await delivery
    assert telegram_server.deliveries[0] in {0, 503}
    assert len(telegram_server.world.pending) == 1
    assert telegram_server.world.webhook is not None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {PROOF_HEADER: ""},
        {PROOF_HEADER: SECRET[:-1]},
        {PROOF_HEADER: SECRET + "x"},
        {PROOF_HEADER: "비밀"},
    ],
)
async def test_who_does_not_show_the_secret_is_refused(
    telegram_server: TelegramServer, headers: dict[str, str]
) -> None:
    recorder = Recorder()
    async with hooked(telegram_server, recorder) as running:
        await telegram_server.person().says("안녕")
        body = json.dumps(telegram_server.world.pending[0]).encode()
        assert await running.post(body, headers=headers) == 403
    assert recorder.begun == []


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"null", b"[]", b"17", b"{}", b"\xff\xfe", b'{"update_id": "1"}'),
        b"[" * 100_000,
    ],
)
async def test_what_is_no_update_is_refused(telegram_server: TelegramServer, body: bytes) -> None:
    async with hooked(telegram_server, Recorder()) as running:
        assert await running.post(body) == 400


async def test_a_body_larger_than_any_update_is_refused(telegram_server: TelegramServer) -> None:
    async with hooked(telegram_server, Recorder()) as running:
        assert await running.post(b" " * (LARGEST_BODY + 1)) == 413


async def test_an_update_the_library_cannot_read_is_not_asked_for_again(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with hooked(telegram_server, Recorder()) as running:
        assert await running.post(b'{"update_id": 7, "message": {"text": "secret words"}}') == 200
    assert "cannot be read" in caplog.text
    assert "secret words" not in caplog.text


@pytest.mark.parametrize("path", ["/", "/telegram", "/telegram/", "/telegram/" + "0" * 40])
async def test_other_paths_lead_nowhere(telegram_server: TelegramServer, path: str) -> None:
    async with hooked(telegram_server, Recorder()) as running:
        assert await running.post(b"{}", path=path) == 404


async def test_the_path_depends_on_token_and_secret_and_shows_neither() -> None:
    token = "123456:abcdef"
    path = webhook_path(token, SECRET)
    assert path == webhook_path(token, SECRET)
    assert len({path, webhook_path(token, "other"), webhook_path("1:x", SECRET)}) == 3
    assert token not in path
    assert SECRET not in path


async def test_telegram_is_told_the_address_the_secret_and_the_kinds_of_updates(
    telegram_server: TelegramServer,
) -> None:
    async with hooked(telegram_server, Recorder(), url=PUBLIC + "/") as running:
        assert telegram_server.world.webhook == {"url": PUBLIC + running.path, "secret": SECRET}
        assert telegram_server.world.allowed == frozenset(ALLOWED)


async def test_the_webhook_is_set_once_the_network_is_there(
    telegram_server: TelegramServer,
) -> None:
    telegram_server.faults.drop(method="setWebhook", times=3)
    recorder = Recorder()
    async with hooked(telegram_server, recorder):
        await telegram_server.person().says("안녕")
        await telegram_server.deliver()
    assert recorder.ended == ["안녕"]


async def test_an_address_telegram_does_not_accept_ends_the_bot(
    unruly_server: TelegramServer,
) -> None:
    with pytest.raises(RefusedSetupError, match="https"):
        async with hooked(unruly_server, Recorder(), url="http://bot.example.org") as running:
            await running.task


async def test_a_webhook_somebody_else_took_away_is_set_again(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with hooked(telegram_server, Recorder(), check_s=0.001) as running:
        other = {"url": "https://other.example.org/x", "secret": None}
        telegram_server.world.webhook = other
        await eventually(lambda: telegram_server.world.webhook is not other)
        assert telegram_server.world.webhook == {"url": PUBLIC + running.path, "secret": SECRET}
    assert "changed by somebody else" in caplog.text


async def test_a_token_revoked_while_the_bot_waits_for_updates_ends_it(
    unruly_server: TelegramServer,
) -> None:
    async with hooked(unruly_server, Recorder(), check_s=0.001) as running:
        unruly_server.revoked = True
        with pytest.raises(RevokedTokenError):
            await running.task


async def test_a_port_in_use_is_one_sentence_that_names_it(telegram_server: TelegramServer) -> None:
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    async with taken, hooked(telegram_server, Recorder(), port=port) as second:
        with pytest.raises(
            RefusedSetupError, match=rf"port {port} .*in use.*TELEGRAM_WEBHOOK_PORT"
        ):
            await second.task
