"""Reads and writes the song catalogue: the facts, the mood and the lyric vectors of each song.

A catalogue is a folder of `songs.tsv` (facts), `arrays.bin` (numbers, see `arrays`), and
`catalogue.json` (digests, labels, versions). `data/songs/README.md` describes the files.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE, FINE
from core.errors import CatalogueError
from core.files import replacing
from core.models import Song, Vector
from core.recommend.arrays import map_arrays, pack_arrays
from core.recommend.catalogue_head import (
    FACTS,
    FORMAT,
    HEAD,
    NUMBERS,
    REBUILD,
    digest_of,
    read_bytes,
    read_head,
    version_of,
)
from core.recommend.facts import dump_songs, parse_songs
from core.recommend.spaces import TextSpaces

__all__ = ["MELODY", "TOP_FINE", "Catalogue"]

TOP_FINE: Final = 3
"""Fine emotions kept by name of each song."""
_ANY: Final = -1
# name: (shape of one song's entry, type)
_ARRAYS: Final[Mapping[str, tuple[tuple[int, ...], str]]] = {
    "coarse": ((len(COARSE),), "float32"),
    "valence": ((), "float32"),
    "arousal": ((), "float32"),
    "lyric_coarse": ((len(COARSE),), "float16"),
    "lyric_valence": ((), "float16"),
    "lyric_arousal": ((), "float16"),
    "style_valence": ((), "float16"),
    "style_arousal": ((), "float16"),
    "fine": ((len(FINE),), "float16"),
    "top_fine": ((TOP_FINE,), "uint8"),
    "korean": ((), "float16"),
    "flagged": ((), "bool"),
    "meaning": ((_ANY,), "int8"),
    "words": ((_ANY,), "int8"),
}
MELODY: Final = ("valence", "arousal", "tempo", "mode")
"""The columns of `Catalogue.melody`."""

Half = npt.NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Songs and their moods, row by row. The arrays are made read-only.

    A song's mood is a blend of what its lyrics say, of what its genres sound like and, where there
    was a recording, of its melody; the parts are kept beside it. `made_of` says which there are.

    Attributes:
        songs: the facts, n of them.
        coarse: emotion distributions over `labels.COARSE`, each sums to 1, float32
            [shape=(n, 7)].
        valence: unpleasant (-1) to pleasant (1), float32 [shape=(n,)].
        arousal: calm (-1) to excited (1), float32 [shape=(n,)].
        lyric_coarse: of the lyrics alone, calibrated, float16 [shape=(n, 7)].
        lyric_valence: likewise, float16 [shape=(n,)].
        lyric_arousal: likewise, float16 [shape=(n,)].
        style_valence: of the genres alone, -1 to 1; 0 where no genre is known, float16
            [shape=(n,)].
        style_arousal: likewise, float16 [shape=(n,)].
        fine: mean emotion scores of the lyrics over `labels.FINE`, not calibrated, float16
            [shape=(n, 44)].
        top_fine: places in `labels.FINE` of those by which the lyrics stand out most from the
            others', most first, uint8 [shape=(n, 3)].
        korean: the share of Hangul among the letters of the lyrics, 0 to 1, float16 [shape=(n,)].
        flagged: whether the lyrics speak of dying or self-harm, bool [shape=(n,)].
        meaning: the lyrics' vectors in `spaces.meaning`, int8 [shape=(n, k)].
        words: likewise in `spaces.words`, int8 [shape=(n, l)].
        spaces: bring other texts beside those vectors.
        model_version: of the emotion model that read the lyrics.
        calibration: the constants between raw and calibrated values, in types of JSON. Kept so
            that a further song can be scored alone; nothing here uses them.
        melody: of recordings: valence and arousal, -1 to 1, tempo in beats a minute, and minor to
            major, -2 to 2; zeros for a song without one, float16 [shape=(n, 4)]. None where
            no recording was heard, as in the bundled catalogue.
    """

    songs: tuple[Song, ...]
    coarse: Vector
    valence: Vector
    arousal: Vector
    lyric_coarse: Half
    lyric_valence: Half
    lyric_arousal: Half
    style_valence: Half
    style_arousal: Half
    fine: Half
    top_fine: npt.NDArray[np.uint8]
    korean: Half
    flagged: npt.NDArray[np.bool_]
    meaning: npt.NDArray[np.int8]
    words: npt.NDArray[np.int8]
    spaces: TextSpaces
    model_version: str
    calibration: Mapping[str, Any]
    melody: Half | None = None

    def __post_init__(self) -> None:
        """Check that the songs and the arrays fit together.

        Raises:
            CatalogueError: they do not.
        """
        if not self.songs:
            raise CatalogueError("the song catalogue holds no song")
        if len({song.id for song in self.songs}) < len(self.songs):
            raise CatalogueError("two songs of the catalogue have the same id")
        for name, (entry, kind) in self._kinds.items():
            array, shape = getattr(self, name), (len(self.songs), *entry)
            if entry == (_ANY,):
                shape = (len(self.songs), getattr(self.spaces, name).dimensions)
            if array.shape != shape or array.dtype != kind:
                raise CatalogueError(
                    f"the {name} of the {len(self.songs)} songs should be {kind} {shape}, "
                    f"not {array.dtype} {array.shape}"
                )
            if not np.isfinite(array).all():
                raise CatalogueError(f"the {name} of a song is not a number")
            array.flags.writeable = False
        if self.top_fine.max() >= len(FINE):
            raise CatalogueError("a song stands out by an emotion that is not among the labels")

    @property
    def made_of(self) -> tuple[str, ...]:
        """What moods are made of: lyrics and genres, and melodies where there are recordings."""
        return ("lyrics", "genres") if self.melody is None else ("lyrics", "genres", "melody")

    @property
    def _kinds(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """The arrays there are, with the shape of an entry and the type of each."""
        melody = {} if self.melody is None else {"melody": ((len(MELODY),), "float16")}
        return {**_ARRAYS, **melody}

    @cached_property
    def version(self) -> str:
        """A hash of the whole content, 16 hexadecimal digits."""
        return version_of(self._head(*self._files()))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a catalogue; the arrays are mapped into memory.

        Raises:
            CatalogueError: files are missing, are damaged, have another format or do not fit
                together. The message names the file and says what to do.
        """
        head = read_head(folder / HEAD)
        for name, digest in head["files"].items():
            if digest_of(folder / name) != digest:
                raise CatalogueError(f"{folder / name} is damaged: {REBUILD}")
        try:
            arrays = map_arrays(folder / NUMBERS, head["arrays"])
            catalogue = cls(
                songs=parse_songs(read_bytes(folder / FACTS).decode()),
                **{name: arrays[name] for name in _ARRAYS},
                spaces=TextSpaces.of(arrays),
                model_version=head["model_version"],
                calibration=head["calibration"],
                melody=arrays.get("melody"),
            )
        except CatalogueError as error:
            raise CatalogueError(f"{folder}: {error}; {REBUILD}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CatalogueError(f"{folder / NUMBERS} does not fit: {REBUILD}") from error
        if len(catalogue.songs) != head["songs"]:
            raise CatalogueError(
                f"{folder} holds {len(catalogue.songs)} songs and not {head['songs']}: {REBUILD}"
            )
        return catalogue

    def save(self, folder: Path) -> None:
        """Write the catalogue; the same content gives the same bytes.

        Each file is replaced as a whole, so that a running bot keeps the one it has mapped.
        """
        files, layout = self._files()
        head = self._head(files, layout)
        text = json.dumps({"version": version_of(head), **head}, ensure_ascii=False, indent=1)
        for name, data in {**files, HEAD: (text + "\n").encode()}.items():
            with replacing(folder / name) as file:
                file.write(data)

    def take(self, rows: npt.NDArray[np.intp]) -> Self:
        """The catalogue of these rows alone, in their order."""
        taken: dict[str, Any] = {name: np.array(getattr(self, name)[rows]) for name in self._kinds}
        return replace(self, songs=tuple(self.songs[row] for row in rows), **taken)

    def joined(self, other: Self) -> Self:
        """The songs of both, this one's first; spaces and constants are this one's.

        Raises:
            CatalogueError: a song is in both.
        """
        both: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in _ARRAYS
        }
        if self.melody is not None or other.melody is not None:
            both["melody"] = np.concatenate([self._melodies(), other._melodies()])
        return replace(self, songs=(*self.songs, *other.songs), **both)

    def _melodies(self) -> Half:
        """The melodies; zeros where no recording was heard."""
        nothing = np.zeros((len(self.songs), len(MELODY)), np.float16)
        return nothing if self.melody is None else self.melody

    def _files(self) -> tuple[dict[str, bytes], dict[str, dict[str, Any]]]:
        """Every file but the head, and the layout of the arrays."""
        arrays = {name: getattr(self, name) for name in self._kinds}
        numbers, layout = pack_arrays({**arrays, **self.spaces.arrays()})
        return {FACTS: dump_songs(self.songs).encode(), NUMBERS: numbers}, layout

    def _head(self, files: Mapping[str, bytes], layout: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "songs": len(self.songs),
            "labels": list(COARSE),
            "fine_labels": list(FINE),
            "model_version": self.model_version,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
            "arrays": dict(layout),
            "calibration": dict(self.calibration),
        }
