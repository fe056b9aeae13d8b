"""Engines for the databases there are: SQLite in a file, or PostgreSQL."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Row, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.errors import ConflictError, DatabaseError, StoreError
from core.store.address import parse_address, sqlite_file
from core.store.cipher import Cipher
from core.store.types import encrypt_with

__all__ = ["AnyRow", "Change", "Values", "direct_engine", "open_engine", "translated"]

AnyRow = Row[*tuple[Any, ...]]
Values = Mapping[str, object]
Change = Callable[[Connection], None]
"""What a unit of work does when it is committed. It may be done again after a rollback."""

_SQLITE_WAIT: Final = 10.0
"""Seconds to wait for another process that writes."""
_CONFLICTS: Final = {
    *("SQLITE_CONSTRAINT_FOREIGNKEY", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"),
    *("23503", "23505"),  # foreign_key_violation, unique_violation
    *("40001", "40P01"),  # serialization_failure, deadlock_detected
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into ours."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
        if code in _CONFLICTS:
            raise ConflictError("somebody else changed what this rests on") from error
        raise StoreError(f"the database refused: {code or type(original).__name__}") from error
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(f"the database cannot be reached: {type(error).__name__}") from error


@asynccontextmanager
async def open_engine(address: str, cipher: Cipher) -> AsyncIterator[AsyncEngine]:
    """The engine for an address, closed at the end; a SQLite file is made where there is none.

    Raises:
        DatabaseError: the address is none, or the file cannot be made.
    """
    url = parse_address(address)
    engine = _sqlite_engine(url) if sqlite_file(url) else _postgresql_engine(url)
    encrypt_with(engine.sync_engine, cipher)
    try:
        yield engine
    finally:
        await engine.dispose()


@contextmanager
def direct_engine(address: str, cipher: Cipher) -> Iterator[Engine]:
    """An engine for a SQLite file that is there, whose calls wait for the database themselves."""
    url = parse_address(address).set(drivername="sqlite")
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": _SQLITE_WAIT}, pool_reset_on_return=None
    )
    _listen(engine)
    encrypt_with(engine, cipher)
    try:
        yield engine
    finally:
        engine.dispose()


def _sqlite_engine(url: URL) -> AsyncEngine:
    file = sqlite_file(url)
    if file is None:
        raise ValueError("not an address of SQLite")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # moods are nobody else's business
    except OSError as error:
        raise DatabaseError(f"DATABASE_URL: {file} cannot be written: {error.strerror}") from error
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": _SQLITE_WAIT})
    _listen(engine.sync_engine)
    return engine


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver begins no transaction by itself; `_begin_sqlite` says when and how.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",  # reading goes on while somebody writes
        # A commit outlives a killed process, for the system has the pages by then. Only a power
        # cut may take the last ones; FULL would wait for the disk instead, everybody in turn,
        # on a busy one for up to a second.
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where something will be written.

    A transaction that reads first and then writes fails where another one wrote in between, no
    matter how long it would wait.
    """
    if connection.get_execution_options().get("immediate"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql_engine(url: URL) -> AsyncEngine:
    # A connection is asked whether it lives before it is used: the server may have restarted.
    return create_async_engine(url, hide_parameters=True, pool_pre_ping=True)
