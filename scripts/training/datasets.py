"""Any file of labelled texts, read for training or for evaluation.

A file has a column `text` (or another one that is named), and `label`, where one label holds, or
`labels`, where several may: names, or indices into the label set, comma-separated. The AI-Hub
collections are understood as downloaded, see `aihub`. Containers and encodings: see `tables`.

Nothing is left out silently: `Dataset.dropped` counts by reason.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from core.emotion.label_sets import LABEL_SETS, LabelSet, canonical
from core.emotion.labels import FINE
from core.emotion.normalise import normalise
from scripts.training.aihub import NO_LABEL, Collection, recognise
from scripts.training.labelling import (
    LABEL_CHOICES,
    Labels,
    chosen_labels,
    independent,
    inferred_labels,
    label_places,
    split_cell,
)
from scripts.training.tables import DatasetError, column_key, read_table

__all__ = ["LABEL_CHOICES", "Dataset", "DatasetError", "read_dataset"]

_HEADER_WITHIN: Final = 5  # rows; one AI-Hub file has its header in the second
_NO_PLACE: Final = "no place in the label set"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled texts.

    Attributes:
        texts: normalised, none empty, each once.
        labels: 0 or 1, [shape=(len(texts), len(names))].
        names: of the labels, in the order of the columns.
        several: whether several labels may hold at once; otherwise exactly one does.
        dropped: how many rows were left out, by reason.
        digest: SHA-256 of the file.
    """

    texts: list[str]
    labels: npt.NDArray[np.float32]
    names: tuple[str, ...]
    several: bool
    dropped: Mapping[str, int]
    digest: str

    def where(self, mask: npt.NDArray[np.bool_]) -> "Dataset":
        """The rows for which `mask` [shape=(len(texts),)] is true."""
        texts = [self.texts[row] for row in np.flatnonzero(mask)]
        return replace(self, texts=texts, labels=self.labels[mask])


def read_dataset(
    path: Path,
    *,
    text: str | None = None,
    label: str | None = None,
    labels: LabelSet | Sequence[str] | str | None = None,
) -> Dataset:
    """The labelled texts of `path`, normalised, equal texts merged.

    Equal texts are one row: with the label that most of them have (a tie leaves all of them
    out), or, where several may hold, the labels that at least half of them have. The rows of the
    file are those of the data set and those counted in `dropped`.

    Args:
        path: a TSV, CSV, parquet or xlsx file.
        text: the column of the texts, if it is not called `text`.
        label: the column of the labels, if it is not called `label` or `labels`.
        labels: what the rows are to be labelled with: a label set (names of another set are
            mapped, see `label_sets.canonical`), names, or a key of `LABEL_CHOICES`. None takes
            what the file has: indices in `labels` are KOTE's, names are those of a label set if
            they are the same, and stand for themselves otherwise.

    Raises:
        DatasetError: the file, its columns or its labels are not as described; says which.
    """
    target = chosen_labels(labels)
    rows = read_table(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        table = _Table.find(rows, text, label)
        if table.collection:
            read = _read_collection(table, table.collection, target)
        else:
            read = _read_plain(table, target)
        return _merge(read, digest)
    except DatasetError as error:
        raise DatasetError(f"{path}: {error}") from None


@dataclass(frozen=True)
class _Table:
    """The columns by key and the rows below the header, all as wide as it."""

    columns: Mapping[str, int]
    rows: list[list[str]]
    text: str
    label: str
    collection: Collection | None

    @classmethod
    def find(cls, rows: list[list[str]], text: str | None, label: str | None) -> "_Table":
        for place, header in enumerate(rows[:_HEADER_WITHIN]):
            columns = {column_key(name): at for at, name in reversed([*enumerate(header)]) if name}
            text_key = column_key(text or "text")
            choices = (label,) if label else ("label", "labels")
            label_key = next((key for key in map(column_key, choices) if key in columns), None)
            plain = text_key in columns and label_key is not None
            collection = None if plain or text or label else recognise(columns)
            if plain or collection:
                body = [row + [""] * (len(header) - len(row)) for row in rows[place + 1 :]]
                if not body:
                    raise DatasetError("there are no rows below the header")
                return cls(columns, body, text_key, label_key or "", collection)
        wanted = f"a column {text or 'text'} and a column {label or 'label (or labels)'}"
        found = ", ".join(filter(None, rows[0]))[:200]
        other = "" if text or label else ", or those of an AI-Hub file"
        raise DatasetError(f"needs {wanted}{other}, but has {found}")


class _Read(NamedTuple):
    """Rows that could be read: normalised texts, and the places of their labels in `names`."""

    texts: list[str]
    places: list[list[int]]
    names: tuple[str, ...]
    several: bool
    dropped: Counter[str]


def _read_collection(table: _Table, collection: Collection, target: Labels | None) -> _Read:
    target = collection.labels if target is None else target
    if not isinstance(target, LabelSet):
        sets = ", ".join(LABEL_SETS)
        raise DatasetError(f"{collection.name} has one class a row: read it with one of {sets}")
    read = _Read([], [], target.labels, False, Counter())
    for text, name, reason in collection.read(table.columns, table.rows):
        label = canonical(name, target) if name else None
        _add(read, text, [target.labels.index(label)] if label else [], reason or _NO_PLACE)
    return read


def _read_plain(table: _Table, target: Labels | None) -> _Read:
    many = table.label == "labels"
    cells = [
        split_cell(row[table.columns[table.label]], many or target == FINE) for row in table.rows
    ]
    target = inferred_labels(cells, many) if target is None else target
    several = independent(cells, target, many)
    names = target.labels if isinstance(target, LabelSet) else target
    places = label_places(cells, target)
    read = _Read([], [], names, several, Counter())
    for row, tokens in zip(table.rows, cells, strict=True):
        found = [at for at in map(places.get, tokens) if at is not None]
        _add(read, row[table.columns[table.text]], found, _NO_PLACE if tokens else NO_LABEL)
    return read


def _add(read: _Read, text: str, places: list[int], reason: str) -> None:
    normalised = normalise(text)
    if not normalised:
        read.dropped["empty text"] += 1
    elif not places:
        read.dropped[reason] += 1
    else:
        read.texts.append(normalised)
        read.places.append([*set(places)])


def _merge(read: _Read, digest: str) -> Dataset:
    rows: dict[str, int] = {}
    texts = np.array([rows.setdefault(text, len(rows)) for text in read.texts], np.intp)
    votes = np.zeros((len(rows), len(read.names)), np.float32)
    labels = np.array([label for places in read.places for label in places], np.intp)
    np.add.at(votes, (np.repeat(texts, [*map(len, read.places)]), labels), 1)
    copies = np.bincount(texts, minlength=len(rows))
    needed = copies[:, None] / 2 if read.several else votes.max(axis=1, initial=0, keepdims=True)
    agreed = np.greater_equal(votes, needed)
    chosen: npt.NDArray[np.intp] = agreed.sum(axis=1)
    kept = (chosen > 0) & (read.several | (chosen == 1))
    dropped = read.dropped + Counter(
        {
            "repeated": int((copies - 1)[kept].sum()),
            "contradicting labels": int(copies[~kept].sum()),
        }
    )
    if not kept.any():
        reasons = ", ".join(f"{reason}: {count}" for reason, count in dropped.items())
        raise DatasetError(f"no row can be used ({reasons})")
    texts_kept = [text for text, row in rows.items() if kept[row]]
    matrix = agreed[kept].astype(np.float32)
    return Dataset(texts_kept, matrix, read.names, read.several, dict(dropped), digest)
