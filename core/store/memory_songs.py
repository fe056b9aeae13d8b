"""The songs that were shown and what people said of them, in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime

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
from core.store.memory_people import agreed
from core.store.memory_tables import MemoryWork

__all__ = ["MemoryFeedback", "MemoryImpressions", "MemoryPosts"]


class MemoryImpressions:
    """Implements `core.ports.Impressions`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def add(self, impressions: Sequence[Impression]) -> None:
        """Keep what was shown."""
        new = {shown.id: shown for shown in impressions}
        for shown in impressions:
            self._work.expect_person(shown.person)
        self._work.expect(lambda: not any(id_ in self._work.tables.impressions for id_ in new))
        self._work.impressions |= new.keys()
        self._work.later(lambda: self._work.tables.impressions.update(new))

    async def get(self, impression: str) -> Impression | None:
        """One by its id."""
        return self._work.tables.impressions.get(impression)

    async def slate(self, slate: str) -> list[Impression]:
        """The songs of a list."""
        shown = self._work.tables.impressions.values()
        return sorted((row for row in shown if row.slate == slate), key=lambda row: row.rank)

    async def latest(self, person: str, limit: int) -> list[Impression]:
        """What the person was shown last."""
        mine = [row for row in self._work.tables.impressions.values() if row.person == person]
        mine.sort(key=lambda row: (row.slate, row.rank))
        mine.sort(key=lambda row: row.shown_at, reverse=True)
        return mine[:limit]


class MemoryPosts:
    """Implements `core.ports.Posts`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def add(self, key: str, impression: str) -> None:
        """Remember a message."""
        self._work.expect_impression(impression)
        self._work.later(lambda: self._work.tables.posts.update({key: impression}))

    async def impression(self, key: str) -> Impression | None:
        """What the message shows."""
        tables = self._work.tables
        return tables.impressions.get(tables.posts.get(key, ""))


class MemoryFeedback:
    """Implements `core.ports.Feedback`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def add(self, event: FeedbackEvent) -> None:
        """Keep the event, once."""
        self._work.expect_person(event.person)
        if event.impression is not None:
            self._work.expect_impression(event.impression)
        self._work.later(lambda: self._work.tables.add_feedback(event))

    async def verdicts(self, person: str) -> list[StandingVerdict]:
        """What stands."""
        return [
            StandingVerdict(event.song_id, event.artist, event.mode, event.verdict, event.at)
            for event in _last(self._work.tables.feedback_of(person))
            if event.verdict is not Verdict.RETRACTED
        ]

    async def count_since(self, start: datetime) -> int:
        """How many events there are from `start` on."""
        return sum(event.at >= start for event in self._work.tables.feedback.values())

    async def agreed(self) -> list[TasteEvent]:
        """What may be learned from."""
        tables, people = self._work.tables, await agreed(self._work, ConsentKind.IMPROVE)
        found: dict[tuple[str, str, Mode], TasteEvent] = {}
        for shown in sorted(tables.impressions.values(), key=lambda row: (row.shown_at, row.id)):
            if shown.person in people:
                found[shown.person, shown.song_id, shown.mode] = TasteEvent(
                    *(shown.person, shown.song_id, shown.mode, shown.mood, shown.shown_at),
                    Outcome.SHOWN,
                )
        for event in _last(tables.feedback.values()):
            if event.person in people and event.verdict is not Verdict.RETRACTED:
                found[event.person, event.song_id, event.mode] = self._taste(event)
        return sorted(found.values(), key=lambda event: event.at)

    def _taste(self, event: FeedbackEvent) -> TasteEvent:
        shown = self._work.tables.impressions.get(event.impression or "")
        own = shown is not None and shown.person == event.person
        return TasteEvent(
            person=event.person,
            song_id=event.song_id,
            mode=event.mode,
            mood=shown.mood if shown is not None and own else None,
            at=event.at,
            outcome=Outcome.UP if event.verdict is Verdict.UP else Outcome.DOWN,
        )


def _last(events: Iterable[FeedbackEvent]) -> Iterable[FeedbackEvent]:
    """The last event of each person, song and mode, oldest first."""
    last: dict[tuple[str, str, Mode], FeedbackEvent] = {}
    for event in sorted(events, key=lambda event: (event.at, event.key)):
        last[event.person, event.song_id, event.mode] = event
    return sorted(last.values(), key=lambda event: (event.at, event.key))
