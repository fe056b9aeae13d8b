"""Readings that were corrected, and where they are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.models import Vector

__all__ = ["Correction", "Corrections"]


@dataclass(frozen=True, eq=False)
class Correction:
    """That a message was misread; kept only of people who agreed to it, and without the message.

    Attributes:
        reading: the id of the reading; of two corrections of the same one the last stands.
        at: of the correction, aware, UTC.
        read: the emotion distribution that the model read, [shape=(7,)].
        model_version: of that model.
        chosen: what the message was: a label of `labels.COARSE`.
    """

    reading: str
    person: str
    at: datetime
    read: Vector
    model_version: str
    chosen: str

    def __post_init__(self) -> None:
        """Make the array read-only: values are shared, with stores too."""
        self.read.flags.writeable = False


class Corrections(Protocol):
    """Readings that were corrected; the caller keeps only those of people who agreed."""

    async def put(self, correction: Correction) -> None:
        """Keep it, in place of an earlier one of the same reading."""
        ...

    async def of(self, person: str) -> list[Correction]:
        """The person's, oldest first."""
        ...

    async def remove(self, person: str) -> None:
        """Remove the person's: the consent was taken back."""
        ...
