"""A copy of a database that is being written to."""

import asyncio
import itertools
import shutil
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.errors import DatabaseError
from core.models import UserKey
from core.store.address import sqlite_address
from core.store.backup import back_up, restore
from core.store.cipher import new_key
from core.store.unit_of_work import SqlStore, open_store
from scripts import backup as backup_script
from scripts import restore as restore_script
from scripts.kill_test import Handler, show
from tests.postgres import Server

KEY = new_key()
SOMEBODY = UserKey("test", "0")


@pytest.fixture
def elsewhere(address: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A free place on the same kind of database."""
    if address.startswith("sqlite"):
        return sqlite_address(tmp_path / "elsewhere" / "maeum.db")
    server: Server = request.getfixturevalue("postgres")
    if shutil.which("pg_dump", path=server.programs) is None:
        pytest.skip("pg_dump is not on this machine")
    return server.create(f"elsewhere_{tmp_path.name}")


class Writer:
    """Somebody who talks and votes all the while; counts what was acknowledged."""

    def __init__(self) -> None:
        self.told = 0
        self._more = asyncio.Condition()

    async def talk(self, store: SqlStore, first: int) -> None:
        handler = Handler(store.unit_of_work)
        for number in itertools.count(first):
            await handler.handle(SOMEBODY, number)
            async with self._more:
                self.told = number + 1
                self._more.notify_all()

    async def reaches(self, number: int) -> None:
        async with self._more:
            await self._more.wait_for(lambda: self.told >= number)


@asynccontextmanager
async def writing(store: SqlStore, first: int) -> AsyncIterator[Writer]:
    writer = Writer()
    task = asyncio.create_task(writer.talk(store, first))
    try:
        yield writer
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def kept(store: SqlStore) -> int:
    """How many updates there are; fails where messages and votes are not about as many."""
    async with store.unit_of_work() as work:
        user = await work.users.get(SOMEBODY)
        rows = await work.records.count(user.person)
    assert user.state is not None
    assert rows["mood_point"] - rows["feedback"] in {0, 1}  # a vote comes after its message
    return rows["feedback"]


async def test_a_copy_made_under_writes_is_one_moment_of_the_database(
    address: str, elsewhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "copies" / "maeum.backup"
    async with open_store(address, data_key=KEY) as store:
        await show(store.unit_of_work)
        for number in range(5):
            await Handler(store.unit_of_work).handle(SOMEBODY, number)
        async with writing(store, 5) as writer:
            await writer.reaches(8)
            before = writer.told
            await asyncio.to_thread(back_up, address, file)
            after = writer.told
            await writer.reaches(after + 3)  # the copy did not stop it
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]

    await asyncio.to_thread(restore, file, elsewhere)
    async with open_store(elsewhere, data_key=KEY) as store:
        found = await kept(store)
        assert before <= found <= after + 1
        await Handler(store.unit_of_work).handle(SOMEBODY, found)  # it goes on there
        assert await kept(store) == found + 1


async def test_all_rows_come_back_as_they_were(
    address: str, elsewhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "maeum.backup"
    async with open_store(address, data_key=KEY) as store:
        await show(store.unit_of_work)
        for number in range(3):
            await Handler(store.unit_of_work).handle(SOMEBODY, number)
        async with store.unit_of_work() as work:
            person = (await work.users.get(SOMEBODY)).person
            everything = await work.records.export(person)
    await asyncio.to_thread(back_up, address, file)
    await asyncio.to_thread(restore, file, elsewhere)
    async with open_store(elsewhere, data_key=KEY) as store, store.unit_of_work() as work:
        assert await work.records.export(person) == everything


async def test_what_is_there_is_not_written_over(address: str, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    await asyncio.to_thread(back_up, address, file)
    copied = file.read_bytes()
    with pytest.raises(DatabaseError, match="exists already"):
        await asyncio.to_thread(back_up, address, file)
    with pytest.raises(DatabaseError):
        await asyncio.to_thread(restore, file, address)
    assert file.read_bytes() == copied
    async with open_store(address):
        pass


async def test_a_damaged_copy_is_refused_and_leaves_nothing(
    address: str, elsewhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    await asyncio.to_thread(back_up, address, file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(DatabaseError):
        await asyncio.to_thread(restore, file, elsewhere)
    assert not list((tmp_path / "elsewhere").glob("*"))


def test_the_scripts_copy_and_restore(
    address: str,
    elsewhere: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = str(tmp_path / "copy")
    monkeypatch.setenv("DATABASE_URL", address)
    assert backup_script.main([file]) == 0
    assert backup_script.main([file]) == 2
    monkeypatch.setenv("DATABASE_URL", elsewhere)
    assert restore_script.main([file]) == 0
    said = capsys.readouterr()
    assert "bytes" in said.out
    assert "restored" in said.out
    assert "exists already" in said.err
