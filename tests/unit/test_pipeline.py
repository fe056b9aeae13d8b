import pytest

from scripts.training.pipeline import Settings, default_epochs, default_learning_rate
from scripts.training.run import TrainConfig


def test_few_rows_are_gone_over_more_often() -> None:
    assert [default_epochs(rows) for rows in (100, 5_300, 10_000, 30_000, 10**6)] == [8, 8, 6, 3, 2]


def test_wide_encoders_learn_in_smaller_steps() -> None:
    rates = [default_learning_rate(width) for width in (256, 384, 768, 1024)]
    assert rates == [2e-4, 2e-4, 5e-5, 2e-5]


@pytest.mark.parametrize("wrong", [{"batch": 0}, {"dropout": 1.0}, {"smoothing": -0.1}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="out of range"):
        Settings(TrainConfig(), **wrong)  # type: ignore[arg-type]
