"""The nouns of the domain: plain immutable values, no behaviour beyond reading them."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

from core.moods import Contribution, EmotionScores, Mood, MoodState, Reading, Vector
from core.reasons import AskedFor, Contrast, Reason, ReasonKind, Subject, Wish

__all__ = [
    "AccountSettings",
    "AskedFor",
    "Contrast",
    "Contribution",
    "CrisisKind",
    "CrisisLevel",
    "EmotionScores",
    "Language",
    "Layout",
    "Memory",
    "Message",
    "Mode",
    "Mood",
    "MoodState",
    "Reading",
    "Reason",
    "ReasonKind",
    "Recommendation",
    "Reply",
    "ReplyKind",
    "Slate",
    "Song",
    "Subject",
    "Theme",
    "User",
    "UserKey",
    "Vector",
    "Wish",
    "new_id",
]


def new_id() -> str:
    """An id nobody can guess and no other process gives away, 32 hexadecimal digits."""
    return uuid4().hex


class Memory(StrEnum):
    """How long a message weighs on the mood."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"

    @property
    def half_life_hours(self) -> float:
        """After which a message counts half."""
        return {Memory.SHORT: 6.0, Memory.NORMAL: 24.0, Memory.LONG: 96.0}[self]


class Layout(StrEnum):
    """How the songs of a list come on a platform with messages."""

    LIST = "list"
    """One message with all."""
    SINGLE = "single"
    """A message each, so that a reaction to it is a vote on its song."""


class Theme(StrEnum):
    """Whether pictures are for a light or a dark screen."""

    LIGHT = "light"
    DARK = "dark"


class Language(StrEnum):
    """A language the bot speaks."""

    KOREAN = "ko"
    ENGLISH = "en"


class Mode(StrEnum):
    """How the songs of a slate relate to the mood."""

    SIMILAR = "similar"
    OPPOSITE = "opposite"
    PATH = "path"
    """Step by step from the mood over calm to bright."""
    DIARY = "diary"
    """For a long text: its emotion first, then what it tells of."""
    LIKE_SONG = "like_song"
    """Near a song that was named."""
    SURPRISE = "surprise"
    """Songs drawn by chance among those that fit."""


@dataclass(frozen=True)
class Message:
    """What a person said.

    Attributes:
        text: as it was sent.
        id: the platform's, by which it can be edited; None where it cannot.
        delivery: the platform's id of the update that brought it; None where each comes once.
        asks_songs: whether it was understood as asking for songs, and is met with care first.
    """

    text: str
    id: str | None = None
    delivery: str | None = None
    asks_songs: bool = False


@dataclass(frozen=True)
class Song:
    """The facts of a song. What is not known is None (or empty), never a guess.

    Attributes:
        id: stable over rebuilds of the catalogue: "melon:<id>", or one derived from title and
            artist.
        genres: as the source names them, most fitting first.
        year: of release.
        chart_months: in how many monthly charts the song stood.
        best_rank: its best rank in them, 1 the highest.
        link: the source's own page of the song.
    """

    id: str
    title: str
    artist: str
    album: str | None = None
    genres: tuple[str, ...] = ()
    year: int | None = None
    chart_months: int | None = None
    best_rank: int | None = None
    link: str | None = None


@dataclass(frozen=True)
class Recommendation:
    """One song of a slate.

    Attributes:
        score: how well the song fits what the mode asks for, before votes and noise: for moods
            the cosine between the target and the song's emotion distribution, 0 to 1.
        impression: the id by which a vote refers to it; empty where nothing was kept.
    """

    song: Song
    score: float
    reason: Reason
    impression: str = ""


@dataclass(frozen=True)
class Slate:
    """Songs chosen together, best first; no song twice.

    Attributes:
        asked: what else than the mood they were asked for by; None where nothing else was.
        near: the song that they are like, of `Mode.LIKE_SONG`; None in the others.
    """

    mode: Mode
    items: tuple[Recommendation, ...]
    asked: AskedFor | None = None
    near: Song | None = None


@dataclass(frozen=True)
class UserKey:
    """Who is speaking: a platform's name and its id for the person."""

    platform: str
    id: str


@dataclass(frozen=True)
class AccountSettings:
    """What a person chose. None where the bot's own setting holds.

    Attributes:
        language: in which the bot speaks to the person.
        time_zone: an IANA name, "Asia/Seoul".
        memory: how long a message weighs on the mood.
        count: songs in a list, 1 to 20.
        layout: how they come.
        theme: of pictures.
    """

    language: Language | None = None
    time_zone: str | None = None
    memory: Memory | None = None
    count: int | None = None
    layout: Layout | None = None
    theme: Theme | None = None


@dataclass(frozen=True, eq=False)
class User:
    """What is kept of a person, as seen from one of the person's accounts.

    Attributes:
        key: the account; linked accounts are one person.
        state: the rolling emotion vector; None while nothing is known.
        shown: ids of the songs last shown, newest last, at most 50.
        said: ids of the lines the bot last said, newest last, at most 20.
        settings: what the person chose.
        person: the id of the person, the same for all of the person's accounts.
        version: counts the saves; a save of an outdated version is refused.
    """

    key: UserKey
    state: MoodState | None = None
    shown: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    settings: AccountSettings = AccountSettings()
    person: str = field(default_factory=new_id)
    version: int = 0

    @property
    def is_new(self) -> bool:
        """Whether the person never talked; votes, settings and consents may be there already."""
        return self.state is None


class CrisisKind(StrEnum):
    """What kind of danger a message speaks of."""

    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    THIRD_PERSON = "third_person"


class CrisisLevel(StrEnum):
    """How much a message worries, the least first."""

    NONE = "none"
    LOW = "low"
    """Low mood: sad, exhausted or hopeless, without a clear word of danger."""
    CRISIS = "crisis"


class ReplyKind(StrEnum):
    """What an answer is made of."""

    TALK = "talk"
    SONGS = "songs"
    MOOD = "mood"
    CRISIS = "crisis"
    """The message spoke of danger."""
    CARE = "care"
    """An earlier message did, or this one may."""


@dataclass(frozen=True, eq=False)
class Reply:
    """One answer of the service.

    Attributes:
        lines: what the bot says, a paragraph each, in the user's language; may be empty where
            presentation says it all.
        reading: of the message that is answered; None where there was none.
        mood: the rolling emotion vector now; None while nothing is known.
        gauge: evidence gathered since the last songs, 0 to 100 percent; None where it was not
            looked up (in a crisis).
        offer: whether songs are offered: with the message that fills the gauge.
        crisis: the danger a message spoke of, if any; then there is no reading and no song.
        card: whether the card of that danger is shown, after `lines`.
        grounding: whether the exercise for the senses is offered.
        gentle: for somebody who spoke of danger: whether the songs are gentle ones, or, without
            songs, whether such were asked for.
        first: whether the person never talked to the bot before.
        correctable: the id of the reading that the person can correct below this answer; None
            where there is none.
    """

    kind: ReplyKind
    lines: tuple[str, ...] = ()
    reading: EmotionScores | None = None
    mood: Mood | None = None
    gauge: int | None = None
    offer: bool = False
    slate: Slate | None = None
    crisis: CrisisKind | None = None
    card: bool = False
    grounding: bool = False
    gentle: bool = False
    first: bool = False
    correctable: str | None = None
