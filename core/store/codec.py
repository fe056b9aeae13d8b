"""A person's state and settings as values JSON knows, and back."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

import numpy as np

from core.emotion.labels import COARSE
from core.models import (
    AccountSettings,
    Contribution,
    EmotionScores,
    Language,
    Layout,
    Memory,
    Mood,
    MoodState,
    Theme,
    Vector,
)

__all__ = ["dump_settings", "dump_state", "load_settings", "load_state", "readable_state"]

_PARTS: Final = (
    slice(len(COARSE)),
    slice(len(COARSE), 2 * len(COARSE)),
    slice(2 * len(COARSE), None),
)
"""Of what is packed of a reading."""
_SETTINGS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "language": Language,
    "time_zone": str,
    "memory": Memory,
    "count": int,
    "layout": Layout,
    "theme": Theme,
}
"""How each setting is read; a test holds that none is missing."""


def dump_state(state: MoodState | None) -> dict[str, Any] | None:
    """The state; every digit of its numbers is kept."""
    if state is None:
        return None
    return {
        "mood": _dump_scores(state.mood),
        "evidence": state.evidence,
        "since_songs": state.since_songs,
        "updated_at": state.updated_at.isoformat(),
        "recent": [_dump_contribution(each) for each in state.recent],
        "quiet": state.quiet,
    }


def load_state(data: dict[str, Any] | None) -> MoodState | None:
    """The state that `dump_state` made `data` of, by this version of the bot or an earlier one."""
    if data is None:
        return None
    return MoodState(
        mood=Mood(**_scores(data["mood"])),
        evidence=data["evidence"],
        since_songs=data["since_songs"],
        updated_at=datetime.fromisoformat(data["updated_at"]),
        recent=tuple(_load_contribution(each) for each in data.get("recent", ())),
        quiet=data.get("quiet", 0),
    )


def readable_state(data: dict[str, Any] | None) -> dict[str, Any] | None:
    """What `dump_state` made, without anything packed: for the person's own eyes."""
    if data is None:
        return None
    names = ("read", "coarse", "fine")
    recent = [
        {key: value for key, value in each.items() if key != "values"}
        | {name: part.tolist() for name, part in zip(names, _unpacked(each), strict=True)}
        for each in data.get("recent", ())
    ]
    return {**data, "recent": recent}


def dump_settings(settings: AccountSettings) -> dict[str, Any]:
    """The settings that were chosen."""
    return {name: value for name, value in asdict(settings).items() if value is not None}


def load_settings(data: dict[str, Any]) -> AccountSettings:
    """The settings that `dump_settings` made `data` of."""
    known = {name: read(data[name]) for name, read in _SETTINGS.items() if name in data}
    return AccountSettings(**known)


def _dump_contribution(each: Contribution) -> dict[str, Any]:
    scores = each.scores
    values = np.concatenate([each.read, scores.coarse, scores.fine])
    return {
        "reading": each.reading,
        "at": each.at.isoformat(),
        # Packed: a state is read and written for each message, and numbers as text are slow.
        "values": b64encode(values.astype("<f4").tobytes()).decode(),
        "valence": scores.valence,
        "arousal": scores.arousal,
        "ambiguous": scores.ambiguous,
        "weight": each.weight,
        "model": each.model,
        "left": each.left,
        "counted": each.counted,
    }


def _load_contribution(data: dict[str, Any]) -> Contribution:
    read, coarse, fine = _unpacked(data)
    return Contribution(
        reading=data["reading"],
        at=datetime.fromisoformat(data["at"]),
        scores=EmotionScores(coarse, fine, data["valence"], data["arousal"], data["ambiguous"]),
        weight=data["weight"],
        read=read,
        model=data["model"],
        left=data["left"],
        counted=data["counted"],
    )


def _unpacked(data: dict[str, Any]) -> list[Vector]:
    """What the model read, then the two kinds of scores that count."""
    values = np.frombuffer(b64decode(data["values"]), "<f4").astype(np.float32)
    return [values[part] for part in _PARTS]


def _dump_scores(scores: EmotionScores) -> dict[str, Any]:
    return {field.name: _plain(getattr(scores, field.name)) for field in fields(EmotionScores)}


def _scores(data: dict[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields(EmotionScores)}
    return {name: _rich(value) for name, value in data.items() if name in known}


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _rich(value: Any) -> Any:
    return np.array(value, np.float32) if isinstance(value, list) else value
