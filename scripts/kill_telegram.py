"""Kills the bot while it answers on a local Bot API server, again and again.

    python -m scripts.kill_telegram --kills 100

People write, tap and react; the bot is killed with SIGKILL at random moments and started anew. At
the end every message has to be answered at least once and read into the mood once, and every vote
kept once. Needs the test server of tests/e2e.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.e2e.telegram.kills import run

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and say what came of it; the exit status is 1 where something was lost."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.kill_telegram",
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
        f"{outcome.kills} kills: {outcome.messages} messages, {outcome.votes} votes, "
        f"{outcome.repeated} answers repeated, {len(outcome.problems)} problems"
    )
    print(*outcome.problems, sep="\n", end="")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
