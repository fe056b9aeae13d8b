"""Measures the emotion model on texts it was not trained on, beside a TF-IDF rival.

    python -m scripts.evaluate_emotion [--model DIR] [--shared DIR] [--json]
    python -m scripts.evaluate_emotion --data FILE      a TSV of `text` and KOTE `labels`

Without `--data` it reads KOTE's validation rows (see `scripts.training.corpus.is_validation`),
and trains the rival, character TF-IDF and logistic regression, on the other rows. Both are judged
with one threshold and with one threshold a label by the same procedure.
"""

import argparse
import json
from pathlib import Path
from typing import Final

from scripts.requires import require_all

require_all()  # before the imports that need them

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from core.emotion.classifier import OnnxClassifier
from core.emotion.labels import COARSE, FINE, NEUTRAL
from core.models import EmotionScores
from scripts.training.corpus import GOEMOTIONS, LabelledTexts, read_goemotions, read_kote, read_tsv
from scripts.training.metrics import (
    best_single_threshold,
    best_thresholds,
    crossed_macro_f1,
    expected_calibration_error,
    label_f1,
)
from scripts.training.sources import everyday_split
from scripts.training.tune import gold_classes

__all__ = ["evaluate"]

Report = dict[str, dict[str, float]]

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


def main() -> None:
    """Print the figures, as a table or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, default=Path("data/models/emotion"))
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--data", type=Path, help="a TSV with `text` and `labels` (KOTE indices)")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.data:
        report = _kote_report(OnnxClassifier.load(arguments.model), read_tsv(arguments.data))
    else:
        report = evaluate(arguments.model, arguments.shared)
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print(report)


def evaluate(folder: Path, shared: Path) -> Report:
    """The figures of the model in `folder` on the validation rows, and of the rival.

    Args:
        folder: of the model.
        shared: the folder of the training data.
    """
    model = OnnxClassifier.load(folder)
    training, rows = read_kote(shared).split()
    report = _kote_report(model, rows)
    report["TF-IDF + LR, 44 labels"] = _fine_figures(rows, _rival(training, rows))
    _, (everyday, classes) = everyday_split()
    report["model, 7 classes, our everyday sentences"] = _class_figures(
        _readings(model, everyday), classes
    )
    posts = read_goemotions(shared, "dev")
    seen = set(read_goemotions(shared).texts)  # some posts are in both splits
    posts, classes = _single_class(posts.where(np.array([t not in seen for t in posts.texts])))
    report["model, 7 classes, GoEmotions dev"] = _class_figures(_readings(model, posts), classes)
    return report


def _kote_report(model: OnnxClassifier, rows: LabelledTexts) -> Report:
    readings = _readings(model, rows)
    classes, clear = gold_classes(rows.labels)
    chosen = [reading for reading, keep in zip(readings, clear, strict=True) if keep]
    fine = np.stack([reading.fine for reading in readings])
    return {
        "model, 44 labels": {
            **_fine_figures(rows, fine),
            **_stored_figures(rows, fine, model.thresholds),
        },
        "model, 7 classes, KOTE": _class_figures(chosen, classes),
    }


def _readings(model: OnnxClassifier, rows: LabelledTexts) -> list[EmotionScores]:
    """One reading a row; a row of punctuation alone reads as no emotion."""
    nothing = np.eye(len(COARSE), dtype=np.float32)[NEUTRAL]
    blank = EmotionScores(nothing, np.zeros(len(FINE), np.float32), 0.0, 0.0)
    readings: list[EmotionScores] = []
    for start in range(0, len(rows.texts), 256):
        found = model.scores(rows.texts[start : start + 256])
        readings += [reading or blank for reading in found]
    return readings


def _rival(training: LabelledTexts, rows: LabelledTexts) -> npt.NDArray[np.float32]:
    rival = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=3, solver="liblinear")),
    )
    rival.fit(training.texts, training.labels.astype(int))
    return np.asarray(rival.predict_proba(rows.texts), np.float32)


def _fine_figures(rows: LabelledTexts, scores: npt.NDArray[np.float32]) -> dict[str, float]:
    gold = rows.labels > 0
    single = best_single_threshold(gold, scores)
    chosen = best_thresholds(gold, scores)
    return {
        "rows": len(gold),
        "macro-F1, one threshold": float(label_f1(gold, scores > single).mean()),
        "macro-F1, threshold a label, crossed halves": crossed_macro_f1(gold, scores),
        "macro-F1, threshold a label, same rows": float(label_f1(gold, scores > chosen).mean()),
    }


def _stored_figures(
    rows: LabelledTexts, scores: npt.NDArray[np.float32], thresholds: npt.NDArray[np.float32]
) -> dict[str, float]:
    gold, predicted = rows.labels > 0, scores > thresholds
    hits = (gold & predicted).sum()
    return {
        "macro-F1, stored thresholds": float(label_f1(gold, predicted).mean()),
        "micro-F1, stored thresholds": float(2 * hits / (gold.sum() + predicted.sum())),
    }


def _single_class(rows: LabelledTexts) -> tuple[LabelledTexts, npt.NDArray[np.intp]]:
    """The rows whose labels fall into one class, and its index in `COARSE`."""
    member = np.array(
        [[label in _EKMAN[name].split() for name in COARSE] for label in GOEMOTIONS], np.float32
    )
    classes = rows.labels @ member > 0
    single = classes.sum(axis=1) == 1
    return rows.where(single), classes[single].argmax(axis=1)


def _class_figures(readings: list[EmotionScores], gold: npt.NDArray[np.intp]) -> dict[str, float]:
    distribution = np.stack([reading.coarse for reading in readings])
    predicted = distribution.argmax(axis=1)
    f1 = label_f1(
        gold[:, None] == np.arange(len(COARSE)), predicted[:, None] == np.arange(len(COARSE))
    )
    correct = predicted == gold
    return {
        "rows": len(gold),
        "macro-F1": float(f1.mean()),
        "accuracy": float(correct.mean()),
        "ECE": expected_calibration_error(distribution.max(axis=1), correct),
        **{
            f"F1 {name} (n={int((gold == i).sum())})": float(f1[i]) for i, name in enumerate(COARSE)
        },
    }


def _print(report: Report) -> None:
    for title, figures in report.items():
        print(title)
        for name, value in figures.items():
            print(f"    {name:45} {value:.0f}" if name == "rows" else f"    {name:45} {value:.4f}")


if __name__ == "__main__":
    main()
