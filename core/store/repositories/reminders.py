"""When people want to be asked how it goes."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from core.errors import ConflictError
from core.models import Language, UserKey
from core.reminders import Plan, Reminder, Rhythm
from core.store.tables import Account, ReminderRow
from core.store.work import AnyRow, Work

__all__ = ["SqlReminders"]


class SqlReminders:
    """Implements `core.ports.Reminders`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def of(self, person: str) -> list[Reminder]:
        """The person's."""
        query = _reminders().where(ReminderRow.person == person).order_by(ReminderRow.rhythm)
        return [_reminder(row) for row in await self._work.rows(query)]

    async def put(self, reminder: Reminder) -> None:
        """Keep it, in place of the person's of the same rhythm."""
        row = {
            "id": reminder.id,
            "person": reminder.person,
            "account_hash": self._work.hash("account", reminder.key.platform, reminder.key.id),
            "platform": reminder.key.platform,
            "rhythm": reminder.plan.rhythm,
            "weekday": reminder.plan.weekday,
            "minute": reminder.plan.minute,
            "zone": reminder.zone,
            "language": reminder.language,
            "next_at": reminder.next_at,
        }
        same = (
            ReminderRow.person == reminder.person,
            ReminderRow.rhythm == reminder.plan.rhythm,
        )

        def change(connection: Connection) -> None:
            connection.execute(delete(ReminderRow).where(*same))
            connection.execute(insert(ReminderRow), row)

        self._work.later(change)

    async def remove(self, person: str, rhythm: Rhythm | None = None) -> None:
        """Remove the person's of a rhythm, or all of them."""
        unwanted = delete(ReminderRow).where(ReminderRow.person == person)
        if rhythm is not None:
            unwanted = unwanted.where(ReminderRow.rhythm == rhythm)

        def change(connection: Connection) -> None:
            connection.execute(unwanted)

        self._work.later(change)

    async def due(self, platform: str, now: datetime, limit: int) -> list[Reminder]:
        """Those that are to be looked at by `now`."""
        rows = await self._work.rows(_DUE, asked=platform, now=now, most=limit)
        return [_reminder(row) for row in rows]

    async def advance(self, reminder: Reminder, next_at: datetime) -> None:
        """Look at it again at `next_at`."""
        values = {"changed": reminder.id, "before": reminder.next_at, "next_at": next_at}

        def change(connection: Connection) -> None:
            if connection.execute(_ADVANCE, values).rowcount != 1:
                raise ConflictError("the reminder was changed in the meantime")

        self._work.later(change)


def _reminders() -> Select[*tuple[Any, ...]]:
    return select(ReminderRow, Account.platform_id).join_from(
        ReminderRow, Account, Account.key_hash == ReminderRow.account_hash
    )


# Made once: making a statement takes longer than running it.
_DUE: Final = (
    _reminders()
    .where(ReminderRow.platform == bindparam("asked"), ReminderRow.next_at <= bindparam("now"))
    .order_by(ReminderRow.next_at)
    .limit(bindparam("most"))
)
_ADVANCE: Final = update(ReminderRow).where(
    ReminderRow.id == bindparam("changed"), ReminderRow.next_at == bindparam("before")
)


def _reminder(row: AnyRow) -> Reminder:
    return Reminder(
        id=row.id,
        person=row.person,
        key=UserKey(row.platform, row.platform_id),
        plan=Plan.of(row.minute, row.weekday),
        zone=row.zone,
        language=Language(row.language),
        next_at=row.next_at,
    )
