"""Listening in a process of its own: the same is heard, and nothing is lost where it dies."""

import asyncio
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from bot.config import environment_without_secrets
from core.dialogue.bank import load_bank
from core.dialogue.bank_embeddings import embedding_by
from core.dialogue.listening import Listener
from core.dialogue.listening_link import Place
from core.dialogue.listening_process import ListenerProcess, listening_apart
from core.dialogue.retrieval import Retriever
from core.emotion.classifier import Classifier
from core.errors import BusyError, ModelError

ROOT = Path(__file__).parents[2]
MODEL, BANK = ROOT / "data/models/emotion", ROOT / "data/dialogue/bank"
INTENTS = load_bank(BANK)
TEXTS = ("오늘 시험에 떨어졌어. 너무 속상해", "배고파", "I miss my dog", "가나다 " * 400)


async def test_the_same_is_heard_as_in_the_bot_itself(tmp_path: Path) -> None:
    classifier = Classifier.load(MODEL)
    here = Listener(classifier, Retriever(INTENTS, embedding_by(classifier.read_now)))
    place = Place(MODEL, BANK, dict(os.environ), tmp_path / "bank.npz")
    async with listening_apart(place, INTENTS) as there:
        await there.ready()
        assert there.version == here.version
        for text in TEXTS:
            ours, theirs = await here.hear(text), await there.hear(text)
            assert ours is not None
            assert theirs is not None
            assert theirs.match == ours.match
            np.testing.assert_allclose(
                theirs.reading.scores.fine, ours.reading.scores.fine, atol=0.001
            )
            assert not theirs.reading.scores.fine.flags.writeable
        assert await there.hear("…!!") is None
        first, nothing, last = await there.read([TEXTS[0], "…", TEXTS[1]])
        assert first is not None
        assert nothing is None
        assert last is not None
        together = await asyncio.gather(*(there.hear(text) for text in TEXTS * 5))
        nearest = [heard and heard.match and heard.match.nearest for heard in together]
        assert nearest == nearest[: len(TEXTS)] * 5
    assert (tmp_path / "bank.npz").exists()
    async with listening_apart(place, INTENTS) as later:
        await later.ready()
        again = [await later.hear(text) for text in TEXTS]
    found = [heard and heard.match and heard.match.nearest for heard in again]
    assert found == nearest[: len(TEXTS)]
    classifier.close()


async def test_a_model_that_is_none_is_said_to_be_none(
    tmp_path: Path,
) -> None:
    async with listening_apart(Place(tmp_path, BANK, dict(os.environ)), INTENTS) as process:
        with pytest.raises(ModelError, match=r"config\.json"):
            await process.ready()


class Pauses:
    def __init__(self) -> None:
        self.asked: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.meanwhile()
        await asyncio.sleep(0)


@asynccontextmanager
async def told(
    folder: Path, *begins: str, pauses: Pauses | None = None
) -> AsyncIterator[ListenerProcess]:
    """A process of `tests.listening_worker`, which begins in these ways, one after the other."""
    variables = {"PATH": os.environ["PATH"], "ONLY": "this"}
    place = Place(",".join(begins or ("well",)), folder, variables, worker="tests.listening_worker")
    process = ListenerProcess(place, INTENTS, sleep=pauses or Pauses())
    try:
        await process.start()
        yield process
    finally:
        await process.close()


@asynccontextmanager
async def listening(
    folder: Path, *begins: str, pauses: Pauses | None = None
) -> AsyncIterator[ListenerProcess]:
    """The same, once it listens."""
    async with told(folder, *begins, pauses=pauses) as process:
        await process.ready()
        yield process


async def test_where_the_process_dies_another_one_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(tmp_path) as process:
        first = process.pid
        heard = await asyncio.gather(*map(process.hear, ("die once", "이어서", "또 이어서")))
        assert all(heard)
        assert process.pid not in {None, first}
        assert await process.hear("그다음") is not None
    assert "another one begins" in caplog.text
    assert "die once" not in caplog.text


async def test_what_every_process_dies_of_fails_alone(tmp_path: Path) -> None:
    async with listening(tmp_path) as process:
        outcomes = await asyncio.gather(*map(process.hear, ("wait", "die")), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [RuntimeError, RuntimeError]
        assert await process.hear("이어서") is not None


async def test_an_answer_that_cannot_be_read_is_the_end_of_a_process(tmp_path: Path) -> None:
    async with listening(tmp_path) as process:
        first = process.pid
        with pytest.raises(RuntimeError):
            await process.hear("garbled")
        assert await heard_in_the_end(process) != first


async def test_a_process_that_is_stuck_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(tmp_path) as process:
        first = process.pid
        monkeypatch.setattr("core.dialogue.listening_process.PATIENCE_S", 0.05)
        with pytest.raises(RuntimeError, match="stuck"):
            await process.hear("wait")
        monkeypatch.undo()
        assert await heard_in_the_end(process) != first


async def test_the_system_may_lack_what_a_process_needs_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = Pauses()
    pauses.meanwhile = monkeypatch.undo
    async with listening(tmp_path, pauses=pauses) as process:

        def none_left() -> NoReturn:
            raise OSError(errno.EMFILE, "Too many open files")

        monkeypatch.setattr("socket.socketpair", none_left)
        with pytest.raises(RuntimeError):
            await process.hear("die")
        await heard_in_the_end(process)
    assert pauses.asked == [1]


async def test_while_there_is_no_process_nobody_waits(tmp_path: Path) -> None:
    resting = asyncio.Event()

    class Long(Pauses):
        async def __call__(self, seconds: float) -> None:
            resting.set()
            await asyncio.Event().wait()

    async with listening(tmp_path, "well", "gone", pauses=Long()) as process:
        with pytest.raises(RuntimeError):
            await process.hear("die")
        await resting.wait()
        with pytest.raises(RuntimeError, match="no process"):
            process._ask("hear", "말").send(None)
        assert process._calls == {}


async def test_no_more_than_can_be_heard_soon_may_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.dialogue.listening_process._MOST_CALLS", 2)
    async with listening(tmp_path) as process:
        waiting = [asyncio.create_task(process.hear("wait")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await process.hear("말")
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_process_that_does_not_listen_any_more_is_ended_too(tmp_path: Path) -> None:
    async with listening(tmp_path) as process:
        pid = process.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        waiting = [asyncio.create_task(process.hear("가" * 100_000)) for _ in range(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting, return_exceptions=True)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def heard_in_the_end(process: ListenerProcess) -> int | None:
    """Ask until there is an answer; the process that gave it."""
    while True:
        try:
            await process.hear("이어서")
        except RuntimeError:
            await asyncio.sleep(0)
        else:
            return process.pid


async def test_a_process_that_cannot_begin_is_tried_again_and_again(tmp_path: Path) -> None:
    pauses = Pauses()
    async with listening(
        tmp_path, "well", "gone", "no memory", "gone", "well", pauses=pauses
    ) as process:
        with pytest.raises(RuntimeError):
            await process.hear("die")
        await heard_in_the_end(process)
    assert pauses.asked == [1, 2]


@pytest.mark.parametrize(("begin", "said"), [("gone", "while it began"), ("no bank", "no bank")])
async def test_a_process_that_cannot_begin_at_first_is_said_to_be_gone(
    tmp_path: Path, begin: str, said: str
) -> None:
    async with told(tmp_path, begin) as process:
        with pytest.raises(ModelError, match=said):
            await process.ready()
        with pytest.raises(RuntimeError, match="closed"):
            await process.hear("말")


@pytest.mark.parametrize(("text", "error"), [("busy", BusyError), ("fail", RuntimeError)])
async def test_what_goes_wrong_there_is_raised_here(
    tmp_path: Path, text: str, error: type[Exception]
) -> None:
    async with listening(tmp_path) as process:
        with pytest.raises(error):
            await process.hear(text)
        assert await process.hear("이어서") is not None


async def test_closing_fails_who_waits_and_ends_the_process(tmp_path: Path) -> None:
    async with listening(tmp_path) as process:
        pid = process.pid
        waiting = asyncio.create_task(process.hear("wait"))
        await asyncio.sleep(0)
    assert pid is not None
    with pytest.raises(RuntimeError):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RuntimeError, match="closed"):
        await process.hear("말")


async def test_who_does_not_wait_any_more_is_forgotten(tmp_path: Path) -> None:
    async with listening(tmp_path) as process:
        waiting = asyncio.create_task(process.hear("wait"))
        await asyncio.sleep(0)
        waiting.cancel()
        assert await process.hear("이어서") is not None
        assert process._calls == {}


async def test_the_process_gets_the_variables_it_is_given(tmp_path: Path) -> None:
    async with listening(tmp_path) as process:
        heard = await process.hear("variables")
    assert heard is not None
    assert heard.match is not None
    assert {"PATH", "ONLY"} <= set(heard.match.nearest.split())
    assert "HOME" not in heard.match.nearest.split()


def test_the_secrets_of_the_bot_are_not_given_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret@host/name")
    monkeypatch.setenv("HF_HOME", "/models")
    given = environment_without_secrets()
    assert not {"TELEGRAM_TOKEN", "DATABASE_URL"} & given.keys()
    assert given["HF_HOME"] == "/models"


_BOT = """
import asyncio, signal, sys
from pathlib import Path
from core.dialogue.listening_link import Place
from core.dialogue.listening_process import listening_apart
async def main():
    place = Place("well", Path(sys.argv[1]), {}, worker="tests.listening_worker")
    async with listening_apart(place, ()) as process:
        await process.ready()
        print(process.pid, flush=True)
        await asyncio.Event().wait()
# What runs these tests in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_with_the_bot_however_that_ends(tmp_path: Path, how: signal.Signals) -> None:
    bot = subprocess.Popen(
        [sys.executable, "-c", _BOT, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert bot.stdout is not None
    pid = int(bot.stdout.readline())
    bot.send_signal(how)
    bot.communicate(timeout=30)
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()
