"""The use cases. Each asks the model outside of a transaction and writes inside of one."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar
from weakref import WeakValueDictionary

import numpy as np

from core.dialogue.crisis import CrisisDetector
from core.dialogue.lines import Lines
from core.emotion.state import StateConfig, after_songs, gauge, observe
from core.errors import ConflictError, EmptyMessageError, UnknownMoodError
from core.models import (
    Language,
    Mode,
    Reply,
    ReplyKind,
    UserKey,
)
from core.ports import EmotionClassifier, UnitOfWork
from core.recommend.recommender import Recommender

__all__ = ["MaeumService"]

SHOWN_KEPT: Final = 50
"""Songs of this many last shown are not shown again."""
SAID_KEPT: Final = 20
"""Lines of this many last said are not said again."""
_ATTEMPTS: Final = 5
_LONG_TEXT: Final = 1000

_Result = TypeVar("_Result")


class MaeumService:
    """What a person can ask of the bot, on any platform."""

    def __init__(
        self,
        *,
        classifier: EmotionClassifier,
        unit_of_work: Callable[[], UnitOfWork],
        recommender: Recommender,
        lines: Lines,
        crisis: CrisisDetector,
        state: StateConfig,
    ) -> None:
        self._classifier = classifier
        self._unit_of_work = unit_of_work
        self._recommender = recommender
        self._lines = lines
        self._crisis = crisis
        self._state = state
        # A lock lives as long as somebody holds or awaits it.
        self._locks: WeakValueDictionary[UserKey, asyncio.Lock] = WeakValueDictionary()

    async def respond(
        self,
        user: UserKey,
        text: str,
        *,
        now: datetime,
        generator: np.random.Generator,
        language: Language,
    ) -> Reply:
        """Read a message into the user's mood, and answer it.

        In a crisis nothing is read, stored or learned.

        Raises:
            EmptyMessageError: nothing in `text` can be read; the mood stays as it was.
        """
        crisis = await self.crisis_reply(text)
        if crisis is not None:
            return crisis
        (reading,) = await self._classifier.classify([text])
        if reading is None:
            raise EmptyMessageError("nothing in the message can be read")

        async def talk(work: UnitOfWork) -> Reply:
            person = await work.users.get(user)
            state = observe(person.state, reading, now, self._state)
            full = gauge(state, now, self._state)
            # Once: who goes on talking wants to be listened to.
            offer = full >= 100 > gauge(person.state, now, self._state)
            lines = self._lines.reply(
                reading, language=language, said=person.said, generator=generator, ask=not offer
            )
            said = (*person.said, *(line.id for line in lines))[-SAID_KEPT:]
            await work.users.put(replace(person, state=state, said=said))
            texts = tuple(line.text for line in lines)
            return Reply(ReplyKind.TALK, texts, reading, state.mood, full, offer)

        return await self._transact(user, talk)

    async def crisis_reply(self, text: str) -> Reply | None:
        """The answer to a text that speaks of danger, None to any other; nothing is stored.

        `respond` begins with it; a platform asks it of what it does not pass to `respond`.
        """
        # A message takes a tenth of a millisecond, less than the way to a thread; thousands of
        # characters take long enough for other people to notice.
        if len(text) < _LONG_TEXT:
            danger = self._crisis.detect(text)
        else:
            danger = await asyncio.to_thread(self._crisis.detect, text)
        return None if danger is None else Reply(ReplyKind.CRISIS, crisis=danger)

    async def songs(
        self,
        user: UserKey,
        *,
        mode: Mode,
        count: int | None,
        now: datetime,
        generator: np.random.Generator,
    ) -> Reply:
        """Songs for the user's mood, none of which was among the last shown; empties the gauge.

        Args:
            user: who asks.
            mode: how the songs relate to the mood.
            count: how many; None for the usual number.
            now: aware.
            generator: of the noise that varies the lists.

        Raises:
            UnknownMoodError: nothing is known of the mood yet.
            InvalidCountError: a list of that many songs is not offered.
        """

        async def recommend(work: UnitOfWork) -> Reply:
            person = await work.users.get(user)
            if person.state is None:
                raise UnknownMoodError("nothing is known of the mood yet")
            slate = self._recommender.recommend(
                person.state.mood, mode, count, person.shown, generator
            )
            shown = (*person.shown, *(item.song.id for item in slate.items))[-SHOWN_KEPT:]
            state = after_songs(person.state)
            await work.users.put(replace(person, state=state, shown=shown))
            return Reply(
                ReplyKind.SONGS, mood=state.mood, gauge=gauge(state, now, self._state), slate=slate
            )

        return await self._transact(user, recommend)

    async def mood(self, user: UserKey, *, now: datetime) -> Reply:
        """What is known of the user's mood; changes nothing."""
        async with self._unit_of_work() as work:
            state = (await work.users.get(user)).state
        full = gauge(state, now, self._state)
        return Reply(ReplyKind.MOOD, mood=state.mood if state else None, gauge=full)

    async def _transact(
        self, user: UserKey, change: Callable[[UnitOfWork], Awaitable[_Result]]
    ) -> _Result:
        """Run `change` and commit.

        Changes of one user wait for each other here; another process may still get in between,
        and then `change` runs again on what it left.
        """
        async with self._locks.setdefault(user, asyncio.Lock()):
            for _ in range(_ATTEMPTS - 1):
                try:
                    return await self._attempt(change)
                except ConflictError:
                    continue
            return await self._attempt(change)

    async def _attempt(self, change: Callable[[UnitOfWork], Awaitable[_Result]]) -> _Result:
        async with self._unit_of_work() as work:
            result = await change(work)
            await work.commit()
            return result
