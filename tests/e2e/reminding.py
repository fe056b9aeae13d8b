"""Time goes by until a reminder is due."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from bot.chat.chat import Chat
from core.models import UserKey

__all__ = ["due", "stored_reminders", "time_passes"]


async def due(chat: Chat, user: UserKey) -> datetime:
    """When the user's first reminder is due."""
    return min(kept.next_at for kept in await chat.service.reminding.of(user))


async def time_passes(chat: Chat, now: datetime) -> datetime:
    """The bot looks what is due at `now`; in a minute it would by itself."""
    await chat.rounds.go(lambda: now, np.random.default_rng(0))
    return now + timedelta(minutes=10)


def stored_reminders(folder: Path) -> list[tuple[str, int | None, int, str]]:
    """Rhythm, weekday, minute and language, past all of our code."""
    with closing(sqlite3.connect(folder / "maeum.db")) as connection:
        return connection.execute(
            "SELECT rhythm, weekday, minute, language FROM reminder ORDER BY rhythm"
        ).fetchall()
