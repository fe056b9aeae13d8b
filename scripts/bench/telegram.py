"""How long an answer takes on Telegram, against an echo bot on the same library, in one run.

    python -m scripts.bench.telegram [--messages 2000] [--people 200] [--rate 100] [--rounds 3]

A local Bot API server (of tests/e2e) plays the people; each bot runs in a process of its own: ours
with the bundled model over SQLite in a temporary folder, and one that sends back what it hears,
with the library's own polling. First the messages come at a steady rate, and the time from the
update to the first message of the answer is taken; then all come at once, for the messages a
second. The memory is that of the bot's process, before and after. Limits on what may be sent are
lifted: they would be all that is measured. The bots take turns, and the median of the rounds is
printed, of what is added as well: one pause of the machine makes the p99 of a round.
"""

import argparse
import asyncio
import gc
import multiprocessing
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from bot.config import choose_library_modes, limit_threads, load_settings

limit_threads()
choose_library_modes()

import numpy as np

from bot.bootstrap import load_presenters, open_service
from bot.chat.chat import Chat
from bot.garbage import loaded_for_good
from bot.telegram_app import serve
from tests.e2e.telegram import Message, Person, TelegramServer, running_server
from tests.e2e.telegram.app import UNHURRIED
from tests.e2e.telegram.echo import echo
from tests.e2e.telegram.server import TOKEN

SENTENCES: Final = (
    "오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나",
    "친구들이랑 오랜만에 웃었다",
    "요즘은 하루하루가 똑같아요",
    "팀장님한테 혼나서 하루 종일 기분이 안 좋았어요",
    "내일 발표라서 떨려",
)
_WAIT_S: Final = 300


@dataclass(frozen=True)
class Result:
    """What came of one bot in one round.

    Attributes:
        delays: from update to answer, in milliseconds.
        rate: messages a second, all at once.
        cpu: of the bot's process for a message at the steady rate, in milliseconds.
        before: memory in MiB after the first message of everybody.
        after: memory in MiB at the end.
    """

    delays: list[float]
    rate: float
    cpu: float
    before: float
    after: float

    def percentile(self, percent: float) -> float:
        """Of the delays, in milliseconds."""
        return float(np.percentile(self.delays, percent))


class Stopwatch:
    """Takes the time from what a person says to what the bot says in that chat."""

    def __init__(self, server: TelegramServer) -> None:
        self._waiting: dict[int, deque[float]] = {}
        self.delays: list[float] = []
        self._add = server.world.add
        server.world.add = self._seen  # type: ignore[method-assign]

    def _seen(self, message: Message) -> Message:
        now, waiting = time.perf_counter(), self._waiting.setdefault(message.chat_id, deque())
        if not message.from_bot:
            waiting.append(now)
        elif waiting:
            self.delays.append(1000 * (now - waiting.popleft()))
        return self._add(message)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rate", type=float, default=100.0, help="messages a second")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    bots: dict[str, Callable[[int, str], None]] = {"echo": _echo, "Maeum DJ": _ours}
    found: dict[str, list[Result]] = {name: [] for name in bots}
    gc.disable()  # a collection of what the server keeps would count as a pause of the bot
    for _ in range(given.rounds):
        for name, target in bots.items():
            measuring = _measure(target, given.messages, given.people, given.rate)
            found[name].append(asyncio.run(measuring))
            gc.collect()
    print("| bot | p50 | p99 | CPU a message | messages a second | memory before | after |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, results in found.items():
        print(f"| {name} | {_row(results)} |")
    added = [
        ours.percentile(99) - echoed.percentile(99)
        for echoed, ours in zip(found["echo"], found["Maeum DJ"], strict=True)
    ]
    rounds = ", ".join(f"{each:.1f}" for each in added)
    print(f"\nadded at p99, at {given.rate:g} messages a second: {median(added):.1f} ms ({rounds})")


def _row(results: Sequence[Result]) -> str:
    """The median of each figure."""
    shown = (
        ("{:.1f} ms", [result.percentile(50) for result in results]),
        ("{:.1f} ms", [result.percentile(99) for result in results]),
        ("{:.1f} ms", [result.cpu for result in results]),
        ("{:.0f}", [result.rate for result in results]),
        ("{:.0f} MiB", [result.before for result in results]),
        ("{:.0f} MiB", [result.after for result in results]),
    )
    return " | ".join(form.format(median(values)) for form, values in shown)


async def _measure(
    target: Callable[[int, str], None], messages: int, people: int, rate: float
) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        async with running_server() as server:
            watch = Stopwatch(server)
            with _process(partial(target, server.port, folder)) as pid:
                crowd = [server.person(number) for number in range(1, people + 1)]
                # First contact, and what is read for the first time, take more than an answer, and
                # are not timed.
                for said in ("안녕하세요, 처음이에요", *SENTENCES):
                    for person in crowd:
                        await person.says(said)
                await _answered(watch, people * (1 + len(SENTENCES)))
                await server.settled()
                before, busy = _memory(pid), _cpu(pid)
                watch.delays.clear()
                await _steadily(crowd, messages, rate)
                await _answered(watch, messages)
                delays, busy = list(watch.delays), _cpu(pid) - busy
                watch.delays.clear()
                start = time.perf_counter()
                await _steadily(crowd, messages, float("inf"))
                await _answered(watch, messages)
                seconds = time.perf_counter() - start
                return Result(
                    delays, messages / seconds, 1000 * busy / messages, before, _memory(pid)
                )


async def _steadily(crowd: list[Person], messages: int, rate: float) -> None:
    start = time.perf_counter()
    for number in range(messages):
        pause = start + number / rate - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        await crowd[number % len(crowd)].says(SENTENCES[number % len(SENTENCES)])


async def _answered(watch: Stopwatch, count: int) -> None:
    async with asyncio.timeout(_WAIT_S):
        while len(watch.delays) < count:  # noqa: ASYNC110 - an event would be timed along
            await asyncio.sleep(0.05)


@contextmanager
def _process(target: Callable[[], None]) -> Any:
    process = multiprocessing.get_context("spawn").Process(target=target, daemon=True)
    process.start()
    try:
        yield process.pid
    finally:
        process.terminate()
        process.join()


def _memory(pid: int) -> float:
    """Resident memory of a process and those it began, in MiB; what two share counts twice."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024 + sum(map(_memory, _begun_by(pid)))


def _cpu(pid: int) -> float:
    """Processor time a process and those it began have used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(_cpu, _begun_by(pid)))


def _begun_by(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]


def _ours(port: int, folder: str) -> None:
    async def run() -> None:
        told = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": f"sqlite:///{folder}/maeum.db",
        }
        settings = load_settings(told, Path(folder) / "no-file")
        async with open_service(settings, apart=settings.listens_apart) as service:
            chat = Chat(service, load_presenters(), settings.time_zone)
            generator = np.random.default_rng(0)
            with loaded_for_good():
                await serve(settings, chat, generator, asyncio.Event(), limits=UNHURRIED)

    asyncio.run(run())


def _echo(port: int, _folder: str) -> None:
    echo(port)


if __name__ == "__main__":
    main()
