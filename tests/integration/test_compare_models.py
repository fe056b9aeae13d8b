"""Models side by side, in small."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from core.emotion.tokenizer import Tokenizer
from scripts import compare_models
from scripts.training.comparison import Contender, compare, folds_of, markdown_table
from scripts.training.datasets import read_dataset
from scripts.training.rivals import FittedModel, Rival, fit_gru, fit_lightgbm, fit_tfidf
from scripts.training.tfidf import TFIDF
from tests.finetuning import write_classes, write_emotions, write_encoder

COSTS = {"MB", "training s", "ms a message"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comparison")
    write_encoder(folder / "encoder")
    write_classes(folder / "classes.tsv")
    write_emotions(folder / "emotions.tsv")
    return folder


def gru(folder: Path) -> Rival:
    tokenizer = Tokenizer(folder / "pieces.model", 32)
    return lambda rows, seed: fit_gru(tokenizer, rows, seed)


@pytest.mark.parametrize("data", ["classes.tsv", "emotions.tsv"])
@pytest.mark.parametrize("name", ["tfidf", "lightgbm", "gru"])
def test_a_rival_learns_and_says_what_it_takes(name: str, data: str, folder: Path) -> None:
    rows = read_dataset(folder / data)
    held = folds_of(rows.texts, 3) == 0
    fits: dict[str, Rival] = {"tfidf": fit_tfidf, "lightgbm": fit_lightgbm, "gru": gru(folder)}
    model: FittedModel = fits[name](rows.where(~held), 0)
    probabilities = model.probabilities(rows.where(held).texts)
    gold = rows.labels[held]
    assert probabilities.shape == gold.shape
    if rows.several:
        taught = rows.labels.any(axis=0)
        present = probabilities[:, taught][gold[:, taught] > 0].mean()
        least = 1.2 if name == "gru" else 2  # its epochs are few steps here
        assert present > least * probabilities[:, taught][gold[:, taught] == 0].mean()
        if name != "gru":
            assert not probabilities[:, ~taught].any()
    else:
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
        assert (probabilities.argmax(axis=1) == gold.argmax(axis=1)).mean() > 0.9
    assert model.megabytes is not None
    assert 0 < model.megabytes < 10


def test_all_models_are_judged_on_the_same_folds(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder = str(folder / "encoder")
    files = ["--data", str(folder / "classes.tsv"), "--bundled", encoder, "--encoder", encoder]
    compare_models.main([*files, "--folds", "2", "--epochs", "1", "--json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    models = report["models"]
    assert len(models) == 5
    assert {"bundled", "encoder", "GRU"} < models.keys()
    for figures in models.values():
        assert figures["rows"] == 7 * 42
        assert 0 <= figures["macro-F1"] <= 1
        assert all(figures[cost] > 0 for cost in COSTS)
    assert models[TFIDF]["macro-F1"] > 0.95
    # The same start, rows and seed.
    assert models["bundled"]["macro-F1"] == models["encoder"]["macro-F1"]


def test_several_labels_are_compared_too_and_printed_as_a_table(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--data", str(folder / "emotions.tsv"), "--bundled", str(folder / "encoder")]
    compare_models.main([*files, "--folds", "2", "--models", "tfidf", "gru"])
    head, *table = capsys.readouterr().out.strip().split("\n")
    assert head == "emotions.tsv: 294 rows, 44 labels, 2 folds"
    rows = [line.strip("| ").split(" | ") for line in table if line.startswith("| ")]
    assert rows[0][:2] == ["model", "macro-F1"]
    assert {row[0] for row in rows[1:]} == {TFIDF, "GRU"}
    scores = [float(row[1].split()[0]) for row in rows[1:]]
    assert scores == sorted(scores)
    assert scores[-1] > 0.95  # 30 labels are nowhere, and not counted


def test_folds_are_a_property_of_the_text_and_independent_by_salt() -> None:
    texts = [f"문장 {number}" for number in range(2000)]
    fold = folds_of(texts, 5)
    assert np.array_equal(fold, folds_of(texts, 5))
    assert np.bincount(fold).min() > 340
    other = folds_of(texts, 10, "other")
    assert np.bincount(other[fold == 0], minlength=10).min() > 20


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--data", "missing.tsv"], "there is no such file"),
        (["--folds", "1"], "cannot be dealt out to 1 folds"),
        (["--encoder", "no/such/folder"], "there is no folder no/such/folder"),
        (["--labels", "kote44"], "kote44|labels"),
    ],
)
def test_what_cannot_be_compared_is_one_clear_sentence(
    more: list[str], message: str, folder: Path
) -> None:
    files = ["--data", str(folder / "classes.tsv"), "--bundled", str(folder / "encoder")]
    with pytest.raises(SystemExit, match=message) as caught:
        compare_models.main([*files, "--models", "tfidf", *more])
    assert "\n" not in str(caught.value)


@dataclass(frozen=True)
class _Elsewhere:
    """A model that is no file here, as one behind an API."""

    labels: int
    megabytes: float | None = None

    def probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.full((len(texts), self.labels), 1 / self.labels, np.float32)


def test_the_size_of_a_model_without_one_is_not_made_up(folder: Path) -> None:
    rows = read_dataset(folder / "classes.tsv")
    contender = Contender("elsewhere", lambda rows, _: _Elsewhere(len(rows.names)))
    results = compare(rows, [contender], folds=2, seed=0)
    assert results["elsewhere"]["MB"] is None
    assert markdown_table(results).splitlines()[-1].split(" | ")[5] == "n/a"
