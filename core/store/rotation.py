"""Encrypts what is kept anew, after DATA_KEY was set, changed or removed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, Table, func, literal, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncEngine

from core.store.cipher import Cipher
from core.store.engines import open_engine, translated
from core.store.tables import Base
from core.store.types import Encrypted

__all__ = ["rotate"]

_BATCH: Final = 500


async def rotate(
    address: str,
    *,
    data_key: str | None,
    old_keys: Sequence[str],
    progress: Callable[[str, int], None],
) -> int:
    """Encrypt every value that is not yet encrypted with `data_key`, or decrypt without one.

    The bot may run meanwhile, as long as it knows both keys. Each batch is a transaction of its
    own: what was cut off goes on where it stopped.

    Args:
        address: as in DATABASE_URL; the tables have to be up to date.
        data_key: to encrypt with from now on; None to keep values as they are.
        old_keys: with which values may be encrypted now.
        progress: told the table and column, and how many values were changed since the last call.

    Returns:
        How many values were changed.

    Raises:
        StoreError: a value is encrypted with a key that is not known, or the database cannot be
            reached.
    """
    cipher = Cipher(data_key, old_keys)
    total = 0
    async with open_engine(address, cipher) as engine:
        for column in _encrypted_columns():
            with translated():
                while due := await _rotate_batch(engine, cipher, column):
                    progress(str(column), due)
                    total += due
    return total


def _encrypted_columns() -> Iterator[Column[Any]]:
    # The bot checks at start whether it can read the settings: they get the new key last.
    for table in sorted(Base.metadata.sorted_tables, key=lambda table: table.name == "setting"):
        yield from (column for column in table.columns if isinstance(column.type, Encrypted))


async def _rotate_batch(engine: AsyncEngine, cipher: Cipher, column: Column[Any]) -> int:
    """Change some values of a column; how many were due."""
    table, raw = column.table, type_coerce(column, LargeBinary)
    assert isinstance(table, Table)  # noqa: S101 - for the type checker
    keys = list(table.primary_key)
    start = func.substr(raw, 1, len(cipher.prefix), type_=LargeBinary)
    due = (
        select(*keys, raw.label("sealed"))
        .where(column.is_not(None), start != literal(cipher.prefix, LargeBinary))
        .limit(_BATCH)
    )
    async with engine.execution_options(immediate=True).begin() as connection:
        rows = (await connection.execute(due)).all()
        for row in rows:
            sealed = cipher.seal(cipher.open(row.sealed, str(column)), str(column))
            same = [key == row._mapping[key.name] for key in keys]
            # Not where somebody wrote a new value since: that one has the new key already.
            await connection.execute(
                table.update()
                .where(*same, raw == literal(row.sealed, LargeBinary))
                .values({column: literal(sealed, LargeBinary)})
            )
    return len(rows)
