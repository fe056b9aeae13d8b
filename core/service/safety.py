"""Danger is heard before anything else, and met with care for a while after."""

import asyncio
from datetime import datetime
from typing import Final

from core.dialogue.care import Care, CareAction, SongRule
from core.dialogue.care_state import CareMemory
from core.dialogue.crisis import Assessment, CrisisDetector
from core.models import Language, Reply, ReplyKind, UserKey

__all__ = ["Safety"]

_LONG_TEXT: Final = 1000
_KINDS: Final = {
    CareAction.CARD: ReplyKind.CRISIS,
    CareAction.REMINDER: ReplyKind.CRISIS,
    CareAction.FOLLOW_UP: ReplyKind.CARE,
    CareAction.SAFE: ReplyKind.CARE,
    CareAction.CHECK_IN: ReplyKind.CARE,
    CareAction.SONGS: ReplyKind.CARE,
}


class Safety:
    """Hears danger. What it remembers of people lives in memory only."""

    def __init__(self, crisis: CrisisDetector, care: Care) -> None:
        self._crisis = crisis
        self._care = care
        self._memory = CareMemory()

    async def reply(
        self, user: UserKey, text: str, language: Language, now: datetime
    ) -> Reply | None:
        """The answer to a text that speaks of danger, or comes soon after one; None to any other.

        Nothing is stored. Where the person asks for songs the reply is `gentle`: they follow.
        """
        state = self._memory.recall(user, now)
        answer = self._care.answer(state, await self._assess(text), text, language, now)
        self._memory.keep(user, answer.state)
        kind = _KINDS.get(answer.action)
        if kind is None:
            return None
        return Reply(
            kind,
            answer.lines,
            crisis=answer.kind,
            card=answer.action is CareAction.CARD,
            grounding=answer.grounding,
            gentle=answer.action is CareAction.SONGS,
        )

    async def hears_danger(self, text: str) -> bool:
        """Whether a text speaks of danger."""
        return (await self._assess(text)).kind is not None

    def gentle_only(self, user: UserKey, now: datetime) -> bool:
        """Whether songs for this person have to be gentle now."""
        rule = self._care.songs_rule(self._memory.recall(user, now), now)
        return rule is not SongRule.ANY

    def grounding(self, language: Language) -> tuple[str, ...]:
        """A short exercise for the senses, a paragraph each."""
        return self._care.grounding(language)

    async def _assess(self, text: str) -> Assessment:
        # A message takes a tenth of a millisecond, less than the way to a thread; thousands of
        # characters take long enough for other people to notice.
        if len(text) < _LONG_TEXT:
            return self._crisis.assess(text)
        return await asyncio.to_thread(self._crisis.assess, text)
