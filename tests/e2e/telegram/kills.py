"""Kills the bot with SIGKILL while it answers, again and again, and looks at what is left.

People write, tap and react on the test server; the bot runs in a process of its own over SQLite.
At the end every message has to be answered, every message read into the mood once, and every vote
kept once. scripts/kill_telegram.py does it many times over, a test a few times.
"""

import asyncio
import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import numpy as np

from bot.telegram_app import serve
from core.store.address import sqlite_address
from tests.e2e.processes import killed, started
from tests.e2e.services import open_chat
from tests.e2e.telegram.app import UNHURRIED, settings_for
from tests.e2e.telegram.people import Person
from tests.e2e.telegram.server import TOKEN, TelegramServer, running_server
from tests.e2e.telegram.world import Message

__all__ = ["FEELING", "Outcome", "run", "run_crowded"]

PEOPLE: Final = 4
CROWD: Final = 130
"""Things that happen behind somebody who is stuck; Telegram shows a hundred."""
FEELING: Final = "슬픔"
EVENTS: Final = 6
"""Things that happen before each kill."""
_LATEST_KILL_S: Final = 0.25
"""After the first of them."""
_BACKLOG: Final = 50
_DAYS: Final = re.compile(r"지난 (\d+)일")
_EXCUSED: Final = "message is not modified"
"""Heard where a bot was killed between a change and keeping that it was made."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        kills: processes that were killed.
        messages: that were sent.
        votes: that were given.
        repeated: messages that were answered more than once.
        problems: in words; empty where all is well.
    """

    kills: int
    messages: int
    votes: int
    repeated: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.messages} messages, {self.votes} votes, "
            f"{self.repeated} answers repeated"
        )


@dataclass
class _Talker:
    """A person, and what the bot owes the person.

    Attributes:
        song: the message of a song to vote on.
        days: what was asked of each message so far; the answers name it.
        feelings: messages that were sent about a mood since.
        votes: that were given.
        stands: the last of them.
    """

    person: Person
    song: Message
    days: list[int] = field(default_factory=list)
    feelings: int = 0
    votes: int = 0
    stands: str | None = None
    reaction: list[str] = field(default_factory=list)

    @property
    def impression(self) -> str:
        """Of the song, as its buttons carry it."""
        return (self.song.button("👍").data or "").rpartition(".")[2]

    @property
    def heard(self) -> list[str]:
        """What the bot said since the song was shown."""
        return [message.text for message in self.person.chat.sent if message.id > self.song.id]

    async def act(self, generator: np.random.Generator) -> None:
        kind = generator.integers(4)
        up = bool(generator.integers(2))
        if kind == 0:
            await self.feel()
        elif kind == 1:
            self.days.append(len(self.days) % 80 + 10)
            await self.person.says(f"/history {self.days[-1]}")
        else:
            await self.vote(up=up, tap=kind == 2)

    async def feel(self) -> None:
        self.feelings += 1
        await self.person.says(FEELING)

    async def vote(self, *, up: bool, tap: bool) -> None:
        self.votes += 1
        self.stands = "up" if up else "down"
        if tap:
            await self.person.taps_data(self.song, f"vs.{self.stands}.{self.impression}")
        else:
            before, self.reaction = self.reaction, ["👍" if up else "👎"]
            await self.person.reacts(self.song, before, self.reaction)


def serve_at(port: int, database: str, seed: int) -> None:
    """The process that is killed: the bot, until then."""

    async def run_bot() -> None:
        settings = settings_for(port, TOKEN)
        generator = np.random.default_rng(seed)
        address, folder = sqlite_address(Path(database)), Path(database).parent
        async with open_chat(address, folder, pictures=False) as chat:
            await serve(settings, chat, generator, asyncio.Event(), limits=UNHURRIED)

    asyncio.run(run_bot())


async def run(database: Path, kills: int, generator: np.random.Generator) -> Outcome:
    """Kill `kills` bots that write to the SQLite file `database`, and look at what is left."""
    async with running_server() as server:
        process = await _started(server, database, generator)
        talkers = [await _introduced(server, number) for number in range(1, PEOPLE + 1)]
        for _ in range(kills):
            await server.world.until(lambda: len(server.world.pending) < _BACKLOG, "an answer")
            for _ in range(EVENTS):
                await talkers[generator.integers(PEOPLE)].act(generator)
            await asyncio.sleep(generator.uniform(0, _LATEST_KILL_S))
            killed(process)
            process = await _started(server, database, generator)
        await server.settled()
        killed(process)
        return _outcome(kills, server, talkers, database)


async def run_crowded(database: Path, generator: np.random.Generator) -> Outcome:
    """Kill a bot that has more updates before it than Telegram shows, the first one stuck.

    Telegram makes the first chat wait, so that what others say stands behind it; once the bot has
    let go of the stuck ones to see the others, it is killed.
    """
    async with running_server() as server:
        process = await _started(server, database, generator)
        talkers = [await _introduced(server, number) for number in range(1, PEOPLE + 1)]
        killed(process)
        stuck, *others = talkers
        server.faults.flood(60, method="sendMessage", chat=stuck.person.id)
        await stuck.feel()
        (first,) = server.world.pending
        await stuck.vote(up=True, tap=True)
        for _ in range(CROWD):
            await others[generator.integers(len(others))].act(generator)
        process = await _started(server, database, generator)
        await server.world.until(lambda: first not in server.world.pending, "it to be let go")
        await asyncio.sleep(generator.uniform(0, _LATEST_KILL_S))
        killed(process)
        process = await _started(server, database, generator)
        await server.settled()
        await server.world.until(lambda: bool(stuck.heard), "an answer to who was stuck")
        killed(process)
        return _outcome(1, server, talkers, database)


async def _started(
    server: TelegramServer, database: Path, generator: np.random.Generator
) -> BaseProcess:
    polls, seed = len(server.made("getUpdates")), int(generator.integers(2**31))
    process = started(serve_at, server.port, str(database), seed)
    await server.world.until(lambda: len(server.made("getUpdates")) > polls, "the bot")
    return process


def _outcome(kills: int, server: TelegramServer, talkers: list[_Talker], database: Path) -> Outcome:
    messages = sum(talker.feelings + len(talker.days) for talker in talkers)
    problems = [*_unanswered(talkers), *_miscounted(talkers, database), *_refused(server)]
    return Outcome(
        kills=kills,
        messages=messages,
        votes=sum(talker.votes for talker in talkers),
        repeated=sum(len(talker.heard) for talker in talkers) - messages,
        problems=tuple(problems),
    )


async def _introduced(server: TelegramServer, number: int) -> _Talker:
    """Somebody who was shown a song."""
    person = server.person(number, f"사람 {number}")
    await person.says("/settings layout single")
    await person.says("슬픔")
    await server.settled()
    asked = await person.says("/songs 1")
    _, song = await person.answers(2, after=asked)
    await server.settled()
    return _Talker(person, song)


def _answers(talker: _Talker) -> Counter[int]:
    """How often the question for so many days was answered."""
    found = (_DAYS.match(text) for text in talker.heard)
    return Counter(int(match[1]) for match in found if match)


def _unanswered(talkers: list[_Talker]) -> list[str]:
    found = []
    for talker in talkers:
        answers, asked = _answers(talker), Counter(talker.days)
        found += [f"{days} days: no answer" for days in asked if answers[days] < asked[days]]
        said = len(talker.heard) - answers.total()
        if said < talker.feelings:
            found.append(f"{said} answers to {talker.feelings} messages")
    return found


def _miscounted(talkers: list[_Talker], database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        (points,) = connection.execute("SELECT count(*) FROM mood_point").fetchone()
        votes = connection.execute(
            "SELECT impression, count(*), verdict, max(at) FROM feedback GROUP BY impression"
        ).fetchall()
    due = sum(1 + talker.feelings for talker in talkers)
    found = [] if points == due else [f"{points} readings of {due} messages"]
    kept = {impression: (count, verdict) for impression, count, verdict, _ in votes}
    for talker in talkers:
        given = (talker.votes, talker.stands)
        if talker.votes and kept.get(talker.impression) != given:
            found.append(f"votes: {kept.get(talker.impression)}, not {given}")
    return found


def _refused(server: TelegramServer) -> list[str]:
    refusals = [f"{refusal.method}: {refusal.description}" for refusal in server.refusals]
    return [refusal for refusal in refusals if _EXCUSED not in refusal]
