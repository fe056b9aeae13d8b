"""Changes the key that moods and platform ids are encrypted with.

    python -m scripts.rotate_key --new    prints a new key, and does nothing else
    python -m scripts.rotate_key          encrypts everything with DATA_KEY

1. Set DATA_KEY to the new key and DATA_KEY_OLD to the old one (nothing where there was none), and
   start the bot again.
2. Run this, beside the running bot if you like. It may be cut off and run again.
3. Remove DATA_KEY_OLD.

Without DATA_KEY everything is decrypted. The keyed hashes by which people are looked up have a
random key of their own, kept in the database under DATA_KEY; it stays.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence

from bot.config import load_settings
from core.errors import MaeumError
from core.store.cipher import new_key
from core.store.rotation import rotate

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Rotate; the exit status is 2 where that was not possible."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.rotate_key",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--new", action="store_true", help="print a new key")
    if parser.parse_args(arguments).new:
        print(new_key())
        return 0
    changed: Counter[str] = Counter()

    def progress(column: str, count: int) -> None:
        changed[column] += count
        print(f"{column}: {changed[column]:,}", flush=True)

    try:
        settings = load_settings()
        key, old = settings.keys
        total = asyncio.run(
            rotate(settings.database_address, data_key=key, old_keys=old, progress=progress)
        )
    except MaeumError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(f"{total:,} values changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
