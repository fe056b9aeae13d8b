from pathlib import Path

import pytest

from core.errors import DatabaseError
from core.store.address import parse_address, sqlite_address, sqlite_file


@pytest.mark.parametrize("text", ["sqlite:///a/b.db", "sqlite+aiosqlite:///a/b.db"])
def test_sqlite_is_read_through_aiosqlite(text: str) -> None:
    url = parse_address(text)
    assert url.drivername == "sqlite+aiosqlite"
    assert sqlite_file(url) == Path("a/b.db")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_read_through_asyncpg(scheme: str) -> None:
    url = parse_address(f"{scheme}://kim:p%40ss@db:5433/maeum?sslmode=require")
    assert url.drivername == "postgresql+asyncpg"
    assert (url.username, url.password, url.host, url.port) == ("kim", "p@ss", "db", 5433)
    assert dict(url.query) == {"ssl": "require"}
    assert sqlite_file(url) is None


def test_a_file_becomes_an_address_and_a_file_again() -> None:
    file = Path("/tmp") / "내 노래.db"
    assert sqlite_file(parse_address(sqlite_address(file))) == file


@pytest.mark.parametrize(
    "text", ["", "maeum.db", "mysql://a/b", "sqlite://", "sqlite:///:memory:", "http://secret@x"]
)
def test_any_other_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(DatabaseError, match="DATABASE_URL") as caught:
        parse_address(text)
    assert "secret" not in str(caught.value)
