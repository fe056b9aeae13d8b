"""What the bot needs for its own work, as protocols; `core.ports` has those of people."""

from datetime import datetime
from typing import Protocol

__all__ = ["Deliveries", "Leases", "Markers"]


class Deliveries(Protocol):
    """The platforms' updates that were handled, so that none is handled twice."""

    async def seen(self, key: str) -> bool:
        """Whether the update was handled."""
        ...

    async def add(self, key: str, at: datetime) -> None:
        """Mark the update as handled by this work.

        Where another work handled it in the meantime, `commit` raises `ConflictError`.
        """
        ...

    async def prune(self, before: datetime) -> None:
        """Forget the updates handled before; platforms repeat them for a day at most."""
        ...


class Leases(Protocol):
    """Jobs that one process at a time may do."""

    async def acquire(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take or prolong the lease; False where another holder has it until after `now`.

        Where another one took it in the meantime, `commit` raises `ConflictError`.
        """
        ...

    async def release(self, name: str, holder: str) -> None:
        """Give the lease back; changes nothing where another holder has it."""
        ...


class Markers(Protocol):
    """Small facts about the bot itself: when a job last succeeded, and the like."""

    async def get(self, name: str) -> str | None:
        """The value; None where there is none."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Set the value; the last put wins."""
        ...
