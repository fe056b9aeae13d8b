"""Copies the database of DATABASE_URL while the bot runs.

    python -m scripts.backup FILE

FILE must not exist. Of SQLite it becomes a database itself, of PostgreSQL an archive for
pg_restore. Encrypted values stay encrypted: keep DATA_KEY, too, and elsewhere.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.config import load_settings
from core.errors import SetupError
from core.store.backup import back_up

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Copy; the exit status is 2 where that was not possible."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.backup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    try:
        back_up(load_settings().database_address, given.file)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(f"{given.file}: {given.file.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
