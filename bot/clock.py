"""The time now, for who is not given another."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

__all__ = ["Clock", "utc_now"]

Clock: TypeAlias = Callable[[], datetime]
"""Tells the time, aware."""


def utc_now() -> datetime:
    """The time of this machine, UTC."""
    return datetime.now(UTC)
