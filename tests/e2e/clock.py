"""The time that the bots of the tests are told, whenever the tests run."""

import time
from datetime import datetime, timedelta
from typing import Final

from tests.services import NOW

__all__ = ["time_of_tests"]

_BEGAN: Final = time.monotonic()


def time_of_tests() -> datetime:
    """`NOW` and what went by since the tests began: no test depends on the day it runs on.

    One clock for all, so that a bot that is begun anew does not go back in time.
    """
    return NOW + timedelta(seconds=time.monotonic() - _BEGAN)
