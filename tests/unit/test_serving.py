"""Platforms side by side: how they end, and what happens when one of them fails."""

import asyncio
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from bot.chat.chat import Chat
from bot.config import Settings, load_settings
from bot.serving import serve
from core.errors import SetupError


@pytest.fixture
def settings() -> Settings:
    return load_settings({"DATABASE_URL": "memory:"}, Path("no") / "such" / "file")


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


class Platform:
    """Runs until it is stopped, and then ends what it is doing."""

    def __init__(self) -> None:
        self.ended = False

    async def __call__(
        self, settings: Settings, chat: Chat, generator: np.random.Generator, stop: asyncio.Event
    ) -> None:
        await stop.wait()
        await asyncio.sleep(0)  # there is something to end
        self.ended = True


async def terminates(
    settings: Settings, chat: Chat, generator: np.random.Generator, stop: asyncio.Event
) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    await stop.wait()


async def revoked(
    settings: Settings, chat: Chat, generator: np.random.Generator, stop: asyncio.Event
) -> None:
    raise SetupError("the token was revoked")


async def test_sigterm_ends_all_platforms_in_peace(settings: Settings) -> None:
    other = Platform()
    await serve(settings, [other, terminates], generator())
    assert other.ended
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_when_one_platform_fails_the_others_end_in_peace_and_it_is_told(
    settings: Settings,
) -> None:
    other = Platform()
    with pytest.raises(SetupError, match="revoked"):
        await serve(settings, [other, revoked], generator())
    assert other.ended


@pytest.mark.parametrize("forgets", [True, False])
async def test_that_nothing_is_encrypted_is_told_in_both_languages(
    forgets: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = "memory:" if forgets else f"sqlite:///{tmp_path / 'maeum.db'}"
    settings = load_settings({"DATABASE_URL": address}, Path("no") / "such" / "file")
    stop = asyncio.Event()
    stop.set()
    await serve(settings, [Platform()], generator(), stop)
    told = [record.message for record in caplog.records if "DATA_KEY" in record.message]
    assert len(told) == (not forgets)
    assert all("암호화하지 않고" in line and "unencrypted" in line for line in told)
