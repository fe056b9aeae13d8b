"""A store that forgets when the process ends."""

from dataclasses import replace
from types import TracebackType
from typing import Self

from core.errors import ConflictError
from core.models import User, UserKey

__all__ = ["MemoryStore"]


class MemoryStore:
    """Keeps users in a dictionary; `unit_of_work` opens a transaction on it."""

    def __init__(self) -> None:
        self._users: dict[UserKey, User] = {}

    def unit_of_work(self) -> "MemoryUnitOfWork":
        """A new transaction; implements `core.ports.UnitOfWork`."""
        return MemoryUnitOfWork(self._users)


class MemoryUsers:
    """Implements `core.ports.Users`: committed users behind the changes of one transaction."""

    def __init__(self, committed: dict[UserKey, User]) -> None:
        self._committed = committed
        self.changed: dict[UserKey, User] = {}
        self.bases: dict[UserKey, int] = {}

    async def get(self, key: UserKey) -> User:
        """The user as this transaction sees it."""
        return self.changed.get(key) or self._committed.get(key) or User(key)

    async def put(self, user: User) -> None:
        """Replace the user in this transaction."""
        if (await self.get(user.key)).version != user.version:
            raise ConflictError(f"version {user.version} of the user is outdated")
        self.bases.setdefault(user.key, user.version)
        self.changed[user.key] = replace(user, version=user.version + 1)


class MemoryUnitOfWork:
    """Implements `core.ports.UnitOfWork`."""

    def __init__(self, committed: dict[UserKey, User]) -> None:
        self._committed = committed
        self.users = MemoryUsers(committed)

    async def __aenter__(self) -> Self:
        self.users = MemoryUsers(self._committed)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.users = MemoryUsers(self._committed)

    async def commit(self) -> None:
        """Apply the changes, all or none."""
        for key, base in self.users.bases.items():
            stored = self._committed.get(key)
            if base != (stored.version if stored else 0):
                raise ConflictError("the user was changed by somebody else")
        self._committed.update(self.users.changed)
        self.users = MemoryUsers(self._committed)
