"""Kills a process that writes votes, again and again, and counts what is left.

    python -m scripts.kill_test --kills 100                    SQLite in a temporary folder
    python -m scripts.kill_test --kills 100 --url postgresql://...   a database of its own

A child process handles messages and votes for a few people at once, through the use cases of the
bot. For each update it says so on a pipe after the commit, as a platform would be told. It is
killed with SIGKILL at a random moment, and the next one begins with the first update that nobody
was told of, as a platform would repeat it. At the end every update has to be there exactly once,
and each mood has to be, to the last digit, what the same messages make of it in one process.
"""

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import numpy as np

from core.dialogue.bank import load_bank
from core.dialogue.bank_embeddings import Embeddings
from core.dialogue.care import Care
from core.dialogue.crisis import CrisisDetector
from core.dialogue.listening import Listener
from core.dialogue.replies import Replies
from core.dialogue.retrieval import Retriever
from core.emotion.labels import COARSE, FINE
from core.emotion.state import StateConfig, observe
from core.errors import ConflictError
from core.models import (
    EmotionScores,
    Language,
    Message,
    Mode,
    MoodState,
    Reading,
    UserKey,
    new_id,
)
from core.ports import UnitOfWork
from core.records import Impression, Verdict
from core.service.conversation import Conversation
from core.service.safety import Safety
from core.service.transactions import Transactions
from core.service.votes import Votes
from core.store.address import sqlite_address
from core.store.cipher import new_key
from core.store.unit_of_work import open_store

__all__ = ["Handler", "Outcome", "main", "message", "run", "show"]

PEOPLE: Final = 4
SONGS: Final = 7
"""Odd, so that every song gets both verdicts in turn."""
START: Final = datetime(2026, 11, 21, tzinfo=UTC)
_ATTEMPTS: Final = 20
_PRELOADED: Final = [
    "core.store.unit_of_work",
    "core.service.votes",
    "core.dialogue.crisis",
    "aiosqlite",
    "asyncpg",
]


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        kills: how many processes were killed.
        told: updates that were acknowledged.
        kept: updates that are in the database; above `told` by those cut off before the answer.
        problems: in words; empty where all is well.
    """

    kills: int
    told: int
    kept: int
    problems: tuple[str, ...]


def message(number: int) -> EmotionScores:
    """What the emotion model could have made of a message."""
    generator = np.random.default_rng(number)
    return EmotionScores(
        coarse=generator.dirichlet(np.ones(len(COARSE))).astype(np.float32),
        fine=generator.random(len(FINE), dtype=np.float32),
        valence=float(generator.uniform(-1, 1)),
        arousal=float(generator.uniform(-1, 1)),
    )


class _NumberedMessages:
    """Implements `core.ports.EmotionReader`: reads a message by its number."""

    version = "numbers"

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        """The scores of each."""
        return [Reading(message(int(text)), np.ones(1, np.float32)) for text in texts]


def _nothing(texts: Sequence[str]) -> Embeddings:
    """The utterances of the bank, without a meaning."""
    return np.zeros((len(texts), 1), np.float32)


@cache
def _spoken() -> tuple[Replies, Retriever, CrisisDetector, Care]:
    """What answers messages; of the bank a little, for a number finds nothing in it."""
    data = Path(__file__).parents[1] / "data"
    intents = load_bank(data / "dialogue/bank")[:1]
    return (
        Replies.load(data / "dialogue", intents),
        Retriever(intents, _nothing),
        CrisisDetector.load(data / "crisis"),
        Care.load(data / "crisis"),
    )


class Handler:
    """Handles updates that bring a message and a vote, through the use cases of the bot."""

    def __init__(self, unit_of_work: Callable[[], UnitOfWork]) -> None:
        transactions = Transactions(unit_of_work)
        replies, retriever, crisis, care = _spoken()
        self._conversation = Conversation(
            transactions,
            listener=Listener(_NumberedMessages(), retriever),
            replies=replies,
            safety=Safety(crisis, care, transactions),
            state=StateConfig(),
        )
        self._votes = Votes(transactions, {})

    async def handle(self, key: UserKey, number: int) -> None:
        """Handle an update, once, whatever happens."""
        update, now = f"{key.id}:{number}", _time(number)
        for _ in range(_ATTEMPTS):
            try:
                await self._conversation.respond(
                    key,
                    Message(str(number), delivery=update),
                    now=now,
                    generator=np.random.default_rng(number),
                    language=Language.KOREAN,
                )
                verdict = Verdict.UP if number % 2 else Verdict.DOWN
                await self._votes.vote(
                    key, _song(int(key.id), number), verdict, key=update, now=now
                )
                return
            except ConflictError:
                continue
        raise ConflictError(f"update {number} lost {_ATTEMPTS} times")


def _song(who: int, number: int) -> str:
    """The impression that an update votes on."""
    return f"{who:016d}{number % SONGS:016d}"


async def show(unit_of_work: Callable[[], UnitOfWork]) -> None:
    """Show everybody some songs, to be voted on."""
    async with unit_of_work() as work:
        for who in range(PEOPLE):
            user = await work.users.get(UserKey("test", str(who)))
            await work.users.put(user)
            await work.impressions.add([_shown(user.person, who, song) for song in range(SONGS)])
        await work.commit()


def _shown(person: str, who: int, song: int) -> Impression:
    return Impression(
        id=_song(who, song),
        person=person,
        slate=new_id(),
        song_id=str(song),
        artist="",
        rank=0,
        score=1.0,
        parts={},
        propensity=1.0,
        mood=message(song).coarse,
        mode=Mode.SIMILAR,
        model_version="",
        catalogue_version="",
        shown_at=START,
    )


async def _prepare(address: str, key: str) -> None:
    async with open_store(address, data_key=key) as store:
        await show(store.unit_of_work)


def _time(number: int) -> datetime:
    return START + timedelta(minutes=number)


def _work(address: str, key: str, first: Sequence[int], pipe: Connection) -> None:
    """The child: handles updates until it is killed."""

    async def serve() -> None:
        async with open_store(address, data_key=key) as store:
            handler = Handler(store.unit_of_work)
            await asyncio.gather(*(talk(handler, who) for who in range(len(first))))

    async def talk(handler: Handler, who: int) -> None:
        for number in count(first[who]):
            await handler.handle(UserKey("test", str(who)), number)
            pipe.send_bytes(f"{who} {number}".encode())

    asyncio.run(serve())


def run(address: str, kills: int, generator: np.random.Generator) -> Outcome:
    """Kill `kills` processes that write to the database of `address`, and look at what is left.

    Raises:
        RuntimeError: a process ended by itself.
    """
    context = multiprocessing.get_context("forkserver")  # the imports are paid for once
    context.set_forkserver_preload(_PRELOADED)
    told, key = [0] * PEOPLE, new_key()
    asyncio.run(_prepare(address, key))
    for _ in range(kills):
        reading, writing = context.Pipe(duplex=False)
        work = (address, key, tuple(told), writing)
        process = context.Process(target=_work, args=work, daemon=True)
        process.start()
        writing.close()
        _listen(reading, told, generator)
        if not process.is_alive():
            raise RuntimeError(f"the process ended by itself: {process.exitcode}")
        process.kill()
        process.join()
        _listen_to_the_end(reading, told)
        reading.close()
        process.close()
    kept, problems = asyncio.run(_inspect(address, key, told))
    return Outcome(kills, sum(told), kept, tuple(problems))


def _listen(reading: Connection, told: list[int], generator: np.random.Generator) -> None:
    """Hear some acknowledgements; then wait for a moment that has nothing to do with them."""
    for _ in range(int(generator.integers(0, 12))):
        _hear(reading, told)
    if reading.poll(float(generator.uniform(0, 0.02))):
        _hear(reading, told)


def _listen_to_the_end(reading: Connection, told: list[int]) -> None:
    try:
        while True:
            _hear(reading, told)
    except EOFError:
        return


def _hear(reading: Connection, told: list[int]) -> None:
    who, number = map(int, reading.recv_bytes().split())
    told[who] = number + 1


async def _inspect(address: str, key: str, told: Sequence[int]) -> tuple[int, list[str]]:
    """How many updates there are, and what is wrong with them."""
    problems, kept = [], 0
    async with open_store(address, data_key=key) as store:
        for who, acknowledged in enumerate(told):
            async with store.unit_of_work() as work:
                user = await work.users.get(UserKey("test", str(who)))
                votes = await work.feedback.verdicts(user.person)
                rows = await work.records.count(user.person)
            given, read = rows["feedback"], rows["mood_point"]
            kept += given
            stands = {int(vote.song_id): vote.verdict for vote in votes}
            if stands != _standing(given):
                problems.append(f"person {who}: of {given} votes stand {stands}")
            if not acknowledged <= given <= read <= acknowledged + 1:
                problems.append(
                    f"person {who}: {acknowledged} told, {read} messages and {given} votes kept"
                )
            if not _same(user.state, _expected(read)):
                problems.append(f"person {who}: the mood is not what the messages make of it")
    return kept, problems


def _standing(votes: int) -> dict[int, Verdict]:
    """What stands after the first so many votes: the last one on each song."""
    return {number % SONGS: Verdict.UP if number % 2 else Verdict.DOWN for number in range(votes)}


def _expected(messages: int) -> MoodState | None:
    state = None
    for number in range(messages):
        state = observe(state, message(number), _time(number), StateConfig())
    return state


def _same(found: MoodState | None, expected: MoodState | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return (
        np.array_equal(found.mood.coarse, expected.mood.coarse)
        and np.array_equal(found.mood.fine, expected.mood.fine)
        and (found.mood.valence, found.mood.arousal)
        == (expected.mood.valence, expected.mood.arousal)
        and (found.evidence, found.updated_at) == (expected.evidence, expected.updated_at)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and say what came of it; the exit status is 1 where something was lost."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.kill_test",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--url", help="an empty database; default: SQLite in a temporary folder")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        address = given.url or sqlite_address(Path(folder) / "maeum.db")
        outcome = run(address, given.kills, np.random.default_rng(given.seed))
    print(
        f"{outcome.kills} kills: {outcome.told} updates acknowledged, {outcome.kept} kept, "
        f"{len(outcome.problems)} problems"
    )
    print(*outcome.problems, sep="\n", end="")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
