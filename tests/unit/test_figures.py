import json

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import accuracy_score, f1_score

from core.emotion.label_sets import LABEL_SETS
from core.emotion.labels import COARSE
from scripts.training.figures import (
    Section,
    as_json,
    as_text,
    class_section,
    coverage,
    fine_section,
    onto,
    threshold_figures,
)

NAMES = ("기쁨", "슬픔", "놀람")


def array32(values: npt.ArrayLike) -> npt.NDArray[np.float32]:
    return np.asarray(values, np.float32)


def test_figures_of_classes_are_scikit_learns() -> None:
    generator = np.random.default_rng(0)
    gold = generator.integers(0, 3, 200)
    distribution = generator.dirichlet([1, 1, 1], 200).astype(np.float32)
    section = class_section(gold, distribution, NAMES)
    decided = distribution.argmax(axis=1)
    assert section["accuracy"] == pytest.approx(accuracy_score(gold, decided))
    assert section["macro-F1"] == pytest.approx(f1_score(gold, decided, average="macro"))
    assert [row["support"] for row in section.table.values()] == np.bincount(gold).tolist()
    assert "ECE before calibration" not in section.figures


def test_the_distribution_before_calibration_has_an_error_of_its_own() -> None:
    gold = np.zeros(10, np.intp)
    sure = array32([[0.98, 0.01, 0.01]] * 10)
    unsure = array32([[0.4, 0.3, 0.3]] * 10)
    section = class_section(gold, sure, NAMES, raw=unsure)
    assert section["ECE"] == pytest.approx(0.02, abs=1e-6)
    assert section["ECE before calibration"] == pytest.approx(0.6, abs=1e-6)


def test_figures_of_independent_labels_use_the_thresholds_given() -> None:
    gold = np.array([[True, False], [True, True]])
    scores = array32([[0.4, 0.6], [0.2, 0.7]])
    section = fine_section(gold, scores, array32([0.1, 0.65]), ("가", "나"))
    assert section["macro-F1"] == 1
    section = fine_section(gold, scores, array32([0.3, 0.5]), ("가", "나"))
    assert section.table["가"] == {
        "precision": 1,
        "recall": 0.5,
        "F1": pytest.approx(2 / 3),
        "support": 2,
    }
    assert section.table["나"]["precision"] == 0.5


def test_one_threshold_is_never_better_than_one_a_label_on_separable_scores() -> None:
    gold = np.arange(40)[:, None] % np.array([2, 4]) == 0
    scores = np.where(gold, [0.3, 0.9], [0.1, 0.7]).astype(np.float32)
    figures = threshold_figures(gold, scores)
    assert figures["macro-F1, threshold a label, same rows"] == 1
    assert figures["macro-F1, one threshold"] < 1


def test_coverage_tells_the_ambiguous_from_the_others() -> None:
    correct = np.array([True, True, False, True, False])
    ambiguous = np.array([False, False, False, True, True])
    assert coverage(correct, ambiguous) == {
        "share called ambiguous": pytest.approx(0.4),
        "accuracy of the others": pytest.approx(2 / 3),
        "accuracy of the ambiguous": pytest.approx(0.5),
    }
    assert "accuracy of the ambiguous" not in coverage(correct, np.zeros(5, bool))


@pytest.mark.parametrize("name", ["six", "five", "four"])
def test_the_seven_classes_are_read_as_another_set(name: str) -> None:
    target = LABEL_SETS[name]
    distribution = np.random.default_rng(0).dirichlet(np.ones(7), 20).astype(np.float32)
    mapped = onto(distribution, target)
    assert mapped.shape == (20, len(target.labels))
    np.testing.assert_allclose(mapped.sum(axis=1), 1, atol=1e-6)
    sure = np.eye(7, dtype=np.float32)[[COARSE.index("슬픔")]]
    assert target.labels[int(onto(sure, target).argmax())] == "슬픔"


def test_two_classes_of_one_label_are_added_up() -> None:
    distribution = np.zeros((1, 7), np.float32)
    distribution[0, [COARSE.index("분노"), COARSE.index("혐오"), COARSE.index("행복")]] = (
        0.3,
        0.3,
        0.4,
    )
    four = LABEL_SETS["four"]
    assert onto(distribution, four)[0, four.labels.index("분노혐오")] == pytest.approx(
        0.6, abs=1e-6
    )


def test_a_report_is_printed_whole() -> None:
    table = {"행복": {"F1": 0.5, "support": 3}, "분노혐오": {"F1": 0.25, "support": 12}}
    report = {
        "seven": Section({"rows": 15, "macro-F1": 0.375}, table),
        "plain": Section({"rows": 1}),
    }
    lines = as_text(report).splitlines()
    assert [line.split() for line in lines] == [
        ["seven"],
        ["rows", "15"],
        ["macro-F1", "0.3750"],
        ["F1", "support"],
        ["행복", "0.5000", "3"],
        ["분노혐오", "0.2500", "12"],
        ["plain"],
        ["rows", "1"],
    ]
    assert json.loads(json.dumps(as_json(report)))["seven"] == {
        "rows": 15,
        "macro-F1": 0.375,
        "table": table,
    }


def test_classes_without_a_row_are_left_out_and_that_is_said() -> None:
    gold = np.array([0, 0, 1, 1])
    section = class_section(gold, array32(np.eye(3)[[0, 0, 1, 2]]), NAMES)
    assert section["macro-F1"] == pytest.approx((1 + 2 / 3) / 2)
    assert section["labels without a row, left out of macro averages"] == 1
    assert section.table["놀람"]["support"] == 0
    whole = class_section(np.array([0, 1, 2]), array32(np.eye(3)), NAMES)
    assert not any("without a row" in name for name in whole.figures)
