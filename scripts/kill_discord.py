"""Kills the bot while it counts votes on a local Discord, again and again.

    python -m scripts.kill_discord --kills 100

People press buttons and react, some events come twice; the bot is killed with SIGKILL at random
moments and started anew. At the end every vote that was shown has to be kept, none that was not
given, none twice, and the buttons of before the first kill have to work. Needs the test server of
tests/e2e.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.e2e.discord_app.kills import run

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and say what came of it; the exit status is 1 where something was lost."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.kill_discord",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "maeum.db"
        outcome = asyncio.run(run(database, given.kills, np.random.default_rng(given.seed)))
    print(
        f"{outcome.kills} kills: {outcome.pressed} presses, {outcome.shown} shown, "
        f"{outcome.kept} votes kept, {len(outcome.problems)} problems"
    )
    print(*outcome.problems, sep="\n", end="")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
