"""What the scripts that kill the bot on a platform do alike."""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

__all__ = ["Outcome", "kill"]


class Outcome(Protocol):
    """What a run came to; `str` says it in one line."""

    @property
    def problems(self) -> Sequence[str]:
        """In words; empty where all is well."""
        ...


def kill(
    run: Callable[[Path, int, np.random.Generator], Awaitable[Outcome]],
    arguments: Sequence[str] | None,
    *,
    name: str,
    description: str | None,
) -> int:
    """Run, and say what came of it.

    Args:
        run: kills the bot over a new SQLite file, so many times.
        arguments: of the command line; None for those of the process.
        name: of the script.
        description: of the script.

    Returns:
        The exit status, 1 where something was lost.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m scripts.{name}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)

    async def run_it(database: Path) -> Outcome:
        return await run(database, given.kills, np.random.default_rng(given.seed))

    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(run_it(Path(folder) / "maeum.db"))
    print(f"{outcome}, {len(outcome.problems)} problems")
    print(*outcome.problems, sep="\n", end="")
    return 1 if outcome.problems else 0
