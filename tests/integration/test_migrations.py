"""The tables' history on real databases."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, text

from core.errors import DatabaseError
from core.models import UserKey
from core.store import schema
from core.store.address import sqlite_address
from core.store.database import migrate
from core.store.tables import Base, FeedbackRow, ImpressionRow, MoodPointRow, Person, Post
from core.store.unit_of_work import open_store
from scripts.migrate import main
from tests.conftest import DATABASES
from tests.postgres import Server
from tests.services import NOW


@pytest.fixture(params=DATABASES)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return sqlite_address(tmp_path / "bare.db")
    server: Server = request.getfixturevalue("postgres")
    return server.create(f"bare_{tmp_path.name}")


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_the_newest_migration_is_the_one_the_program_expects() -> None:
    script = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert script.get_heads() == [schema.HEAD]


async def test_migrations_make_the_tables_the_program_has(bare: str) -> None:
    assert await migrate(bare, schema.differences) != []
    await migrate(bare, schema.upgrade)
    assert await migrate(bare, schema.differences) == []
    assert await migrate(bare, tables) == set(Base.metadata.tables)


async def test_a_change_made_by_hand_is_noticed(bare: str) -> None:
    await migrate(bare, schema.upgrade)

    def meddle(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE post ADD COLUMN stranger INTEGER"))
        connection.execute(text("DROP INDEX ix_feedback_at"))

    await migrate(bare, meddle)
    assert len(await migrate(bare, schema.differences)) == 2


async def test_down_leaves_nothing_and_up_comes_back(bare: str) -> None:
    await migrate(bare, schema.upgrade)
    await migrate(bare, partial(schema.downgrade, target="base"))
    assert await migrate(bare, tables) == set()
    assert await migrate(bare, schema.revision) is None
    await migrate(bare, schema.upgrade)
    assert await migrate(bare, schema.differences) == []


async def test_down_to_the_first_tables_and_up_again_every_row_stays(bare: str) -> None:
    await migrate(bare, schema.upgrade)
    shown = {
        "id": "i",
        "person": "p",
        "slate": "s",
        "song_id": "1",
        "artist": "a",
        "rank": 1,
        "score": 1.0,
        "parts": {},
        "propensity": 1.0,
        "mood": np.ones(7, np.float32),
        "mode": "similar",
        "model_version": "",
        "catalogue_version": "",
        "shown_at": NOW,
    }
    vote = {
        "key_hash": b"2",
        "impression": "i",
        "person": "p",
        "song_id": "1",
        "artist": "a",
        "mode": "similar",
        "verdict": "up",
        "at": NOW,
    }
    rows: dict[type[Base], dict[str, Any]] = {
        Person: {"id": "p", "shown": [], "said": [], "settings": {}, "version": 1},
        ImpressionRow: shown,
        Post: {"key_hash": b"1", "impression": "i"},
        FeedbackRow: vote,
        MoodPointRow: {"person": "p", "at": NOW, "mood": np.ones(9, np.float32), "reading": "r"},
    }

    def fill(connection: Connection) -> None:
        for table, row in rows.items():
            connection.execute(insert(table), row)

    def kept(connection: Connection) -> list[tuple[object, ...]]:
        names = ("impression.id", "post.impression", "feedback.impression", "mood_point.person")
        return [
            tuple(connection.scalars(text(f"SELECT {column} FROM {column.partition('.')[0]}")))
            for column in names
        ]

    await migrate(bare, fill)
    for change in (partial(schema.downgrade, target="0001"), schema.upgrade):
        await migrate(bare, change)
        assert await migrate(bare, kept) == [("i",), ("i",), ("i",), ("p",)]


async def test_a_migration_that_fails_changes_nothing(bare: str) -> None:
    def fail(connection: Connection) -> None:
        schema.upgrade(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await migrate(bare, fail)
    assert await migrate(bare, tables) == set()


async def test_many_who_start_at_once_migrate_once(bare: str) -> None:
    key = UserKey("console", "1")

    async def start() -> None:
        async with open_store(bare) as store, store.unit_of_work() as work:
            assert (await work.users.get(key)).version == 0

    await asyncio.gather(*(start() for _ in range(4)))
    assert await migrate(bare, schema.differences) == []


async def test_a_database_of_a_newer_version_is_refused(bare: str) -> None:
    await migrate(bare, schema.upgrade)

    def age(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await migrate(bare, age)
    with pytest.raises(DatabaseError, match="9999"):
        async with open_store(bare):
            pass


def test_the_script_goes_up_checks_and_goes_down(
    bare: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", bare)

    def said() -> list[str]:
        return capsys.readouterr().out.splitlines()

    assert main(["check"]) == 1
    assert len(said()) > 5
    assert main([]) == 0
    assert said() == [f"version {schema.HEAD}, newest {schema.HEAD}"]
    assert main(["check"]) == 0
    assert len(said()) == 1
    assert main(["down", "base"]) == 0
    assert said() == [f"version none, newest {schema.HEAD}"]
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    assert main([]) == 2
    assert "DATABASE_URL" in capsys.readouterr().err
