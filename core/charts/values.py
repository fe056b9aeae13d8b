"""The values the pictures draw and the alt texts say. How they come about: `summary`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.charts.helped import HelpedSong, LikedSong
from core.emotion.labels import COARSE
from core.models import Vector

__all__ = [
    "Change",
    "DayMood",
    "History",
    "LikedOnDay",
    "MeanMood",
    "Moment",
    "PresentMood",
    "Share",
    "Step",
    "Week",
    "ranked",
]


@dataclass(frozen=True)
class Share:
    """How much of a mood one class is.

    Attributes:
        label: of `labels.COARSE`.
        share: 0 to 1; as a change -1 to 1.
    """

    label: str
    share: float

    @property
    def percent(self) -> int:
        """In whole percent."""
        return round(100 * self.share)


@dataclass(frozen=True)
class PresentMood:
    """The mood at one moment.

    Attributes:
        at: that moment on the person's clock.
        shares: of all seven classes, the largest first.
        fine: labels of `labels.FINE` that are strong enough to be named, the strongest first.
        valence: unpleasant (-1) to pleasant (1).
        arousal: calm (-1) to excited (1).
    """

    at: datetime
    shares: tuple[Share, ...]
    fine: tuple[str, ...]
    valence: float
    arousal: float


@dataclass(frozen=True)
class DayMood:
    """The mood of one local day.

    Attributes:
        coarse: the mean share of each class of `labels.COARSE`, sums to 1.
        valence: the mean, -1 to 1.
        arousal: the mean, -1 to 1.
        count: how many points there are, 1 or more.
    """

    day: date
    coarse: tuple[float, ...]
    valence: float
    arousal: float
    count: int

    @property
    def shares(self) -> tuple[Share, ...]:
        """The same, the largest first."""
        return ranked(self.coarse)

    @property
    def leading(self) -> str:
        """The class with the largest share."""
        return self.shares[0].label


@dataclass(frozen=True)
class MeanMood:
    """The mood of several days, each day counting the same.

    Attributes:
        shares: the mean of each class, the largest first; they sum to 1.
        valence: -1 to 1.
        arousal: -1 to 1.
    """

    shares: tuple[Share, ...]
    valence: float
    arousal: float


@dataclass(frozen=True)
class Moment:
    """One mood point of a history.

    Attributes:
        place: in days from the beginning of the history's first day.
        valence: -1 to 1.
        leading: the class with the largest share.
    """

    place: float
    valence: float
    leading: str


@dataclass(frozen=True)
class LikedOnDay:
    """A song and the local day on which it was liked."""

    song: LikedSong
    day: date
    place: float


@dataclass(frozen=True)
class History:
    """A mood over days.

    Attributes:
        days: one entry a local day, in order; None where nothing was said that day.
        mean: of these days; None where nothing was said at all.
        moments: every mood point of these days, oldest first.
        liked: the songs liked in these days, the latest first.
    """

    first: date
    last: date
    days: tuple[DayMood | None, ...]
    mean: MeanMood | None
    moments: tuple[Moment, ...]
    liked: tuple[LikedOnDay, ...]

    @property
    def known(self) -> list[DayMood]:
        """The days with a mood."""
        return [day for day in self.days if day is not None]


@dataclass(frozen=True)
class Step:
    """A mean of one week, and of the week before."""

    before: float
    after: float

    @property
    def rise(self) -> float:
        """By how much it rose; below 0 where it fell."""
        return self.after - self.before


@dataclass(frozen=True)
class Change:
    """A week against the week before.

    Attributes:
        valence: -1 to 1 each.
        arousal: likewise.
        risen: the class whose share grew most, and by how much; None where none grew noticeably.
        fallen: the class whose share shrank most, its share below 0; None likewise.
    """

    valence: Step
    arousal: Step
    risen: Share | None
    fallen: Share | None


@dataclass(frozen=True)
class Week:
    """Seven days in a row.

    Attributes:
        days: seven entries; None where nothing was said that day.
        mean: of these days; None in a week with nothing.
        change: None where this week or the one before has nothing.
        helped: liked songs after which the mood rose, the largest rise first.
    """

    first: date
    last: date
    days: tuple[DayMood | None, ...]
    mean: MeanMood | None
    change: Change | None
    helped: tuple[HelpedSong, ...]

    @property
    def known(self) -> list[DayMood]:
        """The days with a mood."""
        return [day for day in self.days if day is not None]


def ranked(coarse: Sequence[float] | Vector) -> tuple[Share, ...]:
    """The shares of all classes, the largest first; equal ones in the order of the labels."""
    shares = [Share(label, float(share)) for label, share in zip(COARSE, coarse, strict=True)]
    return tuple(sorted(shares, key=lambda share: -share.share))
