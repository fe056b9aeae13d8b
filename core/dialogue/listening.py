"""What a message says, in one go: its emotion, and the utterance of the bank nearest to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.dialogue.retrieval import Match, Retriever
from core.models import Reading

__all__ = ["Heard", "Listener"]


class _Reader(Protocol):
    """As `core.ports.EmotionReader`, which is of a higher layer."""

    @property
    def version(self) -> str: ...

    async def read(self, texts: Sequence[str]) -> list[Reading | None]: ...


@dataclass(frozen=True)
class Heard:
    """What one message says.

    Attributes:
        reading: of its emotion.
        match: what was recognised; None where nothing was.
    """

    reading: Reading
    match: Match | None


class Listener:
    """Listens in this process; implements `core.ports.MessageReader`."""

    def __init__(self, reader: _Reader, retriever: Retriever) -> None:
        """Listen with a model, and the bank as the same model has read it."""
        self._reader = reader
        self._retriever = retriever

    @property
    def version(self) -> str:
        """Of the model."""
        return self._reader.version

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        """What each text says of its writer's emotion; see `core.ports.EmotionReader`."""
        return await self._reader.read(texts)

    async def hear(self, text: str) -> Heard | None:
        """What a message says; see `core.ports.MessageReader`."""
        (reading,) = await self._reader.read([text])
        if reading is None:
            return None
        return Heard(reading, self._retriever.find(text, reading.embedding))
