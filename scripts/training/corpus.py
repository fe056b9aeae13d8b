"""Readers for the training data in `../shared/data`: every text normalised, every split by text.

Nothing read here is written anywhere but into weights (and the caches under `build/`, which git
ignores).
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.emotion.labels import COARSE, FINE, FINE_TO_COARSE
from core.emotion.normalise import normalise

__all__ = [
    "GOEMOTIONS",
    "LabelledTexts",
    "goemotion_classes",
    "is_validation",
    "read_everyday",
    "read_goemotion_pairs",
    "read_goemotions",
    "read_kote",
    "read_lyric_windows",
    "read_nsmc",
    "read_sentence_pairs",
    "read_tsv",
    "read_utterances",
]

GOEMOTIONS: Final = (
    "admiration amusement anger annoyance approval caring confusion curiosity desire "
    "disappointment disapproval disgust embarrassment excitement fear gratitude grief joy love "
    "nervousness optimism pride realization relief remorse sadness surprise neutral"
).split()


# The grouping of the GoEmotions paper (Demszky et al. 2020, appendix), in our class names.
_EKMAN: Final = {
    "분노": "anger annoyance disapproval",
    "혐오": "disgust",
    "공포": "fear nervousness",
    "행복": "joy amusement approval excitement gratitude love optimism relief pride admiration "
    "desire caring",
    "슬픔": "sadness disappointment embarrassment grief remorse",
    "놀람": "surprise realization confusion curiosity",
    "중립": "neutral",
}
_GOEMOTIONS_TO_COARSE: Final = np.array(
    [[label in _EKMAN[name].split() for name in COARSE] for label in GOEMOTIONS], np.float32
)

EVERYDAY: Final = Path(__file__).with_name("everyday.tsv")
"""Sentences written for this project, as people talk to a friend."""


@dataclass(frozen=True)
class LabelledTexts:
    """Normalised texts with their labels.

    Attributes:
        texts: normalised, none empty.
        labels: [shape=(len(texts), n_labels)], 0 to 1, several may be set; NaN where unknown.
    """

    texts: list[str]
    labels: npt.NDArray[np.float32]

    def where(self, mask: npt.NDArray[np.bool_]) -> "LabelledTexts":
        """The rows for which `mask` [shape=(len(texts),)] is true."""
        return LabelledTexts([self.texts[i] for i in np.flatnonzero(mask)], self.labels[mask])

    def split(self) -> tuple["LabelledTexts", "LabelledTexts"]:
        """The training and the validation rows (see `is_validation`)."""
        held_out = np.array([is_validation(text) for text in self.texts])
        return self.where(~held_out), self.where(held_out)


def is_validation(text: str) -> bool:
    """Whether a normalised text belongs to the held-out fifth: a fixed property of the text."""
    return hashlib.sha256(text.encode()).digest()[0] % 5 == 0


def read_kote(data: Path) -> LabelledTexts:
    """KOTE's 5,000 comments with their 44 labels, [shape=(n, 44)]."""
    return read_tsv(data / "emotion/kote_5k.tsv")


def read_sentence_pairs(
    data: Path, split: str
) -> tuple[list[str], list[str], npt.NDArray[np.float32]]:
    """KorSTS: normalised pairs, and how near their meanings are, 0 to 5, [shape=(n,)]."""
    path = data / f"sts/korsts_{split}.tsv"
    frame = pd.read_csv(path, sep="\t", quoting=csv.QUOTE_NONE)
    left, right = (list(map(normalise, frame[f"sentence{i}"].astype(str))) for i in (1, 2))
    return left, right, frame["score"].to_numpy(np.float32)


def read_tsv(path: Path) -> LabelledTexts:
    """A TSV with `text` and `labels`, comma-separated indices into `FINE`."""
    return _multi_label(pd.read_csv(path, sep="\t", dtype=str), "text", "labels", len(FINE))


def read_goemotions(data: Path, split: str = "train", column: str = "text") -> LabelledTexts:
    """GoEmotions with its 28 labels; `column` is "text" (Korean) or "text_en"."""
    frame = pd.read_parquet(data / f"emotion/goemotions_ko_{split}.parquet")
    return _multi_label(frame, column, "labels", len(GOEMOTIONS))


def read_everyday(path: Path = EVERYDAY) -> tuple[LabelledTexts, npt.NDArray[np.intp]]:
    """Our own everyday sentences: their fine labels, and the index of their class in `COARSE`.

    Our annotator named what stands out and did not go through all 44. So what is not named is 0
    only where it shares no class with anything named, and NaN (unknown) elsewhere.
    """
    frame = pd.read_csv(path, sep="\t", dtype=str, quoting=csv.QUOTE_NONE)
    named = np.zeros((len(frame), len(FINE)), np.float32)
    for row, names in enumerate(frame["labels"]):
        named[row, [FINE.index(name) for name in names.split(",")]] = 1
    touched = named @ FINE_TO_COARSE @ FINE_TO_COARSE.T > 0
    labels = np.where(named > 0, 1, np.where(touched, np.nan, 0)).astype(np.float32)
    classes = np.array([COARSE.index(name) for name in frame["class"]])
    return LabelledTexts([normalise(text) for text in frame["text"]], labels), classes


def read_goemotion_pairs(data: Path) -> list[tuple[str, str]]:
    """English texts of the training split, each with its Korean translation, both normalised."""
    frame = pd.read_parquet(data / "emotion/goemotions_ko_train.parquet")
    return list(zip(map(normalise, frame["text_en"]), map(normalise, frame["text"]), strict=True))


def goemotion_classes(labels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The shares of `COARSE` among the GoEmotions labels of each row.

    Args:
        labels: 0 or 1, [shape=(n, 28)].

    Returns:
        [shape=(n, 7)]; rows sum to 1, or to 0 where there is no label.
    """
    shares = labels @ _GOEMOTIONS_TO_COARSE
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1), np.float32)


def read_nsmc(data: Path) -> LabelledTexts:
    """Film reviews with the rating as one label scaled from 1..10 to 0..1, [shape=(n, 1)]."""
    frame = pd.read_parquet(data / "emotion/nsmc_reviews.parquet")
    texts = [normalise(text) for text in frame.iloc[:, 0].astype(str)]
    ratings = (frame["rating"].to_numpy(np.float32) - 1) / 9
    keep = np.array([bool(text) for text in texts])
    return LabelledTexts([t for t in texts if t], ratings[keep, None])


def read_utterances(data: Path) -> list[str]:
    """What people type to a chat bot."""
    frame = pd.read_csv(data / "dialogue/user_utterances.tsv", sep="\t", dtype=str)
    return [text for text in map(normalise, frame["text"]) if text]


def read_lyric_windows(data: Path, lines: int = 4) -> Iterator[str]:
    """Windows of `lines` different lines of each song."""
    songs = pd.read_parquet(data / "songs/melon_chart_songs.parquet", columns=["lyrics"])
    for lyrics in songs["lyrics"].dropna():
        unique = list(dict.fromkeys(filter(None, map(normalise, lyrics.splitlines()))))
        for start in range(0, len(unique), lines):
            yield " ".join(unique[start : start + lines])


def _multi_label(frame: pd.DataFrame, text: str, labels: str, width: int) -> LabelledTexts:
    texts = [normalise(value) for value in frame[text].astype(str)]
    matrix = np.zeros((len(texts), width), np.float32)
    for row, value in enumerate(frame[labels]):
        indices = value.split(",") if isinstance(value, str) else value
        matrix[row, [int(index) for index in indices]] = 1
    seen: dict[str, int] = {}
    for row, value in enumerate(texts):
        if value:
            seen.setdefault(value, row)
    rows = list(seen.values())
    return LabelledTexts([texts[row] for row in rows], matrix[rows])
