"""What the bot keeps for its own work: codes, handled updates, leases, markers."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core.errors import ConflictError
from core.store.statements import insert_or_replace
from core.store.tables import Delivery, LeaseRow, LinkCode, Setting
from core.store.work import Work

__all__ = ["SqlDeliveries", "SqlLeases", "SqlLinks", "SqlMarkers"]

_DELIVER: Final = insert(Delivery)
_DELIVERY: Final = select(Delivery.at).where(Delivery.key_hash == bindparam("key"))


class SqlLinks:
    """Implements `core.ports.Links`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def offer(self, code: str, person: str, expires_at: datetime) -> None:
        """Make `code` stand for the person."""
        row = {"code_hash": self._hash(code), "person": person, "expires_at": expires_at}

        def change(connection: Connection) -> None:
            connection.execute(delete(LinkCode).where(LinkCode.person == person))
            connection.execute(insert(LinkCode).values(row))

        self._work.later(change)

    async def redeem(self, code: str, now: datetime) -> str | None:
        """Use the code up and return the person."""
        mine = LinkCode.code_hash == self._hash(code)
        row = await self._work.row(select(LinkCode).where(mine, LinkCode.expires_at > now))
        if row is None:
            return None

        def change(connection: Connection) -> None:
            done = connection.execute(delete(LinkCode).where(mine))
            if done.rowcount != 1:
                raise ConflictError("the code was used in the meantime")

        self._work.later(change)
        return str(row.person)

    def _hash(self, code: str) -> bytes:
        return self._work.hash("link", code)


class SqlDeliveries:
    """Implements `core.ports.Deliveries`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def seen(self, key: str) -> bool:
        """Whether the update was handled."""
        return await self._work.row(_DELIVERY, key=self._hash(key)) is not None

    async def add(self, key: str, at: datetime) -> None:
        """Mark the update as handled."""
        row = {"key_hash": self._hash(key), "at": at}

        def change(connection: Connection) -> None:
            connection.execute(_DELIVER, row)

        self._work.later(change)

    async def prune(self, before: datetime) -> None:
        """Forget the updates handled before."""

        def change(connection: Connection) -> None:
            connection.execute(delete(Delivery).where(Delivery.at < before))

        self._work.later(change, long=True)

    def _hash(self, key: str) -> bytes:
        return self._work.hash("delivery", key)


class SqlLeases:
    """Implements `core.ports.Leases`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def acquire(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take or prolong the lease."""
        found = await self._work.row(select(LeaseRow).where(LeaseRow.name == name))
        if found is not None and found.holder != holder and found.until > now:
            return False

        def change(connection: Connection) -> None:
            if found is None:
                row = {"name": name, "holder": holder, "until": until}
                connection.execute(insert(LeaseRow).values(row))
                return
            same = (
                LeaseRow.name == name,
                LeaseRow.holder == found.holder,
                LeaseRow.until == found.until,
            )
            new = update(LeaseRow).where(*same).values(holder=holder, until=until)
            if connection.execute(new).rowcount != 1:
                raise ConflictError("the lease was taken in the meantime")

        self._work.later(change)
        return True

    async def release(self, name: str, holder: str) -> None:
        """Give the lease back."""
        mine = (LeaseRow.name == name, LeaseRow.holder == holder)

        def change(connection: Connection) -> None:
            connection.execute(delete(LeaseRow).where(*mine))

        self._work.later(change)


class SqlMarkers:
    """Implements `core.ports.Markers`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, name: str) -> str | None:
        """The value."""
        row = await self._work.row(select(Setting.value).where(Setting.name == name))
        return None if row is None else str(row.value)

    async def put(self, name: str, value: str) -> None:
        """Set the value."""
        row: dict[str, object] = {"name": name, "value": value}

        def change(connection: Connection) -> None:
            connection.execute(insert_or_replace(connection, Setting, row))

        self._work.later(change)
