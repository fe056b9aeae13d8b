"""What was misread, or is edited: the mood becomes what it were if it had been read so at once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.corrections import Correction
from core.emotion.feelings import feeling
from core.emotion.state import StateConfig, moods_from, read_as
from core.errors import EmptyMessageError, UnknownReadingError
from core.models import EmotionScores, Language, Message, MoodState, Reply, User, UserKey
from core.ports import EmotionReader, UnitOfWork
from core.records import ConsentKind
from core.service.moods import mood_config, mood_point, mood_reply, reading_id
from core.service.safety import Safety
from core.service.transactions import Transactions

__all__ = ["Corrections"]

_JUST: Final = timedelta(minutes=30)
"""After which "no" is no answer to a reading any more."""


class Corrections:
    """Readings that are put right, by their writer or by an edit."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        reader: EmotionReader,
        safety: Safety,
        state: StateConfig,
    ) -> None:
        """Start to listen.

        Args:
            transactions: of the store.
            reader: of emotions.
            safety: hears danger.
            state: how a mood is remembered.
        """
        self._transactions = transactions
        self._reader = reader
        self._safety = safety
        self._state = state

    async def correct(
        self, user: UserKey, emotion: str, *, reading: str | None, key: str, now: datetime
    ) -> Reply:
        """Let a message count as what its writer says it was.

        Its mood and those after it are replaced. What the model read is kept beside what it was,
        without the message, where the person agreed to that.

        Args:
            user: whose message it was.
            emotion: a label of `labels.COARSE`.
            reading: the id of the reading; None for that of the last message.
            key: the platform's id of the event; the same key counts once.
            now: aware.

        Returns:
            The mood now.

        Raises:
            UnknownReadingError: it is too long ago, or there was none.
        """
        scores = feeling(emotion)

        async def put_right(work: UnitOfWork) -> Reply:
            person = await work.users.get(user)
            config = mood_config(self._state, person.settings)
            if await work.deliveries.seen(key):
                return mood_reply(person, person.state, config, now)
            last = person.state.recent[-1].reading if person.state and person.state.recent else ""
            name = last if reading is None else reading
            state = await _replace(work, person, name, scores, config)
            if state is None:
                raise UnknownReadingError("there is no such reading any more")
            await work.deliveries.add(key, now)
            await _keep(work, person, state, name, emotion, now)
            return mood_reply(person, state, config, now)

        return await self._transactions.write(user, put_right)

    async def reread(
        self, user: UserKey, message: Message, *, now: datetime, language: Language
    ) -> Reply | None:
        """Read a message again, which was edited; the mood is as if it had been sent so.

        Args:
            user: who edited it.
            message: as it is now, with the id under which it was answered.
            now: aware.
            language: of the answer.

        Returns:
            The mood and the new reading, without a line; words of care where the text
            speaks of danger now; None where it is none of the last messages.

        Raises:
            EmptyMessageError: nothing in it can be read; the mood stays as it was.
        """
        if await self._safety.hears_danger(message.text):
            return await self._safety.reply(user, message.text, language, now)
        name = reading_id(user, message.id)
        if name not in await self.readings(user):
            return None
        (reading,) = await self._reader.read([message.text])
        if reading is None:
            raise EmptyMessageError("nothing in the message can be read")
        scores, version = reading.scores, self._reader.version

        async def again(work: UnitOfWork) -> Reply | None:
            person = await work.users.get(user)
            config = mood_config(self._state, person.settings)
            state = await _replace(work, person, name, scores, config, version)
            if state is None:  # forgotten, or too long ago in the meantime
                return None
            return replace(mood_reply(person, state, config, now), reading=scores)

        return await self._transactions.write(user, again)

    async def readings(self, user: UserKey) -> tuple[str, ...]:
        """The ids of the readings that can be put right, the last message's last."""
        state = (await self._transactions.person(user)).state
        return tuple(each.reading for each in state.recent) if state else ()

    async def just_read(self, user: UserKey, *, now: datetime) -> str | None:
        """The id of the reading that "no" would be an answer to.

        None where the last message is a while ago, songs were shown since, or the person is met
        with care.
        """
        if self._safety.gentle_only(user, now):  # heard first, where the store is away too
            return None
        person = await self._transactions.person(user)
        last = person.state.recent[-1] if person.state and person.state.recent else None
        if last is None or not last.counted or now - last.at > _JUST:
            return None
        return last.reading or None


async def _replace(
    work: UnitOfWork,
    person: User,
    reading: str,
    scores: EmotionScores,
    config: StateConfig,
    model: str | None = None,
) -> MoodState | None:
    """Put the state and the moods of the past right; see `read_as`."""
    state = read_as(person.state, reading, scores, config, model) if person.state else None
    if state is None:
        return None
    await work.users.put(replace(person, state=state))
    await work.history.change(
        [
            mood_point(person, mood, each.at, each.reading)
            for each, mood in moods_from(state, reading)
        ]
    )
    return state


async def _keep(
    work: UnitOfWork, person: User, state: MoodState, reading: str, chosen: str, now: datetime
) -> None:
    """Keep what was read and what it was, of a person who agreed to it."""
    consent = (await work.consents.latest(person.person)).get(ConsentKind.CORRECTIONS)
    if consent is None or not consent.given:
        return
    (misread,) = (each for each in state.recent if each.reading == reading)
    await work.corrections.put(
        Correction(reading, person.person, now, misread.read, misread.model, chosen)
    )
