"""What an export has to keep."""

from dataclasses import replace

import pytest

from scripts.training.agreement import Agreement, Limits

LIMITS = Limits(same_top=0.9, mean_difference=0.01, max_difference=0.2)
KEPT = Agreement(texts=10, same_top=0.9, mean_difference=0.01, max_difference=0.2)


def test_limits_that_are_just_met_are_kept() -> None:
    assert KEPT.within(LIMITS)


@pytest.mark.parametrize(
    "off",
    [
        replace(KEPT, same_top=0.8),
        replace(KEPT, mean_difference=0.02),
        replace(KEPT, max_difference=0.3),
        replace(KEPT, mean_difference=float("nan")),
        replace(KEPT, max_difference=float("nan")),
    ],
)
def test_each_limit_is_enough_to_refuse(off: Agreement) -> None:
    assert not off.within(LIMITS)
