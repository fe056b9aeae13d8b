import json

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.labels import COARSE
from scripts.catalogue.calibration import LEADING_SHARES, Calibration

Array = npt.NDArray[np.float64]


def raw_songs(count: int = 3000, seed: int = 0) -> tuple[Array, Array, Array]:
    """Songs as a model sees them: all sad, and the classes bound to each other."""
    generator = np.random.default_rng(seed)
    pull = generator.normal(size=(count, 3)) @ generator.normal(size=(3, len(COARSE)))
    logits = np.array([0.5, 3, 0.5, -1, -1, -2, 0]) + 0.3 * pull
    logits += 0.2 * generator.normal(size=logits.shape)
    coarse = np.exp(logits)
    coarse /= coarse.sum(axis=1, keepdims=True)
    return coarse, generator.normal(-0.4, 0.1, count), generator.normal(0.2, 0.02, count)


def leading(distributions: npt.NDArray[np.float32]) -> list[float]:
    counts = np.bincount(distributions.argmax(axis=1), minlength=len(COARSE))
    return list(counts / len(distributions))


def test_every_class_leads_in_its_share_of_the_songs() -> None:
    coarse, valence, arousal = raw_songs()
    sadness = COARSE.index("슬픔")
    assert np.mean(coarse.argmax(axis=1) == sadness) > 0.9
    calibrated = Calibration.fit(coarse, valence, arousal).distribution(coarse)
    wanted = [LEADING_SHARES[name] for name in COARSE]
    assert leading(calibrated) == pytest.approx(wanted, abs=0.015)


def test_shares_are_chosen_by_class_and_scaled() -> None:
    coarse, valence, arousal = raw_songs()
    shares = {name: 2.0 if name == "분노" else 1.0 for name in COARSE}
    calibrated = Calibration.fit(coarse, valence, arousal, shares).distribution(coarse)
    assert leading(calibrated)[COARSE.index("분노")] == pytest.approx(2 / 8, abs=0.015)


@given(st.integers(1, 40), st.integers(0, 10**6))
def test_any_catalogue_gets_distributions(count: int, seed: int) -> None:
    coarse, valence, arousal = raw_songs(count, seed)
    calibration = Calibration.fit(coarse, valence, arousal)
    calibrated = calibration.distribution(coarse)
    assert calibrated.dtype == np.float32
    assert (calibrated >= 0).all()
    assert calibrated.sum(axis=1) == pytest.approx(np.ones(count), abs=1e-5)
    assert np.abs(calibration.scaled_valence(valence)).max() <= 1
    assert np.abs(calibration.scaled_arousal(arousal)).max() <= 1


def test_a_song_with_more_of_a_class_keeps_more_of_it() -> None:
    coarse, valence, arousal = raw_songs()
    calibration = Calibration.fit(coarse, valence, arousal)
    for place in range(len(COARSE)):
        song = coarse.mean(axis=0)
        more = song.copy()
        more[place] *= 1.2
        before, after = calibration.distribution(np.array([song, more / more.sum()]))
        assert after[place] > before[place]


def test_a_lower_temperature_lets_the_leading_class_stand_out() -> None:
    coarse, valence, arousal = raw_songs()
    peaks = [
        Calibration.fit(coarse, valence, arousal, temperature=temperature)
        .distribution(coarse)
        .max(axis=1)
        .mean()
        for temperature in (0.5, 1.0, 2.0)
    ]
    assert peaks == sorted(peaks, reverse=True)


def test_certainties_stay_finite() -> None:
    coarse = np.eye(len(COARSE))
    scale = np.linspace(-1, 1, len(COARSE))
    calibrated = Calibration.fit(coarse, scale, scale).distribution(coarse)
    assert np.isfinite(calibrated).all()
    assert list(calibrated.argmax(axis=1)) == list(range(len(COARSE)))


def test_valence_and_arousal_are_centred_and_spread_and_keep_their_order() -> None:
    coarse, valence, arousal = raw_songs()
    calibration = Calibration.fit(coarse, valence, arousal)
    for raw, scaled in (
        (valence, calibration.scaled_valence(valence)),
        (arousal, calibration.scaled_arousal(arousal)),
    ):
        assert scaled.mean() == pytest.approx(0, abs=0.05)
        assert 0.4 < scaled.std() < 0.7
        assert np.array_equal(np.argsort(raw), np.argsort(scaled))


def test_the_constants_score_a_further_song_alone_after_json() -> None:
    coarse, valence, arousal = raw_songs()
    calibration = Calibration.fit(coarse, valence, arousal)
    written = json.dumps({"window_lines": 4, **calibration.as_json()})
    again = Calibration.from_json(json.loads(written))
    assert again == calibration
    assert np.array_equal(again.distribution(coarse[5:6])[0], calibration.distribution(coarse)[5])
    assert again.scaled_valence(valence[5:6])[0] == calibration.scaled_valence(valence)[5]
