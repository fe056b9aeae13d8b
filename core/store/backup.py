"""Copies of a database while it is in use: SQLite's online backup, PostgreSQL's pg_dump."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from core.errors import DatabaseError
from core.store.address import parse_address, sqlite_file

__all__ = ["back_up", "restore"]


def back_up(address: str, target: Path) -> None:
    """Write a consistent copy of the database, as it is at one moment; writing goes on meanwhile.

    Encrypted values stay encrypted: the copy needs the same DATA_KEY.

    Args:
        address: as in DATABASE_URL.
        target: a file that does not exist: a SQLite database, or an archive for pg_restore.

    Raises:
        DatabaseError: there is no such database, or it cannot be copied.
    """
    url = parse_address(address)
    file = sqlite_file(url)
    with _new_file(target) as partial:
        if file is not None:
            _copy_sqlite(file, partial)
        else:
            _run(url, "pg_dump", "--format=custom", f"--file={partial}")


def restore(source: Path, address: str) -> None:
    """Make a database of a copy.

    Args:
        source: what `back_up` wrote.
        address: of SQLite, a file that does not exist; of PostgreSQL, an empty database.

    Raises:
        DatabaseError: there is something at `address` already, or the copy is damaged.
    """
    url = parse_address(address)
    file = sqlite_file(url)
    if not source.is_file():
        raise DatabaseError(f"{source} is no file")
    if file is not None:
        with _new_file(file) as partial:
            _copy_sqlite(source, partial)
    else:
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        _run(url, "pg_restore", *options, str(source))


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """A file beside `target` that becomes `target` when it is whole."""
    if target.exists():
        raise DatabaseError(f"{target} exists already")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Only its owner may read it, as mkstemp makes it.
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise DatabaseError(f"{target} cannot be written: {error.strerror}") from error
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise DatabaseError(f"{source} is no file")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            # All pages in one step: one moment of the database, whatever is written meanwhile.
            old.backup(new)
            # A file of its own, without the log of changes beside it.
            new.execute("PRAGMA journal_mode = DELETE")
            (found,) = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise DatabaseError(f"{source} cannot be copied: {error}") from error
    if found != "ok":
        raise DatabaseError(f"{source} is damaged: {found}")


def _run(url: URL, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on a database."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as passwords:
        # In a file, for every user of the machine can read a command line.
        escaped = (url.password or "").replace("\\", "\\\\").replace(":", "\\:")
        passwords.write(f"*:*:*:*:{escaped}\n")
        passwords.flush()
        command = [_program(program), f"--dbname={_conninfo(url, passwords.name)}", *arguments]
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            command, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise DatabaseError(f"{program} failed: {done.stderr.strip()}")


def _conninfo(url: URL, passfile: str) -> str:
    """The address as libpq reads it, without the password."""
    names = {"ssl": "sslmode"}
    words: dict[str, object] = {
        "dbname": url.database,
        "user": url.username,
        "host": url.host,
        "port": url.port,
        **{names.get(name, name): value for name, value in url.query.items()},
        "passfile": passfile,
    }
    quoted = (
        (name, str(value).replace("\\", "\\\\").replace("'", "\\'"))
        for name, value in words.items()
        if value
    )
    return " ".join(f"{name}='{value}'" for name, value in quoted)


def _program(name: str) -> str:
    """The newest there is: it copies from older servers too."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    newest = max(folders, key=lambda folder: int(folder.parent.name), default=None)
    found = shutil.which(name, path=newest) if newest else None
    found = found or shutil.which(name)
    if found is None:
        raise DatabaseError(f"{name} is not on this machine; it comes with PostgreSQL")
    return found
