import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure
from PIL import Image

from core.emotion.label_sets import LABEL_SETS
from core.emotion.labels import COARSE, FINE
from scripts.training import report as module
from scripts.training.choice import Parts, to_probabilities
from scripts.training.label_names import ENGLISH
from scripts.training.report import commit_of, draw_confusion, versions, write_report
from scripts.training.scoring import figures_of, scored

GOLD = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], bool)
READ = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0]], bool)
NAMES = ("행복", "슬픔", "분노")


def parts_of(gold: np.ndarray[Any, Any], several: bool) -> Parts:
    generator = np.random.default_rng(0)
    deep, wide = (
        to_probabilities(
            (4 * gold + generator.normal(0, 1.5, gold.shape)).astype(np.float32), several
        )
        for _ in range(2)
    )
    return Parts(deep, wide)


def test_figures_of_one_class_are_counted_by_hand() -> None:
    figures = scored(GOLD, READ, NAMES, several=False)
    assert figures["rows"] == 4
    assert figures["accuracy"] == figures["micro-F1"] == 0.5
    assert figures["labels"]["행복"] == {"precision": 0.5, "recall": 0.5, "F1": 0.5, "support": 2}
    assert figures["labels"]["슬픔"]["F1"] == pytest.approx(2 / 3)
    assert figures["labels"]["분노"] == {"precision": 0, "recall": 0, "F1": 0, "support": 1}
    assert figures["macro-F1"] == pytest.approx((1 / 2 + 2 / 3) / 3)
    assert figures["confusion"]["counts"] == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_figures_of_several_labels_have_no_accuracy_and_no_confusion() -> None:
    figures = scored(GOLD, READ | GOLD, NAMES, several=True)
    assert "accuracy" not in figures
    assert "confusion" not in figures
    assert figures["macro recall"] == 1
    assert figures["micro-F1"] == pytest.approx(2 * 4 / (4 + 6))


@pytest.mark.parametrize("several", [False, True])
def test_a_report_is_written_as_data_text_and_pictures(several: bool, tmp_path: Path) -> None:
    gold = np.eye(7, dtype=np.float32)[np.arange(210) % 7]
    figures, bins = figures_of(parts_of(gold, several), gold, COARSE, several)
    assert figures["macro-F1"] > 0.8
    assert figures["macro-F1"] > figures["encoder alone"]["macro-F1"]
    report = {
        "figures": figures,
        "encoder": {"name": "KoBERT", "sha256": "ab"},
        "data": {"files": [{"file": "a|b.tsv", "dropped": {}}]},
        "commit": None,
    }
    write_report(tmp_path / "report", report, bins)
    assert json.loads((tmp_path / "report/report.json").read_text("utf-8")) == report
    text = (tmp_path / "report/report.md").read_text("utf-8")
    assert text.startswith("# Fine-tuning of KoBERT\n")
    assert f"| 행복 | {figures['labels']['행복']['precision']:.3f} |" in text
    assert f"| served | {figures['macro-F1']:.4f} |" in text
    assert "a\\|b.tsv" in text
    pictures = {path.name for path in (tmp_path / "report").glob("*.png")}
    assert pictures == (set() if several else {"confusion.png", "reliability.png"})
    assert all(f"({name})" in text for name in pictures)


def test_calibration_is_judged_on_rows_it_was_not_fitted_to() -> None:
    generator = np.random.default_rng(1)
    gold = np.eye(7, dtype=np.float32)[generator.integers(7, size=700)]
    logits = 6 * (gold + generator.normal(0, 0.7, gold.shape))
    figures, bins = figures_of(
        Parts(to_probabilities(logits.astype(np.float32), False), None), gold, COARSE, False
    )
    assert figures["ECE before calibration"] > 0.1
    assert figures["ECE after calibration"] < 0.07
    assert bins["After calibration"].error == figures["ECE after calibration"]
    assert "n-gram part alone" not in figures


def test_names_are_korean_where_there_is_a_font_and_english_where_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[list[str]] = []
    real = Figure.savefig

    def keep(self: Figure, *arguments: Any, **options: Any) -> None:
        shown.append([label.get_text() for label in self.axes[0].get_yticklabels()])
        real(self, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", keep)
    counts = np.arange(9).reshape(3, 3)
    monkeypatch.setattr(module, "_korean_font", lambda: None)
    draw_confusion(tmp_path / "a.png", counts, ("행복", "슬픔", "모름"))
    monkeypatch.setattr(module, "_korean_font", lambda: "STIXGeneral")  # stands for a Korean one
    draw_confusion(tmp_path / "b.png", counts, ("A", "B", "C"))
    assert shown == [["happiness", "sadness", "label 2"], ["A", "B", "C"]]
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size[0] > 200


def test_a_korean_font_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = font_manager.FontEntry(name="NanumGothic")
    fonts = [*font_manager.fontManager.ttflist, entry]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", fonts)
    assert module._korean_font() == "NanumGothic"


def test_every_label_has_an_english_name() -> None:
    names = {*FINE, *(label for known in LABEL_SETS.values() for label in known.labels)}
    assert names == ENGLISH.keys()
    assert all(name.isascii() for name in ENGLISH.values())
    for known in (FINE, *(known.labels for known in LABEL_SETS.values())):
        assert len({ENGLISH[name] for name in known}) == len(known)


def test_versions_and_the_commit_are_told(tmp_path: Path) -> None:
    assert versions().keys() >= {"python", "torch", "transformers", "onnxruntime"}
    commit = commit_of(Path(__file__).parent)
    assert commit is None or len(commit.rstrip("+")) == 40
    assert commit_of(tmp_path) is None
