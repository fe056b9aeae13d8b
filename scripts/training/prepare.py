"""Gathers the rows of stage one: what is read, and which targets each row has."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.emotion.labels import FINE
from core.emotion.mapping import sigmoid
from core.emotion.ngrams import NgramModel
from core.emotion.tokenizer import Tokenizer
from scripts.training.corpus import (
    GOEMOTIONS,
    LabelledTexts,
    is_validation,
    read_goemotion_pairs,
    read_goemotions,
    read_kote,
    read_lyric_windows,
    read_nsmc,
    read_utterances,
)
from scripts.training.pretrain import PretrainRows
from scripts.training.wide import wide_logits

__all__ = ["pretrain_rows", "reviews", "vocabulary_texts"]

_KOTE_REPEATS = 4
_WIDTHS = {"fine": len(FINE), "goemotions": len(GOEMOTIONS), "rating": 1}
_Targets = dict[str, npt.NDArray[np.float16]]


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


def pretrain_rows(data: Path, tokenizer: Tokenizer, teacher: NgramModel) -> PretrainRows:
    """All rows of stage one, each cut to its first window.

    Args:
        data: the folder described in its README.
        tokenizer: of the encoder.
        teacher: n-gram model of the 44 emotions, fitted on KOTE's training rows alone, so that
            nothing of the validation rows reaches the encoder.
    """
    groups: list[tuple[Sequence[str], _Targets]] = []
    kote, _ = read_kote(data).split()
    groups += [(kote.texts, {"fine": kote.labels.astype(np.float16)})] * _KOTE_REPEATS
    korean = read_goemotions(data)
    taught = _taught(teacher, korean.texts)
    labels = korean.labels.astype(np.float16)
    groups.append((korean.texts, {"fine": taught, "goemotions": labels}))
    english = read_goemotions(data, column="text_en")
    by_korean = dict(zip(korean.texts, taught, strict=True))
    translation = dict(read_goemotion_pairs(data))
    unknown = np.full(len(FINE), np.nan, np.float16)
    borrowed = [by_korean.get(translation[text], unknown) for text in english.texts]
    groups.append(
        (
            english.texts,
            {"fine": np.stack(borrowed), "goemotions": english.labels.astype(np.float16)},
        )
    )
    for texts in (read_utterances(data), list(read_lyric_windows(data))):
        groups.append((texts, {"fine": _taught(teacher, texts)}))
    nsmc, _ = reviews(data)
    rating = nsmc.labels.astype(np.float16)
    groups.append((nsmc.texts, {"fine": _taught(teacher, nsmc.texts), "rating": rating}))
    return _join(groups, tokenizer)


def _taught(teacher: NgramModel, texts: Sequence[str]) -> npt.NDArray[np.float16]:
    return sigmoid(wide_logits(teacher, texts)).astype(np.float16)


def _join(groups: Sequence[tuple[Sequence[str], _Targets]], tokenizer: Tokenizer) -> PretrainRows:
    rows = [
        np.array(tokenizer.windows(text)[0], np.uint16) for texts, _ in groups for text in texts
    ]
    targets = {
        name: np.concatenate(
            [
                known.get(name, np.full((len(texts), width), np.nan, np.float16))
                for texts, known in groups
            ]
        )
        for name, width in _WIDTHS.items()
    }
    return PretrainRows(
        ids=np.concatenate(rows),
        offsets=np.cumsum([0, *(len(row) for row in rows)]),
        targets=targets,
    )
