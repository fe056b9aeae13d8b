"""Kills the bot while it answers on a local Bot API server, again and again.

    python -m scripts.kill_telegram --kills 100

People write, tap and react; the bot is killed with SIGKILL at random moments and started anew. At
the end every message has to be answered at least once and read into the mood once, and every vote
kept once. Needs the test server of tests/e2e.
"""

import sys
from collections.abc import Sequence

from scripts.killing import kill
from tests.e2e.telegram.kills import run

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and say what came of it; the exit status is 1 where something was lost."""
    return kill(run, arguments, name="kill_telegram", description=__doc__)


if __name__ == "__main__":
    sys.exit(main())
