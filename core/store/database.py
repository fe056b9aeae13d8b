"""Opens a database: SQLite in a file, or PostgreSQL."""

import logging
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final, Protocol, TypeVar

from sqlalchemy import Connection, Executable, LargeBinary, select, text, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.errors import ConflictError, DatabaseError, StoreError
from core.store.cipher import Cipher, KeyedHash
from core.store.engines import AnyRow, Change, Values, direct_engine, open_engine, translated
from core.store.schema import upgrade
from core.store.sqlite import SqliteAccess
from core.store.statements import insert_new, insert_or_replace
from core.store.tables import Setting

__all__ = ["Database", "migrate", "open_database"]

_Result = TypeVar("_Result")

_LOG: Final = logging.getLogger(__name__)
_LOOKUP_KEY: Final = "store.lookup_key"
_KEY_CHECK: Final = "store.key_check"
_MIGRATION_LOCK: Final = 0x6D61_6575_6D  # "maeum"


class Access(Protocol):
    """How a database is read and written; errors are those of `core.errors`."""

    async def rows(self, statement: Executable, values: Values) -> Sequence[AnyRow]:
        """All rows of a query, with values for its parameters."""
        ...

    async def write(self, changes: Sequence[Change], *, long: bool = False) -> None:
        """Make the changes in one transaction, all or none, `long` ones off the event loop."""
        ...


class EngineAccess:
    """Implements `Access` with the connections of an engine, each transaction on its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._writer = engine
        # A single query is consistent by itself; a transaction would only cost two more calls.
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def rows(self, statement: Executable, values: Values) -> Sequence[AnyRow]:
        """All rows of a query, with values for its parameters."""
        with translated():
            async with self._reader.connect() as connection:
                return (await connection.execute(statement, values)).all()

    async def write(self, changes: Sequence[Change], *, long: bool = False) -> None:  # noqa: ARG002
        """Make the changes in one transaction, all or none; none holds up the event loop."""
        with translated():
            async with self._writer.begin() as connection:
                for change in changes:
                    await connection.run_sync(change)


class Database:
    """An open database: reads outside of transactions, writes in short ones."""

    def __init__(self, engine: AsyncEngine, access: Access, lookup_key: bytes) -> None:
        self._engine = engine
        self._access = access
        self._hash = KeyedHash(lookup_key)

    def hash(self, *parts: str) -> bytes:
        """The keyed hash by which something is looked up, 32 bytes."""
        return self._hash(*parts)

    async def rows(self, statement: Executable, values: Values) -> Sequence[AnyRow]:
        """All rows of a query, with values for its parameters.

        Raises:
            StoreError: the database cannot be reached.
        """
        return await self._access.rows(statement, values)

    async def stream(self, statement: Executable) -> AsyncIterator[AnyRow]:
        """The rows of a large query, without holding up the event loop for all of them.

        Raises:
            StoreError: the database cannot be reached.
        """
        with translated():
            async with self._engine.connect() as connection:
                result = await connection.stream(statement, execution_options={"yield_per": 1000})
                async for row in result:
                    yield row

    async def write(self, changes: Sequence[Change], *, long: bool = False) -> None:
        """Make the changes in one transaction, all or none.

        Args:
            changes: to make.
            long: whether they may take longer than everybody else can wait for.

        Raises:
            ConflictError: one of them does not fit what is there.
            StoreError: the database cannot be reached.
        """
        await self._access.write(changes, long=long)


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
    async with open_engine(address, cipher) as engine:
        with _at_start():
            async with engine.execution_options(immediate=True).begin() as connection:
                await _lock_schema(connection)
                await connection.run_sync(upgrade)
                key = await connection.run_sync(_lookup_key, cipher)
        async with _access(address, engine, cipher) as access:
            yield Database(engine, access, key)


@asynccontextmanager
async def _access(address: str, engine: AsyncEngine, cipher: Cipher) -> AsyncIterator[Access]:
    if engine.dialect.name != "sqlite":
        yield EngineAccess(engine)
        return
    with direct_engine(address, cipher) as direct:
        access = SqliteAccess(direct)
        try:
            yield access
        finally:
            await access.close()


async def _lock_schema(connection: AsyncConnection) -> None:
    """Let one process at a time migrate; on SQLite the transaction does that already."""
    if connection.dialect.name == "postgresql":
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
        )


def _lookup_key(connection: Connection, cipher: Cipher) -> bytes:
    """The random key of this database's hashes; it does not change when DATA_KEY does.

    Beside it stands a value that every start encrypts with its own key: so a later start with a
    wrong one is refused even where the lookup key is not encrypted with the newest yet.
    """
    for name, value in ((_LOOKUP_KEY, secrets.token_hex(32)), (_KEY_CHECK, "")):
        connection.execute(insert_new(connection, Setting).values(name=name, value=value))
    raw = type_coerce(Setting.value, LargeBinary).label("raw")
    query = select(Setting.name, Setting.value, raw).where(
        Setting.name.in_((_LOOKUP_KEY, _KEY_CHECK))
    )
    try:
        found = {row.name: row for row in connection.execute(query)}
    except StoreError as error:
        if cipher.encrypts:
            hint = "is not the key of this database; if it changed, set DATA_KEY_OLD to the old one"
        else:
            hint = "is not set, and this database is encrypted"
        raise DatabaseError(f"DATA_KEY {hint}") from error
    if not found[_LOOKUP_KEY].raw.startswith(cipher.prefix):
        _LOG.warning("DATA_KEY was changed: run `python -m scripts.rotate_key` to encrypt anew")
    check: dict[str, object] = {"name": _KEY_CHECK, "value": ""}
    connection.execute(insert_or_replace(connection, Setting, check))
    return bytes.fromhex(found[_LOOKUP_KEY].value)
