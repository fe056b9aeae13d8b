"""Brings the tables of the database of DATABASE_URL up or down; the bot does the former itself.

python -m scripts.migrate [up]        to the newest version
python -m scripts.migrate down 0001   to an older one; "base" removes all tables and their data
python -m scripts.migrate check       whether the tables are as the program expects
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from functools import partial

from bot.config import load_settings
from core.errors import SetupError
from core.store.database import migrate
from core.store.schema import HEAD, differences, downgrade, revision, upgrade

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Migrate.

    Returns:
        The exit status: 1 where the tables are not as expected, 2 where nothing could be done.
    """
    parser = argparse.ArgumentParser(
        prog="python -m scripts.migrate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", nargs="?", choices=["up", "down", "check"], default="up")
    parser.add_argument("version", nargs="?", help="where to go down to")
    given = parser.parse_args(arguments)
    if (given.action == "down") != (given.version is not None):
        parser.error("down, and only down, needs a version")
    try:
        found = asyncio.run(_run(load_settings().database_address, given.action, given.version))
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print("\n".join(found))
    return int(given.action == "check" and len(found) > 1)


async def _run(address: str, action: str, version: str | None) -> list[str]:
    if action == "up":
        await migrate(address, upgrade)
    elif version is not None:
        await migrate(address, partial(downgrade, target=version))
    stands = await migrate(address, revision)
    differing = await migrate(address, differences) if action == "check" else []
    return [f"version {stands or 'none'}, newest {HEAD}", *map(str, differing)]


if __name__ == "__main__":
    sys.exit(main())
