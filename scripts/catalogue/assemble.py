"""From songs, their lyrics and what the model read in them to the arrays of a catalogue.

`Constants` are fitted to a whole catalogue. They then also apply to a song that is added later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from core.emotion.labels import FINE
from core.models import Reading, Song
from core.recommend.catalogue import TOP_FINE, Catalogue
from core.recommend.spaces import TextSpaces, to_bytes
from scripts.catalogue.calibration import Array, Calibration, log_odds, rounded
from scripts.catalogue.lyrics import WINDOW_LINES
from scripts.catalogue.safety import despair, flag_songs
from scripts.catalogue.style import STYLE_WEIGHT, StyleBlend
from scripts.catalogue.vectors import fit_spaces

__all__ = ["Constants", "ReadSongs", "assemble", "korean_share", "raw_moods"]

_UNNAMED: Final = FINE.index("없음")
_STEPS: Final = 256
"""Fine scores are kept in so many steps: finer ones would only take room in the repository."""


@dataclass(frozen=True)
class ReadSongs:
    """Songs with lyrics and readings, one of each a song.

    Attributes:
        windows: the normalised lyrics.
        readings: means over the windows.
    """

    songs: Sequence[Song]
    windows: Sequence[Sequence[str]]
    readings: Sequence[Reading]


@dataclass(frozen=True)
class Constants:
    """What turns readings into a catalogue's numbers.

    Attributes:
        calibration: of the lyrics' emotions.
        blend: with the genres.
        fine_center: mean log-odds of each fine emotion, [length 44].
        fine_scale: standard deviation of them, [length 44].
        spaces: of the lyrics' vectors.
    """

    calibration: Calibration
    blend: StyleBlend
    fine_center: tuple[float, ...]
    fine_scale: tuple[float, ...]
    spaces: TextSpaces

    @classmethod
    def fit(cls, read: ReadSongs, style_weight: float = STYLE_WEIGHT) -> Self:
        """Fit everything to at least one song."""
        coarse, valence, arousal = raw_moods(read.readings)
        calibration = Calibration.fit(coarse, valence, arousal)
        lyrics = calibration.distribution(coarse).astype(np.float64)
        odds = log_odds(_fine(read.readings))
        embeddings = np.array([reading.embedding for reading in read.readings])
        return cls(
            calibration=calibration,
            blend=StyleBlend.fit(lyrics, read.songs, style_weight),
            fine_center=rounded(odds.mean(axis=0)),
            fine_scale=rounded(np.maximum(odds.std(axis=0), 1e-3)),
            spaces=fit_spaces(embeddings, [" ".join(lines) for lines in read.windows]),
        )

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """Those a catalogue was made with.

        Raises:
            KeyError: it does not hold them.
        """
        kept = catalogue.calibration
        return cls(
            calibration=Calibration.from_json(kept),
            blend=StyleBlend.from_json(kept["style"]),
            fine_center=tuple(kept["fine_center"]),
            fine_scale=tuple(kept["fine_scale"]),
            spaces=catalogue.spaces,
        )

    def as_json(self) -> dict[str, Any]:
        """All but the spaces, in types of JSON."""
        return {
            "window_lines": WINDOW_LINES,
            **self.calibration.as_json(),
            "style": self.blend.as_json(),
            "fine_center": list(self.fine_center),
            "fine_scale": list(self.fine_scale),
        }


def assemble(read: ReadSongs, constants: Constants, model_version: str) -> Catalogue:
    """The catalogue of these songs."""
    coarse, valence, arousal = raw_moods(read.readings)
    calibration, blend, spaces = constants.calibration, constants.blend, constants.spaces
    lyrics = calibration.distribution(coarse)
    plane = (calibration.scaled_valence(valence), calibration.scaled_arousal(arousal))
    style = blend.style(read.songs)
    fine = _fine(read.readings)
    standardised = (log_odds(fine) - constants.fine_center) / np.array(constants.fine_scale)
    embeddings = np.array([reading.embedding for reading in read.readings])
    return Catalogue(
        songs=tuple(read.songs),
        coarse=blend.distribution(lyrics.astype(np.float64), style),
        valence=blend.plane(plane[0].astype(np.float64), style[:, 0]),
        arousal=blend.plane(plane[1].astype(np.float64), style[:, 1]),
        lyric_coarse=lyrics.astype(np.float16),
        lyric_valence=plane[0].astype(np.float16),
        lyric_arousal=plane[1].astype(np.float16),
        style_valence=style[:, 0].astype(np.float16),
        style_arousal=style[:, 1].astype(np.float16),
        fine=(np.rint(fine * _STEPS) / _STEPS).astype(np.float16),
        top_fine=_top(standardised),
        korean=np.array([korean_share(" ".join(lines)) for lines in read.windows], np.float16),
        flagged=flag_songs(
            [song.title for song in read.songs], read.windows, despair(standardised)
        ),
        meaning=to_bytes(spaces.meaning.vectors(embeddings)),
        words=to_bytes(spaces.words.vectors([" ".join(lines) for lines in read.windows])),
        spaces=spaces,
        model_version=model_version,
        calibration=constants.as_json(),
    )


def raw_moods(readings: Sequence[Reading]) -> tuple[Array, Array, Array]:
    """The distributions over `labels.COARSE` [shape=(n, 7)], valence and arousal [shape=(n,)]."""
    return (
        np.array([reading.scores.coarse for reading in readings], dtype=np.float64),
        np.array([reading.scores.valence for reading in readings]),
        np.array([reading.scores.arousal for reading in readings]),
    )


def korean_share(text: str) -> float:
    """The share of Hangul among the letters of a text, 0 to 1; 1 where it has none."""
    letters = [char for char in text if char.isalpha()]
    return sum("가" <= char <= "힣" for char in letters) / len(letters) if letters else 1.0


def _fine(readings: Sequence[Reading]) -> Array:
    return np.array([reading.scores.fine for reading in readings], dtype=np.float64)


def _top(standardised: Array) -> npt.NDArray[np.uint8]:
    """The fine emotions by which each song stands out most; never "none"."""
    named = standardised.copy()
    named[:, _UNNAMED] = -np.inf
    return np.argsort(-named, axis=1, kind="stable")[:, :TOP_FINE].astype(np.uint8)
