"""How often something may happen: at most so many in a while, or a burst and then a steady pace."""

from collections import deque

__all__ = ["Bucket", "Window"]


class Window:
    """At most `most` events within any `period` seconds."""

    def __init__(self, most: int, period: float) -> None:
        self._period = period
        self._times: deque[float] = deque(maxlen=most)

    def delay(self, now: float) -> float:
        """Seconds until another event is allowed, 0 or more."""
        if len(self._times) < (self._times.maxlen or 0):
            return 0.0
        return max(0.0, self._times[0] + self._period - now)

    def add(self, now: float) -> None:
        """An event happens."""
        self._times.append(now)

    def idle(self, now: float) -> bool:
        """Whether nothing happened lately, so that a new window would be the same."""
        return not self._times or self._times[-1] + self._period <= now


class Bucket:
    """A burst of events at once, and then one every `interval` seconds.

    The generic cell rate algorithm: events are due `interval` apart, and may be early by as much
    as a burst.
    """

    def __init__(self, burst: int, interval: float) -> None:
        self._interval = interval
        self._early = (burst - 1) * interval
        self._due = 0.0

    def delay(self, now: float) -> float:
        """Seconds until another event is allowed, 0 or more."""
        return max(0.0, self._due - self._early - now)

    def add(self, now: float) -> None:
        """An event happens."""
        self._due = max(self._due, now) + self._interval

    def idle(self, now: float) -> bool:
        """Whether nothing happened lately, so that a new bucket would be the same."""
        return self._due <= now
