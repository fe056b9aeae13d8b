"""Which updates were handled is kept, many at a time."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.handlers.telegram_finished import PAUSE_S, Finished


class Store:
    def __init__(self) -> None:
        self.kept: list[tuple[str, ...]] = []
        self.failures = 0

    async def finish(self, keys: Sequence[str]) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("no database")
        self.kept.append(tuple(keys))


class Pauses:
    """Pauses that end when they are told to."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._end = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self._end.wait()
        self._end.clear()

    async def end(self) -> None:
        self._end.set()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_what_is_finished_in_a_while_is_kept_together() -> None:
    store, pauses = Store(), Pauses()
    finished = Finished(store, pauses)
    for key in ("1", "2"):
        finished.add(key)
    await pauses.end()
    finished.add("3")
    await pauses.end()
    assert store.kept == [("1", "2"), ("3",)]
    assert pauses.asked == [PAUSE_S, PAUSE_S]


async def test_at_the_end_the_rest_is_kept_at_once() -> None:
    store = Store()
    finished = Finished(store, Pauses())
    finished.add("1")
    await asyncio.sleep(0)
    await finished.close()
    assert store.kept == [("1",)]


async def test_with_nothing_finished_nothing_is_written() -> None:
    store = Store()
    await Finished(store, Pauses()).close()
    assert store.kept == []


async def test_a_store_that_fails_keeps_the_next_ones(caplog: pytest.LogCaptureFixture) -> None:
    store, pauses = Store(), Pauses()
    finished = Finished(store, pauses)
    store.failures = 1
    finished.add("1")
    await pauses.end()
    finished.add("2")
    await pauses.end()
    assert store.kept == [("1", "2")]
    assert "cannot keep 1 updates" in caplog.text
