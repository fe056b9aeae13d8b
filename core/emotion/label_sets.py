"""The label sets of single-class emotion data: what they share, and how names become labels.

A `LabelSet` is one softmax group: of its labels exactly one holds. Four are in use for Korean:

    seven  행복 슬픔 분노 공포 혐오 놀람 중립   Ekman's six and neutral (AI-Hub dialogue and speech)
    six    분노 긴장 슬픔 평화 기쁨 중립        the corners of Russell's circumplex, with its middle
    five   기쁨 분노 불안 상처 슬픔            AI-Hub 감성대화 without 당황
    four   분노혐오 놀람공포 슬픔 행복          Jack et al. (2014): what faces tell apart early

Each label has shares of the seven classes of `labels.COARSE` and a place on the circumplex: that
of the fine emotion of `labels.FINE` which says the same, so both follow `labels.py`. The shares
follow the row of that emotion, save for labels that stand for two classes:

* 분노 where there is no 혐오 (six, five) keeps 0.2 for it, as 불평/불만 does;
* 긴장 and 불안 are 불안/걱정, 0.9 of 공포; 평화 is 편안/쾌적, 0.9 of 행복;
* 상처 is hurt by somebody, 0.2 of it 분노 (배신당한, 억울한, 질투하는 are filed under it);
* 분노혐오 and 놀람공포 are split 0.6 to 0.4, as their halves are in KOTE (0.63 to 0.37, 0.64 to
  0.36 of the labels ticked).

`canonical` turns the names that data sets use into labels of a set. A name means one of the
basic emotions (`_ALIASES`, `_SUBCLASSES`), and a basic emotion has a place in a set or none
(`_PLACES`).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import AROUSAL, COARSE, FINE, VALENCE

__all__ = ["LABEL_SETS", "LabelSet", "basic_emotion", "canonical", "label_set_of", "unknown_labels"]

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LabelSet:
    """Labels of which exactly one holds.

    Attributes:
        name: its name in `LABEL_SETS`.
        labels: in the order of a model's outputs.
        to_coarse: shares of the seven classes, [shape=(n, 7)], rows sum to 1.
        valence: unpleasant (-1) to pleasant (1), [shape=(n,)].
        arousal: calm (-1) to excited (1), [shape=(n,)].
    """

    name: str
    labels: tuple[str, ...]
    to_coarse: Array
    valence: Array
    arousal: Array

    def __post_init__(self) -> None:
        """Make the arrays read-only: the sets are shared."""
        for array in (self.to_coarse, self.valence, self.arousal):
            array.flags.writeable = False


# set: {label: ({class: share}, fine emotions of whose places the mean is taken)}
_TABLE: Final[dict[str, dict[str, tuple[dict[str, float], tuple[str, ...]]]]] = {
    "seven": {
        "행복": ({"행복": 1.0}, ("행복",)),
        "슬픔": ({"슬픔": 1.0}, ("슬픔",)),
        "분노": ({"분노": 1.0}, ("화남/분노",)),
        "공포": ({"공포": 1.0}, ("공포/무서움",)),
        "혐오": ({"혐오": 1.0}, ("역겨움/징그러움",)),
        "놀람": ({"놀람": 1.0}, ("놀람",)),
        "중립": ({"중립": 1.0}, ("없음",)),
    },
    "six": {
        "분노": ({"분노": 0.8, "혐오": 0.2}, ("화남/분노",)),
        "긴장": ({"공포": 0.9, "슬픔": 0.1}, ("불안/걱정",)),
        "슬픔": ({"슬픔": 1.0}, ("슬픔",)),
        "평화": ({"행복": 0.9, "중립": 0.1}, ("편안/쾌적",)),
        "기쁨": ({"행복": 1.0}, ("기쁨",)),
        "중립": ({"중립": 1.0}, ("없음",)),
    },
    "five": {
        "기쁨": ({"행복": 1.0}, ("기쁨",)),
        "분노": ({"분노": 0.8, "혐오": 0.2}, ("화남/분노",)),
        "불안": ({"공포": 0.9, "슬픔": 0.1}, ("불안/걱정",)),
        "상처": ({"슬픔": 0.8, "분노": 0.2}, ("서러움",)),
        "슬픔": ({"슬픔": 1.0}, ("슬픔",)),
    },
    "four": {
        "분노혐오": ({"분노": 0.6, "혐오": 0.4}, ("화남/분노", "역겨움/징그러움")),
        "놀람공포": ({"놀람": 0.6, "공포": 0.4}, ("놀람", "공포/무서움")),
        "슬픔": ({"슬픔": 1.0}, ("슬픔",)),
        "행복": ({"행복": 1.0}, ("행복",)),
    },
}


def _build(name: str) -> LabelSet:
    rows = _TABLE[name].values()
    places = [[FINE.index(emotion) for emotion in emotions] for _, emotions in rows]
    return LabelSet(
        name,
        tuple(_TABLE[name]),
        np.array([[shares.get(c, 0.0) for c in COARSE] for shares, _ in rows], np.float32),
        np.array([VALENCE[place].mean() for place in places], np.float32),
        np.array([AROUSAL[place].mean() for place in places], np.float32),
    )


LABEL_SETS: Final[Mapping[str, LabelSet]] = MappingProxyType(
    {name: _build(name) for name in _TABLE}
)
"""By name: "seven", "six", "five", "four"."""

# Names as data sets write them, letter case, spaces and punctuation aside, to basic emotions.
_ALIASES: Final[dict[str, str]] = {
    alias: emotion
    for emotion, aliases in {
        "행복": "행복 행복함 기쁨 즐거움 happiness happy joy joyful",
        "슬픔": "슬픔 우울 sadness sad sorrow",
        "분노": "분노 화남 anger angry",
        "공포": "공포 두려움 fear fearful",
        "혐오": "혐오 혐오감 disgust disgusted",
        "놀람": "놀람 놀라움 surprise surprised",
        "중립": "중립 무감정 neutral",
        "긴장": "긴장 tension tense",
        "평화": "평화 평온 peace peaceful calm",
        "불안": "불안 anxiety anxious",
        "상처": "상처 hurt heartache",
        "당황": "당황 embarrassment embarrassed panic",
        "분노혐오": "분노혐오 혐오분노 angerdisgust",
        "놀람공포": "놀람공포 공포놀람 surprisefear fearsurprise",
    }.items()
    for alias in aliases.split()
}

# 감성대화: its 대분류, each with its 소분류 in the order of the codes E10..E19, E20..E29, ..., E69.
_SUBCLASSES: Final = {
    "분노": "분노 툴툴대는 좌절한 짜증내는 방어적인 악의적인 안달하는 구역질나는 노여워하는 성가신",
    "슬픔": "슬픔 실망한 비통한 후회되는 우울한 마비된 염세적인 눈물이나는 낙담한 환멸을느끼는",
    "불안": "불안 두려운 스트레스받는 취약한 혼란스러운 당혹스러운 회의적인 걱정스러운 조심스러운 "
    "초조한",
    "상처": "상처 질투하는 배신당한 고립된 충격받은 가난한불우한 희생된 억울한 괴로워하는 버려진",
    "당황": "당황 고립된당황한 남의시선을의식하는 외로운 열등감 죄책감의 부끄러운 혐오스러운 "
    "한심한 혼란스러운당황한",
    "기쁨": "기쁨 감사하는 신뢰하는 편안한 만족스러운 흥분 느긋 안도 신이난 자신하는",
}

# 소분류 that mean another basic emotion than their 대분류 (compare their namesakes in labels.py).
_OWN_MEANING: Final = {
    name: emotion
    for emotion, names in {
        "슬픔": "고립된당황한 외로운 열등감 죄책감의 부끄러운",
        "공포": "두려운",
        "혐오": "구역질나는 혐오스러운 한심한",
        "놀람": "충격받은",
        "불안": "남의시선을의식하는",
        "당황": "당혹스러운",
        "평화": "편안한 느긋 안도",
    }.items()
    for name in names.split()
}

# What else is filed under a label, set by set. A basic emotion that is neither a label nor named
# here has no place: 놀람 may be good or bad, and half of a pair cannot be told from the other.
_PLACES: Final = {
    "seven": {"행복": "평화", "슬픔": "상처", "공포": "긴장 불안", "놀람": "당황"},
    "six": {"기쁨": "행복", "슬픔": "상처", "분노": "혐오 분노혐오", "긴장": "공포 불안 당황"},
    "five": {"기쁨": "행복 평화", "분노": "혐오 분노혐오", "불안": "공포 긴장"},
    "four": {
        "행복": "평화",
        "슬픔": "상처",
        "분노혐오": "분노 혐오",
        "놀람공포": "놀람 공포 긴장 불안 당황",
    },
}


def _subclasses() -> tuple[dict[str, str], dict[str, str]]:
    """The 감성대화 names and codes, to their 대분류 and to the basic emotion they mean."""
    majors: dict[str, str] = {}
    meanings: dict[str, str] = {}
    for tens, (major, names) in enumerate(_SUBCLASSES.items(), start=1):
        for ones, name in enumerate(names.split()):
            majors[name] = majors[f"e{tens}{ones}"] = _ALIASES[major]
            meanings[name] = meanings[f"e{tens}{ones}"] = _OWN_MEANING.get(name, _ALIASES[major])
    return majors, meanings


_MAJORS, _MEANINGS = _subclasses()


def canonical(label: str, target: LabelSet) -> str | None:
    """The label of `target` that a data set's name for an emotion stands for.

    Args:
        label: a name of any of the sets in Korean or English ("행복", "기쁨", "Happiness",
            "angry", "분노/혐오"), or a 대분류, 소분류 or code (E10..E69) of 감성대화; letter case,
            spaces and punctuation do not count.
        target: one of `LABEL_SETS`.

    Returns:
        The label, or None where it has no place in `target` (or is not known at all).
    """
    emotion = basic_emotion(label)
    if target.name == "five":  # the corpus' own 대분류 rather than what we take a 소분류 to mean
        emotion = _MAJORS.get(_key(label)) or emotion
    if emotion is None:
        return None
    if emotion in target.labels:
        return emotion
    places = _PLACES[target.name].items()
    return next((place for place, filed in places if emotion in filed.split()), None)


def basic_emotion(label: str) -> str | None:
    """The basic emotion that a name as `canonical` takes it means, e.g. "공포" of "Fear".

    Two names that mean the same are the same label; None where the name is not known.
    """
    return _ALIASES.get(_key(label)) or _MEANINGS.get(_key(label))


def unknown_labels(labels: Sequence[str]) -> str:
    """The head of a complaint about labels: those that no set has; empty where that is no help.

    A label is known where `basic_emotion` knows it, or as one of the 44 emotions.
    """
    unknown = [label for label in labels if label not in FINE and basic_emotion(label) is None]
    if not unknown or len(unknown) == len(labels):
        return ""
    shown = ", ".join(unknown[:5]) + (", .." if len(unknown) > 5 else "")
    return f"{shown} is not known: " if len(unknown) == 1 else f"{shown} are not known: "


def label_set_of(labels: Sequence[str]) -> LabelSet:
    """The label set of a model's classes, its rows in the order of `labels`.

    Raises:
        ValueError: the names are not those of a known set; says which there are.
    """
    for known in LABEL_SETS.values():
        if len(labels) == len(known.labels) and set(labels) == set(known.labels):
            rows = [known.labels.index(label) for label in labels]
            return replace(
                known,
                labels=tuple(labels),
                to_coarse=known.to_coarse[rows],
                valence=known.valence[rows],
                arousal=known.arousal[rows],
            )
    sets = "; ".join(f"{known.name}: {' '.join(known.labels)}" for known in LABEL_SETS.values())
    raise ValueError(
        f"{unknown_labels(labels)}no known label set has the labels {' '.join(labels)} "
        f"(there are {sets})"
    )


def _key(label: str) -> str:
    composed = unicodedata.normalize("NFC", label).casefold()
    return "".join(char for char in composed if char.isalnum())
