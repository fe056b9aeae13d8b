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

    async def agreed(self) -> list[Utterance]:
        """What may be reviewed: of the people whose last word on `UTTERANCES` is yes, oldest first.

        One of equal times comes where the store has it.
        """
        ...

    async def keep_last(self, person: str, most: int) -> None:
        """Remove all of the person's, of those this work adds too, but the newest `most`.

        Args:
            person: whose.
            most: 1 or more.
        """
        ...

    async def remove(self, person: str) -> None:
        """Remove the person's: the consent was taken back."""
        ...

    async def prune(self, before: datetime) -> None:
        """Remove everybody's from before."""
        ...
