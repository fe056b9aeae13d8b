"""Gathers the rows of pre-training: what is read, and which targets each row has.

There are two rounds. In the first the 44 emotions come from KOTE's own training labels and, for
all other texts, from an n-gram model fitted on them. In the second a fine-tuned encoder and the
n-gram model teach together, and part of the texts is there once more as another person might have
written it, with the same targets.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE, FINE
from core.emotion.normalise import normalise
from core.emotion.tokenizer import TextTokenizer
from scripts.training.corpus import (
    GOEMOTIONS,
    LabelledTexts,
    goemotion_classes,
    is_validation,
    read_goemotion_pairs,
    read_goemotions,
    read_kote,
    read_lyric_windows,
    read_nsmc,
    read_utterances,
)
from scripts.training.pretrain import PretrainRows
from scripts.training.variants import MIXED, vary

__all__ = ["Teacher", "first_rows", "reviews", "second_rows", "vocabulary_texts"]

_KOTE_REPEATS: Final = 4
_VARIED_REVIEWS: Final = 0.21
"""Share of the reviews that are there once more, written otherwise."""
_WIDTHS: Final = {
    "emotions": len(FINE),
    "goemotions": len(GOEMOTIONS),
    "classes": len(COARSE),
    "rating": 1,
}

Teacher = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""The scores of the 44 emotions in normalised Korean texts, [shape=(n, 44)], 0 to 1."""

Targets = Mapping[str, npt.NDArray[np.float16]]


@dataclass(frozen=True, eq=False)
class _Group:
    """Texts of one source; a target that is not named is unknown."""

    texts: Sequence[str]
    targets: Targets

    def take(self, numbers: npt.NDArray[np.intp], texts: Sequence[str]) -> "_Group":
        """Other texts with the targets of some of the rows."""
        return _Group(texts, {name: values[numbers] for name, values in self.targets.items()})


def vocabulary_texts(data: Path) -> list[str]:
    """What the SentencePiece vocabulary is trained on; every second lyric window."""
    texts = read_kote(data).texts * 3 + read_goemotions(data).texts
    texts += read_goemotions(data, column="text_en").texts + read_nsmc(data).texts
    texts += read_utterances(data) + list(read_lyric_windows(data))[::2]
    return [texts[i] for i in np.random.default_rng(0).permutation(len(texts))]


def reviews(data: Path) -> tuple[LabelledTexts, LabelledTexts]:
    """NSMC reviews to train on, and about 10,000 held out."""
    rows = read_nsmc(data)
    held = np.array([i % 13 == 0 and is_validation(text) for i, text in enumerate(rows.texts)])
    return rows.where(~held), rows.where(held)


def first_rows(data: Path, tokenizer: TextTokenizer, teacher: Teacher) -> PretrainRows:
    """The rows of the first round, each cut to its first window.

    Args:
        data: the folder described in its README.
        tokenizer: of the encoder.
        teacher: fitted on KOTE's training rows alone, so that nothing of the validation rows
            reaches the encoder.
    """
    groups = _groups(data, teacher)
    kote, _ = read_kote(data).split()
    groups["kote"] = _Group(
        kote.texts * _KOTE_REPEATS,
        {"emotions": np.tile(kote.labels, (_KOTE_REPEATS, 1)).astype("f2")},
    )
    return _join(list(groups.values()), tokenizer, {})


def second_rows(
    data: Path, tokenizer: TextTokenizer, teacher: Teacher, generator: np.random.Generator
) -> PretrainRows:
    """The rows of the second round, with pairs of texts that say the same.

    KOTE's own rows are there as bare text: their labels are for fine-tuning.

    Args:
        data: the folder described in its README.
        tokenizer: of the encoder.
        teacher: better than the first round's, and as blind to the validation rows.
        generator: of the ways of writing.
    """
    groups = _groups(data, teacher)
    starts = dict(
        zip(groups, np.cumsum([0, *(len(g.texts) for g in groups.values())]), strict=False)
    )
    total = sum(len(group.texts) for group in groups.values())
    joined, varied = list(groups.values()), []
    count = len(groups["reviews"].texts)
    some = generator.choice(count, round(_VARIED_REVIEWS * count), replace=False)
    everything = {name: np.arange(len(group.texts)) for name, group in groups.items()}
    for name, numbers in [
        ("utterances", everything["utterances"]),
        ("utterances", everything["utterances"]),
        ("korean", everything["korean"]),
        ("kote", everything["kote"]),
        ("kote", everything["kote"]),
        ("reviews", some),
    ]:
        copies, kept = _written_otherwise(groups[name].texts, numbers, generator)
        joined.append(groups[name].take(kept, copies))
        varied.append(np.stack([starts[name] + kept, total + np.arange(len(kept))], axis=1))
        total += len(kept)
    places = _translations(data, groups["korean"].texts, groups["english"].texts)
    translations = places + np.array([starts["korean"], starts["english"]])
    pairs = {"translations": translations, "variants": np.concatenate(varied)}
    return _join(joined, tokenizer, pairs)


def _groups(data: Path, teacher: Teacher) -> dict[str, _Group]:
    """All sources by name, in a fixed order."""
    kote, _ = read_kote(data).split()
    korean, english = read_goemotions(data), read_goemotions(data, column="text_en")
    taught = teacher(korean.texts).astype(np.float16)
    borrowed = np.full((len(english.texts), len(FINE)), np.nan, np.float16)
    places = _translations(data, korean.texts, english.texts)
    borrowed[places[:, 1]] = taught[places[:, 0]]
    nsmc, _ = reviews(data)
    groups = {
        "kote": _Group(kote.texts, {}),
        "korean": _Group(korean.texts, {"emotions": taught, **_goemotion_targets(korean)}),
        "english": _Group(english.texts, {"emotions": borrowed, **_goemotion_targets(english)}),
    }
    for name, texts in (
        ("utterances", read_utterances(data)),
        ("lyrics", list(read_lyric_windows(data))),
    ):
        groups[name] = _Group(texts, {"emotions": teacher(texts).astype(np.float16)})
    fine = teacher(nsmc.texts).astype(np.float16)
    rating = nsmc.labels.astype(np.float16)
    groups["reviews"] = _Group(nsmc.texts, {"emotions": fine, "rating": rating})
    return groups


def _goemotion_targets(rows: LabelledTexts) -> Targets:
    return {
        "goemotions": rows.labels.astype(np.float16),
        "classes": goemotion_classes(rows.labels).astype(np.float16),
    }


def _translations(
    data: Path, korean: Sequence[str], english: Sequence[str]
) -> npt.NDArray[np.int64]:
    """Numbers of a Korean text and of the English one it was translated from, [shape=(m, 2)]."""
    number = {text: i for i, text in enumerate(korean)}
    translation = dict(read_goemotion_pairs(data))
    return np.array(
        [
            (number[translation[text]], i)
            for i, text in enumerate(english)
            if translation[text] in number
        ]
    )


def _written_otherwise(
    texts: Sequence[str], numbers: npt.NDArray[np.intp], generator: np.random.Generator
) -> tuple[list[str], npt.NDArray[np.intp]]:
    """Some of the texts as another person might write them, and the numbers of those."""
    copies = [normalise(vary(texts[number], MIXED, generator)) for number in numbers]
    kept = [i for i, copy in enumerate(copies) if copy]
    return [copies[i] for i in kept], numbers[kept]


def _join(
    groups: Sequence[_Group],
    tokenizer: TextTokenizer,
    pairs: Mapping[str, npt.NDArray[np.int64]],
) -> PretrainRows:
    rows = [
        np.array(tokenizer.windows(text)[0], np.uint16) for group in groups for text in group.texts
    ]
    targets = {
        name: np.concatenate(
            [
                group.targets.get(name, np.full((len(group.texts), width), np.nan, np.float16))
                for group in groups
            ]
        )
        for name, width in _WIDTHS.items()
    }
    return PretrainRows(
        ids=np.concatenate(rows),
        offsets=np.cumsum([0, *(len(row) for row in rows)]),
        targets=targets,
        pairs=pairs,
    )
