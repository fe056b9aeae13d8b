"""Talk: a message is read into the mood, and answered."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from core.dialogue.listening import Heard
from core.dialogue.masking import mask
from core.dialogue.replies import Replies
from core.dialogue.tones import Tone, leading_emotion, tone_of
from core.emotion.state import StateConfig, after_offer, gauge, observe
from core.errors import EmptyMessageError
from core.models import (
    Language,
    Message,
    MoodState,
    Reply,
    ReplyKind,
    User,
    UserKey,
)
from core.ports import MessageReader, UnitOfWork
from core.records import ConsentKind
from core.service.moods import mood_config, mood_point, mood_reply, reading_id
from core.service.safety import Safety
from core.service.transactions import Transactions
from core.utterances import Utterance

__all__ = ["SAID_KEPT", "Conversation"]

SAID_KEPT: Final = 20
"""Lines of this many last said are not said again."""
_LONG_TEXT: Final = 1000
"""Of a message that no reply fitted no more than this is kept."""
_UNMATCHED_KEPT: Final = 200
"""Messages of one person that no reply fitted; the newest stay."""


@dataclass(frozen=True)
class _Said:
    """A message that was heard, and how it is answered.

    Attributes:
        name: of its reading.
        in_care: whether its writer spoke of danger a while ago.
        known: whether it was read into the mood before.
    """

    message: Message
    heard: Heard
    name: str
    now: datetime
    language: Language
    in_care: bool
    known: bool = False


class Conversation:
    """What is said to the bot, and what it answers."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        listener: MessageReader,
        replies: Replies,
        safety: Safety,
        state: StateConfig,
    ) -> None:
        """Start to listen.

        Args:
            transactions: of the store.
            listener: hears what messages say, in the bank of `replies`.
            replies: what is said.
            safety: hears danger.
            state: how a mood is remembered.
        """
        self._transactions = transactions
        self._listener = listener
        self._replies = replies
        self._safety = safety
        self._state = state

    async def respond(
        self,
        user: UserKey,
        message: Message,
        *,
        now: datetime,
        generator: np.random.Generator,
        language: Language,
        base: User | None = None,
    ) -> Reply:
        """Read a message into the user's mood, and answer it.

        Of a message that speaks of danger, and of those that are met with care after it, nothing
        is read, stored or learned. What is answered as usual then is never kept as unmatched.

        Args:
            user: who speaks.
            message: one whose delivery was seen before is answered again, and not read into the
                mood again.
            now: aware.
            generator: chooses among the lines that fit.
            language: of the answer.
            base: the same user as read a moment ago, which saves a look; None to look. That it was
                changed since is noticed.

        Raises:
            EmptyMessageError: nothing in it can be read; the mood stays as it was.
            BusyError: too many messages wait to be read.
        """
        care = await self._safety.reply(user, message.text, language, now, songs=message.asks_songs)
        if care is not None:
            return care
        heard = await self._hear(message.text)
        in_care = self.in_care(user, now)
        name = reading_id(user, message.id or message.delivery)
        said = _Said(message, heard, name, now, language, in_care=in_care)

        async def talk(work: UnitOfWork) -> Reply:
            nonlocal base
            delivery = message.delivery
            known = delivery is not None and await work.deliveries.seen(delivery)
            # Of a known message nothing may be put below, and so an outdated user not be noticed.
            person = await work.users.get(user) if known or base is None else base
            base = None  # where it is outdated, the commit fails, and the next try looks
            if known and person.state is None:
                # It was read, and forgotten since.
                return Reply(ReplyKind.TALK, (), heard.reading.scores)
            return await self._answered(work, person, replace(said, known=known), generator)

        return await self._transactions.write(user, talk)

    async def _answered(
        self, work: UnitOfWork, person: User, said: _Said, generator: np.random.Generator
    ) -> Reply:
        config = mood_config(self._state, person.settings)
        state = await self._felt(work, person, said, config)
        full = gauge(state, said.now, config)
        # Once: who goes on talking wants to be listened to.
        rested = not said.in_care and (person.state is None or not person.state.quiet)
        offer = full >= 100 > gauge(person.state, said.now, config) and rested
        answer = self._replies.reply(
            said.message.text,
            _soberly(said.heard) if said.in_care else said.heard,
            language=said.language,
            said=person.said,
            generator=generator,
            ask=not offer,
        )
        lines = (*person.said, *(line.id for line in answer.lines))[-SAID_KEPT:]
        kept = after_offer(state) if offer else state
        await work.users.put(replace(person, state=kept, said=lines))
        if answer.match is None and not (said.known or said.in_care):
            await _keep_unmatched(work, person, said.message.text, said.now)
        texts = tuple(line.text for line in answer.lines)
        scores, first = said.heard.reading.scores, person.is_new
        return Reply(ReplyKind.TALK, texts, scores, state.mood, full, offer, first=first)

    async def _felt(
        self, work: UnitOfWork, person: User, said: _Said, config: StateConfig
    ) -> MoodState:
        """The mood with the message in it; one that is known is in it already."""
        if said.known and person.state is not None:
            return person.state
        scores, version = said.heard.reading.scores, self._listener.version
        state = observe(person.state, scores, said.now, config, said.name, version)
        await work.history.add(mood_point(person, state.mood, said.now, said.name))
        if said.message.delivery is not None:
            await work.deliveries.add(said.message.delivery, said.now)
        return state

    async def hears_danger(self, text: str) -> bool:
        """Whether a text speaks of danger, and so has to be passed to `respond` whatever it is."""
        return await self._safety.hears_danger(text)

    def spoke_of_danger(self, user: UserKey, *, now: datetime) -> bool:
        """Whether the user spoke of danger in the last days: then the bot asks more quietly."""
        return self._safety.spoke_lately(user, now)

    def in_care(self, user: UserKey, now: datetime) -> bool:
        """Whether the user spoke of danger a while ago."""
        return self._safety.gentle_only(user, now)

    async def cares(self, user: UserKey, text: str, now: datetime) -> bool:
        """Whether `respond` would meet a text with care."""
        return await self._safety.answers(user, text, now)

    def grounding(self, language: Language) -> tuple[str, ...]:
        """A short exercise for the senses, a paragraph each."""
        return self._safety.grounding(language)

    async def mood(self, user: UserKey, *, now: datetime) -> Reply:
        """What is known of the user's mood; changes nothing."""
        person = await self._transactions.person(user)
        return mood_reply(person, person.state, mood_config(self._state, person.settings), now)

    async def rest(self, user: UserKey) -> None:
        """Offer no songs for a while, to who wants none; the mood stays as it is."""

        async def keep(work: UnitOfWork) -> None:
            person = await work.users.get(user)
            if person.state is not None:
                await work.users.put(replace(person, state=after_offer(person.state)))

        await self._transactions.write(user, keep)

    async def _hear(self, text: str) -> Heard:
        heard = await self._listener.hear(text)
        if heard is None:
            raise EmptyMessageError("nothing in the message can be read")
        return heard


async def _keep_unmatched(work: UnitOfWork, person: User, text: str, now: datetime) -> None:
    """Keep a message that no reply fitted, masked, of a person who agreed to it."""
    consent = (await work.consents.latest(person.person)).get(ConsentKind.UTTERANCES)
    if consent is not None and consent.given:
        await work.utterances.add(Utterance(person.person, mask(text[:_LONG_TEXT]), now))
        await work.utterances.keep_last(person.person, _UNMATCHED_KEPT)


def _soberly(heard: Heard) -> Heard:
    """The same, uncertain where joy was read: after a word of danger nothing is cheered at."""
    scores = heard.reading.scores
    if tone_of(leading_emotion(scores)) is not Tone.GOOD:
        return heard
    unsure = replace(heard.reading, scores=replace(scores, ambiguous=True))
    return replace(heard, reading=unsure)
