"""How the bot and its listening process talk: values over a stream, each behind its length.

Both ends are ours, of the same version, and nobody else reaches the socket between them: so the
values are pickled. What a class checks or shares is not sent as such, but in parts.
"""

import asyncio
import pickle
import struct
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from core.dialogue.bank import Intent
from core.dialogue.listening import Heard
from core.dialogue.retrieval import Match
from core.models import EmotionScores, Reading

__all__ = ["Sent", "heard", "packed", "parts_of_heard", "parts_of_reading", "reading", "received"]

Sent: TypeAlias = tuple[Any, ...] | None
"""The parts of a value; None of None."""

_LENGTH: Final = struct.Struct("<I")


def packed(value: object) -> bytes:
    """A value as it is sent."""
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


async def received(stream: asyncio.StreamReader) -> Any:
    """The next value.

    Raises:
        EOFError: the other end is gone.
        OSError: likewise.
    """
    (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
    return pickle.loads(await stream.readexactly(length))  # noqa: S301 - see the module


def parts_of_reading(value: Reading | None) -> Sent:
    """What is sent of a reading."""
    return None if value is None else _apart(value)


def reading(parts: Sent) -> Reading | None:
    """The reading that was sent."""
    return None if parts is None else _together(parts)


def parts_of_heard(value: Heard | None) -> Sent:
    """What is sent of what was heard: of an intent, which both ends have, its name."""
    if value is None:
        return None
    match = value.match
    found = None if match is None else (match.intent.name, match.similarity, match.nearest)
    return _apart(value.reading), found


def heard(parts: Sent, intents: Mapping[str, Intent]) -> Heard | None:
    """What was sent, with the intents of this end by their names."""
    if parts is None:
        return None
    said, found = parts
    if found is None:
        return Heard(_together(said), None)
    name, similarity, nearest = found
    return Heard(_together(said), Match(intents[name], similarity, nearest))


def _apart(value: Reading) -> tuple[Any, ...]:
    scores = value.scores
    parts = (scores.coarse, scores.fine, scores.valence, scores.arousal, scores.ambiguous)
    return parts, value.embedding


def _together(parts: tuple[Any, ...]) -> Reading:
    scores, embedding = parts
    return Reading(EmotionScores(*scores), embedding)
