"""The sections of the model card, each measured on rows that nothing was trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline

from core.emotion.labels import COARSE, FINE
from core.emotion.normalise import has_words, normalise
from core.emotion.readout import calibrated
from scripts.training.calibration import fit_calibration
from scripts.training.corpus import (
    LabelledTexts,
    goemotion_classes,
    read_goemotion_pairs,
    read_goemotions,
    read_kote,
    read_sentence_pairs,
)
from scripts.training.figures import (
    Section,
    class_bins,
    class_section,
    coverage,
    fine_section,
    threshold_figures,
)
from scripts.training.metrics import ReliabilityBins, crosswise, macro_f1
from scripts.training.readings import Judged, Readings
from scripts.training.sources import everyday_split
from scripts.training.tfidf import label_regressions, tfidf_features
from scripts.training.tune import gold_classes
from scripts.training.variants import MIXED, VARIANTS, vary

__all__ = [
    "Kote",
    "class_sections",
    "english_section",
    "everyday_panels",
    "everyday_section",
    "int8_section",
    "robustness_section",
    "sentence_section",
]

Array = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Classes = npt.NDArray[np.intp]

_SEED: Final = 20
_MIXTURES: Final = 3
"""How often the texts are written in all ways at once; the mean is taken."""


@dataclass(frozen=True, eq=False)
class Kote:
    """KOTE's validation rows, and what the model says of them.

    Attributes:
        training: the other rows.
        rows: the validation rows.
        readings: of `rows`.
    """

    training: LabelledTexts
    rows: LabelledTexts
    readings: Readings

    @classmethod
    def read(cls, model: Judged, shared: Path) -> "Kote":
        """Read the rows, and let `model` read them."""
        training, rows = read_kote(shared).split()
        return cls(training, rows, model.read(rows.texts))

    @property
    def gold(self) -> npt.NDArray[np.bool_]:
        """Which labels hold, [shape=(n, 44)]."""
        return np.asarray(self.rows.labels > 0)

    def section(self, thresholds: Array) -> Section:
        """The 44 labels, with the thresholds stored with the model and with chosen ones."""
        stored = fine_section(self.gold, self.readings.fine, thresholds, FINE)
        chosen = threshold_figures(self.gold, self.readings.fine)
        return Section({**stored.figures, **chosen}, stored.table)

    def rival(self) -> Section:
        """Character TF-IDF with logistic regression, trained on the same rows."""
        rival = make_pipeline(tfidf_features(), label_regressions())
        rival.fit(self.training.texts, self.training.labels.astype(int))
        scores = np.asarray(rival.predict_proba(self.rows.texts), np.float32)
        return Section({"rows": len(self.gold), **threshold_figures(self.gold, scores)})


def class_sections(model: Judged, shared: Path, kote: Kote) -> dict[str, Section]:
    """The seven classes: on KOTE's validation rows, our everyday ones, and GoEmotions."""
    classes, clear = gold_classes(kote.rows.labels)
    texts = [text for text, keep in zip(kote.rows.texts, clear, strict=True) if keep]
    sections = {"model, 7 classes, KOTE": _class_figures(model.read(texts), classes)}
    sections["model, 7 classes, our everyday sentences"] = everyday_section(model)
    posts, classes = _unseen_posts(shared)
    sections["model, 7 classes, GoEmotions dev"] = _class_figures(model.read(posts.texts), classes)
    return sections


def everyday_section(model: Judged) -> Section:
    """The seven classes on our everyday validation rows."""
    _, (everyday, classes) = everyday_split()
    readings = model.read(everyday.texts)
    section = _class_figures(readings, classes)
    if model.readout.label_set.labels != COARSE:
        return section
    error = _crossed_bins(readings, classes).error
    return Section({**section.figures, "ECE, calibrated on the other half": error}, section.table)


def everyday_panels(model: Judged) -> tuple[dict[str, ReliabilityBins], int]:
    """The reliability diagram on our everyday validation rows, and how many there are.

    Where the model's classes are the seven, a half of the rows is calibrated by the other: the
    stored calibration may have been fitted on the very rows.
    """
    _, (everyday, classes) = everyday_split()
    readings = model.read(everyday.texts)
    after = class_bins(classes, readings.coarse)
    if model.readout.label_set.labels == COARSE:
        after = _crossed_bins(readings, classes)
    before = class_bins(classes, readings.coarse_raw)
    return {"Before calibration": before, "After calibration": after}, len(classes)


def robustness_section(model: Judged, kote: Kote, ways: Sequence[str] = tuple(VARIANTS)) -> Section:
    """Macro-F1 of the 44 labels where the validation rows are written otherwise.

    Args:
        model: to be judged.
        kote: what it says of the rows as they are.
        ways: of writing that are tried alone, before all at once.
    """
    thresholds = model.readout.thresholds

    def score(texts: Sequence[str]) -> float:
        return macro_f1(kote.gold, model.read(texts).fine > thresholds)

    as_it_is = macro_f1(kote.gold, kote.readings.fine > thresholds)
    table = {}
    for name in ways:
        number = [*VARIANTS].index(name)
        written = _written(kote.rows.texts, {name: 1.0}, number)
        table[name] = _drop(as_it_is, score(written), kote.rows.texts, written)
    mixtures = [_written(kote.rows.texts, MIXED, 1000 + i) for i in range(_MIXTURES)]
    rows = [_drop(as_it_is, score(texts), kote.rows.texts, texts) for texts in mixtures]
    table["all mixed"] = {
        column: float(np.mean([row[column] for row in rows])) for column in rows[0]
    }
    return Section({"rows": len(kote.rows.texts), "macro-F1 as it is": as_it_is}, table)


def english_section(model: Judged, shared: Path) -> Section:
    """How far the readings of English posts and of their translations agree."""
    frame = pd.read_parquet(shared / "emotion/goemotions_ko_dev.parquet")
    pairs = zip(map(normalise, frame["text_en"]), map(normalise, frame["text"]), strict=True)
    seen = {text for pair in read_goemotion_pairs(shared) for text in pair}
    kept = [pair for pair in pairs if not seen & {*pair} and all(map(has_words, pair))]
    english, korean = (model.read(texts) for texts in zip(*kept, strict=True))
    cosines = (_unit(english.fine) * _unit(korean.fine)).sum(axis=1)
    return Section(
        {
            "rows": len(kept),
            "same leading class": float(
                (english.coarse.argmax(axis=1) == korean.coarse.argmax(axis=1)).mean()
            ),
            "mean cosine of the 44 scores": float(cosines.mean()),
            "correlation of valence": float(np.corrcoef(english.valence, korean.valence)[0, 1]),
        }
    )


def sentence_section(model: Judged, shared: Path) -> Section:
    """Rank correlation of the cosine of two sentences with people's judgement: KorSTS."""
    left, right, scores = read_sentence_pairs(shared, "dev")
    rival = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    train_left, train_right, _ = read_sentence_pairs(shared, "train")
    rival.fit([*train_left, *train_right])
    cosines = {
        "Spearman, embedding": (model.embeddings(left) * model.embeddings(right)).sum(axis=1),
        "Spearman, character TF-IDF": np.asarray(
            rival.transform(left).multiply(rival.transform(right)).sum(axis=1)
        ).ravel(),
    }
    figures = {name: float(spearmanr(c, scores).statistic) for name, c in cosines.items()}
    return Section({"rows": len(scores), **figures})


def int8_section(model: Judged, checkpoint: Path, kote: Kote) -> Section:
    """What quantising cost: the served model against the same with its encoder in fp32.

    Args:
        model: the served one.
        checkpoint: the folder of what it was exported from.
        kote: what `model` says of the validation rows.
    """
    exact = model.in_float(checkpoint).read(kote.rows.texts)
    served, thresholds = kote.readings, model.readout.thresholds
    int8, full = (macro_f1(kote.gold, readings.fine > thresholds) for readings in (served, exact))
    same = served.coarse.argmax(axis=1) == exact.coarse.argmax(axis=1)
    return Section(
        {
            "rows": len(kote.gold),
            "macro-F1, int8": int8,
            "macro-F1, float": full,
            "loss in points": 100 * (full - int8),
            "mean difference of a score": float(np.abs(served.fine - exact.fine).mean()),
            "same leading class": float(same.mean()),
        }
    )


def _class_figures(readings: Readings, classes: Classes) -> Section:
    section = class_section(classes, readings.coarse, COARSE, readings.coarse_raw)
    correct = readings.coarse.argmax(axis=1) == classes
    return Section({**section.figures, **coverage(correct, readings.ambiguous)}, section.table)


def _crossed_bins(readings: Readings, classes: Classes) -> ReliabilityBins:
    """The reliability of each half of the rows with a calibration fitted on the other."""

    def read(judged: Bools, known: Bools) -> Array:
        weights, bias = fit_calibration(readings.raw[known], classes[known])
        return calibrated(readings.raw[judged], weights, bias)

    return class_bins(classes, crosswise(len(classes), read))


def _unseen_posts(shared: Path) -> tuple[LabelledTexts, Classes]:
    """GoEmotions posts of one class that are not in the training split, too."""
    posts = read_goemotions(shared, "dev")
    seen = set(read_goemotions(shared).texts)
    posts = posts.where(np.array([text not in seen for text in posts.texts]))
    shares = goemotion_classes(posts.labels)
    single = (shares > 0).sum(axis=1) == 1
    return posts.where(single), shares[single].argmax(axis=1)


def _written(texts: Sequence[str], kinds: Mapping[str, float], number: int) -> list[str]:
    generator = np.random.default_rng([_SEED, number])
    return [vary(text, kinds, generator) for text in texts]


def _drop(
    as_it_is: float, written: float, texts: Sequence[str], others: Sequence[str]
) -> dict[str, float]:
    changed = sum(map(str.__ne__, map(normalise, texts), map(normalise, others)))
    return {
        "macro-F1": written,
        "drop in points": 100 * (as_it_is - written),
        "share changed": changed / len(texts),
    }


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
