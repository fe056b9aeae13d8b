"""The nouns of moods: what a text says of its writer, and what stays of it; plain values."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

__all__ = ["Contribution", "EmotionScores", "Mood", "MoodState", "Reading", "Vector"]

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class EmotionScores:
    """What one text says of its writer's emotion.

    Attributes:
        coarse: the emotion distribution over `labels.COARSE`, sums to 1, [shape=(7,)].
        fine: the emotion scores over `labels.FINE`, independent probabilities, [shape=(44,)].
        valence: unpleasant (-1) to pleasant (1).
        arousal: calm (-1) to excited (1).
        ambiguous: whether no class of `coarse` is sure enough to be named alone.
    """

    coarse: Vector
    fine: Vector
    valence: float
    arousal: float
    ambiguous: bool = False

    def __post_init__(self) -> None:
        """Make the arrays read-only: values are shared, with stores too."""
        for array in (self.coarse, self.fine):
            array.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Reading:
    """What the emotion model makes of one text.

    Attributes:
        scores: of its emotion.
        embedding: of its meaning, for comparison with those of other texts by their dot product,
            unit length, [shape=(d,)].
    """

    scores: EmotionScores
    embedding: Vector

    def __post_init__(self) -> None:
        """Make the array read-only: values are shared."""
        self.embedding.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Mood(EmotionScores):
    """A user's rolling emotion vector at one moment; the same ranges as a single text's."""


@dataclass(frozen=True, eq=False)
class Contribution:
    """What one message brought into the rolling emotion vector.

    Attributes:
        reading: the id of the reading; empty where nobody will ask for it.
        at: when the message came, aware, UTC.
        scores: what counts: as the model read the message, or as its writer corrected that.
        weight: of `scores` when they came in, above 0 to 1.
        read: the emotion distribution that the model read, [shape=(7,)].
        model: its version.
        left: the share of `weight` that is left at the state's `updated_at`, above 0 to 1.
        counted: whether it counts for the gauge: no songs were shown since.
    """

    reading: str
    at: datetime
    scores: EmotionScores
    weight: float
    read: Vector
    model: str
    left: float = 1.0
    counted: bool = True

    def __post_init__(self) -> None:
        """Make the array read-only: values are shared."""
        self.read.flags.writeable = False

    @property
    def evidence(self) -> float:
        """What is left of its weight."""
        return self.left * self.weight


@dataclass(frozen=True, eq=False)
class MoodState:
    """The rolling emotion vector as it is kept. A user of whom nothing is known has None instead.

    Attributes:
        mood: the weighted average of all readings so far.
        evidence: the weights behind `mood`, decayed to `updated_at`, above 0.
        since_songs: the evidence gathered since the last songs, decayed likewise, 0 or more.
        updated_at: when the last reading came, aware, UTC.
        recent: what the last messages brought in, newest last: what was misread, or is edited, is
            taken out again. Empty where the state is older than this.
        quiet: messages still to come before songs are offered again, 0 or more.
    """

    mood: Mood
    evidence: float
    since_songs: float
    updated_at: datetime
    recent: tuple[Contribution, ...] = ()
    quiet: int = 0
