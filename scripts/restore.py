"""Makes the database of DATABASE_URL of a copy that scripts/backup.py wrote.

    DATABASE_URL=sqlite:///new.db python -m scripts.restore FILE

The place has to be free: a SQLite file that does not exist, or an empty PostgreSQL database. The
bot must not run on it meanwhile.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.config import load_settings
from core.errors import SetupError
from core.store.backup import restore

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Restore; the exit status is 2 where that was not possible."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.restore",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    try:
        restore(given.file, load_settings().database_address)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(f"{given.file}: restored")
    return 0


if __name__ == "__main__":
    sys.exit(main())
