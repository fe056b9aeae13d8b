"""What units of work do alike, whatever they keep things in."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

__all__ = ["BeginsAnew"]


class BeginsAnew(ABC):
    """A unit of work without changes: at first, when it is entered, left, and after a commit."""

    def __init__(self) -> None:
        self._begin()

    @abstractmethod
    def _begin(self) -> None:
        """Forget what was not committed."""

    async def __aenter__(self) -> Self:
        self._begin()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._begin()
