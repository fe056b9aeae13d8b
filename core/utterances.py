"""Messages that no reply fitted, and where they are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

__all__ = ["Utterance", "Utterances"]


@dataclass(frozen=True)
class Utterance:
    """A message that no reply fitted; kept only of people who agreed to it."""

    person: str
    text: str
    at: datetime


class Utterances(Protocol):
    """Messages that no reply fitted; the caller adds only those of people who agreed."""

    async def add(self, utterance: Utterance) -> None:
        """Keep a message."""
        ...

    async def of(self, person: str) -> list[Utterance]:
        """The person's, oldest first."""
        ...

    async def remove(self, person: str) -> None:
        """Remove the person's: the consent was taken back."""
        ...
