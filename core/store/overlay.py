"""The users of one unit of work: what is committed, behind what the work has changed."""

from abc import ABC, abstractmethod
from dataclasses import replace

from core.errors import ConflictError
from core.models import User, UserKey

__all__ = ["PendingUsers"]


class PendingUsers(ABC):
    """The reading half of `core.ports.Users`, the same over every store.

    Attributes:
        changed: the users this work has put, by person.
        bases: their versions before it did.
    """

    def __init__(self) -> None:
        self.changed: dict[str, User] = {}
        self.bases: dict[str, int] = {}

    @abstractmethod
    async def stored(self, key: UserKey) -> User | None:
        """The committed user of an account."""

    @abstractmethod
    async def stored_person(self, person: str) -> User | None:
        """The committed user by the person's id."""

    async def get(self, key: UserKey) -> User:
        """The user as this work sees it; a new one where there is none."""
        for user in self.changed.values():
            if user.key == key:
                return user
        found = await self.stored(key)
        return User(key) if found is None else self._seen(found)

    async def of(self, person: str) -> User | None:
        """The person as this work sees it; None where there is none."""
        if person in self.changed:
            return self.changed[person]
        return await self.stored_person(person)

    async def put(self, user: User) -> None:
        """Replace the user in this work."""
        for other in self.changed.values():
            if (other.key == user.key or other.person == user.person) and (
                (other.person, other.version) != (user.person, user.version)
            ):
                raise ConflictError(f"version {user.version} of the user is outdated")
        self.bases.setdefault(user.person, user.version)
        self.changed[user.person] = replace(user, version=user.version + 1)

    def _seen(self, found: User) -> User:
        """A person changed through one account is changed when seen from another."""
        changed = self.changed.get(found.person)
        return found if changed is None else replace(changed, key=found.key)
