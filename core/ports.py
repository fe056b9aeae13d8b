"""What the use cases need from outside, as protocols; adapters and test fakes implement them.

A unit of work reads what is committed and collects changes; `commit` makes all of them durable in
one short transaction, or none. So nothing is locked while the work is thought about. A change is
seen by later works; only users are seen changed within their own work. A change that rests on
something somebody else changed in the meantime makes `commit` raise `ConflictError`: begin again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

from core.corrections import Corrections
from core.dialogue.listening import Heard
from core.models import Reading, User, UserKey
from core.records import (
    Consent,
    ConsentKind,
    FeedbackEvent,
    Impression,
    MoodPoint,
    StandingVerdict,
    TasteEvent,
)
from core.reminders import Reminders
from core.upkeep_ports import Deliveries, Leases, Links, Markers
from core.utterances import Utterances

__all__ = [
    "Consents",
    "Corrections",
    "Deliveries",
    "EmotionReader",
    "Feedback",
    "History",
    "Impressions",
    "Leases",
    "Links",
    "Markers",
    "Posts",
    "Records",
    "Reminders",
    "ReplyWriter",
    "UnitOfWork",
    "Users",
    "Utterances",
]


class EmotionReader(Protocol):
    """Reads the emotion and the meaning of texts."""

    @property
    def version(self) -> str:
        """Of the model, which changes with anything that changes a score."""
        ...

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        """What each text says; None for one in which nothing can be read.

        Raises:
            BusyError: too many texts wait to be read already.
            RuntimeError: the model is closed, or failed on these texts.
        """
        ...


class MessageReader(EmotionReader, Protocol):
    """Reads what messages say, too."""

    async def hear(self, text: str) -> Heard | None:
        """What a message says; None where nothing can be read in it.

        Raises:
            BusyError: too many texts wait to be read already.
            RuntimeError: the model is closed, or failed on this text.
        """
        ...


class ReplyWriter(Protocol):
    """A language model that writes replies, outside of the bot."""

    @property
    def place(self) -> str:
        """Where it is, in a word that says so to people: they are asked before anything goes."""
        ...

    async def write(self, instructions: str, message: str) -> str:
        """A reply, without space around it. It may take long; who asks sets the limit.

        Raises:
            WriterError: it wrote none.
        """
        ...


class Users(Protocol):
    """The people the bot knows, inside one unit of work."""

    async def get(self, key: UserKey) -> User:
        """The user as this work sees it; a new one, of version 0, where there is none."""
        ...

    async def of(self, person: str) -> User | None:
        """The person as this work sees it, by any of its accounts; None where there is none."""
        ...

    async def accounts(self, key: UserKey) -> list[UserKey]:
        """All accounts of the person with this one, as committed; this one where it is new."""
        ...

    async def put(self, user: User) -> None:
        """Replace the user and count up its version.

        Raises:
            ConflictError: the stored version is not `user.version` any more; noticed here or by
                `commit`.
        """
        ...

    async def merge(self, kept: User, absorbed: User) -> None:
        """Make one person of two: put `kept`, give it all that `absorbed` has, remove `absorbed`.

        Accounts, mood history, impressions, feedback, consents, utterances, corrections and
        reminders change hands (of two reminders of one rhythm that of `kept` stays); state, shown,
        said and settings are those of `kept` as it is passed.

        Raises:
            ConflictError: either was changed in the meantime; noticed here or by `commit`.
        """
        ...


class History(Protocol):
    """The moods of the past."""

    async def add(self, point: MoodPoint) -> None:
        """Keep a mood."""
        ...

    async def change(self, points: Sequence[MoodPoint]) -> None:
        """Replace the moods of the same person, time and reading; those not there are left out."""
        ...

    async def since(self, person: str, start: datetime) -> list[MoodPoint]:
        """The person's moods from `start` on, oldest first."""
        ...


class Impressions(Protocol):
    """The songs that were shown."""

    async def add(self, impressions: Sequence[Impression]) -> None:
        """Keep what was shown."""
        ...

    async def get(self, impression: str) -> Impression | None:
        """One by its id; None where there is none, or it was removed."""
        ...

    async def slate(self, slate: str) -> list[Impression]:
        """The songs of a list, the first first; empty where there is none."""
        ...

    async def latest(self, person: str, limit: int) -> list[Impression]:
        """What the person was shown last: newest list first, within a list the first first."""
        ...


class Posts(Protocol):
    """Which message of a platform shows which impression, for votes by reaction."""

    async def add(self, key: str, impression: str) -> None:
        """Remember a message.

        Args:
            key: the platform, the chat and the message in one text; the last add wins.
            impression: its id. A message that shows several songs is not remembered.
        """
        ...

    async def impression(self, key: str) -> Impression | None:
        """What the message shows; None where it is not known."""
        ...


class Feedback(Protocol):
    """What people said of songs. Nothing is ever changed, only added."""

    async def add(self, event: FeedbackEvent) -> None:
        """Keep the event; one whose key is known already changes nothing."""
        ...

    async def verdicts(self, person: str) -> list[StandingVerdict]:
        """What stands: the last verdict on each song and mode, retracted ones left out.

        Last is the latest `at`; of equal ones the store picks by the key, always the same one.
        So neither the order of arrival nor a second arrival matters. Oldest first.
        """
        ...

    async def count_since(self, start: datetime) -> int:
        """How many events there are from `start` on."""
        ...

    async def agreed(self) -> list[TasteEvent]:
        """What may be learned from: of the people whose last word on `IMPROVE` is yes.

        One event for each person, song and mode: the standing verdict, or SHOWN where none
        stands. Never-verdicts count as DOWN. Ordered by time.
        """
        ...


class Consents(Protocol):
    """What people agreed to. Nothing is ever changed, only added."""

    async def add(self, consent: Consent) -> None:
        """Keep the answer."""
        ...

    async def latest(self, person: str) -> Mapping[ConsentKind, Consent]:
        """The person's last answer to each question that was answered."""
        ...


class Records(Protocol):
    """Everything that is kept of one person, to show and to remove."""

    async def count(self, person: str) -> Mapping[str, int]:
        """How many rows of each table belong to the person."""
        ...

    async def export(self, person: str) -> dict[str, Any]:
        """All of it by table, as values JSON knows; the person's own words and data only."""
        ...

    async def erase(self, person: str) -> None:
        """Remove all of it. Votes of others on songs shown to the person stay, without the mood."""
        ...


class UnitOfWork(Protocol):
    """One transaction: `async with` it, and what is not committed is rolled back."""

    @property
    def users(self) -> Users:
        """The people."""
        ...

    @property
    def history(self) -> History:
        """Their moods of the past."""
        ...

    @property
    def impressions(self) -> Impressions:
        """What they were shown."""
        ...

    @property
    def posts(self) -> Posts:
        """In which messages."""
        ...

    @property
    def feedback(self) -> Feedback:
        """What they said of it."""
        ...

    @property
    def consents(self) -> Consents:
        """What they agreed to."""
        ...

    @property
    def links(self) -> Links:
        """The codes that link accounts."""
        ...

    @property
    def utterances(self) -> Utterances:
        """What no reply fitted."""
        ...

    @property
    def corrections(self) -> Corrections:
        """What was misread."""
        ...

    @property
    def records(self) -> Records:
        """All that is kept of one person."""
        ...

    @property
    def reminders(self) -> Reminders:
        """When they want to be asked."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """Which updates were handled."""
        ...

    @property
    def leases(self) -> Leases:
        """Who does which job."""
        ...

    @property
    def markers(self) -> Markers:
        """Facts about the bot itself."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    async def commit(self) -> None:
        """Make the changes durable, all or none.

        Raises:
            ConflictError: somebody else changed what they rest on first.
            StoreError: the database cannot be reached; it is not known whether it has them.
        """
        ...
