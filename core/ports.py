"""What the use cases need from outside, as protocols; adapters and test fakes implement them."""

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from core.models import EmotionScores, User, UserKey

__all__ = ["EmotionClassifier", "UnitOfWork", "Users"]


class EmotionClassifier(Protocol):
    """Reads the emotion of texts."""

    async def classify(self, texts: Sequence[str]) -> list[EmotionScores | None]:
        """The scores of each text; None for one in which nothing can be read.

        Raises:
            BusyError: too many texts wait to be read already.
            RuntimeError: the model is closed, or failed on these texts.
        """
        ...


class Users(Protocol):
    """The people the bot knows, inside one unit of work."""

    async def get(self, key: UserKey) -> User:
        """The user as this work sees it; a new one, of version 0, where there is none."""
        ...

    async def put(self, user: User) -> None:
        """Replace the user and count up its version.

        Raises:
            ConflictError: the stored version is not `user.version` any more.
        """
        ...


class UnitOfWork(Protocol):
    """One transaction: `async with` it, and what is not committed is rolled back."""

    @property
    def users(self) -> Users:
        """The users as this transaction sees them."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    async def commit(self) -> None:
        """Make the changes durable.

        Raises:
            ConflictError: another unit of work changed the same user first.
        """
        ...
