"""The address of a database: what DATABASE_URL says, brought to the drivers we use."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import DatabaseError

__all__ = ["parse_address", "sqlite_address", "sqlite_file"]

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


def parse_address(text: str) -> URL:
    """The address with its driver; other drivers of the same database are replaced.

    Raises:
        DatabaseError: it is not one of SQLite (in a file) or PostgreSQL. The message does not
            repeat it, for it may hold a password.
    """
    try:
        url = make_url(text)
        driver = _DRIVERS[url.drivername.partition("+")[0]]
    except (ArgumentError, KeyError, ValueError) as error:
        raise DatabaseError(
            "DATABASE_URL has to be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        ) from error
    if driver.startswith("sqlite"):
        if url.database in {None, "", ":memory:"}:
            raise DatabaseError("DATABASE_URL has to name a file: sqlite:///FILE")
    elif "sslmode" in url.query:  # libpq's word for it; asyncpg says ssl
        mode = url.query["sslmode"]
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url.set(drivername=driver)


def sqlite_address(file: Path) -> str:
    """The address of a SQLite database in a file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for another database."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database)
