"""A person's state and settings as values JSON knows, and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

import numpy as np

from core.models import AccountSettings, Language, Layout, Memory, Mood, MoodState, Theme

__all__ = ["dump_settings", "dump_state", "load_settings", "load_state"]

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
        "mood": {field.name: _plain(getattr(state.mood, field.name)) for field in fields(Mood)},
        "evidence": state.evidence,
        "since_songs": state.since_songs,
        "updated_at": state.updated_at.isoformat(),
    }


def load_state(data: dict[str, Any] | None) -> MoodState | None:
    """The state that `dump_state` made `data` of, by this version of the bot or an earlier one."""
    if data is None:
        return None
    known = {field.name for field in fields(Mood)}
    mood = {name: _rich(value) for name, value in data["mood"].items() if name in known}
    return MoodState(
        mood=Mood(**mood),
        evidence=data["evidence"],
        since_songs=data["since_songs"],
        updated_at=datetime.fromisoformat(data["updated_at"]),
    )


def dump_settings(settings: AccountSettings) -> dict[str, Any]:
    """The settings that were chosen."""
    return {name: value for name, value in asdict(settings).items() if value is not None}


def load_settings(data: dict[str, Any]) -> AccountSettings:
    """The settings that `dump_settings` made `data` of."""
    known = {name: read(data[name]) for name, read in _SETTINGS.items() if name in data}
    return AccountSettings(**known)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _rich(value: Any) -> Any:
    return np.array(value, np.float32) if isinstance(value, list) else value
