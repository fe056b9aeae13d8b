"""Reads and writes the song catalogue: the facts and the mood of each song.

A catalogue is a folder of `songs.tsv` (facts), one `.npy` file for each array, and
`catalogue.json` (digests, labels and versions). `data/songs/README.md` describes the files.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE, FINE
from core.errors import CatalogueError
from core.models import Song, Vector
from core.recommend.facts import dump_songs, parse_songs

__all__ = ["Catalogue"]

FORMAT: Final = 1
HEAD: Final = "catalogue.json"
_FACTS: Final = "songs.tsv"
# name: (shape of one song's entry, type)
_ARRAYS: Final[Mapping[str, tuple[tuple[int, ...], str]]] = {
    "coarse": ((len(COARSE),), "float32"),
    "fine": ((len(FINE),), "float16"),
    "valence": ((), "float32"),
    "arousal": ((), "float32"),
}
_REBUILD: Final = "build the catalogue again with `python -m scripts.build_catalogue`"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Songs and their moods, row by row. The arrays are made read-only.

    Attributes:
        songs: the facts, n of them.
        coarse: calibrated emotion distributions over `labels.COARSE`, each sums to 1, float32
            [shape=(n, 7)].
        fine: mean emotion scores over `labels.FINE`, not calibrated, float16 [shape=(n, 44)].
        valence: calibrated, unpleasant (-1) to pleasant (1), float32 [shape=(n,)].
        arousal: calibrated, calm (-1) to excited (1), float32 [shape=(n,)].
        model_version: of the emotion model that read the lyrics.
        calibration: the constants between raw and calibrated values, in types of JSON. Kept so
            that a further song can be scored alone; nothing here uses them.
    """

    songs: tuple[Song, ...]
    coarse: Vector
    fine: npt.NDArray[np.float16]
    valence: Vector
    arousal: Vector
    model_version: str
    calibration: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check that the songs and the arrays fit together.

        Raises:
            CatalogueError: they do not.
        """
        if not self.songs:
            raise CatalogueError("the song catalogue holds no song")
        if len({song.id for song in self.songs}) < len(self.songs):
            raise CatalogueError("two songs of the catalogue have the same id")
        for name, (entry, kind) in _ARRAYS.items():
            array, shape = getattr(self, name), (len(self.songs), *entry)
            if array.shape != shape or array.dtype != kind:
                raise CatalogueError(
                    f"the {name} of the {len(self.songs)} songs should be {kind} {shape}, "
                    f"not {array.dtype} {array.shape}"
                )
            if not np.isfinite(array).all():
                raise CatalogueError(f"the {name} of a song is not a number")
            array.flags.writeable = False

    @cached_property
    def version(self) -> str:
        """A hash of the whole content, 16 hexadecimal digits."""
        return _version(self._head(self._files()))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a catalogue; the arrays are mapped into memory.

        Raises:
            CatalogueError: files are missing, are damaged, have another format or do not fit
                together. The message names the file and says what to do.
        """
        head = _read_head(folder / HEAD)
        files = {name: _read(folder / name) for name in head["files"]}
        for name, digest in head["files"].items():
            if hashlib.sha256(files[name]).hexdigest() != digest:
                raise CatalogueError(f"{folder / name} is damaged: {_REBUILD}")
        try:
            catalogue = cls(
                songs=parse_songs(files[_FACTS].decode()),
                **{name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS},
                model_version=head["model_version"],
                calibration=head["calibration"],
            )
        except CatalogueError as error:
            raise CatalogueError(f"{folder}: {error}; {_REBUILD}") from error
        if len(catalogue.songs) != head["songs"]:
            raise CatalogueError(
                f"{folder} holds {len(catalogue.songs)} songs and not {head['songs']}: {_REBUILD}"
            )
        return catalogue

    def save(self, folder: Path) -> None:
        """Write the catalogue; the same content gives the same bytes.

        Each file is replaced as a whole, so that a running bot keeps the one it has mapped.
        """
        folder.mkdir(parents=True, exist_ok=True)
        files = self._files()
        head = self._head(files)
        text = json.dumps({"version": _version(head), **head}, ensure_ascii=False, indent=1)
        for name, data in {**files, HEAD: (text + "\n").encode()}.items():
            part = folder / f"{name}.part"
            part.write_bytes(data)
            part.replace(folder / name)

    def _files(self) -> dict[str, bytes]:
        """Every file but the head."""
        files = {_FACTS: dump_songs(self.songs).encode()}
        for name in _ARRAYS:
            buffer = io.BytesIO()
            np.save(buffer, getattr(self, name), allow_pickle=False)
            files[f"{name}.npy"] = buffer.getvalue()
        return files

    def _head(self, files: Mapping[str, bytes]) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "songs": len(self.songs),
            "labels": list(COARSE),
            "fine_labels": list(FINE),
            "model_version": self.model_version,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
            "calibration": dict(self.calibration),
        }


def _version(head: Mapping[str, Any]) -> str:
    canonical = json.dumps(head, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CatalogueError(f"{path} is missing: {_REBUILD}") from error
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}") from error


def _read_head(path: Path) -> dict[str, Any]:
    try:
        head = json.loads(_read(path))
        version = head.pop("version")
        found = head["format"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(f"{path} is damaged: {_REBUILD}") from error
    if found != FORMAT:
        raise CatalogueError(f"{path} is of format {found}, not {FORMAT}: {_REBUILD}")
    if _version(head) != version:
        raise CatalogueError(f"{path} is damaged: {_REBUILD}")
    if head.get("labels") != list(COARSE) or head.get("fine_labels") != list(FINE):
        raise CatalogueError(f"{path} was made for other emotion labels: {_REBUILD}")
    if set(head.get("files", ())) != {_FACTS, *(f"{name}.npy" for name in _ARRAYS)}:
        raise CatalogueError(f"{path} does not name the files of a catalogue: {_REBUILD}")
    return dict(head)
