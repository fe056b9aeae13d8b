"""The four AI-Hub collections of labelled Korean talk, as downloaded.

    한국어 감정 정보가 포함된 단발성 대화 (xlsx)   Sentence, Emotion: the seven
    한국어 감정 정보가 포함된 연속적 대화 (xlsx)   발화, 감정: the seven; the header may stand lower
    감정 분류를 위한 대화 음성 (csv)             발화문, 1번 감정 .. 5번 감정: English names
    감성대화 말뭉치 (xlsx)                      감정_대분류 (six), 사람문장1, 사람문장2, ..

Other columns, and the order of the columns, do not matter; neither do spaces, punctuation and
letter case of their names ("4번감정세기" stands beside "3번 감정세기"). Labels are taken as they
are meant: known by `label_sets`, or one edit away from exactly one label of the collection
("ㅈ중립", "분ㄴ", "중림" in 연속적 대화; "줄" could be anything).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.emotion.label_sets import LABEL_SETS, LabelSet, basic_emotion, canonical

__all__ = ["COLLECTIONS", "NO_LABEL", "TIE", "UNKNOWN", "Collection", "recognise"]

NO_LABEL: Final = "no label"
TIE: Final = "annotators disagree"
UNKNOWN: Final = "unknown label"

Columns = Mapping[str, int]
Row = tuple[str, str | None, str]
"""A text, its label's name, and why there is none where it is None."""


@dataclass(frozen=True)
class Collection:
    """How one collection is recognised and read.

    Attributes:
        name: of the collection.
        columns: keys of the columns (see `tables.column_key`) that no other collection has.
        labels: the label set it is read as where none is asked for.
        read: the rows of texts and labels, given the place of each column and the rows of cells.
    """

    name: str
    columns: frozenset[str]
    labels: LabelSet
    read: Callable[[Columns, Iterable[Sequence[str]]], Iterator[Row]]


def recognise(columns: Iterable[str]) -> Collection | None:
    """The collection whose columns are all among the keys `columns`."""
    keys = set(columns)
    return next((known for known in COLLECTIONS if known.columns <= keys), None)


def _single_turns(columns: Columns, rows: Iterable[Sequence[str]]) -> Iterator[Row]:
    yield from _plain(rows, columns["sentence"], columns["emotion"])


def _dialogues(columns: Columns, rows: Iterable[Sequence[str]]) -> Iterator[Row]:
    yield from _plain(rows, columns["발화"], columns["감정"])


def _plain(rows: Iterable[Sequence[str]], text: int, label: int) -> Iterator[Row]:
    for row in rows:
        yield row[text], *_meant(row[label], LABEL_SETS["seven"].labels)


def _voices(columns: Columns, rows: Iterable[Sequence[str]]) -> Iterator[Row]:
    """The label that most annotators chose; `상황`, the intensities and the speaker are left."""
    votes = [place for key, place in columns.items() if re.fullmatch(r"\d번감정", key)]
    for row in rows:
        yield row[columns["발화문"]], *_elected([row[place] for place in votes])


def _elected(votes: Sequence[str]) -> tuple[str | None, str]:
    if not any(votes):
        return None, NO_LABEL
    seven = LABEL_SETS["seven"]
    counts = Counter(filter(None, (canonical(vote, seven) for vote in votes)))
    ranking = counts.most_common(2)
    if not ranking:
        return None, UNKNOWN
    if len(ranking) == 2 and ranking[0][1] == ranking[1][1]:
        return None, TIE
    return ranking[0][0], ""


def _counselling(columns: Columns, rows: Iterable[Sequence[str]]) -> Iterator[Row]:
    """What the person says in all turns, joined; the system's turns are left out."""
    turns = sorted(
        (int(key.removeprefix("사람문장")), place)
        for key, place in columns.items()
        if re.fullmatch(r"사람문장\d+", key)
    )
    for row in rows:
        text = " ".join(filter(None, (row[place] for _, place in turns)))
        yield text, *_meant(row[columns["감정대분류"]], _MAJORS)


_MAJORS: Final = ("기쁨", "분노", "불안", "당황", "상처", "슬픔")


def _meant(label: str, names: Sequence[str]) -> tuple[str | None, str]:
    """The one of `names` that `label` was to be; or None, and why."""
    label = re.sub(r"\s", "", label)
    if not label:
        return None, NO_LABEL
    if basic_emotion(label):
        return label, ""
    near = [name for name in names if _one_edit(label, name)]
    return (near[0], "") if len(near) == 1 else (None, UNKNOWN)


def _one_edit(one: str, other: str) -> bool:
    """Whether one insertion, deletion or substitution turns `one` into `other`."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or short == long:
        return False
    same = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


COLLECTIONS: Final = (
    Collection(
        "감성대화", frozenset({"감정대분류", "사람문장1"}), LABEL_SETS["five"], _counselling
    ),
    Collection("음성", frozenset({"발화문", "1번감정"}), LABEL_SETS["seven"], _voices),
    Collection("연속적 대화", frozenset({"발화", "감정"}), LABEL_SETS["seven"], _dialogues),
    Collection(
        "단발성 대화", frozenset({"sentence", "emotion"}), LABEL_SETS["seven"], _single_turns
    ),
)
