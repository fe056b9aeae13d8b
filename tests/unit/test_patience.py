"""What is tried again where the store is away."""

import pytest

from bot.patience import persist
from core.errors import StoreError


class Store:
    """Fails so many times."""

    def __init__(self, failures: int, error: type[Exception] = StoreError) -> None:
        self.failures = failures
        self.error = error
        self.asked = 0
        self.slept: list[float] = []

    async def keep(self) -> str:
        self.asked += 1
        if self.asked <= self.failures:
            raise self.error
        return "kept"

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def persist(self) -> str:
        return await persist(self.keep, pauses=(1, 2, 3), sleep=self.sleep)


@pytest.mark.parametrize("failures", [0, 1, 3])
async def test_it_is_kept_once_the_store_is_back(failures: int) -> None:
    store = Store(failures)
    assert await store.persist() == "kept"
    assert store.slept == [1, 2, 3][:failures]


async def test_a_store_that_stays_away_is_told_in_the_end() -> None:
    store = Store(failures=9)
    with pytest.raises(StoreError):
        await store.persist()
    assert store.asked == 4


async def test_other_failures_are_no_reason_to_wait() -> None:
    store = Store(failures=1, error=ValueError)
    with pytest.raises(ValueError):  # noqa: PT011 - of the fake
        await store.persist()
    assert store.asked == 1
