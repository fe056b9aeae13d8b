"""Every store there is, empty: the contract tests run against each."""

from collections.abc import AsyncIterator, Callable

import pytest

from core.ports import UnitOfWork
from core.store.cipher import new_key
from core.store.memory import MemoryStore
from core.store.unit_of_work import open_store

KEY = new_key()


@pytest.fixture(params=["memory", "sqlite", "sqlite-encrypted", "postgresql-encrypted"])
async def open_work(
    request: pytest.FixtureRequest, fresh: Callable[[str], str]
) -> AsyncIterator[Callable[[], UnitOfWork]]:
    kind, _, encrypted = request.param.partition("-")
    if kind == "memory":
        yield MemoryStore().unit_of_work
        return
    async with open_store(fresh(kind), data_key=KEY if encrypted else None) as store:
        yield store.unit_of_work
