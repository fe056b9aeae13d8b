"""Talk: a message is read into the mood, and answered."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from core.dialogue.crisis import CrisisDetector
from core.dialogue.lines import Lines
from core.emotion.state import StateConfig, gauge, observe
from core.errors import EmptyMessageError
from core.models import (
    AccountSettings,
    EmotionScores,
    Language,
    Message,
    MoodState,
    Reply,
    ReplyKind,
    User,
    UserKey,
)
from core.ports import EmotionClassifier, UnitOfWork
from core.records import MoodPoint
from core.service.transactions import Transactions

__all__ = ["SAID_KEPT", "Conversation", "mood_config"]

SAID_KEPT: Final = 20
"""Lines of this many last said are not said again."""
_EDITABLE: Final = 10_000
"""Messages, of all people together, that can still be read again when they are edited."""
_LONG_TEXT: Final = 1000


@dataclass(frozen=True, eq=False)
class _Read:
    """A message as it was read.

    Attributes:
        before: the state it came upon.
        after: the state it made.
    """

    message: str
    before: MoodState | None
    after: MoodState


class Conversation:
    """What is said to the bot, and what it answers."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        classifier: EmotionClassifier,
        lines: Lines,
        crisis: CrisisDetector,
        state: StateConfig,
    ) -> None:
        self._transactions = transactions
        self._classifier = classifier
        self._lines = lines
        self._crisis = crisis
        self._state = state
        self._last: OrderedDict[UserKey, _Read] = OrderedDict()

    async def respond(
        self,
        user: UserKey,
        message: Message,
        *,
        now: datetime,
        generator: np.random.Generator,
        language: Language,
    ) -> Reply:
        """Read a message into the user's mood, and answer it.

        In a crisis nothing is read, stored or learned.

        Args:
            user: who speaks.
            message: one whose delivery was seen before is answered again, and not read into the
                mood again.
            now: aware.
            generator: chooses among the lines that fit.
            language: of the answer.

        Raises:
            EmptyMessageError: nothing in it can be read; the mood stays as it was.
            BusyError: too many messages wait to be read.
        """
        crisis = await self.crisis_reply(message.text)
        if crisis is not None:
            return crisis
        reading = await self._read(message.text)
        delivery = message.delivery

        async def talk(work: UnitOfWork) -> tuple[Reply, _Read | None]:
            person = await work.users.get(user)
            config = mood_config(self._state, person.settings)
            full_before = gauge(person.state, now, config)
            known = delivery is not None and await work.deliveries.seen(delivery)
            if known and person.state is not None:
                state, read = person.state, None
            else:
                state = observe(person.state, reading, now, config)
                read = None if message.id is None else _Read(message.id, person.state, state)
                await work.history.add(_point(person, state, now))
                if delivery is not None:
                    await work.deliveries.add(delivery, now)
            full = gauge(state, now, config)
            # Once: who goes on talking wants to be listened to.
            offer = full >= 100 > full_before
            lines = self._lines.reply(
                reading, language=language, said=person.said, generator=generator, ask=not offer
            )
            said = (*person.said, *(line.id for line in lines))[-SAID_KEPT:]
            await work.users.put(replace(person, state=state, said=said))
            texts = tuple(line.text for line in lines)
            first = person.version == 0
            return Reply(ReplyKind.TALK, texts, reading, state.mood, full, offer, first=first), read

        reply, read = await self._transactions.write(user, talk)
        self._remember(user, read)
        return reply

    async def reread(self, user: UserKey, message: Message, *, now: datetime) -> Reply | None:
        """Read the user's last message again, which was edited; the mood is as if sent so.

        Args:
            user: who edited it.
            message: as it is now, with the id under which `respond` knew it.
            now: aware.

        Returns:
            The mood and the new reading, without a line; the crisis card where the text speaks
            of danger now; None where it was not the last message, or is read already.

        Raises:
            EmptyMessageError: nothing in it can be read; the mood stays as it was.
        """
        crisis = await self.crisis_reply(message.text)
        if crisis is not None:
            return crisis
        read = self._last.get(user)
        if read is None or read.message != message.id:
            return None
        reading = await self._read(message.text)

        async def again(work: UnitOfWork) -> MoodState | None:
            person = await work.users.get(user)
            if not _same(person.state, read.after):
                return None
            config = mood_config(self._state, person.settings)
            state = observe(read.before, reading, read.after.updated_at, config)
            await work.users.put(replace(person, state=state))
            await work.history.add(_point(person, state, now))
            return state

        state = await self._transactions.write(user, again)
        if state is None:
            return None
        self._remember(user, replace(read, after=state))
        return Reply(ReplyKind.MOOD, (), reading, state.mood, gauge(state, now, self._state))

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

    async def mood(self, user: UserKey, *, now: datetime) -> Reply:
        """What is known of the user's mood; changes nothing."""

        async def look(work: UnitOfWork) -> User:
            return await work.users.get(user)

        person = await self._transactions.read(look)
        full = gauge(person.state, now, mood_config(self._state, person.settings))
        mood = person.state.mood if person.state else None
        return Reply(ReplyKind.MOOD, mood=mood, gauge=full, first=person.version == 0)

    async def _read(self, text: str) -> EmotionScores:
        (reading,) = await self._classifier.classify([text])
        if reading is None:
            raise EmptyMessageError("nothing in the message can be read")
        return reading

    def _remember(self, user: UserKey, read: _Read | None) -> None:
        if read is None:
            return
        self._last[user] = read
        self._last.move_to_end(user)
        if len(self._last) > _EDITABLE:
            self._last.popitem(last=False)


def mood_config(config: StateConfig, settings: AccountSettings) -> StateConfig:
    """The half-life a person chose, or the bot's own."""
    if settings.memory is None:
        return config
    return replace(config, half_life_hours=settings.memory.half_life_hours)


def _point(person: User, state: MoodState, now: datetime) -> MoodPoint:
    mood = state.mood
    return MoodPoint(person.person, now, mood.coarse, mood.valence, mood.arousal)


def _same(state: MoodState | None, other: MoodState) -> bool:
    return (
        state is not None
        and (state.updated_at, state.evidence) == (other.updated_at, other.evidence)
        and np.array_equal(state.mood.coarse, other.mood.coarse)
    )
