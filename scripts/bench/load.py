"""The classifier under load: many callers, an idle engine, two processes."""

import asyncio
import multiprocessing
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from core.emotion.classifier import Classifier
from scripts.training.corpus import read_everyday

__all__ = ["measure_load"]

CALLERS: Final = 64

Work = Callable[[], Awaitable[None]]


def measure_load(model: Path, rounds: int, cores: Sequence[int], texts: int) -> None:
    """Print how fast the classifier reads everyday sentences.

    Args:
        model: the folder.
        rounds: of each measurement.
        cores: that may be used; two processes are measured where there are two.
        texts: how many a round.
    """
    sample = _everyday(texts)
    classifier = Classifier.load(model)
    print(f"\nThe classifier, {texts} everyday sentences a round\n")
    asyncio.run(_print_throughput(classifier, sample, rounds))
    asyncio.run(_print_idle(classifier, sample, rounds))
    classifier.close()
    if len(cores) > 1:
        _print_processes(model, rounds, cores[:2], texts)
    else:
        print("- two processes: not measured, there is one core")


def _everyday(count: int) -> list[str]:
    """Sentences from all over our list; it is sorted by their class."""
    known = read_everyday()[0].texts
    return [known[i * 7919 % len(known)] for i in range(count)]


async def _one_at_a_time(classifier: Classifier, texts: Sequence[str]) -> None:
    for text in texts:
        await classifier.read([text])


async def _by_many(classifier: Classifier, texts: Sequence[str]) -> None:
    await asyncio.gather(*(_one_at_a_time(classifier, texts[i::CALLERS]) for i in range(CALLERS)))


async def _seconds(work: Work) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def _print_throughput(classifier: Classifier, texts: Sequence[str], rounds: int) -> None:
    single, many = [], []
    await _by_many(classifier, texts[:CALLERS])  # the first round finds everything warm
    for _ in range(rounds):
        single.append(await _seconds(partial(_one_at_a_time, classifier, texts)))
        many.append(await _seconds(partial(_by_many, classifier, texts)))
    rates = [len(texts) / statistics.median(times) for times in (single, many)]
    print(f"- one message at a time: {rates[0]:.0f} messages a second")
    print(
        f"- {CALLERS} concurrent callers: {rates[1]:.0f} messages a second, "
        f"{rates[1] / rates[0]:.2f}x"
    )


async def _print_idle(classifier: Classifier, texts: Sequence[str], rounds: int) -> None:
    """What a caller waits for who is alone: read in place, on a thread, and through the queue."""
    loop = asyncio.get_running_loop()

    async def in_place(text: str) -> None:
        classifier.read_now([text])

    async def on_a_thread(text: str) -> None:
        await loop.run_in_executor(thread, classifier.read_now, [text])

    async def queued(text: str) -> None:
        await classifier.read([text])

    ways = {"in place": in_place, "on a thread": on_a_thread, "queued": queued}
    times: dict[str, list[float]] = {name: [] for name in ways}
    with ThreadPoolExecutor(max_workers=1) as thread:
        for text in texts[: 10 * rounds]:
            for name, way in ways.items():
                times[name].append(await _seconds(partial(way, text)))
    milliseconds = {name: 1000 * statistics.median(values) for name, values in times.items()}
    cells = ", ".join(f"{name} {value:.3f} ms" for name, value in milliseconds.items())
    added = milliseconds["queued"] - milliseconds["on a thread"]
    print(f"- one message, idle: {cells}; queueing adds {added:+.3f} ms to a bare thread")


def _print_processes(model: Path, rounds: int, cores: Sequence[int], texts: int) -> None:
    ratios, rates = [], []
    with _workers(model, cores, texts) as workers:
        for _ in range(rounds):
            alone = _together(workers[:1])
            both = _together(workers)
            ratios.append(2 * alone / both)
            rates.append(2 * texts / both)
    print(
        f"- two processes on two cores, {CALLERS} callers each: {statistics.median(rates):.0f} "
        f"messages a second, {statistics.median(ratios):.2f}x one process"
    )


def _together(workers: Sequence[Connection]) -> float:
    """Seconds until all have read their texts."""
    for worker in workers:
        worker.send(True)
    return max(float(worker.recv()) for worker in workers)


@contextmanager
def _workers(model: Path, cores: Sequence[int], texts: int) -> Iterator[list[Connection]]:
    """A warm process on each core."""
    context = multiprocessing.get_context("spawn")
    ends = []
    processes = []
    for core in cores:
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, model, core, texts), daemon=True)
        process.start()
        ends.append(ours)
        processes.append(process)
    try:
        _together(ends)  # until all are warm
        yield ends
    finally:
        for end in ends:
            end.send(False)
        for process in processes:
            process.join()


def _serve(orders: Connection, model: Path, core: int, texts: int) -> None:
    os.sched_setaffinity(0, [core])
    classifier = Classifier.load(model)
    sample = _everyday(texts)
    while orders.recv():
        orders.send(asyncio.run(_seconds(partial(_by_many, classifier, sample))))
    classifier.close()
