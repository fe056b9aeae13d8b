"""Stops asking what keeps failing, and tries again from time to time."""

from datetime import datetime, timedelta

__all__ = ["Breaker"]


class Breaker:
    """Counts failures in a row. Shared by all who ask."""

    def __init__(self, failures: int, pause: timedelta) -> None:
        """Start by asking.

        Args:
            failures: in a row after which nobody asks any more, 1 or more.
            pause: after which one asks again; the others when that one succeeded.
        """
        self._most = failures
        self._pause = pause
        self._failures = 0
        self._until: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Whether to ask now; who is allowed to after a pause asks for all."""
        if self._until is None:
            return True
        if now < self._until:
            return False
        self._until = now + self._pause
        return True

    def succeeded(self) -> None:
        """It did not fail."""
        self._failures = 0
        self._until = None

    def failed(self, now: datetime) -> bool:
        """It failed.

        Returns:
            Whether nobody asks from now on, and did until now.
        """
        self._failures += 1
        if self._failures >= self._most:
            self._until = now + self._pause
        return self._failures == self._most
