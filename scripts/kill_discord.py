"""Kills the bot while it counts votes on a local Discord, again and again.

    python -m scripts.kill_discord --kills 100

People press buttons and react, some events come twice; the bot is killed with SIGKILL at random
moments and started anew. At the end every vote that was shown has to be kept, none that was not
given, none twice, and the buttons of before the first kill have to work. Needs the test server of
tests/e2e.
"""

import sys
from collections.abc import Sequence

from scripts.killing import kill
from tests.e2e.discord_app.kills import run

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and say what came of it; the exit status is 1 where something was lost."""
    return kill(run, arguments, name="kill_discord", description=__doc__)


if __name__ == "__main__":
    sys.exit(main())
