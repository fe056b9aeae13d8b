"""Everything that is kept of one person, in memory."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from core.models import User
from core.records import MoodPoint
from core.reminders import Reminder
from core.store.codec import dump_settings, dump_state, readable_state
from core.store.memory_tables import MemoryTables, MemoryWork

__all__ = ["MemoryRecords"]


class MemoryRecords:
    """Implements `core.ports.Records`; names tables and columns as the database does."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def count(self, person: str) -> Mapping[str, int]:
        """How many rows of each table belong to the person."""
        tables = self._work.tables
        shown = {row.id for row in tables.impressions.values() if row.person == person}
        posts = sum(impression in shown for impression in tables.posts.values())
        return {name: len(rows) for name, rows in _rows(tables, person).items()} | {"post": posts}

    async def export(self, person: str) -> dict[str, Any]:
        """All of it by table."""
        hidden = ("person", "key")
        return {
            name: [{k: _plain(v) for k, v in row.items() if k not in hidden} for row in rows]
            for name, rows in _rows(self._work.tables, person).items()
        }

    async def erase(self, person: str) -> None:
        """Remove all of it."""
        self._work.later(lambda: _erase(self._work.tables, person))


def _rows(tables: MemoryTables, person: str) -> dict[str, list[dict[str, Any]]]:
    """The person's rows by table."""
    user = tables.people.get(person)
    accounts = [key for key, owner in tables.accounts.items() if owner == person]
    codes = [at for owner, at in tables.codes.values() if owner == person]
    owned: dict[str, Any] = {
        "impression": tables.impressions.values(),
        "feedback": tables.feedback.values(),
        "consent": tables.consents,
        "utterance": tables.utterances,
        "correction": tables.corrections.values(),
    }
    return {
        "person": [] if user is None else [_person(user)],
        "account": [{"platform": key.platform, "platform_id": key.id} for key in accounts],
        "link_code": [{"expires_at": at} for at in codes],
        "mood_point": [_point(point) for point in tables.points if point.person == person],
        "reminder": [
            _reminder(kept) for kept in tables.reminders.values() if kept.person == person
        ],
    } | {name: [vars(row) for row in rows if row.person == person] for name, rows in owned.items()}


def _person(user: User) -> dict[str, Any]:
    return {
        "id": user.person,
        "state": readable_state(dump_state(user.state)),
        "shown": user.shown,
        "said": user.said,
        "settings": dump_settings(user.settings),
        "version": user.version,
    }


def _point(point: MoodPoint) -> dict[str, Any]:
    mood = np.append(point.coarse, (point.valence, point.arousal))
    return {"at": point.at, "mood": mood, "reading": point.reading}


def _reminder(reminder: Reminder) -> dict[str, Any]:
    plan = reminder.plan
    return {
        "id": reminder.id,
        "platform": reminder.key.platform,
        "rhythm": plan.rhythm,
        "weekday": plan.weekday,
        "minute": plan.minute,
        "zone": reminder.zone,
        "language": reminder.language,
        "next_at": reminder.next_at,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _erase(tables: MemoryTables, person: str) -> None:
    tables.people.pop(person, None)
    tables.accounts = {key: owner for key, owner in tables.accounts.items() if owner != person}
    tables.codes = {code: offer for code, offer in tables.codes.items() if offer[0] != person}
    tables.points = [point for point in tables.points if point.person != person]
    tables.consents = [consent for consent in tables.consents if consent.person != person]
    tables.utterances = [kept for kept in tables.utterances if kept.person != person]
    tables.remove_corrections(person)
    tables.reminders = {
        id_: kept for id_, kept in tables.reminders.items() if kept.person != person
    }
    shown = {row.id: row for row in tables.impressions.values() if row.person != person}
    tables.impressions = shown
    tables.posts = {key: id_ for key, id_ in tables.posts.items() if id_ in shown}
    tables.feedback = {
        key: event if event.impression in shown else replace(event, impression=None)
        for key, event in tables.feedback.items()
        if event.person != person
    }
    tables.feedback_changed()
