"""The people the bot knows, and their accounts."""

from typing import Any, Final

from sqlalchemy import Connection, Delete, Select, bindparam, delete, func, insert, select, update

from core.errors import ConflictError, StoreError
from core.models import User, UserKey
from core.records import ConsentKind
from core.store.codec import dump_settings, dump_state, load_settings, load_state
from core.store.engines import Change
from core.store.overlay import PendingUsers
from core.store.tables import Account, Base, ConsentAnswer, Person, ReminderRow
from core.store.work import AnyRow, Work

__all__ = ["OWNED", "SqlUsers", "agreed"]

OWNED = tuple(table for table in Base.metadata.sorted_tables if "person" in table.columns)
"""The tables whose rows belong to a person."""


def agreed(kind: ConsentKind) -> Select[str]:
    """The people whose last answer to a question is yes."""
    table = ConsentAnswer
    place = func.row_number().over(
        partition_by=table.person, order_by=(table.at.desc(), table.id.desc())
    )
    answers = (
        select(table.person, table.given, place.label("place")).where(table.kind == kind).subquery()
    )
    return select(answers.c.person).where(answers.c.place == 1, answers.c.given)


class SqlUsers(PendingUsers):
    """Implements `core.ports.Users`."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work

    async def stored(self, key: UserKey) -> User | None:
        """The committed user of an account."""
        row = await self._work.row(_OF_ACCOUNT, account=self._hash(key))
        return None if row is None else _user(row)

    async def stored_person(self, person: str) -> User | None:
        """The committed user by the person's id."""
        row = await self._work.row(_users().where(Person.id == person).order_by(Account.key_hash))
        return None if row is None else _user(row)

    async def accounts(self, key: UserKey) -> list[UserKey]:
        """All accounts of the person with this one."""
        rows = await self._work.rows(_ACCOUNTS, account=self._hash(key))
        return [UserKey(row.platform, row.platform_id) for row in rows] or [key]

    async def merge(self, kept: User, absorbed: User) -> None:
        """Put `kept`, give it all of `absorbed`, remove `absorbed`."""
        await self.put(kept)
        if absorbed.version == 0:
            self._work.later(self._opening(absorbed.key, kept.person))
        else:
            self._work.later(_moving(absorbed, kept.person), long=True)

    def flush(self, connection: Connection) -> None:
        """Write the users that were put."""
        # Always in the same order, so that two works do not wait for each other.
        for person in sorted(self.changed):
            user, base = self.changed[person], self.bases[person]
            if base == 0:
                connection.execute(insert(Person), _columns(user) | {"id": person})
                self._opening(user.key, person)(connection)
                continue
            current = {"changed": person, "base": base}
            done = connection.execute(_CHANGE, _columns(user) | current)
            if done.rowcount != 1:
                raise ConflictError(f"version {base} of the user is outdated")

    def _opening(self, key: UserKey, person: str) -> Change:
        """Gives the person an account."""
        row = {
            "key_hash": self._hash(key),
            "platform": key.platform,
            "platform_id": key.id,
            "person": person,
        }

        def change(connection: Connection) -> None:
            connection.execute(insert(Account), row)

        return change

    def _hash(self, key: UserKey) -> bytes:
        return self._work.hash("account", key.platform, key.id)


def _moving(absorbed: User, person: str) -> Change:
    """Gives all that belongs to `absorbed` to the person, and removes `absorbed`."""
    gone = absorbed.person

    def change(connection: Connection) -> None:
        # Locked first: who is adding to it now waits, and then learns that it is gone.
        lock = select(Person.version).where(Person.id == gone).with_for_update()
        if connection.scalar(lock) != absorbed.version:
            raise ConflictError(f"version {absorbed.version} of the user is outdated")
        connection.execute(_twofold(gone, person))
        for table in OWNED:
            owner = table.c.person
            connection.execute(table.update().where(owner == gone).values(person=person))
        connection.execute(delete(Person).where(Person.id == gone))

    return change


def _twofold(gone: str, person: str) -> Delete:
    """Removes the reminders of one person whose rhythm another person has one of too."""
    kept = select(ReminderRow.rhythm).where(ReminderRow.person == person)
    return delete(ReminderRow).where(ReminderRow.person == gone, ReminderRow.rhythm.in_(kept))


def _users() -> Select[*tuple[Any, ...]]:
    return select(Person, Account.platform, Account.platform_id).join_from(
        Person, Account, Account.person == Person.id
    )


_UNREADABLE: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
# Made once: making a statement takes longer than running it.
_OF_ACCOUNT: Final = _users().where(Account.key_hash == bindparam("account"))
_ACCOUNTS: Final = select(Account.platform, Account.platform_id).where(
    Account.person.in_(select(Account.person).where(Account.key_hash == bindparam("account")))
)
_CHANGE: Final = update(Person).where(
    Person.id == bindparam("changed"), Person.version == bindparam("base")
)


def _columns(user: User) -> dict[str, Any]:
    return {
        "state": dump_state(user.state),
        "shown": list(user.shown),
        "said": list(user.said),
        "settings": dump_settings(user.settings),
        "version": user.version,
    }


def _user(row: AnyRow) -> User:
    try:
        return User(
            key=UserKey(row.platform, row.platform_id),
            state=load_state(row.state),
            shown=tuple(row.shown),
            said=tuple(row.said),
            settings=load_settings(row.settings),
            person=row.id,
            version=row.version,
        )
    except _UNREADABLE as error:  # of a newer version of the bot, say
        raise StoreError("what is kept of a person cannot be read") from error
