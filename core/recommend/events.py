"""What learning reads: the outcomes of all songs shown, as columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE
from core.models import Mode, Vector
from core.records import Outcome, TasteEvent

__all__ = ["DOWN", "LIFT_MODES", "MODES", "SHOWN", "UP", "EventTable", "lift_mode"]

MODES: Final = tuple(Mode)
"""A mode's number is its place here."""
LIFT_MODES: Final = (Mode.SIMILAR, Mode.OPPOSITE)
"""The modes in which votes tell what fits a mood; see `lift_mode`."""
UP: Final = 1
DOWN: Final = -1
SHOWN: Final = 0
_SIGNS: Final = {Outcome.UP: UP, Outcome.DOWN: DOWN, Outcome.SHOWN: SHOWN}


def lift_mode(mode: Mode) -> Mode | None:
    """The mode of `LIFT_MODES` whose votes tell what fits a mood in `mode`; None for neither.

    A diary asks for songs similar in emotion. On a path, near a song and among surprises a vote
    says more of the person than of the mood: it counts for taste alone.
    """
    if mode is Mode.DIARY:
        return Mode.SIMILAR
    return mode if mode in LIFT_MODES else None


@dataclass(frozen=True, eq=False)
class EventTable:
    """The last outcome of each person, song and mode; row e of every column is one event.

    Attributes:
        people: the persons' places in `ids`, int32 [shape=(e,)].
        songs: rows of the catalogue, int32 [shape=(e,)].
        modes: places in `MODES`, int8 [shape=(e,)].
        moods: emotion distributions over `labels.COARSE` when the song was shown; a row of zeros
            where it is not known, float32 [shape=(e, 7)].
        times: seconds since 1970, float64 [shape=(e,)], ascending.
        outcomes: `UP`, `DOWN` or `SHOWN`, int8 [shape=(e,)].
        ids: of the persons; some may have no event here.
    """

    people: npt.NDArray[np.int32]
    songs: npt.NDArray[np.int32]
    modes: npt.NDArray[np.int8]
    moods: Vector
    times: npt.NDArray[np.float64]
    outcomes: npt.NDArray[np.int8]
    ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.people)

    @property
    def person_count(self) -> int:
        """How many people there are."""
        return len(self.ids)

    @classmethod
    def of(cls, events: Iterable[TasteEvent], rows: Mapping[str, int]) -> Self:
        """The events as columns, by time.

        Of several events of one person, song and mode the latest counts. Songs that are not in
        the catalogue any more are left out.

        Args:
            events: in any order.
            rows: the catalogue's rows by song id.
        """
        last: dict[tuple[str, str, Mode], TasteEvent] = {}
        for event in sorted(events, key=lambda event: event.at):
            if event.song_id in rows:
                last[event.person, event.song_id, event.mode] = event
        kept = sorted(last.values(), key=lambda event: event.at)
        numbers: dict[str, int] = {}
        unknown = np.zeros(len(COARSE), np.float32)
        return cls(
            people=np.array([numbers.setdefault(e.person, len(numbers)) for e in kept], np.int32),
            songs=np.array([rows[event.song_id] for event in kept], np.int32),
            modes=np.array([MODES.index(event.mode) for event in kept], np.int8),
            moods=np.array(
                [unknown if event.mood is None else event.mood for event in kept], np.float32
            ).reshape(-1, len(COARSE)),
            times=np.array([event.at.timestamp() for event in kept], np.float64),
            outcomes=np.array([_SIGNS[event.outcome] for event in kept], np.int8),
            ids=tuple(numbers),
        )

    def take(self, rows: npt.NDArray[Any] | slice) -> "EventTable":
        """The events of these rows, the persons' numbers as they are."""
        return EventTable(
            people=self.people[rows],
            songs=self.songs[rows],
            modes=self.modes[rows],
            moods=self.moods[rows],
            times=self.times[rows],
            outcomes=self.outcomes[rows],
            ids=self.ids,
        )
