"""The committed data of the store in memory, and the changes of one unit of work on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core.corrections import Correction
from core.errors import ConflictError
from core.models import User, UserKey
from core.records import (
    Consent,
    FeedbackEvent,
    Impression,
    MoodPoint,
)
from core.reminders import Reminder
from core.utterances import Utterance

__all__ = ["MemoryTables", "MemoryWork"]


@dataclass
class MemoryTables:
    """What is committed.

    Attributes:
        people: by the person's id; the key is the account that opened it.
        accounts: the person of each account.
        codes: the person of each link code, and when it expires.
        feedback: by the event's key.
        posts: the impression of each message.
        corrections: by the id of the reading.
        reminders: by their ids.
        leases: the holder of each, and until when.
    """

    people: dict[str, User] = field(default_factory=dict)
    accounts: dict[UserKey, str] = field(default_factory=dict)
    codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    points: list[MoodPoint] = field(default_factory=list)
    impressions: dict[str, Impression] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    feedback: dict[str, FeedbackEvent] = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)
    utterances: list[Utterance] = field(default_factory=list)
    corrections: dict[str, Correction] = field(default_factory=dict)
    reminders: dict[str, Reminder] = field(default_factory=dict)
    deliveries: dict[str, datetime] = field(default_factory=dict)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    markers: dict[str, str] = field(default_factory=dict)
    _said: dict[str, dict[str, FeedbackEvent]] | None = None

    def feedback_of(self, person: str) -> Iterable[FeedbackEvent]:
        """The person's events; without a look at everybody's."""
        if self._said is None:
            self._said = {}
            for key, event in self.feedback.items():
                self._said.setdefault(event.person, {})[key] = event
        return self._said.get(person, {}).values()

    def add_feedback(self, event: FeedbackEvent) -> None:
        """Keep the event, once."""
        if event.key not in self.feedback:
            self.feedback[event.key] = event
            if self._said is not None:
                self._said.setdefault(event.person, {})[event.key] = event

    def remove_corrections(self, person: str) -> None:
        """Remove the person's."""
        for reading in [r for r, each in self.corrections.items() if each.person == person]:
            del self.corrections[reading]

    def feedback_changed(self) -> None:
        """Events were given to another person, or removed."""
        self._said = None


class MemoryWork:
    """What the repositories of one unit of work share.

    Attributes:
        tables: what is committed, to be read.
        people: who is being put by this work, and so may own what it adds.
        impressions: those this work adds.
    """

    def __init__(self, tables: MemoryTables) -> None:
        self.tables = tables
        self.people: set[str] = set()
        self.impressions: set[str] = set()
        self._checks: list[Callable[[], bool]] = []
        self._changes: list[Callable[[], None]] = []

    def expect(self, holds: Callable[[], bool]) -> None:
        """Let the commit fail where this does not hold any more."""
        self._checks.append(holds)

    def expect_person(self, person: str) -> None:
        """Let the commit fail where there is no such person."""
        self.expect(lambda: person in self.tables.people or person in self.people)

    def expect_impression(self, impression: str) -> None:
        """Let the commit fail where there is no such impression."""
        self.expect(lambda: impression in self.tables.impressions or impression in self.impressions)

    def later(self, change: Callable[[], None]) -> None:
        """Do it when the work is committed; it must not fail."""
        self._changes.append(change)

    def commit(self) -> None:
        """Make the changes, all or none.

        Raises:
            ConflictError: something that was expected does not hold.
        """
        if not all(holds() for holds in self._checks):
            raise ConflictError("somebody else changed what this rests on")
        for change in self._changes:
            change()
