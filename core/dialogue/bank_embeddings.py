"""The sentence embeddings of a bank's utterances, kept from one start to the next.

To read a whole bank takes two to three seconds, most of a start, and as long as neither the model
nor the bank changes the same comes of it.
"""

import hashlib
import json
import logging
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from core.models import Reading

__all__ = ["Embed", "Embeddings", "Model", "embedding_by"]

Embeddings = npt.NDArray[np.float32]
"""A row for each text, all zeros where it cannot be read, [shape=(texts, d)]."""
Embed = Callable[[Sequence[str]], Embeddings]

_log: Final = logging.getLogger(__name__)


class Model(Protocol):
    """What embeds: a `core.emotion.classifier.Classifier`."""

    @property
    def version(self) -> str:
        """Changes with anything that changes an embedding."""
        ...

    def read_now(self, texts: Sequence[str]) -> Sequence[Reading | None]:
        """Read all texts; None for one without words."""
        ...


def embedding_by(model: Model, kept: Path | None = None) -> Embed:
    """Embeds with a model.

    Args:
        model: reads the texts.
        kept: the file in which the embeddings of the texts last read stay, so that to read the
            same ones with the same model again takes milliseconds. Where it cannot be written,
            or is damaged, the model reads.
    """

    def embed(texts: Sequence[str]) -> Embeddings:
        if kept is None:
            return _embedded(model, texts)
        key = _key(model.version, texts)
        known = _read(kept, key)
        if known is None:
            known = _embedded(model, texts)
            _write(kept, key, known)
        return known

    return embed


def _embedded(model: Model, texts: Sequence[str]) -> Embeddings:
    readings = model.read_now(texts)
    size = next((len(reading.embedding) for reading in readings if reading), 0)
    nothing = np.zeros(size, np.float32)
    return np.array([r.embedding if r else nothing for r in readings], np.float32)


def _key(version: str, texts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([version, *texts]).encode()).hexdigest()


def _read(file: Path, key: str) -> Embeddings | None:
    """What the file has under the key; None where it has nothing of use."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as entries:
            if str(entries["key"]) == key:
                return np.asarray(entries["embeddings"], np.float32)
    except FileNotFoundError:
        pass
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        _log.info("%s is written anew: %s", file, type(error).__name__)
    return None


def _write(file: Path, key: str, embeddings: Embeddings) -> None:
    """Replace the file as a whole: another process may be reading it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.stem}-")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                np.savez(opened, key=np.array(key), embeddings=embeddings)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        _log.info("%s cannot be written, the next start takes longer: %s", file, error.strerror)
