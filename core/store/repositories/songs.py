"""The songs that were shown, and what people said of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, insert, select

from core.models import Mode
from core.records import (
    ConsentKind,
    FeedbackEvent,
    Impression,
    Outcome,
    StandingVerdict,
    TasteEvent,
    Verdict,
)
from core.store.repositories.people import agreed
from core.store.statements import insert_new, insert_or_replace
from core.store.tables import FeedbackRow, ImpressionRow, Post
from core.store.work import AnyRow, Work

__all__ = ["SqlFeedback", "SqlImpressions", "SqlPosts"]

_OUTCOMES: Final = {Verdict.UP: Outcome.UP}
"""Of the verdicts that stand; the others are all a no."""


class SqlImpressions:
    """Implements `core.ports.Impressions`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, impressions: Sequence[Impression]) -> None:
        """Keep what was shown."""
        rows = [
            vars(shown)
            | {
                "score": float(shown.score),
                "parts": dict(shown.parts),
                "choices": list(shown.choices),
                "asked": dict(shown.asked) or None,
            }
            for shown in impressions
        ]

        def change(connection: Connection) -> None:
            connection.execute(insert(ImpressionRow), rows)

        if rows:
            self._work.later(change)

    async def get(self, impression: str) -> Impression | None:
        """One by its id."""
        row = await self._work.row(select(ImpressionRow).where(ImpressionRow.id == impression))
        return None if row is None else _impression(row)

    async def slate(self, slate: str) -> list[Impression]:
        """The songs of a list."""
        table = ImpressionRow
        query = select(table).where(table.slate == slate).order_by(table.rank)
        return [_impression(row) for row in await self._work.rows(query)]

    async def latest(self, person: str, limit: int) -> list[Impression]:
        """What the person was shown last."""
        table = ImpressionRow
        query = (
            select(table)
            .where(table.person == person)
            .order_by(table.shown_at.desc(), table.slate, table.rank)
            .limit(limit)
        )
        return [_impression(row) for row in await self._work.rows(query)]


class SqlPosts:
    """Implements `core.ports.Posts`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, key: str, impression: str) -> None:
        """Remember a message."""
        row: dict[str, object] = {"key_hash": self._hash(key), "impression": impression}

        def change(connection: Connection) -> None:
            connection.execute(insert_or_replace(connection, Post, row))

        self._work.later(change)

    async def impression(self, key: str) -> Impression | None:
        """What the message shows."""
        query = (
            select(ImpressionRow)
            .join(Post, Post.impression == ImpressionRow.id)
            .where(Post.key_hash == self._hash(key))
        )
        row = await self._work.row(query)
        return None if row is None else _impression(row)

    def _hash(self, key: str) -> bytes:
        return self._work.hash("post", key)


class SqlFeedback:
    """Implements `core.ports.Feedback`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, event: FeedbackEvent) -> None:
        """Keep the event, once."""
        row = {name: value for name, value in vars(event).items() if name != "key"}
        row["key_hash"] = self._work.hash("feedback", event.key)

        def change(connection: Connection) -> None:
            connection.execute(insert_new(connection, FeedbackRow).values(row))

        self._work.later(change)

    async def verdicts(self, person: str) -> list[StandingVerdict]:
        """What stands."""
        last = _last_verdicts(FeedbackRow.person == person).subquery()
        query = (
            select(last)
            .where(last.c.place == 1, last.c.verdict != Verdict.RETRACTED)
            .order_by(last.c.at, last.c.key_hash)
        )
        return [
            StandingVerdict(row.song_id, row.artist, Mode(row.mode), Verdict(row.verdict), row.at)
            for row in await self._work.rows(query)
        ]

    async def count_since(self, start: datetime) -> int:
        """How many events there are from `start` on."""
        query = select(func.count().label("events")).where(FeedbackRow.at >= start)
        row = await self._work.row(query)
        return 0 if row is None else int(row.events)

    async def agreed(self) -> list[TasteEvent]:
        """What may be learned from."""
        found: dict[tuple[str, str, str], TasteEvent] = {}
        async for row in self._work.stream(_shown_to_agreed()):
            found[row.person, row.song_id, row.mode] = _taste(row, Outcome.SHOWN)
        async for row in self._work.stream(_said_by_agreed()):
            if row.verdict != Verdict.RETRACTED:
                outcome = _OUTCOMES.get(Verdict(row.verdict), Outcome.DOWN)
                found[row.person, row.song_id, row.mode] = _taste(row, outcome)
        return sorted(found.values(), key=lambda event: event.at)


def _last_verdicts(*conditions: Any) -> Select[*tuple[Any, ...]]:
    """Feedback, with its `place` among that of the same person, song and mode: 1 is the last."""
    table = FeedbackRow
    place = func.row_number().over(
        partition_by=(table.person, table.song_id, table.mode),
        order_by=(table.at.desc(), table.key_hash.desc()),
    )
    return select(table, place.label("place")).where(*conditions)


def _said_by_agreed() -> Select[*tuple[Any, ...]]:
    last = _last_verdicts(FeedbackRow.person.in_(agreed(ConsentKind.IMPROVE))).subquery()
    # The mood of another person, to whom the song was shown, says nothing of this one.
    own = and_(ImpressionRow.id == last.c.impression, ImpressionRow.person == last.c.person)
    return (
        select(last, ImpressionRow.mood)
        .select_from(last)
        .outerjoin(ImpressionRow, own)
        .where(last.c.place == 1)
    )


def _shown_to_agreed() -> Select[*tuple[Any, ...]]:
    table = ImpressionRow
    place = func.row_number().over(
        partition_by=(table.person, table.song_id, table.mode),
        order_by=(table.shown_at.desc(), table.id.desc()),
    )
    shown = (
        select(
            table.person,
            table.song_id,
            table.mode,
            table.mood,
            table.shown_at.label("at"),
            place.label("place"),
        )
        .where(table.person.in_(agreed(ConsentKind.IMPROVE)))
        .subquery()
    )
    return select(shown).where(shown.c.place == 1)


def _taste(row: AnyRow, outcome: Outcome) -> TasteEvent:
    return TasteEvent(row.person, row.song_id, Mode(row.mode), row.mood, row.at, outcome)


def _impression(row: AnyRow) -> Impression:
    values = {
        "mode": Mode(row.mode),
        "choices": tuple(row.choices or ()),
        "asked": row.asked or {},
    }
    return Impression(**(dict(row._mapping) | values))
