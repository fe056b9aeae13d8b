"""The labelled rows of a fine-tuning run: from some files to training and validation rows."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.emotion.normalise import has_words
from scripts.training.corpus import is_validation
from scripts.training.datasets import Dataset, DatasetError, read_dataset

__all__ = ["Rows", "held_out", "read_rows", "readable"]

_PARTS: Final = 10_000
_UNSEEN: Final = 0.2
"""Share of the texts for which `is_validation` is true."""
_LEAST: Final = 10
"""Rows to train on, and to choose and judge by: with fewer, either half of them may be empty."""


@dataclass(frozen=True, eq=False)
class Rows:
    """What a model is trained on, and what it is stopped and judged by.

    Attributes:
        training, validation: of the same labels; no text stands in both.
        files: what was read, as plain values for a report.
    """

    training: Dataset
    validation: Dataset
    files: Sequence[Mapping[str, Any]]


def read_rows(
    files: Sequence[Path],
    validation: float | Path,
    *,
    labels: str | None = None,
    text: str | None = None,
    label: str | None = None,
) -> Rows:
    """Read labelled files.

    Args:
        files: joined; a text that stands in several is taken from the first.
        validation: the share of the texts that is held out, above 0 and below 1, see `held_out`;
            or a file, whose texts are then taken out of the training rows.
        labels: see `datasets.read_dataset`; likewise `text` and `label`.
        text: the column of the texts.
        label: the column of the labels.

    Raises:
        DatasetError: a file cannot be used, the files have different labels, or there are too few
            rows.
    """
    read = [read_dataset(path, labels=labels, text=text, label=label) for path in files]
    described = [_described(path, rows) for path, rows in zip(files, read, strict=True)]
    rows = _joined(read, files)
    if isinstance(validation, Path):
        held = readable(
            read_dataset(validation, labels=labels or rows.names, text=text, label=label)
        )
        if (held.names, held.several) != (rows.names, rows.several):
            raise DatasetError(f"{validation} has other labels than {files[0]}")
        known = set(held.texts)
        training = rows.where(np.array([text not in known for text in rows.texts], np.bool_))
        described.append(_described(validation, held))
    else:
        out = np.array([held_out(text, validation) for text in rows.texts], np.bool_)
        training, held = rows.where(~out), rows.where(out)
    if min(len(training.texts), len(held.texts)) < _LEAST:
        raise DatasetError(
            f"{files[0]}: {len(training.texts)} rows to train on and {len(held.texts)} to validate "
            f"on are too few, each needs {_LEAST}"
        )
    return Rows(training, held, described)


def readable(rows: Dataset) -> Dataset:
    """The rows with a letter or digit in them; a bot reads nothing into the others."""
    return rows.where(np.array([has_words(text) for text in rows.texts], np.bool_))


def held_out(text: str, share: float) -> bool:
    """Whether a text is one of the validation rows: a fixed property of text and share.

    The bundled model was trained on KOTE's texts and our everyday sentences, but for those that
    `corpus.is_validation` holds out. A share of up to a fifth is chosen among such texts alone, so
    that on rows of these sources it has not learned what it is judged by. A larger share holds all
    of them, and others: of these sources' rows, some are then known to it.

    Args:
        text: normalised.
        share: of all texts, above 0 and below 1.
    """
    if share <= _UNSEEN:
        return is_validation(text) and _place(text) < share / _UNSEEN
    return is_validation(text) or _place(text) < (share - _UNSEEN) / (1 - _UNSEEN)


def _joined(read: Sequence[Dataset], files: Sequence[Path]) -> Dataset:
    first = read[0]
    for path, other in zip(files, read, strict=True):
        if (other.names, other.several) != (first.names, first.several):
            raise DatasetError(
                f"{path} has the labels {', '.join(other.names)}, and {files[0]} has "
                f"{', '.join(first.names)}: name the set to read both with (--labels)"
            )
    texts = [text for rows in read for text in rows.texts]
    labels = np.concatenate([rows.labels for rows in read])
    places: dict[str, int] = {}
    for place, text in enumerate(texts):
        places.setdefault(text, place)
    chosen = list(places.values())
    return readable(replace(first, texts=[texts[i] for i in chosen], labels=labels[chosen]))


def _place(text: str) -> float:
    """A fixed number from 0 to 1 for each text, independent of `is_validation`."""
    digest = hashlib.sha256(f"validation {text}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % _PARTS / _PARTS


def _described(path: Path, rows: Dataset) -> dict[str, Any]:
    return {
        "file": path.name,
        "sha256": rows.digest,
        "rows": len(rows.texts),
        "dropped": dict(rows.dropped),
    }
