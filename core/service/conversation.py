"""Talk: a message is read into the mood, and answered."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from core.dialogue.masking import mask
from core.dialogue.replies import Replies
from core.emotion.state import StateConfig, gauge, observe
from core.errors import EmptyMessageError
from core.models import (
    AccountSettings,
    Language,
    Message,
    MoodState,
    Reading,
    Reply,
    ReplyKind,
    User,
    UserKey,
)
from core.ports import EmotionReader, UnitOfWork
from core.records import ConsentKind, MoodPoint, Utterance
from core.service.safety import Safety
from core.service.transactions import Transactions

__all__ = ["SAID_KEPT", "Conversation", "mood_config", "mood_point"]

SAID_KEPT: Final = 20
"""Lines of this many last said are not said again."""
_EDITABLE: Final = 10_000
"""Messages, of all people together, that can still be read again when they are edited."""
_LONG_TEXT: Final = 1000
"""Of a message that no reply fitted no more than this is kept."""


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
        reader: EmotionReader,
        replies: Replies,
        safety: Safety,
        state: StateConfig,
    ) -> None:
        """Start to listen.

        Args:
            transactions: of the store.
            reader: of emotions; the one that read the bank of `replies`.
            replies: what is said.
            safety: hears danger.
            state: how a mood is remembered.
        """
        self._transactions = transactions
        self._reader = reader
        self._replies = replies
        self._safety = safety
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

        Of a message that speaks of danger, and of those that are met with care after it, nothing
        is read, stored or learned.

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
        care = await self._safety.reply(user, message.text, language, now)
        if care is not None:
            return care
        reading = await self._read(message.text)
        scores, delivery = reading.scores, message.delivery

        async def talk(work: UnitOfWork) -> tuple[Reply, _Read | None]:
            person = await work.users.get(user)
            config = mood_config(self._state, person.settings)
            full_before = gauge(person.state, now, config)
            known = delivery is not None and await work.deliveries.seen(delivery)
            if known and person.state is None:
                # It was read, and forgotten since.
                return Reply(ReplyKind.TALK, (), scores), None
            if known and person.state is not None:
                state, read = person.state, None
            else:
                state = observe(person.state, scores, now, config)
                read = None if message.id is None else _Read(message.id, person.state, state)
                await work.history.add(mood_point(person, state, now))
                if delivery is not None:
                    await work.deliveries.add(delivery, now)
            full = gauge(state, now, config)
            # Once: who goes on talking wants to be listened to.
            offer = full >= 100 > full_before
            answer = self._replies.reply(
                message.text,
                reading,
                language=language,
                said=person.said,
                generator=generator,
                ask=not offer,
            )
            said = (*person.said, *(line.id for line in answer.lines))[-SAID_KEPT:]
            await work.users.put(replace(person, state=state, said=said))
            if answer.match is None and not known:
                await _keep_unmatched(work, person, message.text, now)
            texts = tuple(line.text for line in answer.lines)
            first = person.version == 0
            return Reply(ReplyKind.TALK, texts, scores, state.mood, full, offer, first=first), read

        reply, read = await self._transactions.write(user, talk)
        self._remember(user, read)
        return reply

    async def reread(
        self, user: UserKey, message: Message, *, now: datetime, language: Language
    ) -> Reply | None:
        """Read the user's last message again, which was edited; the mood is as if sent so.

        Args:
            user: who edited it.
            message: as it is now, with the id under which `respond` knew it.
            now: aware.
            language: of the answer.

        Returns:
            The mood and the new reading, without a line; words of care where the text
            speaks of danger now; None where it was not the last message, or is read already.

        Raises:
            EmptyMessageError: nothing in it can be read; the mood stays as it was.
        """
        if await self._safety.hears_danger(message.text):
            return await self._safety.reply(user, message.text, language, now)
        read = self._last.get(user)
        if read is None or read.message != message.id:
            return None
        reading = await self._read(message.text)

        async def again(work: UnitOfWork) -> tuple[MoodState, int] | None:
            person = await work.users.get(user)
            if not _same(person.state, read.after):
                return None
            config = mood_config(self._state, person.settings)
            state = observe(read.before, reading.scores, read.after.updated_at, config)
            if person.state is not None:  # songs may have come since, and emptied the gauge
                since = min(state.since_songs, person.state.since_songs)
                state = replace(state, since_songs=since)
            await work.users.put(replace(person, state=state))
            await work.history.add(mood_point(person, state, now))
            return state, gauge(state, now, config)

        found = await self._transactions.write(user, again)
        if found is None:
            return None
        state, full = found
        self._remember(user, replace(read, after=state))
        return Reply(ReplyKind.MOOD, (), reading.scores, state.mood, full)

    async def hears_danger(self, text: str) -> bool:
        """Whether a text speaks of danger, and so has to be passed to `respond` whatever it is."""
        return await self._safety.hears_danger(text)

    def in_care(self, user: UserKey, now: datetime) -> bool:
        """Whether the user spoke of danger a while ago."""
        return self._safety.gentle_only(user, now)

    def forget(self, user: UserKey) -> None:
        """Drop what is remembered of the user's last message, in memory only."""
        self._last.pop(user, None)

    def grounding(self, language: Language) -> tuple[str, ...]:
        """A short exercise for the senses, a paragraph each."""
        return self._safety.grounding(language)

    async def mood(self, user: UserKey, *, now: datetime) -> Reply:
        """What is known of the user's mood; changes nothing."""

        async def look(work: UnitOfWork) -> User:
            return await work.users.get(user)

        person = await self._transactions.read(look)
        full = gauge(person.state, now, mood_config(self._state, person.settings))
        mood = person.state.mood if person.state else None
        return Reply(ReplyKind.MOOD, mood=mood, gauge=full, first=person.version == 0)

    async def _read(self, text: str) -> Reading:
        (reading,) = await self._reader.read([text])
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


async def _keep_unmatched(work: UnitOfWork, person: User, text: str, now: datetime) -> None:
    """Keep a message that no reply fitted, masked, of a person who agreed to it."""
    consent = (await work.consents.latest(person.person)).get(ConsentKind.UTTERANCES)
    if consent is not None and consent.given:
        await work.utterances.add(Utterance(person.person, mask(text[:_LONG_TEXT]), now))


def mood_point(person: User, state: MoodState, now: datetime) -> MoodPoint:
    """What is kept of the mood now."""
    mood = state.mood
    return MoodPoint(person.person, now, mood.coarse, mood.valence, mood.arousal)


def _same(state: MoodState | None, other: MoodState) -> bool:
    return (
        state is not None
        and (state.updated_at, state.evidence) == (other.updated_at, other.evidence)
        and np.array_equal(state.mood.coarse, other.mood.coarse)
    )
