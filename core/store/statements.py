"""Inserts that both databases understand and SQLAlchemy has no common word for."""

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from core.store.tables import Base

__all__ = ["insert_new", "insert_or_replace"]


def _insert(connection: Connection, table: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_new(connection: Connection, table: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    """An insert that changes nothing where the key is there already."""
    return _insert(connection, table).on_conflict_do_nothing()


def insert_or_replace(
    connection: Connection, table: type[Base], values: dict[str, object]
) -> "postgresql.Insert | sqlite.Insert":
    """An insert of `values` that replaces the row of the same primary key."""
    keys = [column.name for column in table.__table__.primary_key]
    others = {name: value for name, value in values.items() if name not in keys}
    insert = _insert(connection, table).values(values)
    return insert.on_conflict_do_update(index_elements=keys, set_=others)
