"""Kills the bot with SIGKILL while it counts votes, again and again, and looks at what is left.

People press buttons and react on the local Discord; the bot runs in a process of its own over
SQLite. Discord repeats nothing to a bot that was killed: who got no answer presses again. At the
end every vote that was shown has to be kept, none that was not given, and none twice.
scripts/kill_discord.py does it many times over, a test a few times.
"""

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import numpy as np

from tests.e2e.discord_app.process import base_and_gateway, serve_at
from tests.e2e.discord_fake import Clock, DiscordServer, Message, running_discord
from tests.e2e.discord_fake.people import Person
from tests.e2e.processes import killed, started

__all__ = ["Outcome", "run"]

PEOPLE: Final = 4
_LATEST_KILL_S: Final = 0.6
_TWICE: Final = 0.2
"""Share of events that are delivered twice."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        kills: processes that were killed.
        pressed: votes that were given by button, answered or not.
        shown: those of them that were shown to be counted.
        kept: votes in the database.
        problems: in words; empty where all is well.
    """

    kills: int
    pressed: int
    shown: int
    kept: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.pressed} presses, {self.shown} shown, "
            f"{self.kept} votes kept"
        )


@dataclass
class _Voter:
    """A person who presses the buttons of one song, and reacts to another.

    Attributes:
        song: the message whose buttons are pressed.
        other: the message that is reacted to.
        pressed: verdicts of all presses.
        shown: those that were answered.
        reacted: verdicts of all reactions.
    """

    person: Person
    song: Message
    other: Message
    pressed: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    reacted: list[str] = field(default_factory=list)

    async def press(self, generator: np.random.Generator) -> None:
        label = "👍" if generator.random() < 0.5 else "👎"
        carried = self.song.button(label)["custom_id"]
        self.pressed.append(carried.split(".")[1])
        press = await self.person.clicks(self.song, label, wait=False)
        server = self.person.server
        done = ("PATCH", f"/webhooks/{server.world.bot.id}/{press.token}/messages/@original", 200)
        await server.until(lambda: done in server.requests, 3600)
        self.shown.append(carried.split(".")[1])

    async def react(self) -> None:
        if "👍" in self.other.reactions and self.person.id in self.other.reactions["👍"]:
            self.reacted.append("retracted")
            await self.person.unreacts(self.other, "👍")
        else:
            self.reacted.append("up")
            await self.person.reacts(self.other, "👍")

    async def go_on(self, generator: np.random.Generator) -> None:
        server = self.person.server
        while True:
            server.gateway.twice += int(generator.random() < _TWICE)
            await self.react()
            await self.press(generator)


async def run(database: Path, kills: int, generator: np.random.Generator) -> Outcome:
    """Kill `kills` bots that write to the SQLite file `database`, and look at what is left."""
    async with running_discord(Clock(running=True)) as server:
        process = await _started(server, database, generator)
        voters = [await _introduced(server, database, number) for number in range(PEOPLE)]
        for _ in range(kills):
            acts = [asyncio.create_task(voter.go_on(generator)) for voter in voters]
            await asyncio.sleep(generator.uniform(0, _LATEST_KILL_S))
            killed(process)
            for act in acts:
                act.cancel()
                with suppress(asyncio.CancelledError):
                    await act
            process = await _started(server, database, generator)
        # The buttons of before all that still work.
        for voter in voters:
            await asyncio.wait_for(voter.press(generator), 30)
        killed(process)
        kept, problems = _inspect(database, voters)
        problems += [f"{one.method} {one.code}" for one in server.refusals]
        return Outcome(
            kills,
            sum(len(voter.pressed) for voter in voters),
            sum(len(voter.shown) for voter in voters),
            kept,
            tuple(problems),
        )


async def _started(
    server: DiscordServer, database: Path, generator: np.random.Generator
) -> BaseProcess:
    before, seed = server.gateway.identifies, int(generator.integers(2**31))
    told = (*base_and_gateway(server), str(database), seed)
    process = started(serve_at, *told)
    await server.until(lambda: server.gateway.identifies > before, 60)
    return process


async def _introduced(server: DiscordServer, database: Path, number: int) -> _Voter:
    """Somebody who was shown two songs."""
    person = server.person(f"사람 {number}")
    page = (await person.slash("settings")).shown
    await person.clicks(page, "하나씩")
    await server.until(lambda: "하나씩 ✓" in page.labels, 60)
    await person.slash("talk", text="슬픔")
    await person.slash("songs", count=2)
    await server.until(lambda: len([m for m in person.sees() if "👎" in m.reactions]) == 2, 60)
    song, other = (m for m in person.sees() if m.reactions)
    return _Voter(person, song, other)


def _inspect(database: Path, voters: Sequence[_Voter]) -> tuple[int, list[str]]:
    """How many votes there are, and what is wrong with them."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT impression, verdict FROM feedback ORDER BY at").fetchall()
    problems = []
    for voter in voters:
        kept = [verdict for shown, verdict in rows if shown == _impression(voter.song)]
        if not _within(voter.shown, kept):
            problems.append(f"shown {voter.shown}, kept {kept}")
        if not _within(kept, voter.pressed):
            problems.append(f"pressed {voter.pressed}, kept {kept}")
        reactions = [verdict for shown, verdict in rows if shown == _impression(voter.other)]
        if not _within(reactions, voter.reacted):
            problems.append(f"reacted {voter.reacted}, kept {reactions}")
    return len(rows), problems


def _impression(song: Message) -> str:
    return str(song.button("👍")["custom_id"]).split(".")[2]


def _within(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether `some` are among `others`, in the same order."""
    rest = iter(others)
    return all(one in rest for one in some)
