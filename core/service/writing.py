"""Replies that a language model elsewhere writes, where there is one and the person agreed.

The bank has answered already, and what it said is kept: so no transaction waits for the model, and
whatever is wrong with it or with what it wrote, the bank's answer is said and nobody notices. Of
danger, and of the care after it, the model never hears.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from core.dialogue.masking import mask
from core.dialogue.tones import Tone, leading_emotion, tone_of
from core.dialogue.vetting import Vetting
from core.dialogue.writer import Instructions
from core.errors import MaeumError, WriterError
from core.models import EmotionScores, Language, Reply, ReplyKind, UserKey
from core.ports import EmotionReader, ReplyWriter, UnitOfWork
from core.records import Consent, ConsentKind
from core.service.breaker import Breaker
from core.service.safety import Safety
from core.service.transactions import Transactions

__all__ = ["Guide", "Writing", "WritingLimits", "consent_version"]

_log = logging.getLogger(__name__)

_LONG_TEXT: Final = 1000
"""Letters of a message that are passed on, at most."""


@dataclass(frozen=True)
class WritingLimits:
    """What the model may cost.

    Attributes:
        timeout_s: how long one reply is waited for, 0 or more.
        calls: replies waited for at a time; whoever comes then is not kept waiting.
        failures: in a row after which nobody asks any more.
        pause: after which one asks again.
    """

    timeout_s: float = 6.0
    calls: int = 4
    failures: int = 5
    pause: timedelta = timedelta(minutes=1)


@dataclass(frozen=True)
class Guide:
    """What the model is told, and what it must not have written."""

    instructions: Instructions
    vetting: Vetting


def consent_version(text_version: str, place: str) -> str:
    """What a consent was given to: a text, and the place it named.

    Whoever agreed to one place did not agree to another.
    """
    return f"{text_version}@{place}"


class Writing:
    """Asks the model, where all that has to hold does."""

    def __init__(
        self,
        transactions: Transactions,
        writer: ReplyWriter | None,
        *,
        guide: Guide,
        reader: EmotionReader,
        safety: Safety,
        limits: WritingLimits | None = None,
    ) -> None:
        """Get ready to ask.

        Args:
            transactions: of the store.
            writer: who is asked; None where nobody is.
            guide: what it is told, and what it must not have written.
            reader: of emotions; the one that read the messages.
            safety: hears danger in what was written, too.
            limits: what it may cost.
        """
        self._transactions = transactions
        self._writer = writer
        self._guide = guide
        self._reader = reader
        self._safety = safety
        self._limits = limits or WritingLimits()
        self._breaker = Breaker(self._limits.failures, self._limits.pause)
        self._running = 0

    @property
    def place(self) -> str | None:
        """Where the model is; None where there is none, and nobody is to be asked."""
        return self._writer.place if self._writer else None

    def holds(self, consent: Consent | None) -> bool:
        """Whether an answer to `ConsentKind.REPLIES` lets messages go where the model is now."""
        if consent is None or not consent.given or self._writer is None:
            return False
        return consent.text_version.endswith(consent_version("", self._writer.place))

    async def improve(
        self, user: UserKey, text: str, reply: Reply, *, now: datetime, language: Language
    ) -> Reply:
        """The reply with lines of the model, or as it is where anything speaks against them.

        Args:
            user: who spoke.
            text: the message, as it came; masked before it goes.
            reply: of `Conversation.respond`, committed.
            now: aware.
            language: of the reply.
        """
        scores = reply.reading
        if self._writer is None or scores is None or reply.kind is not ReplyKind.TALK:
            return reply
        if self._safety.gentle_only(user, now):
            return reply
        draft = "\n".join(reply.lines)
        try:
            if not await self._agreed(user) or not self._is_free(now):
                return reply
            told = self._guide.instructions.on(scores, draft, language, ask=not reply.offer)
            written = await self._vetted(
                await self._asked(self._writer, told, mask(text[:_LONG_TEXT])),
                scores,
                language,
                ask=not reply.offer,
            )
        except (MaeumError, TimeoutError, RuntimeError) as error:
            self._fail(error, now)
            return reply
        self._breaker.succeeded()
        return replace(reply, lines=tuple(filter(None, map(str.strip, written.splitlines()))))

    async def _agreed(self, user: UserKey) -> bool:
        async def look(work: UnitOfWork) -> Consent | None:
            person = (await work.users.get(user)).person
            return (await work.consents.latest(person)).get(ConsentKind.REPLIES)

        return self.holds(await self._transactions.read(look))

    def _fail(self, error: Exception, now: datetime) -> None:
        # Never the text of an error that is not ours: it may quote what somebody wrote.
        reason = str(error) if isinstance(error, _UnfitError) else type(error).__name__
        _log.info("no reply was written: %s", reason)
        # A store that is away, or a reader that is busy, is no fault of the language model.
        if isinstance(error, WriterError | TimeoutError) and self._breaker.failed(now):
            _log.warning(
                "the language model keeps failing, and is asked once in a while: %s", reason
            )

    def _is_free(self, now: datetime) -> bool:
        return self._running < self._limits.calls and self._breaker.allows(now)

    async def _asked(self, writer: ReplyWriter, instructions: str, message: str) -> str:
        self._running += 1
        try:
            async with asyncio.timeout(self._limits.timeout_s):
                return await writer.write(instructions, message)
        finally:
            self._running -= 1

    async def _vetted(
        self, written: str, scores: EmotionScores, language: Language, *, ask: bool
    ) -> str:
        """What was written, if it may be said.

        Raises:
            _UnfitError: it may not.
        """
        tone = tone_of(leading_emotion(scores))
        fault = self._guide.vetting.fault(written, language, tone, ask=ask)
        if fault is None and await self._safety.hears_danger(written):
            fault = "danger"
        if fault is None and tone is Tone.HARD:
            (reading,) = await self._reader.read([written])
            if reading is None or tone_of(leading_emotion(reading.scores)) is Tone.GOOD:
                fault = "tone"
        if fault is not None:
            raise _UnfitError(fault)
        return written


class _UnfitError(WriterError):
    """What was written may not be said; the message is the fault in a word."""
