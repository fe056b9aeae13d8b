"""Everything that is kept of one person: the moods of the past, the words, the answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

from core.corrections import Correction
from core.models import Vector
from core.records import Consent, ConsentKind, MoodPoint
from core.store.codec import readable_state
from core.store.repositories.people import OWNED, agreed
from core.store.statements import insert_or_replace
from core.store.tables import (
    Base,
    ConsentAnswer,
    CorrectionRow,
    ImpressionRow,
    MoodPointRow,
    Person,
    Post,
    UtteranceRow,
)
from core.store.work import Work
from core.utterances import Utterance

__all__ = ["SqlConsents", "SqlCorrections", "SqlHistory", "SqlRecords", "SqlUtterances"]

# Made once: making a statement takes longer than running it.
_KEEP_MOOD: Final = insert(MoodPointRow)


class SqlHistory:
    """Implements `core.ports.History`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, point: MoodPoint) -> None:
        """Keep a mood."""

        def change(connection: Connection) -> None:
            row = {"person": point.person, "at": point.at, "mood": _mood(point)}
            connection.execute(_KEEP_MOOD, row | {"reading": point.reading or None})

        self._work.later(change)

    async def change(self, points: Sequence[MoodPoint]) -> None:
        """Replace the moods of the same person, time and reading."""
        table = MoodPointRow

        def change(connection: Connection) -> None:
            for point in points:
                there = (table.person == point.person, table.at == point.at)
                changed = update(table).where(*there, table.reading == point.reading)
                connection.execute(changed.values(mood=_mood(point)))

        self._work.later(change)

    async def since(self, person: str, start: datetime) -> list[MoodPoint]:
        """The person's moods from `start` on."""
        table = MoodPointRow
        query = (
            select(table.at, table.mood, table.reading)
            .where(table.person == person, table.at >= start)
            .order_by(table.at, table.id)
        )
        return [
            MoodPoint(
                person,
                row.at,
                row.mood[:-2],
                float(row.mood[-2]),
                float(row.mood[-1]),
                row.reading or "",
            )
            for row in await self._work.rows(query)
        ]


def _mood(point: MoodPoint) -> Vector:
    return np.append(point.coarse, (point.valence, point.arousal)).astype(np.float32)


class SqlConsents:
    """Implements `core.ports.Consents`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, consent: Consent) -> None:
        """Keep the answer."""

        def change(connection: Connection) -> None:
            connection.execute(insert(ConsentAnswer).values(vars(consent)))

        self._work.later(change)

    async def latest(self, person: str) -> Mapping[ConsentKind, Consent]:
        """The person's last answer to each question."""
        table = ConsentAnswer
        query = select(table).where(table.person == person).order_by(table.at, table.id)
        return {
            ConsentKind(row.kind): Consent(
                person, ConsentKind(row.kind), row.given, row.at, row.text_version
            )
            for row in await self._work.rows(query)
        }


class SqlUtterances:
    """Implements `core.ports.Utterances`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, utterance: Utterance) -> None:
        """Keep a message."""

        def change(connection: Connection) -> None:
            connection.execute(insert(UtteranceRow).values(vars(utterance)))

        self._work.later(change)

    async def of(self, person: str) -> list[Utterance]:
        """The person's, oldest first."""
        table = UtteranceRow
        query = select(table).where(table.person == person).order_by(table.at, table.id)
        return [Utterance(person, row.text, row.at) for row in await self._work.rows(query)]

    async def agreed(self) -> list[Utterance]:
        """What may be reviewed."""
        table = UtteranceRow
        query = (
            select(table)
            .where(table.person.in_(agreed(ConsentKind.UTTERANCES)))
            .order_by(table.at, table.id)
        )
        return [Utterance(row.person, row.text, row.at) async for row in self._work.stream(query)]

    async def keep_last(self, person: str, most: int) -> None:
        """Remove all of the person's but the newest."""
        table = UtteranceRow
        newest = (
            select(table.id)
            .where(table.person == person)
            .order_by(table.at.desc(), table.id.desc())
            .limit(most)
        )

        def change(connection: Connection) -> None:
            old = delete(table).where(table.person == person, table.id.not_in(newest))
            connection.execute(old)

        self._work.later(change)

    async def prune(self, before: datetime) -> None:
        """Remove everybody's from before."""

        def change(connection: Connection) -> None:
            connection.execute(delete(UtteranceRow).where(UtteranceRow.at < before))

        self._work.later(change, long=True)

    async def remove(self, person: str) -> None:
        """Remove the person's."""

        def change(connection: Connection) -> None:
            connection.execute(delete(UtteranceRow).where(UtteranceRow.person == person))

        self._work.later(change)


class SqlCorrections:
    """Implements `core.ports.Corrections`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def put(self, correction: Correction) -> None:
        """Keep it, in place of an earlier one of the same reading."""

        def change(connection: Connection) -> None:
            connection.execute(insert_or_replace(connection, CorrectionRow, dict(vars(correction))))

        self._work.later(change)

    async def of(self, person: str) -> list[Correction]:
        """The person's, oldest first."""
        table = CorrectionRow
        query = select(table).where(table.person == person).order_by(table.at, table.reading)
        return [
            Correction(row.reading, person, row.at, row.read, row.model_version, row.chosen)
            for row in await self._work.rows(query)
        ]

    async def remove(self, person: str) -> None:
        """Remove the person's."""

        def change(connection: Connection) -> None:
            connection.execute(delete(CorrectionRow).where(CorrectionRow.person == person))

        self._work.later(change)


class SqlRecords:
    """Implements `core.ports.Records`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def count(self, person: str) -> Mapping[str, int]:
        """How many rows of each table belong to the person."""
        counts = [
            select(literal(table.name).label("name"), func.count().label("rows"))
            .select_from(table)
            .where(_belongs(table, person))
            for table in _TABLES
        ]
        return {row.name: row.rows for row in await self._work.rows(union_all(*counts))}

    async def export(self, person: str) -> dict[str, Any]:
        """All of it by table."""
        found = {}
        for table in _TABLES:
            # A hash says nothing to anybody, and an owner is the person who asks.
            columns = [
                column
                for column in table.columns
                if column.name != "person" and not column.name.endswith("_hash")
            ]
            if columns and table is not Post.__table__:
                query = select(*columns).where(_belongs(table, person)).order_by(*table.primary_key)
                rows = await self._work.rows(query)
                found[table.name] = [
                    {name: _plain(value) for name, value in row._mapping.items()} for row in rows
                ]
        for row in found[Person.__tablename__]:
            row["state"] = readable_state(row["state"])
        return found

    async def erase(self, person: str) -> None:
        """Remove the person; the database removes with it what belongs to it."""

        def change(connection: Connection) -> None:
            connection.execute(delete(Person).where(Person.id == person))

        self._work.later(change, long=True)


_TABLES = tuple(
    table
    for table in Base.metadata.sorted_tables
    if table in OWNED or table in {Person.__table__, Post.__table__}
)


def _belongs(table: Table, person: str) -> ColumnElement[bool]:
    if table is Person.__table__:
        return table.c.id == person
    if table is Post.__table__:
        mine = select(ImpressionRow.id).where(ImpressionRow.person == person)
        return table.c.impression.in_(mine)
    return table.c.person == person


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.isoformat() if isinstance(value, datetime) else value
