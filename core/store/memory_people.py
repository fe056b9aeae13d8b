"""The people, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.corrections import Correction
from core.models import User, UserKey
from core.records import Consent, ConsentKind, MoodPoint
from core.store.memory_tables import MemoryWork
from core.store.overlay import PendingUsers
from core.utterances import Utterance

__all__ = [
    "MemoryConsents",
    "MemoryCorrections",
    "MemoryHistory",
    "MemoryUsers",
    "MemoryUtterances",
    "agreed",
]


class MemoryUsers(PendingUsers):
    """Implements `core.ports.Users`."""

    def __init__(self, work: MemoryWork) -> None:
        super().__init__()
        self._work = work
        self._tables = work.tables

    async def stored(self, key: UserKey) -> User | None:
        """The committed user of an account."""
        person = self._tables.accounts.get(key)
        return None if person is None else replace(self._tables.people[person], key=key)

    async def stored_person(self, person: str) -> User | None:
        """The committed user by the person's id."""
        return self._tables.people.get(person)

    async def accounts(self, key: UserKey) -> list[UserKey]:
        """All accounts of the person with this one."""
        accounts = self._tables.accounts
        return [each for each, owner in accounts.items() if owner == accounts.get(key)] or [key]

    async def put(self, user: User) -> None:
        """Replace the user in this work."""
        await super().put(user)
        person, base = user.person, self.bases[user.person]
        if person not in self._work.people:
            self._work.people.add(person)
            self._work.expect(lambda: self._is(user.key, person, base))
            self._work.later(lambda: self._write(person))

    async def merge(self, kept: User, absorbed: User) -> None:
        """Put `kept`, give it all of `absorbed`, remove `absorbed`."""
        await self.put(kept)
        self._work.expect(lambda: self._is(absorbed.key, absorbed.person, absorbed.version))
        self._work.later(lambda: self._move(absorbed, kept.person))

    def _is(self, key: UserKey, person: str, version: int) -> bool:
        if version == 0:
            return key not in self._tables.accounts
        stored = self._tables.people.get(person)
        return stored is not None and stored.version == version

    def _write(self, person: str) -> None:
        user = self.changed[person]
        self._tables.people[person] = user
        self._tables.accounts[user.key] = person

    def _move(self, absorbed: User, person: str) -> None:
        tables, gone = self._tables, absorbed.person
        tables.accounts[absorbed.key] = person
        for key, owner in tables.accounts.items():
            tables.accounts[key] = person if owner == gone else owner
        for code, (owner, expires_at) in tables.codes.items():
            tables.codes[code] = (person if owner == gone else owner, expires_at)
        for keyed in (tables.impressions, tables.feedback, tables.corrections):
            _give(keyed, keyed.keys(), gone, person)
        tables.feedback_changed()
        for listed in (tables.points, tables.consents, tables.utterances):
            _give(listed, range(len(listed)), gone, person)
        mine = {own.plan.rhythm for own in tables.reminders.values() if own.person == person}
        for id_, reminder in list(tables.reminders.items()):
            if reminder.person == gone and reminder.plan.rhythm in mine:
                del tables.reminders[id_]
        _give(tables.reminders, tables.reminders.keys(), gone, person)
        tables.people.pop(gone, None)


def _give(rows: Any, keys: Any, gone: str, person: str) -> None:
    for key in list(keys):
        if rows[key].person == gone:
            rows[key] = replace(rows[key], person=person)


class MemoryHistory:
    """Implements `core.ports.History`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def add(self, point: MoodPoint) -> None:
        """Keep a mood."""
        self._work.expect_person(point.person)
        self._work.later(lambda: self._work.tables.points.append(point))

    async def change(self, points: Sequence[MoodPoint]) -> None:
        """Replace the moods of the same person, time and reading."""
        changed = {_name(point): point for point in points}
        tables = self._work.tables

        def change() -> None:
            tables.points = [changed.get(_name(point), point) for point in tables.points]

        self._work.later(change)

    async def since(self, person: str, start: datetime) -> list[MoodPoint]:
        """The person's moods from `start` on."""
        points = self._work.tables.points
        mine = [point for point in points if point.person == person and point.at >= start]
        return sorted(mine, key=lambda point: point.at)


def _name(point: MoodPoint) -> tuple[str, datetime, str]:
    return point.person, point.at, point.reading


class MemoryConsents:
    """Implements `core.ports.Consents`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def add(self, consent: Consent) -> None:
        """Keep the answer."""
        self._work.expect_person(consent.person)
        self._work.later(lambda: self._work.tables.consents.append(consent))

    async def latest(self, person: str) -> Mapping[ConsentKind, Consent]:
        """The person's last answer to each question."""
        mine = [consent for consent in self._work.tables.consents if consent.person == person]
        return {consent.kind: consent for consent in sorted(mine, key=lambda consent: consent.at)}


async def agreed(work: MemoryWork, kind: ConsentKind) -> set[str]:
    """The people whose last answer to a question is yes."""
    consents, people = MemoryConsents(work), set()
    for person in work.tables.people:
        answer = (await consents.latest(person)).get(kind)
        if answer is not None and answer.given:
            people.add(person)
    return people


class MemoryUtterances:
    """Implements `core.ports.Utterances`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def add(self, utterance: Utterance) -> None:
        """Keep a message."""
        self._work.expect_person(utterance.person)
        self._work.later(lambda: self._work.tables.utterances.append(utterance))

    async def of(self, person: str) -> list[Utterance]:
        """The person's, oldest first."""
        mine = [kept for kept in self._work.tables.utterances if kept.person == person]
        return sorted(mine, key=lambda kept: kept.at)

    async def agreed(self) -> list[Utterance]:
        """What may be reviewed."""
        people = await agreed(self._work, ConsentKind.UTTERANCES)
        kept = [kept for kept in self._work.tables.utterances if kept.person in people]
        return sorted(kept, key=lambda kept: kept.at)

    async def keep_last(self, person: str, most: int) -> None:
        """Remove all of the person's but the newest."""
        tables = self._work.tables

        def change() -> None:
            mine = [kept for kept in tables.utterances if kept.person == person]
            newest = sorted(mine, key=lambda kept: kept.at)[-most:]
            others = [kept for kept in tables.utterances if kept.person != person]
            tables.utterances = others + newest

        self._work.later(change)

    async def prune(self, before: datetime) -> None:
        """Remove everybody's from before."""
        tables = self._work.tables

        def change() -> None:
            tables.utterances = [kept for kept in tables.utterances if kept.at >= before]

        self._work.later(change)

    async def remove(self, person: str) -> None:
        """Remove the person's."""
        tables = self._work.tables

        def change() -> None:
            tables.utterances = [kept for kept in tables.utterances if kept.person != person]

        self._work.later(change)


class MemoryCorrections:
    """Implements `core.ports.Corrections`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def put(self, correction: Correction) -> None:
        """Keep it, in place of an earlier one of the same reading."""
        self._work.expect_person(correction.person)
        corrections = self._work.tables.corrections
        self._work.later(lambda: corrections.update({correction.reading: correction}))

    async def of(self, person: str) -> list[Correction]:
        """The person's, oldest first."""
        kept = self._work.tables.corrections.values()
        return sorted((each for each in kept if each.person == person), key=lambda each: each.at)

    async def remove(self, person: str) -> None:
        """Remove the person's."""
        self._work.later(lambda: self._work.tables.remove_corrections(person))
