"""How long an answer takes on Discord, against an empty ping bot on the same library, in one run.

    python -m scripts.bench.discord [--interactions 1000] [--parallel 32]

A local Discord (of tests/e2e) plays the people; each bot runs in a process of its own: ours with
the bundled model over SQLite in a temporary folder, and one that answers /talk with "pong", through
nothing but the library. People use /talk, so many at a time; taken are the time from the event to
the acknowledgement, and to the full answer. Our bot acknowledges first and answers by a second
request, the ping bot does both in one.
"""

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bot.config import limit_threads, load_settings

limit_threads()

import numpy as np

from tests.e2e.discord_app.process import base_and_gateway, ping_at, use
from tests.e2e.discord_fake import TOKEN, Clock, DiscordServer, running_discord
from tests.e2e.discord_fake.people import Person

SENTENCES: Final = (
    "오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나",
    "친구들이랑 오랜만에 웃었다",
    "요즘은 하루하루가 똑같아요",
    "팀장님한테 혼나서 하루 종일 기분이 안 좋았어요",
    "내일 발표라서 떨려",
)
_WAIT_S: Final = 300.0


@dataclass(frozen=True)
class Result:
    """Milliseconds of each interaction: to the acknowledgement, and to the full answer."""

    acknowledged: list[float]
    answered: list[float]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--interactions", type=int, default=1000)
    parser.add_argument("--parallel", type=int, default=32)
    given = parser.parse_args()
    bots: dict[str, Callable[[str, str, str], None]] = {"ping": _ping, "Maeum DJ": _ours}
    print("| bot | acknowledged p50 | p99 | full answer p50 | p95 | p99 |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, target in bots.items():
        found = asyncio.run(_measure(target, given.interactions, given.parallel))
        cells = [
            *(np.percentile(found.acknowledged, percent) for percent in (50, 99)),
            *(np.percentile(found.answered, percent) for percent in (50, 95, 99)),
        ]
        print(f"| {name} | " + " | ".join(f"{cell:.0f} ms" for cell in cells) + " |", flush=True)


async def _measure(
    target: Callable[[str, str, str], None], interactions: int, parallel: int
) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        async with running_discord(Clock(running=True)) as server:
            with _process(partial(target, *base_and_gateway(server), folder)):
                await server.until(lambda: bool(server.gateway.identifies), _WAIT_S)
                people = [server.person(f"사람 {number}") for number in range(parallel)]
                numbers = iter(range(interactions))
                # First contact takes more than an answer, and is not timed.
                await asyncio.gather(*(_talk(server, person, 0) for person in people))
                timed = await asyncio.gather(*(_person(server, each, numbers) for each in people))
    rows = [row for person in timed for row in person]
    return Result([row[0] for row in rows], [row[1] for row in rows])


async def _person(
    server: DiscordServer, person: Person, numbers: Iterator[int]
) -> list[tuple[float, float]]:
    return [await _talk(server, person, number) for number in numbers]


async def _talk(server: DiscordServer, person: Person, number: int) -> tuple[float, float]:
    start = time.perf_counter()
    asked = await person.slash("talk", text=SENTENCES[number % len(SENTENCES)], wait=False)
    await server.happens(asked.settled, _WAIT_S)
    answered = time.perf_counter() - start
    return 1000 * asked.acknowledged_after, 1000 * answered


@contextmanager
def _process(target: Callable[[], None]) -> Iterator[None]:
    process = multiprocessing.get_context("spawn").Process(target=target, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _ours(base: str, gateway: str, folder: str) -> None:
    from bot.discord_app import serve  # noqa: PLC0415 - in its own process
    from bot.serving import serve as serve_platforms  # noqa: PLC0415

    use(base, gateway)
    told = {"DISCORD_TOKEN": TOKEN, "DATABASE_URL": f"sqlite:///{folder}/maeum.db"}
    settings = load_settings(told, Path(folder) / "no-file")
    asyncio.run(serve_platforms(settings, [serve], np.random.default_rng(0)))


def _ping(base: str, gateway: str, _folder: str) -> None:
    ping_at(base, gateway)


if __name__ == "__main__":
    main()
