import dataclasses

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.emotion.label_sets import LABEL_SETS
from core.emotion.labels import COARSE, FINE, NEUTRAL
from core.emotion.mapping import coarse_distribution, plane
from core.emotion.readout import Readout, calibrated, softmax

Floats = npt.NDArray[np.float32]

BOTH = Readout.plain(FINE, COARSE)
FINE_ONLY = Readout.plain(FINE, ())
SETS = [pytest.param(known.labels, id=name) for name, known in LABEL_SETS.items()]

numbers = st.floats(-50, 50, width=32)
logits = arrays(np.float32, (3, len(FINE) + len(COARSE)), elements=numbers)


def probabilities(readout: Readout, values: Floats) -> Floats:
    return readout.mixed(readout.activated(values), None)


@given(logits, st.booleans(), arrays(np.float32, (7, 7), elements=st.floats(-3, 3, width=32)))
def test_always_a_distribution_and_a_place_on_the_plane(
    values: Floats, classes: bool, weights: Floats
) -> None:
    readout = BOTH if classes else FINE_ONLY
    readout = dataclasses.replace(readout, weights=weights)
    for scores in readout.scores(probabilities(readout, values[:, : readout.outputs])):
        assert scores.coarse.sum() == pytest.approx(1, abs=1e-5)
        assert scores.coarse.min() >= 0
        assert scores.fine.shape == (len(FINE),)
        assert 0 <= scores.fine.min() <= scores.fine.max() <= 1
        assert -1 <= scores.valence <= 1
        assert -1 <= scores.arousal <= 1


@pytest.mark.parametrize("labels", SETS)
@given(st.integers(0, 2**32 - 1))
def test_a_model_of_any_label_set_gives_the_seven_and_a_place(
    labels: tuple[str, ...], seed: int
) -> None:
    readout = Readout.plain((), labels)
    values = np.random.default_rng(seed).normal(0, 5, (2, len(labels))).astype(np.float32)
    p = softmax(values)
    known = LABEL_SETS[readout.label_set.name]
    for row, scores in zip(p, readout.scores(probabilities(readout, values)), strict=True):
        np.testing.assert_allclose(scores.coarse, row @ known.to_coarse, atol=1e-5)
        assert scores.valence == pytest.approx(float(row @ known.valence), abs=1e-4)
        assert scores.arousal == pytest.approx(float(row @ known.arousal), abs=1e-4)
        assert not scores.fine.any()


def test_classes_may_stand_in_any_order() -> None:
    values = np.array([[0, 1, 2, 3]], np.float32)
    labels = LABEL_SETS["four"].labels
    order = [2, 0, 3, 1]
    (plain,) = Readout.plain((), labels).scores(softmax(values))
    shuffled = Readout.plain((), [labels[i] for i in order])
    (same,) = shuffled.scores(softmax(values[:, order]))
    np.testing.assert_allclose(plain.coarse, same.coarse, atol=1e-6)
    assert plain.valence == pytest.approx(same.valence, abs=1e-6)


def test_emotions_are_independent_and_one_class_excludes_the_others() -> None:
    values = np.full((1, BOTH.outputs), 20, np.float32)
    found = BOTH.activated(values)[0]
    np.testing.assert_allclose(found[: len(FINE)], 1, atol=1e-6)
    np.testing.assert_allclose(found[len(FINE) :], 1 / len(COARSE), atol=1e-6)


def test_both_parts_are_mixed_by_their_share() -> None:
    readout = dataclasses.replace(BOTH, wide_share=0.25)
    deep = np.zeros((1, BOTH.outputs), np.float32)
    wide = np.ones((1, BOTH.outputs), np.float32)
    np.testing.assert_allclose(readout.mixed(deep, wide), 0.25)
    assert readout.mixed(deep, None) is deep


def test_without_classes_the_mapping_of_the_fine_scores_is_calibrated() -> None:
    generator = np.random.default_rng(0)
    weights = generator.normal(0, 1, (7, 7)).astype(np.float32)
    bias = generator.normal(0, 1, 7).astype(np.float32)
    readout = dataclasses.replace(FINE_ONLY, weights=weights, bias=bias)
    fine = generator.uniform(0, 1, (5, len(FINE))).astype(np.float32)
    expected = calibrated(coarse_distribution(fine, readout.scale), weights, bias)
    found = readout.scores(fine)
    np.testing.assert_allclose([scores.coarse for scores in found], expected, atol=1e-6)
    np.testing.assert_array_equal([scores.fine for scores in found], fine)


def test_the_plane_takes_the_neutral_share_as_it_is_after_calibration() -> None:
    bias = np.zeros(7, np.float32)
    bias[NEUTRAL] = 2
    readout = dataclasses.replace(BOTH, bias=bias)
    values = np.random.default_rng(1).normal(0, 2, (4, BOTH.outputs)).astype(np.float32)
    found = readout.scores(probabilities(readout, values))
    neutral = np.array([scores.coarse[NEUTRAL] for scores in found])
    fine = np.stack([scores.fine for scores in found])
    valence, arousal = plane(fine, neutral, readout.scale)
    np.testing.assert_allclose([s.valence for s in found], valence, atol=1e-6)
    np.testing.assert_allclose([s.arousal for s in found], arousal, atol=1e-6)


@given(arrays(np.float32, (2, 7), elements=st.floats(-8, 8, width=32)))
def test_no_calibration_changes_nothing(values: Floats) -> None:
    p = softmax(values)
    same = calibrated(p, np.eye(7, dtype=np.float32), np.zeros(7, np.float32))
    np.testing.assert_allclose(same, p, atol=1e-5)


def test_the_calibration_by_hand() -> None:
    """p = (0.8, 0.2): W ln p + b = (ln 0.64, ln 0.2 + ln 3), so p' is 0.64 to 0.6."""
    weights = np.array([[2, 0], [0, 1]], np.float32)
    bias = np.array([0, np.log(3)], np.float32)
    found = calibrated(np.array([[0.8, 0.2]], np.float32), weights, bias)
    np.testing.assert_allclose(found, [[0.64 / 1.24, 0.6 / 1.24]], atol=1e-6)


def test_row_i_of_the_weights_gives_class_i() -> None:
    weights = np.array([[1, 1], [0, 1]], np.float32)
    found = calibrated(np.array([[0.5, 0.5]], np.float32), weights, np.zeros(2, np.float32))
    np.testing.assert_allclose(found, [[1 / 3, 2 / 3]], atol=1e-6)


def test_a_probability_of_zero_is_calibrated_to_a_number() -> None:
    weights = -2 * np.eye(7, dtype=np.float32)
    found = calibrated(np.eye(7, dtype=np.float32), weights, np.zeros(7, np.float32))
    assert np.isfinite(found).all()


@pytest.mark.parametrize(("largest", "ambiguous"), [(0.5, False), (0.41, False), (0.39, True)])
def test_a_text_whose_largest_share_is_too_small_is_ambiguous(
    largest: float, ambiguous: bool
) -> None:
    readout = dataclasses.replace(Readout.plain((), COARSE), ambiguous_below=0.4)
    row = np.full((1, 7), (1 - largest) / 6, np.float32)
    row[0, 2] = largest
    (scores,) = readout.scores(row)
    assert scores.ambiguous is ambiguous


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"emotions": FINE[:10]}, "not the 44"),
        ({"emotions": FINE[::-1]}, "in their order"),
        ({"emotions": (), "classes": ()}, "neither emotions nor classes"),
        ({"classes": ("행복", "행복")}, "twice"),
        ({"classes": ("행복", "비애")}, "seven"),
        ({"thresholds": np.ones(3, np.float32)}, "shapes"),
        ({"thresholds": np.zeros(44, np.float32)}, "above 0"),
        ({"weights": np.eye(6, dtype=np.float32)}, "shapes"),
        ({"bias": np.zeros(6, np.float32)}, "shapes"),
        ({"weights": np.full((7, 7), np.nan, np.float32)}, "finite"),
        ({"bias": np.full(7, np.inf, np.float32)}, "finite"),
        ({"neutral_threshold": 0.0}, "above 0"),
        ({"wide_share": 1.5}, "wide_share"),
        ({"wide_share": float("nan")}, "wide_share"),
        ({"ambiguous_below": -0.1}, "ambiguous_below"),
    ],
)
def test_what_does_not_belong_together_is_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        dataclasses.replace(BOTH, **changes)  # type: ignore[arg-type]
