"""The sentence embeddings of a bank's utterances, kept from one start to the next.

To embed the whole bank takes two to three seconds, about half of a start, and as long as neither
the model nor the bank changes the same comes of it. Whether that is so is tried and not believed:
some of the texts are embedded at each start and held against what was kept.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.errors import ModelError
from core.files import replacing
from core.models import Reading

__all__ = ["Embed", "Embeddings", "Read", "embedding_by"]

Embeddings = npt.NDArray[np.float32]
"""A row for each text, all zeros where it cannot be read, [shape=(texts, d)]."""
Embed = Callable[[Sequence[str]], Embeddings]
Read = Callable[[Sequence[str]], Sequence[Reading | None]]
"""Reads all texts at once, as `Classifier.read_now` does; None for one without words."""

_TRIED: Final = 64
"""Texts, about. A change of the model shows in any of them, one of how texts are prepared in so
many as it alters: what alters too few to be found among these alters hardly a search."""
_TOLERANCE: Final = 1e-3
"""Of each number; another machine may round otherwise."""
_log: Final = logging.getLogger(__name__)


def embedding_by(read: Read, kept: Path | None = None) -> Embed:
    """Embeds with a model.

    Args:
        read: the model.
        kept: the file in which the embeddings of the texts last embedded stay, so that the same
            texts take milliseconds next time. One that is damaged, or of another model or other
            texts, is written anew. Nothing else uses it, and it may be deleted.

    Returns:
        What raises a `ModelError` where the model can read none of the texts.
    """

    def embed(texts: Sequence[str]) -> Embeddings:
        if kept is None:
            return _embedded(read, texts)
        known = _load(kept, read, texts)
        if known is None:
            known = _embedded(read, texts)
            _save(kept, texts, known)
        return known

    return embed


def _embedded(read: Read, texts: Sequence[str]) -> Embeddings:
    readings = read(texts)
    size = next((len(reading.embedding) for reading in readings if reading), None)
    if size is None:
        raise ModelError("the model can read nothing of the bank")
    nothing = np.zeros(size, np.float32)
    return np.array([r.embedding if r else nothing for r in readings], np.float32)


def _load(file: Path, read: Read, texts: Sequence[str]) -> Embeddings | None:
    """What was kept, if it is what the model would make of these texts now."""
    try:
        # Opened here: np.load leaves a file open where it is no whole archive.
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as entries:
            if str(entries["texts"]) != _digest(texts):
                return None
            found = np.asarray(entries["embeddings"], np.float32)
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001 - a damaged file fails in a dozen ways
        _log.warning("%s cannot be used: %s", file, type(error).__name__)
        return None
    every = max(1, len(texts) // _TRIED)
    now = _embedded(read, texts[::every])
    if found.shape != (len(texts), now.shape[1]):
        return None
    return found if np.allclose(now, found[::every], atol=_TOLERANCE) else None


def _save(file: Path, texts: Sequence[str], embeddings: Embeddings) -> None:
    """Replace the file in one step; one that others began to write is seen to be damaged."""
    try:
        with replacing(file) as opened:
            np.savez(opened, texts=np.array(_digest(texts)), embeddings=embeddings)
    except OSError as error:
        _log.warning("%s cannot be written, starts stay slow: %s", file, error.strerror)


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
