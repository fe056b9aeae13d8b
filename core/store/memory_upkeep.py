"""What the bot keeps for its own work, in memory."""

from datetime import datetime

from core.store.memory_tables import MemoryWork

__all__ = ["MemoryDeliveries", "MemoryLeases", "MemoryLinks", "MemoryMarkers"]


class MemoryLinks:
    """Implements `core.ports.Links`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def offer(self, code: str, person: str, expires_at: datetime) -> None:
        """Make `code` stand for the person."""
        self._work.expect_person(person)
        tables = self._work.tables

        def change() -> None:
            tables.codes = {old: offer for old, offer in tables.codes.items() if offer[0] != person}
            tables.codes[code] = (person, expires_at)

        self._work.later(change)

    async def redeem(self, code: str, now: datetime) -> str | None:
        """Use the code up and return the person."""
        tables = self._work.tables
        person, expires_at = tables.codes.get(code, (None, now))
        if person is None or expires_at <= now:
            return None

        def change() -> None:
            del tables.codes[code]

        self._work.expect(lambda: code in tables.codes)
        self._work.later(change)
        return person


class MemoryDeliveries:
    """Implements `core.ports.Deliveries`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def seen(self, key: str) -> bool:
        """Whether the update was handled."""
        return key in self._work.tables.deliveries

    async def add(self, key: str, at: datetime) -> None:
        """Mark the update as handled."""
        self._work.expect(lambda: key not in self._work.tables.deliveries)
        self._work.later(lambda: self._work.tables.deliveries.update({key: at}))

    async def prune(self, before: datetime) -> None:
        """Forget the updates handled before."""
        tables = self._work.tables

        def change() -> None:
            tables.deliveries = {key: at for key, at in tables.deliveries.items() if at >= before}

        self._work.later(change)


class MemoryLeases:
    """Implements `core.ports.Leases`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def acquire(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take or prolong the lease."""
        leases = self._work.tables.leases
        found = leases.get(name)
        if found is not None and found[0] != holder and found[1] > now:
            return False
        self._work.expect(lambda: leases.get(name) == found)
        self._work.later(lambda: leases.update({name: (holder, until)}))
        return True

    async def release(self, name: str, holder: str) -> None:
        """Give the lease back."""
        leases = self._work.tables.leases

        def change() -> None:
            if leases.get(name, ("",))[0] == holder:
                del leases[name]

        self._work.later(change)


class MemoryMarkers:
    """Implements `core.ports.Markers`."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def get(self, name: str) -> str | None:
        """The value."""
        return self._work.tables.markers.get(name)

    async def put(self, name: str, value: str) -> None:
        """Set the value."""
        self._work.later(lambda: self._work.tables.markers.update({name: value}))
