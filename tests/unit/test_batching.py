"""The batcher over a stand-in for the model, whose thread the tests can hold up."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.emotion.batching import Batcher, Passage
from core.errors import BusyError
from core.models import Reading
from tests.readings import reading

WINDOW = 4
PATIENCE = 20.0  # seconds, only spent where something is broken

Floats = npt.NDArray[np.float32]


class PanicException(BaseException):
    """What a library in Rust raises where it gives up."""


@dataclass
class Letters:
    """One id a letter, in windows of four. A reading's embedding holds the sum of all ids, and
    their number.

    Attributes:
        rounds: the texts of the windows of each round.
        gate: a round ends when it is open.
        entered: set when a round begins.
    """

    rounds: list[list[str]] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)
    threads: set[threading.Thread] = field(default_factory=set)
    gate: threading.Event = field(default_factory=threading.Event)
    entered: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def prepare(self, text: str) -> Passage:
        self.threads.add(threading.current_thread())
        self.prepared.append(text)
        if text == "unpreparable":
            raise ZeroDivisionError
        if text == "stop":
            raise StopIteration
        if text == "panic":
            raise PanicException
        ids = [ord(char) for char in text]
        return Passage(text, [ids[i : i + WINDOW] for i in range(0, len(ids), WINDOW)])

    def encode(self, rows: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        self.threads.add(threading.current_thread())
        self.rounds.append(["".join(map(chr, row)) for row in rows])
        self.entered.set()
        assert self.gate.wait(PATIENCE)
        if any("!" in window for window in self.rounds[-1]):
            raise ArithmeticError("a bad batch")
        if any("?" in window for window in self.rounds[-1]):
            raise StopIteration
        if any("#" in window for window in self.rounds[-1]):
            raise PanicException
        sums = np.array([[sum(row), len(row)] for row in rows], np.float32)
        return np.zeros((len(rows), 1), np.float32), sums

    def readings(self, passages: Sequence[Passage]) -> list[Reading]:
        self.threads.add(threading.current_thread())
        assert all(passage.complete for passage in passages)
        sums = [sum(embedding for _, embedding in p.outputs.values()) for p in passages]
        return [Reading(reading("행복"), np.asarray(total, np.float32)) for total in sums]


def expected(text: str) -> list[float] | None:
    return [float(sum(map(ord, text))), float(len(text))] if text else None


def found(readings: Sequence[Reading | None]) -> list[list[float] | None]:
    return [None if r is None else r.embedding.tolist() for r in readings]


async def failure(task: "asyncio.Task[list[Reading | None]]") -> RuntimeError:
    """What a caller gets whose texts the model fails on."""
    with pytest.raises(RuntimeError, match="the emotion model failed") as caught:
        await asyncio.wait_for(task, PATIENCE)
    return caught.value


async def held(batcher: Batcher, letters: Letters) -> "asyncio.Task[list[Reading | None]]":
    """A caller whose round is under way and does not end before the gate is opened."""
    letters.gate.clear()
    letters.entered.clear()
    task = asyncio.create_task(batcher.read(["first"[:WINDOW]]))
    assert await asyncio.to_thread(letters.entered.wait, PATIENCE)
    return task


async def queued(batcher: Batcher, *calls: list[str]) -> "list[asyncio.Task[list[Reading | None]]]":
    """Callers that have reached the queue."""
    tasks = [asyncio.create_task(batcher.read(texts)) for texts in calls]
    await asyncio.sleep(0)
    return tasks


async def test_an_idle_thread_reads_a_caller_alone_and_at_once() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    assert found(await batcher.read(["ab"])) == [expected("ab")]
    assert found(await batcher.read(["c", "", "de"])) == [expected("c"), None, expected("de")]
    assert letters.rounds == [["ab"], ["c", "de"]]
    batcher.close()


async def test_nothing_to_read_needs_no_thread() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    assert await batcher.read([]) == []
    assert letters.threads == set()
    assert await batcher.read(["", ""]) == [None, None]
    assert letters.rounds == []
    batcher.close()


async def test_what_queued_while_the_thread_was_busy_is_one_round() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    first = await held(batcher, letters)
    others = await queued(batcher, ["a"], ["bb", "c"], ["d"])
    letters.gate.set()
    assert found(await first) == [expected("firs")]
    assert [found(await task) for task in others] == [
        [expected("a")],
        [expected("bb"), expected("c")],
        [expected("d")],
    ]
    assert len(letters.rounds) == 2
    assert sorted(letters.rounds[1]) == ["a", "bb", "c", "d"]
    batcher.close()


@pytest.mark.parametrize("greedy", [["abcd"] * 1000, ["abcd" * 1000]])
async def test_much_text_of_one_caller_does_not_hold_up_another(greedy: list[str]) -> None:
    letters = Letters()
    batcher = Batcher(letters, round_tokens=10 * WINDOW)
    first = await held(batcher, letters)
    many, one = await queued(batcher, greedy, ["z"])
    letters.gate.set()
    assert found(await one) == [expected("z")]
    assert found(await many) == [expected(text) for text in greedy]
    assert "z" in letters.rounds[1]
    assert max(map(len, letters.rounds)) <= 11
    await first
    batcher.close()


async def test_beyond_its_limit_the_queue_is_busy_and_later_free_again() -> None:
    letters = Letters()
    batcher = Batcher(letters, limit=4)
    first = await held(batcher, letters)
    (waiting,) = await queued(batcher, ["a", "b"])
    with pytest.raises(BusyError):
        await batcher.read(["c", "d"])
    (last,) = await queued(batcher, ["e"])
    with pytest.raises(BusyError):
        await batcher.read(["f"])
    letters.gate.set()
    await asyncio.gather(first, waiting, last)
    assert found(await batcher.read(["g"] * 4)) == [expected("g")] * 4
    assert not {"c", "d", "f"} & set(letters.prepared)
    batcher.close()


async def test_a_call_beyond_the_limit_is_read_when_nothing_waits() -> None:
    letters = Letters()
    batcher = Batcher(letters, limit=2)
    first = await held(batcher, letters)
    with pytest.raises(BusyError):
        await batcher.read(["a", "b", "c"])
    letters.gate.set()
    await first
    letters.gate.clear()
    (large,) = await queued(batcher, ["a", "b", "c"])
    with pytest.raises(BusyError):
        await batcher.read(["d"])
    letters.gate.set()
    assert found(await large) == [expected("a"), expected("b"), expected("c")]
    assert found(await batcher.read(["d"])) == [expected("d")]
    batcher.close()


async def test_a_caller_that_leaves_before_its_turn_is_never_read() -> None:
    letters = Letters()
    batcher = Batcher(letters, limit=3)
    first = await held(batcher, letters)
    gone, stays = await queued(batcher, ["a"], ["b"])
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    (instead,) = await queued(batcher, ["c"])  # in the room that was left
    letters.gate.set()
    assert found(await stays) == [expected("b")]
    assert found(await instead) == [expected("c")]
    assert "a" not in letters.prepared
    await first
    batcher.close()


async def test_a_caller_that_leaves_while_it_is_read_disturbs_no_other() -> None:
    problems: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
    letters = Letters()
    batcher = Batcher(letters, round_tokens=WINDOW)
    gone = await held(batcher, letters)
    (stays,) = await queued(batcher, ["ab", "cd"])
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    letters.gate.set()
    assert found(await stays) == [expected("ab"), expected("cd")]
    assert problems == []
    batcher.close()


async def test_a_bad_batch_fails_for_its_own_callers_alone() -> None:
    letters = Letters()
    batcher = Batcher(letters, round_tokens=WINDOW)
    first = await held(batcher, letters)
    before, bad, after = await queued(batcher, ["abcd"], ["ok", "bad!"], ["efgh"])
    letters.gate.set()
    assert found(await before) == [expected("abcd")]
    error = await failure(bad)
    assert isinstance(error.__cause__, ArithmeticError)
    assert found(await after) == [expected("efgh")]
    assert found(await first) == [expected("firs")]
    assert found(await batcher.read(["abc"])) == [expected("abc")]
    batcher.close()


async def test_a_bad_row_fails_no_other_caller_of_its_round() -> None:
    letters = Letters()
    batcher = Batcher(letters, round_tokens=1000)
    first = await held(batcher, letters)
    good, bad, good2 = await queued(batcher, ["abcdefg", "h"], ["ok", "bad!"], ["efgh"])
    letters.gate.set()
    assert found(await good) == [expected("abcdefg"), expected("h")]
    assert isinstance((await failure(bad)).__cause__, ArithmeticError)
    assert found(await good2) == [expected("efgh")]
    assert sorted(letters.rounds[1]) == ["abcd", "bad!", "efg", "efgh", "h", "ok"]
    assert len(letters.rounds) == 5
    await first
    assert found(await batcher.read(["abc"])) == [expected("abc")]
    batcher.close()


@pytest.mark.parametrize("short", [False, True])
async def test_a_bad_readout_fails_no_other_caller_of_its_round(short: bool) -> None:
    """Their windows are encoded by then, and their texts are read once nevertheless."""

    class BadReadout(Letters):
        def readings(self, passages: Sequence[Passage]) -> list[Reading]:
            found = super().readings(passages)
            if any(passage.text == "bad" for passage in passages):
                if short:
                    return found[:-1]
                raise ArithmeticError
            return found

    letters = BadReadout()
    batcher = Batcher(letters, round_tokens=1000)
    first = await held(batcher, letters)
    good, bad, good2 = await queued(batcher, ["abcdefghi", "j"], ["bad"], ["k", "lmnopq"])
    letters.gate.set()
    results = [await asyncio.wait_for(task, PATIENCE) for task in (good, good2)]
    assert found(results[0]) == [expected("abcdefghi"), expected("j")]
    assert found(results[1]) == [expected("k"), expected("lmnopq")]
    await failure(bad)
    await first
    batcher.close()


async def test_where_all_fail_each_caller_has_an_error_of_its_own() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    first = await held(batcher, letters)
    bad = await queued(batcher, ["a!"], ["b!"], ["c!"])
    letters.gate.set()
    errors = [await failure(task) for task in bad]
    assert len(set(map(id, errors))) == 3
    await first
    batcher.close()


@pytest.mark.parametrize("text", ["no#", "panic"])  # in the encoder, and before it
async def test_a_panic_reaches_the_callers_and_the_thread_goes_on(text: str) -> None:
    letters = Letters()
    batcher = Batcher(letters)
    first = await held(batcher, letters)
    good, bad = await queued(batcher, ["ab"], [text])
    letters.gate.set()
    assert isinstance((await failure(bad)).__cause__, PanicException)
    assert found(await asyncio.wait_for(good, PATIENCE)) == [expected("ab")]
    assert found(await asyncio.wait_for(batcher.read(["c"]), PATIENCE)) == [expected("c")]
    await first
    batcher.close()


@pytest.mark.parametrize("text", ["what?", "stop"])  # in the encoder, and before it
async def test_a_stray_stop_iteration_reaches_the_caller(text: str) -> None:
    batcher = Batcher(Letters())
    (task,) = await queued(batcher, [text])
    assert isinstance((await failure(task)).__cause__, StopIteration)
    assert found(await batcher.read(["a"])) == [expected("a")]
    batcher.close()


async def test_a_text_that_cannot_be_prepared_fails_its_caller_alone() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    first = await held(batcher, letters)
    good, bad = await queued(batcher, ["a", "b"], ["c", "unpreparable", "d"])
    letters.gate.set()
    assert isinstance((await failure(bad)).__cause__, ZeroDivisionError)
    assert found(await good) == [expected("a"), expected("b")]
    assert "d" not in letters.prepared
    await first
    batcher.close()


async def test_closing_finishes_the_round_and_fails_who_waits() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    first = await held(batcher, letters)
    waiting = await queued(batcher, ["a"], ["b"])
    closing = asyncio.create_task(asyncio.to_thread(batcher.close))
    for task in waiting:
        with pytest.raises(RuntimeError, match="the emotion model is closed"):
            await asyncio.wait_for(task, PATIENCE)
    letters.gate.set()
    await closing
    assert found(await first) == [expected("firs")]
    assert letters.prepared == ["firs"]
    with pytest.raises(RuntimeError, match="the emotion model is closed"):
        await batcher.read(["c"])
    batcher.close()


async def test_closing_fails_a_caller_that_is_half_read() -> None:
    letters = Letters()
    batcher = Batcher(letters, round_tokens=1)
    letters.gate.clear()
    half = asyncio.create_task(batcher.read(["abcd" * 100]))
    assert await asyncio.to_thread(letters.entered.wait, PATIENCE)
    closing = asyncio.create_task(asyncio.to_thread(batcher.close))
    with pytest.raises(RuntimeError, match="the emotion model is closed"):
        await half
    letters.gate.set()
    await closing
    assert len(letters.rounds) == 1


async def test_closing_fails_a_caller_whose_text_is_just_being_prepared() -> None:
    class Slow(Letters):
        def prepare(self, text: str) -> Passage:
            self.entered.set()
            assert self.gate.wait(PATIENCE)
            return super().prepare(text)

    letters = Slow()
    batcher = Batcher(letters)
    letters.gate.clear()
    first, waiting = await queued(batcher, ["a", "b"], ["c"])
    assert await asyncio.to_thread(letters.entered.wait, PATIENCE)
    closing = asyncio.create_task(asyncio.to_thread(batcher.close))
    with pytest.raises(RuntimeError, match="the emotion model is closed"):
        await waiting  # so the batcher knows that it is closed
    letters.gate.set()
    await closing
    with pytest.raises(RuntimeError, match="the emotion model is closed"):
        await asyncio.wait_for(first, PATIENCE)
    assert letters.prepared == ["a"]


def test_a_loop_that_was_closed_meanwhile_gets_nothing_and_breaks_nothing() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, __: None)  # the tasks are forgotten on purpose
    reads = [batcher.read(["a"]), batcher.read(["b"])]
    tasks = [loop.create_task(read) for read in reads]
    letters.gate.clear()
    loop.call_soon(loop.stop)
    loop.run_forever()
    assert letters.entered.wait(PATIENCE)
    loop.close()
    letters.gate.set()
    assert found(asyncio.run(batcher.read(["c"]))) == [expected("c")]
    batcher.close()
    assert not any(task.done() for task in tasks)
    for read in reads:
        read.close()


async def test_the_model_runs_on_one_thread_which_ends_with_it() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    await asyncio.gather(*(batcher.read([f"text {i}"]) for i in range(50)))
    (thread,) = letters.threads
    assert thread is not threading.current_thread()
    assert thread.is_alive()
    batcher.close()
    assert not thread.is_alive()


def test_loops_of_several_threads_share_it() -> None:
    letters = Letters()
    batcher = Batcher(letters)
    results: dict[int, list[list[float] | None]] = {}

    def caller(number: int) -> None:
        results[number] = found(asyncio.run(batcher.read([f"{number}", "x" * number])))

    threads = [threading.Thread(target=caller, args=(i,)) for i in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert results == {i: [expected(f"{i}"), expected("x" * i)] for i in range(1, 9)}
    assert len(letters.threads) == 1
    batcher.close()


calls = st.lists(
    st.lists(st.text("abcdefg", max_size=3 * WINDOW), max_size=6), min_size=1, max_size=8
)


@settings(max_examples=50, deadline=None)
@given(calls, st.integers(1, 40), st.sets(st.integers(0, 7)), st.booleans())
def test_every_caller_gets_its_own_in_order_whatever_the_interleaving(
    texts: list[list[str]], round_tokens: int, leaving: set[int], together: bool
) -> None:
    async def run() -> None:
        letters = Letters()
        batcher = Batcher(letters, round_tokens=round_tokens)
        first = await held(batcher, letters)
        tasks = await queued(batcher, *texts)
        if not together:
            letters.gate.set()
        for i in leaving & set(range(len(tasks))):
            tasks[i].cancel()
        letters.gate.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        for i, result in enumerate(results):
            if isinstance(result, BaseException):
                assert i in leaving
                assert isinstance(result, asyncio.CancelledError)
            else:
                assert found(result) == [expected(text) for text in texts[i]]
        await first
        assert max(len(window) for r in letters.rounds for window in r) <= WINDOW
        assert all(sum(map(len, r[:-1])) < round_tokens for r in letters.rounds)
        batcher.close()

    asyncio.run(run())
