"""What was learned from everybody's votes, and its file.

The file is one `.npz` without pickle: the arrays, and `head`, a JSON text in bytes that names the
format, the catalogue and the SHA-256 of the arrays. It holds sums over votes and names no person.
"""

import hashlib
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self
from zipfile import BadZipFile

import numpy as np

from core.emotion.labels import COARSE
from core.errors import LearnedModelError
from core.files import replacing
from core.models import Mode
from core.recommend.events import LIFT_MODES
from core.recommend.factors import ItemFactors
from core.recommend.neighbours import FEATURES, MoodNeighbours

__all__ = ["LearnedModel", "ModelFolder"]

_logger = logging.getLogger(__name__)

FORMAT: Final = 1
_FILES: Final = "learned-*.npz"


@dataclass(frozen=True, eq=False)
class LearnedModel:
    """Factors and neighbours of one catalogue, row by row. The arrays are made read-only.

    Attributes:
        factors: of the songs.
        neighbours: for each mode of `LIFT_MODES`.
        catalogue_version: of the catalogue whose rows these are.
        fitted_until: the time of the newest event behind it, seconds since 1970.
        votes: likes and dislikes behind it.
    """

    factors: ItemFactors
    neighbours: tuple[MoodNeighbours, ...]
    catalogue_version: str
    fitted_until: float
    votes: int

    def __post_init__(self) -> None:
        """Check that the arrays fit together.

        Raises:
            LearnedModelError: they do not, or a number is not finite.
        """
        songs = len(self.factors.items)
        if self.factors.items.ndim != 2 or len(self.neighbours) != len(LIFT_MODES):
            raise LearnedModelError("the learned model has not the parts it should have")
        for name, array in self._arrays().items():
            if name != "items" and array.shape != (songs, FEATURES):
                raise LearnedModelError(f"the {name} of the learned model do not fit its songs")
            if array.dtype != np.float32 or not np.isfinite(array).all():
                raise LearnedModelError(f"the {name} of the learned model are no finite numbers")
            array.flags.writeable = False

    def neighbours_of(self, mode: Mode) -> MoodNeighbours:
        """The votes of one mode of `LIFT_MODES`."""
        return self.neighbours[LIFT_MODES.index(mode)]

    @cached_property
    def version(self) -> str:
        """A hash of the whole content, 16 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self._head(), sort_keys=True).encode()).hexdigest()[:16]

    def save(self, path: Path) -> None:
        """Write the file and replace what was there in one step."""
        head = np.frombuffer(json.dumps(self._head(), sort_keys=True).encode(), np.uint8)
        with replacing(path) as file:
            np.savez(file, head=head, **self._arrays())

    @classmethod
    def load(cls, path: Path, catalogue_version: str) -> Self:
        """Read a file that `save` wrote.

        Args:
            path: of the file.
            catalogue_version: of the catalogue in use.

        Raises:
            LearnedModelError: it is missing, damaged, of another format or another catalogue.
        """
        try:
            # Opened here: np.load leaves a file open where it is no whole archive.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as entries:
                arrays = {name: entries[name] for name in entries.files}
            head = json.loads(arrays.pop("head").tobytes())
            model = cls._of(head, arrays)
            whole = model._head() == head
        except FileNotFoundError as error:
            raise LearnedModelError(f"{path} is missing") from error
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise LearnedModelError(f"{path} is damaged: {error}") from error
        if not whole:
            raise LearnedModelError(f"{path} is damaged, or of another format")
        if model.catalogue_version != catalogue_version:
            raise LearnedModelError(f"{path} was learned for another song catalogue")
        return model

    @classmethod
    def _of(cls, head: Mapping[str, Any], arrays: Mapping[str, Any]) -> Self:
        neighbours = tuple(
            MoodNeighbours(arrays[f"likes_{mode}"], arrays[f"votes_{mode}"]) for mode in LIFT_MODES
        )
        return cls(
            ItemFactors(arrays["items"], float(head["rate"])),
            neighbours,
            catalogue_version=str(head["catalogue"]),
            fitted_until=float(head["fitted_until"]),
            votes=int(head["votes"]),
        )

    def _arrays(self) -> dict[str, Any]:
        arrays = {"items": self.factors.items}
        for mode, neighbours in zip(LIFT_MODES, self.neighbours, strict=True):
            arrays |= {f"likes_{mode}": neighbours.likes, f"votes_{mode}": neighbours.votes}
        return arrays

    def _head(self) -> dict[str, Any]:
        digest = hashlib.sha256()
        for name, array in self._arrays().items():
            digest.update(f"{name} {array.dtype} {array.shape}\n".encode())
            digest.update(np.ascontiguousarray(array).data)
        return {
            "format": FORMAT,
            "labels": list(COARSE),
            "catalogue": self.catalogue_version,
            "fitted_until": self.fitted_until,
            "votes": self.votes,
            "rate": self.factors.rate,
            "sha256": digest.hexdigest(),
        }


class ModelFolder:
    """The learned models on this machine, a file each.

    Which of them may be used stands in the database, not here: several machines may serve the same
    people, and what was learned of a withdrawn vote is withdrawn on all of them.
    """

    def __init__(self, folder: Path, catalogue_version: str) -> None:
        self._folder = folder
        self._catalogue_version = catalogue_version

    def has(self, version: str) -> bool:
        """Whether there is a file of that version, whole or not."""
        return self._path(version).exists()

    def load(self, versions: Sequence[str]) -> LearnedModel | None:
        """The first of these versions that is here and can be used; None where none is.

        Why a file cannot be used is logged.
        """
        return next((model for name in versions if (model := self._usable(name))), None)

    def save(self, model: LearnedModel) -> None:
        """Write a model."""
        model.save(self._path(model.version))

    def keep(self, versions: Collection[str]) -> None:
        """Remove the files of all other versions."""
        kept = {self._path(version) for version in versions}
        for path in self._folder.glob(_FILES):
            if path not in kept:
                path.unlink(missing_ok=True)

    def _path(self, version: str) -> Path:
        return self._folder / _FILES.replace("*", version)

    def _usable(self, version: str) -> LearnedModel | None:
        if not self.has(version):
            return None
        try:
            model = LearnedModel.load(self._path(version), self._catalogue_version)
        except LearnedModelError as error:
            _logger.warning("the learned model is not used: %s", error)
            return None
        return model if model.version == version else None
