"""Learns from the votes by hand, as the nightly job does, with a progress bar.

    python -m scripts.retrain

Takes the database of DATABASE_URL and leaves the model where the bot looks for it; a running bot
takes it over within ten minutes.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from tqdm import tqdm

from bot.bootstrap import open_learning
from bot.config import Settings, load_settings
from core.errors import MaeumError
from core.recommend.fitting import FitConfig
from core.recommend.learning import Lesson

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, and say what came of it.

    Returns:
        The exit status: 1 where the new model is kept out or another process is learning, 2 where
        nothing could be done.
    """
    parser = argparse.ArgumentParser(
        prog="python -m scripts.retrain",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    try:
        settings = load_settings()
        if settings.forgetful:
            parser.error("DATABASE_URL is memory: there is nothing to learn from")
        lesson = asyncio.run(_learn(settings))
    except MaeumError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if lesson is None:
        print("another process is learning")
        return 1
    print(f"{'in use' if lesson.model else 'kept out'}: {lesson.reason}")
    return 0 if lesson.model else 1


async def _learn(settings: Settings) -> Lesson | None:
    async with open_learning(settings) as learning:
        with tqdm(total=2 * FitConfig().iterations, desc="learning", unit=" iterations") as bar:
            return await learning.run(
                now=datetime.now(UTC), generator=np.random.default_rng(), progress=bar.update
            )


if __name__ == "__main__":
    sys.exit(main())
