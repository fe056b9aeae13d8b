"""What is kept of people beside their state: plain immutable values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.models import Mode, Vector

__all__ = [
    "Consent",
    "ConsentKind",
    "FeedbackEvent",
    "Impression",
    "MoodPoint",
    "Outcome",
    "StandingVerdict",
    "TasteEvent",
    "Verdict",
]


class Verdict(StrEnum):
    """What a person says of a song that was shown."""

    UP = "up"
    DOWN = "down"
    RETRACTED = "retracted"
    """Takes back whatever was said of the song in this mode."""
    NEVER_SONG = "never_song"
    NEVER_ARTIST = "never_artist"


class Outcome(StrEnum):
    """What came of a song that was shown, as learning sees it."""

    UP = "up"
    DOWN = "down"
    SHOWN = "shown"


class ConsentKind(StrEnum):
    """What a person can agree to."""

    IMPROVE = "improve"
    """Votes may enter the recommendations of everybody."""
    UTTERANCES = "utterances"
    """Messages that no reply fitted may be kept, to write better replies."""
    CORRECTIONS = "corrections"
    """What was read of a message that was misread, and what it was, may be kept, without the
    message, to calibrate the reading."""
    REPLIES = "replies"
    """Messages may be passed to a language model elsewhere that writes the reply."""


@dataclass(frozen=True, eq=False)
class MoodPoint:
    """The mood after one message, for the curve of days and weeks.

    Attributes:
        person: whose mood.
        at: when the message came, aware, UTC.
        coarse: the emotion distribution over `labels.COARSE`, sums to 1, [shape=(7,)].
        valence: unpleasant (-1) to pleasant (1), kept as a 32-bit float.
        arousal: calm (-1) to excited (1), likewise.
        reading: the id of the message's reading, by which the point is changed when the reading
            is corrected; empty where it was kept before there were such ids.
    """

    person: str
    at: datetime
    coarse: Vector
    valence: float
    arousal: float
    reading: str = ""

    def __post_init__(self) -> None:
        """Make the array read-only: values are shared, with stores too."""
        self.coarse.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Impression:
    """One song as it was shown to somebody, voted on or not.

    Attributes:
        id: what a vote refers to.
        person: to whom it was shown: in a group, who asked.
        slate: the id all songs of one list share.
        rank: 0 is the first of the list.
        score: by which the list was ordered.
        parts: what the score is made of, by name.
        propensity: the probability with which this song was chosen for this place, above 0 to 1.
        mood: the emotion distribution of `person` then, [shape=(7,)].
        model_version: of the learned factors; empty where there were none.
        catalogue_version: of the songs.
        shown_at: aware, UTC.
        choices: ids of the songs that could have stood here, the ranked one first; empty where
            that was not kept.
        asked: what the list was asked for by, in types of JSON (see `core.recommend.asked`), so
            that the next one can go on from it.
    """

    id: str
    person: str
    slate: str
    song_id: str
    artist: str
    rank: int
    score: float
    parts: Mapping[str, float]
    propensity: float
    mood: Vector
    mode: Mode
    model_version: str
    catalogue_version: str
    shown_at: datetime
    choices: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the array read-only: values are shared, with stores too."""
        self.mood.flags.writeable = False


@dataclass(frozen=True)
class FeedbackEvent:
    """One thing a person said of a song. Events are added, never changed.

    The song, the artist and the mode are the impression's. They are repeated here because the
    vote outlives the impression where another person was shown the song and is forgotten.

    Attributes:
        key: the platform's id of the event; the same key counts once.
        impression: the id of the impression it was said of; None where that was removed.
        person: who said it, which in a group need not be who was shown the song.
        at: aware, UTC.
    """

    key: str
    impression: str | None
    person: str
    song_id: str
    artist: str
    mode: Mode
    verdict: Verdict
    at: datetime

    @classmethod
    def on(
        cls, impression: Impression, *, key: str, person: str, verdict: Verdict, at: datetime
    ) -> "FeedbackEvent":
        """What `person` says of the song of `impression`."""
        return cls(
            key=key,
            impression=impression.id,
            person=person,
            song_id=impression.song_id,
            artist=impression.artist,
            mode=impression.mode,
            verdict=verdict,
            at=at,
        )


@dataclass(frozen=True)
class StandingVerdict:
    """What a person said last of a song in a mode, and did not take back."""

    song_id: str
    artist: str
    mode: Mode
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, eq=False)
class TasteEvent:
    """What came of a song for a person in a mode, last; the input of learning.

    Attributes:
        mood: the person's emotion distribution when the song was shown, [shape=(7,)]; None where
            it is not known: the song was shown to somebody else, or that record was removed.
        at: of the verdict, or when the song was last shown, aware, UTC.
    """

    person: str
    song_id: str
    mode: Mode
    mood: Vector | None
    at: datetime
    outcome: Outcome


@dataclass(frozen=True)
class Consent:
    """That a person agreed to something, or took it back.

    Attributes:
        text_version: of the text that was shown when the person answered.
    """

    person: str
    kind: ConsentKind
    given: bool
    at: datetime
    text_version: str
