"""Servers of the platforms, for tests that run the bot against them."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.chat.chat import Chat
from core.errors import StoreError
from core.store.unit_of_work import SqlUnitOfWork
from tests.e2e.services import open_chat
from tests.e2e.telegram import TelegramServer, running_server
from tests.e2e.telegram.app import running


@pytest.fixture
async def unruly_server() -> AsyncIterator[TelegramServer]:
    """Telegram, for tests that are refused on purpose."""
    async with running_server() as server:
        yield server


@pytest.fixture
async def telegram_server() -> AsyncIterator[TelegramServer]:
    """Telegram; a test fails that made a call which Telegram refuses."""
    async with running_server() as server:
        yield server
        assert server.refusals == []


@pytest.fixture
async def chat(fresh: Callable[[str], str], tmp_path: Path) -> AsyncIterator[Chat]:
    """What answers, over an empty database in `tmp_path`."""
    async with open_chat(fresh("sqlite"), tmp_path / "learned") as chat:
        yield chat


@pytest.fixture
async def bot(telegram_server: TelegramServer, chat: Chat) -> AsyncIterator[Chat]:
    """The bot, talking on Telegram."""
    async with running(telegram_server, chat):
        yield chat


Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def stored(tmp_path: Path) -> Rows:
    """Asks the database of `chat`, past all of our code."""

    def ask(query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(tmp_path / "maeum.db")) as connection:
            return connection.execute(query).fetchall()

    return ask


@pytest.fixture
def lose_commits(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets the database be away for as many of the next commits as it is told."""
    commit, left = SqlUnitOfWork.commit, 0

    async def lost(work: SqlUnitOfWork) -> None:
        nonlocal left
        if left:
            left -= 1
            raise StoreError("the connection broke")
        await commit(work)

    def lose(count: int) -> None:
        nonlocal left
        left = count

    monkeypatch.setattr(SqlUnitOfWork, "commit", lost)
    return lose
