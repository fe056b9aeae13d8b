"""What is written to the disk, and what a start with the wrong key says."""

import logging
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.corrections import Correction
from core.errors import DatabaseError, StoreError
from core.models import UserKey
from core.records import MoodPoint
from core.store.cipher import Cipher, new_key
from core.store.engines import open_engine
from core.store.rotation import rotate
from core.store.tables import Base
from core.store.types import Encrypted
from core.store.unit_of_work import SqlStore, open_store
from core.utterances import Utterance
from tests.keepsakes import NOW, impression, mood_state

KEY, OTHER = new_key(), new_key()
SECRET_ID = "7218839201"


async def fill(store: SqlStore, people: int = 1) -> None:
    for number in range(people):
        async with store.unit_of_work() as work:
            user = await work.users.get(UserKey("telegram", f"{SECRET_ID}{number}"))
            mood = mood_state().mood
            await work.users.put(replace(user, state=mood_state()))
            await work.history.add(MoodPoint(user.person, NOW, mood.coarse, 0.5, 0.5))
            await work.impressions.add([impression(user.person, asked={"genres": ["발라드"]})])
            await work.utterances.add(Utterance(user.person, "아무도 모르는 말", NOW))
            kept = Correction(str(number), user.person, NOW, mood.coarse, "m1", "슬픔")
            await work.corrections.put(kept)
            await work.deliveries.add(f"telegram:{SECRET_ID}", NOW) if number == 0 else None
            await work.commit()


async def read(store: SqlStore, people: int = 1) -> None:
    """Fails where anything of anybody cannot be read."""
    for number in range(people):
        async with store.unit_of_work() as work:
            user = await work.users.get(UserKey("telegram", f"{SECRET_ID}{number}"))
            assert user.state is not None
            assert len(await work.history.since(user.person, NOW)) == 1
            assert len(await work.impressions.latest(user.person, 9)) == 1
            (utterance,) = await work.utterances.of(user.person)
            assert utterance.text == "아무도 모르는 말"


async def raw(address: str) -> dict[str, list[bytes]]:
    """The encrypted columns as they lie on the disk."""
    found = {}
    async with open_engine(address, Cipher()) as engine, engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, Encrypted):
                    found[str(column)] = await _values(connection, table.name, column.name)
    return found


async def _values(connection: AsyncConnection, table: str, column: str) -> list[bytes]:
    rows = await connection.execute(text(f'SELECT "{column}" FROM "{table}"'))
    return [bytes(value) for (value,) in rows if value is not None]


def prefixes(values: dict[str, list[bytes]]) -> set[bytes]:
    return {value[:5] for column in values.values() for value in column}


async def test_with_a_key_nothing_personal_can_be_read_on_the_disk(address: str) -> None:
    async with open_store(address, data_key=KEY) as store:
        await fill(store)
    found = await raw(address)
    assert all(found.values())
    assert prefixes(found) == {Cipher(KEY).prefix}
    file = make_url(address).database
    if address.startswith("sqlite") and file is not None:
        everything = b"".join(path.read_bytes() for path in Path(file).parent.glob("maeum.db*"))
        assert SECRET_ID.encode() not in everything
        assert "아무도".encode() not in everything


async def test_with_values_that_have_no_key_the_log_says_so_once(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    for key, warnings in ((None, 0), (KEY, 1)):  # the second: it holds values without a key
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            async with open_store(address, data_key=key) as store:
                await fill(store) if key is None else await read(store)
        assert [("DATA_KEY" in record.message) for record in caplog.records] == [True] * warnings


async def test_with_its_key_the_log_says_nothing(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with open_store(address, data_key=KEY) as store:
            await fill(store)
    assert caplog.records == []


@pytest.mark.parametrize("key", [None, OTHER], ids=["none", "another"])
async def test_a_wrong_key_is_refused_at_start(address: str, key: str | None) -> None:
    async with open_store(address, data_key=KEY):
        pass
    with pytest.raises(DatabaseError, match="DATA_KEY is not"):
        async with open_store(address, data_key=key):
            pass


async def test_a_wrong_key_is_refused_even_where_nothing_was_rotated(address: str) -> None:
    for key in (None, KEY):
        async with open_store(address, data_key=key) as store:
            await read(store) if key else await fill(store)
    with pytest.raises(DatabaseError, match="DATA_KEY is not the key"):
        async with open_store(address, data_key=OTHER):
            pass


async def test_an_old_key_is_missed_until_all_is_rotated(address: str) -> None:
    for key, old in ((KEY, []), (OTHER, [KEY])):
        async with open_store(address, data_key=key, old_keys=old):
            pass
    with pytest.raises(DatabaseError, match="DATA_KEY_OLD"):
        async with open_store(address, data_key=OTHER):
            pass


async def test_an_old_key_lets_the_bot_go_on_until_all_is_rotated(address: str) -> None:
    async with open_store(address, data_key=KEY) as store:
        await fill(store, 3)
    async with open_store(address, data_key=OTHER, old_keys=[KEY]) as store:
        await read(store, 3)
        changed: list[tuple[str, int]] = []
        total = await rotate(
            address,
            data_key=OTHER,
            old_keys=[KEY],
            progress=lambda *step: changed.append(step),
        )
        await read(store, 3)
    assert prefixes(await raw(address)) == {Cipher(OTHER).prefix}
    assert total == sum(count for _, count in changed) == 3 * 10 + 1
    assert changed[-1] == ("setting.value", 1)
    async with open_store(address, data_key=OTHER) as store:
        await read(store, 3)
    assert await rotate(address, data_key=OTHER, old_keys=[KEY], progress=print) == 0


async def test_a_rotation_that_was_cut_off_goes_on(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(address, data_key=KEY) as store:
        await fill(store, 5)
    monkeypatch.setattr("core.store.rotation._BATCH", 2)

    def cut(_column: str, _count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rotate(address, data_key=OTHER, old_keys=[KEY], progress=cut)
    assert prefixes(await raw(address)) == {Cipher(KEY).prefix, Cipher(OTHER).prefix}
    async with open_store(address, data_key=OTHER, old_keys=[KEY]) as store:
        await read(store, 5)
    rest = await rotate(address, data_key=OTHER, old_keys=[KEY], progress=lambda *_: None)
    assert rest == 5 * 10 + 1 - 2
    async with open_store(address, data_key=OTHER) as store:
        await read(store, 5)


async def test_a_key_can_be_set_later_and_removed_again(address: str) -> None:
    async with open_store(address) as store:
        await fill(store)
    await rotate(address, data_key=KEY, old_keys=[], progress=lambda *_: None)
    assert prefixes(await raw(address)) == {Cipher(KEY).prefix}
    await rotate(address, data_key=None, old_keys=[KEY], progress=lambda *_: None)
    async with open_store(address) as store:
        await read(store)


async def test_a_rotation_with_the_wrong_keys_changes_nothing(address: str) -> None:
    async with open_store(address, data_key=KEY) as store:
        await fill(store)
    with pytest.raises(StoreError, match="not known"):
        await rotate(address, data_key=OTHER, old_keys=[], progress=print)
    assert prefixes(await raw(address)) == {Cipher(KEY).prefix}


async def test_a_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "maeum.db"
    async with open_store(f"sqlite:///{file}", data_key=KEY):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("no database at all, only words")
    return tmp_path / "file"


async def test_what_is_no_database_is_refused(letter: Path) -> None:
    for address in (
        f"sqlite:///{letter}",
        f"sqlite:///{letter}/below.db",
        f"postgresql://nobody@/none?host={letter.parent}",
    ):
        with pytest.raises(DatabaseError, match="DATABASE_URL"):
            async with open_store(address, data_key=KEY):
                pass
    assert list(letter.parent.iterdir()) == [letter]
