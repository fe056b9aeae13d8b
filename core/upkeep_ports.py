"""What the bot keeps for its own work, inside one unit of work; a part of `core.ports`."""

from datetime import datetime
from typing import Protocol

__all__ = ["Deliveries", "Leases", "Links", "Markers"]


class Links(Protocol):
    """One-time codes by which one person's accounts find each other."""

    async def offer(self, code: str, person: str, expires_at: datetime) -> None:
        """Make `code` stand for the person; earlier codes of the person lose their value."""
        ...

    async def redeem(self, code: str, now: datetime) -> str | None:
        """Use the code up and return the person; None where it is unknown, used or expired.

        Of two that use it at once, one gets `ConflictError` from `commit`.
        """
        ...


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
