"""Servers of the platforms, for tests that run the bot against them."""

from collections.abc import AsyncIterator

import pytest

from tests.e2e.telegram import TelegramServer, running_server


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
