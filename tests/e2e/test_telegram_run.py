"""`python -m bot telegram` with the bundled model, as a process of its own; and the webhook."""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from pathlib import Path

from bot.chat.chat import Chat
from bot.config import ROOT
from tests.e2e.conftest import Rows
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.app import running


async def started(server: TelegramServer, folder: Path) -> Process:
    told = {
        "TELEGRAM_TOKEN": server.token,
        "TELEGRAM_API_URL": server.base_url.removesuffix("/bot"),
        "DATABASE_URL": f"sqlite:///{folder / 'maeum.db'}",
        "LOG_LEVEL": "INFO",
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "telegram", "--seed", "1"),
        cwd=ROOT,
        env={**os.environ, **told},
        stderr=PIPE,
    )


async def test_it_runs_from_the_command_line_until_it_is_told_to_stop(
    telegram_server: TelegramServer, tmp_path: Path
) -> None:
    process = await started(telegram_server, tmp_path)
    hana = telegram_server.person()
    await hana.says("오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나")
    await hana.answers(2)
    asked = await hana.says("반대 노래 3곡")
    (songs,) = await hana.answers(after=asked)
    assert len([label for label in songs.labels if label[:1].isdigit()]) == 6
    tapped = await hana.taps(songs, "1 👍")
    await telegram_server.settled()
    assert tapped.text
    process.send_signal(signal.SIGTERM)
    _, log = await process.communicate()
    assert process.returncode == 0
    assert telegram_server.token not in log.decode()
    assert "시험" not in log.decode()
    with closing(sqlite3.connect(tmp_path / "maeum.db")) as connection:
        assert connection.execute("SELECT verdict FROM feedback").fetchall() == [("up",)]


async def test_a_revoked_token_ends_it_with_a_clear_sentence(
    telegram_server: TelegramServer, tmp_path: Path
) -> None:
    telegram_server.revoked = True
    process = await started(telegram_server, tmp_path)
    _, log = await process.communicate()
    assert process.returncode == 2
    assert "TELEGRAM_TOKEN" in log.decode()
    assert telegram_server.token not in log.decode()


async def test_updates_come_by_webhook_where_there_is_an_address(
    telegram_server: TelegramServer, chat: Chat, stored: Rows
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    webhook = {
        "TELEGRAM_WEBHOOK_URL": "https://bot.example.org",
        "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-this-test",
        "TELEGRAM_WEBHOOK_PORT": port,
    }
    telegram_server.proxy = f"http://127.0.0.1:{port}"
    hana = telegram_server.person()
    async with running(telegram_server, chat, **webhook):
        await telegram_server.world.until(lambda: telegram_server.world.webhook is not None)
        await hana.says("슬픔")
        await telegram_server.deliver()
        assert len(hana.hears) == 2
    assert telegram_server.deliveries == [200]
    assert telegram_server.made("getUpdates") == []
    assert stored("SELECT count(*) FROM mood_point") == [(1,)]
