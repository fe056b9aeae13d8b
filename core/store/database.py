"""Opens a database: SQLite in a file, or PostgreSQL."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from typing import Any, Final, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Executable,
    LargeBinary,
    Row,
    event,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.errors import ConflictError, DatabaseError, StoreError
from core.store.address import parse_address, sqlite_file
from core.store.cipher import Cipher, keyed_hash
from core.store.schema import upgrade
from core.store.statements import insert_new, insert_or_replace
from core.store.tables import Setting
from core.store.types import encrypt_with

__all__ = ["Change", "Database", "migrate", "open_database", "open_engine", "translated"]

Change = Callable[[AsyncConnection], Awaitable[None]]
"""What a unit of work does when it is committed."""

_Result = TypeVar("_Result")

_LOG: Final = logging.getLogger(__name__)
_LOOKUP_KEY: Final = "store.lookup_key"
_KEY_CHECK: Final = "store.key_check"
_SQLITE_WAIT: Final = 10.0
"""Seconds to wait for another process that writes."""
_MIGRATION_LOCK: Final = 0x6D61_6575_6D  # "maeum"
_CONFLICTS: Final = {
    *("SQLITE_CONSTRAINT_FOREIGNKEY", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"),
    *("23503", "23505"),  # foreign_key_violation, unique_violation
    *("40001", "40P01"),  # serialization_failure, deadlock_detected
}


class Database:
    """An open database: reads outside of transactions, writes in short ones."""

    def __init__(self, engine: AsyncEngine, lookup_key: bytes) -> None:
        self._lookup_key = lookup_key
        self._engine = engine
        self._writer = engine.execution_options(immediate=True)
        sqlite = engine.dialect.name == "sqlite"
        # On SQLite a read is consistent by itself; a transaction would only cost two more calls.
        self._reader = engine if sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        # SQLite has one writer. Waiting here is fair; SQLite's own waiting sleeps and asks again.
        self._turn: AbstractAsyncContextManager[object] = (
            asyncio.Lock() if sqlite else nullcontext()
        )

    def hash(self, *parts: str) -> bytes:
        """The keyed hash by which something is looked up, 32 bytes."""
        return keyed_hash(self._lookup_key, *parts)

    async def rows(self, statement: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        """All rows of a query.

        Raises:
            StoreError: the database cannot be reached.
        """
        with translated():
            async with self._reader.connect() as connection:
                return (await connection.execute(statement)).all()

    async def stream(self, statement: Executable) -> AsyncIterator[Row[*tuple[Any, ...]]]:
        """The rows of a large query, without holding up the event loop for all of them.

        Raises:
            StoreError: the database cannot be reached.
        """
        with translated():
            async with self._engine.connect() as connection:
                result = await connection.stream(statement, execution_options={"yield_per": 1000})
                async for row in result:
                    yield row

    async def write(self, changes: Sequence[Change]) -> None:
        """Make the changes in one transaction, all or none.

        Raises:
            ConflictError: one of them does not fit what is there.
            StoreError: the database cannot be reached.
        """
        async with self._turn:
            with translated():
                async with self._writer.begin() as connection:
                    for change in changes:
                        await change(connection)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into ours."""
    try:
        yield
    except DBAPIError as error:
        original = error.orig
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
    encrypt_with(engine, cipher)
    try:
        yield engine
    finally:
        await engine.dispose()


async def migrate(address: str, change: Callable[[Connection], _Result]) -> _Result:
    """Run a function of `core.store.schema` on a database, alone and in one transaction.

    Raises:
        DatabaseError: the database cannot be opened, or the function refuses.
    """
    async with open_engine(address, Cipher()) as engine:
        with _at_start():
            async with engine.execution_options(immediate=True).begin() as connection:
                await _lock_schema(connection)
                return await connection.run_sync(change)


@contextmanager
def _at_start() -> Iterator[None]:
    """What goes wrong with a database that is being opened, in words for who set it up."""
    try:
        with translated():
            yield
    except (StoreError, ConflictError) as error:
        raise DatabaseError(f"DATABASE_URL: {error}") from error


@asynccontextmanager
async def open_database(address: str, cipher: Cipher) -> AsyncIterator[Database]:
    """Open the database, migrated up to the newest tables; close it at the end.

    Raises:
        DatabaseError: it cannot be opened, is of a newer version, or has another key.
    """
    if not cipher.encrypts:
        _LOG.warning("DATA_KEY is not set: moods and platform ids are kept unencrypted")
    async with open_engine(address, cipher) as engine:
        with _at_start():
            async with engine.execution_options(immediate=True).begin() as connection:
                await _lock_schema(connection)
                await connection.run_sync(upgrade)
                key = await _lookup_key(connection, cipher)
        yield Database(engine, key)


async def _lock_schema(connection: AsyncConnection) -> None:
    """Let one process at a time migrate; on SQLite the transaction does that already."""
    if connection.dialect.name == "postgresql":
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
        )


async def _lookup_key(connection: AsyncConnection, cipher: Cipher) -> bytes:
    """The random key of this database's hashes; it does not change when DATA_KEY does.

    Beside it stands a value that every start encrypts with its own key: so a later start with a
    wrong one is refused even where the lookup key is not encrypted with the newest yet.
    """
    for name, value in ((_LOOKUP_KEY, secrets.token_hex(32)), (_KEY_CHECK, "")):
        await connection.execute(insert_new(connection, Setting).values(name=name, value=value))
    raw = type_coerce(Setting.value, LargeBinary).label("raw")
    query = select(Setting.name, Setting.value, raw).where(
        Setting.name.in_((_LOOKUP_KEY, _KEY_CHECK))
    )
    try:
        found = {row.name: row for row in await connection.execute(query)}
    except StoreError as error:
        if cipher.encrypts:
            hint = "is not the key of this database; if it changed, set DATA_KEY_OLD to the old one"
        else:
            hint = "is not set, and this database is encrypted"
        raise DatabaseError(f"DATA_KEY {hint}") from error
    if not found[_LOOKUP_KEY].raw.startswith(cipher.prefix):
        _LOG.warning("DATA_KEY was changed: run `python -m scripts.rotate_key` to encrypt anew")
    check: dict[str, object] = {"name": _KEY_CHECK, "value": ""}
    await connection.execute(insert_or_replace(connection, Setting, check))
    return bytes.fromhex(found[_LOOKUP_KEY].value)


def _sqlite_engine(url: URL) -> AsyncEngine:
    file = sqlite_file(url)
    if file is None:
        raise ValueError("not an address of SQLite")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # moods are nobody else's business
    except OSError as error:
        raise DatabaseError(f"DATABASE_URL: {file} cannot be written: {error.strerror}") from error
    engine = create_async_engine(
        url, hide_parameters=True, connect_args={"timeout": _SQLITE_WAIT}, pool_size=4
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


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
