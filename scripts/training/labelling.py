"""What stands in a label column: names of labels or their indices, one or several a cell."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from core.emotion.label_sets import LABEL_SETS, LabelSet, basic_emotion, canonical
from core.emotion.labels import FINE
from scripts.training.tables import DatasetError, column_key

__all__ = [
    "LABEL_CHOICES",
    "Labels",
    "chosen_labels",
    "independent",
    "inferred_labels",
    "label_places",
    "split_cell",
]

Labels = LabelSet | tuple[str, ...]
"""A label set, of which one label holds, or plain names."""

LABEL_CHOICES: Final[Mapping[str, Labels]] = {
    "kote44": FINE,
    "ekman7": LABEL_SETS["seven"],
    **LABEL_SETS,
}
"""By the names that commands take: the 44 of KOTE, and the label sets."""

_MOST_LABELS: Final = 100


def chosen_labels(labels: LabelSet | Sequence[str] | str | None) -> Labels | None:
    """The labels that are asked for: themselves, or by a key of `LABEL_CHOICES`.

    Raises:
        DatasetError: there is no such key.
    """
    if isinstance(labels, str):
        if labels not in LABEL_CHOICES:
            known = ", ".join(LABEL_CHOICES)
            raise DatasetError(f"there is no label set {labels}, only {known}")
        return LABEL_CHOICES[labels]
    return labels if labels is None or isinstance(labels, LabelSet) else tuple(labels)


def split_cell(cell: str, many: bool) -> list[str]:
    """The labels in a cell; lists as Python prints them are understood."""
    parts = cell.split(",") if many else [cell]
    return [token for token in (part.strip(" []'\"") for part in parts) if token]


def _index(token: str) -> int | None:
    match = re.fullmatch(r"(\d{1,4})(?:\.0)?", token)
    return int(match.group(1)) if match else None


def inferred_labels(cells: Iterable[list[str]], many: bool) -> Labels:
    """The labels of a file for which none are asked.

    Indices where a cell may hold many are KOTE's; names are those of KOTE or of the label set
    that has the same, and stand for themselves otherwise.

    Raises:
        DatasetError: no row has a label, or there are too many different ones.
    """
    tokens = {token for row in cells for token in row}
    if not tokens:
        raise DatasetError("no row has a label")
    if many and all(_index(token) is not None for token in tokens):
        return FINE
    if many and {column_key(token) for token in tokens} <= {column_key(name) for name in FINE}:
        return FINE
    for known in LABEL_SETS.values():
        if {*map(basic_emotion, tokens)} == {*map(basic_emotion, known.labels)}:
            return known
    if len(tokens) > _MOST_LABELS:
        raise DatasetError(f"{len(tokens)} different labels: is that the column of the labels?")
    return tuple(sorted(tokens, key=lambda token: (_index(token) or 0, token)))


def independent(cells: Iterable[list[str]], target: Labels, many: bool) -> bool:
    """Whether several labels may hold. Of a label set one does, unless rows do have several."""
    if isinstance(target, LabelSet):
        return any(len(row) > 1 for row in cells)
    return many or target == FINE


def label_places(cells: Iterable[list[str]], target: Labels) -> Mapping[str, int | None]:
    """The place in `target` of each label that occurs, None where a label set has none for it.

    Raises:
        DatasetError: a label is not known, or an index out of range; lists them.
    """
    names = target.labels if isinstance(target, LabelSet) else target
    keys = {column_key(name): place for place, name in enumerate(names)}
    exact = {name: place for place, name in enumerate(names)}
    places: dict[str, int | None] = {}
    unknown = []
    for token in sorted({token for row in cells for token in row}):
        index = _index(token)
        if token in exact:
            places[token] = exact[token]
        elif column_key(token) in keys:
            places[token] = keys[column_key(token)]
        elif index is not None and index < len(names):
            places[token] = index
        elif isinstance(target, LabelSet) and basic_emotion(token):
            label = canonical(token, target)
            places[token] = names.index(label) if label else None
        else:
            unknown.append(token)
    if unknown:
        raise DatasetError(_complaint(unknown, names))
    return places


def _complaint(unknown: list[str], names: tuple[str, ...]) -> str:
    shown = ", ".join(unknown[:10]) + (", .." if len(unknown) > 10 else "")
    if all(_index(token) is not None for token in unknown):
        return f"labels out of the range 0 to {len(names) - 1}: {shown}"
    known = ", ".join(names[:10]) + (f", .. ({len(names)})" if len(names) > 10 else "")
    return f"unknown labels: {shown} (known are {known})"
