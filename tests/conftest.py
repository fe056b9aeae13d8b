"""For all tests: no deadlines, and databases, each as fast as it can be had."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings

from bot.config import choose_library_modes
from core.store.address import sqlite_address
from core.store.database import migrate
from core.store.schema import upgrade
from tests.postgres import Server, running_server

# A busy machine is no failure: tests judge results, not durations.
settings.register_profile("default", deadline=None)
settings.load_profile("default")

choose_library_modes()

# Whatever a test starts keeps off the database of whoever runs the tests.
os.environ["DATABASE_URL"] = "memory:"
os.environ.pop("DATA_KEY", None)
os.environ.pop("DATA_KEY_OLD", None)

DATABASES = ("sqlite", "postgresql")


def _migrate(address: str) -> None:
    # In a thread of its own, for the test that asked may be running its event loop already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(migrate(address, upgrade))).result()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server for the whole run; tests that ask for it are skipped where there is none."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(sqlite_address(file))
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Server) -> str:
    _migrate(postgres.create("maeum"))
    return "maeum"


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Makes an empty database with all tables: of "sqlite" or "postgresql"; its address."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            file = tmp_path / "maeum.db"
            shutil.copy(request.getfixturevalue("migrated_file"), file)
            return sqlite_address(file)
        server: Server = request.getfixturevalue("postgres")
        name = request.getfixturevalue("migrated_postgres")
        tables = ("person", "delivery", "lease", "setting")  # what refers to a person goes too
        server.sql(name, *(f"DELETE FROM {table}" for table in tables))
        return server.address(name)

    return make


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, fresh: Callable[[str], str]) -> str:
    """An empty database with all tables, on each kind in turn."""
    return fresh(request.param)
