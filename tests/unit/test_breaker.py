"""What keeps failing is left alone for a while."""

from datetime import timedelta

from core.service.breaker import Breaker
from tests.services import NOW

PAUSE = timedelta(minutes=1)


def broken(failures: int = 3) -> Breaker:
    breaker = Breaker(failures, PAUSE)
    for _ in range(failures):
        assert breaker.allows(NOW)
        breaker.failed(NOW)
    return breaker


def test_only_failures_in_a_row_count() -> None:
    breaker = Breaker(2, PAUSE)
    for _ in range(5):
        breaker.failed(NOW)
        breaker.succeeded()
    assert breaker.allows(NOW)


def test_nobody_asks_during_the_pause_and_one_after_it() -> None:
    breaker = broken()
    assert not breaker.allows(NOW + PAUSE - timedelta(seconds=1))
    assert breaker.allows(NOW + PAUSE)
    assert not breaker.allows(NOW + PAUSE)  # another one, while the first waits


def test_after_the_one_succeeded_all_ask() -> None:
    breaker = broken()
    assert breaker.allows(NOW + PAUSE)
    breaker.succeeded()
    assert breaker.allows(NOW + PAUSE)
    assert breaker.allows(NOW + PAUSE)


def test_after_the_one_failed_all_wait_again() -> None:
    breaker = broken()
    later = NOW + 2 * PAUSE
    assert breaker.allows(later)
    breaker.failed(later)
    assert not breaker.allows(later + PAUSE - timedelta(seconds=1))
    assert breaker.allows(later + PAUSE)
