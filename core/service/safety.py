"""Danger is heard before anything else, and met with care for a while after."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from core.dialogue.care import Care
from core.dialogue.care_answer import CareAction, SongRule
from core.dialogue.care_state import CareMemory
from core.dialogue.crisis import Assessment, CrisisDetector
from core.errors import StoreError
from core.models import Language, Reply, ReplyKind, UserKey
from core.service.transactions import Transactions

__all__ = ["Safety"]

_log = logging.getLogger(__name__)

_LONG_TEXT: Final = 1000
_KINDS: Final = {
    CareAction.CARD: ReplyKind.CRISIS,
    CareAction.REMINDER: ReplyKind.CRISIS,
    CareAction.FOLLOW_UP: ReplyKind.CARE,
    CareAction.SAFE: ReplyKind.CARE,
    CareAction.CHECK_IN: ReplyKind.CARE,
    CareAction.CALM: ReplyKind.CARE,
    CareAction.SONGS: ReplyKind.CARE,
}


class Safety:
    """Hears danger. What it remembers of people lives in memory only.

    It is remembered by the account, since nothing need be known of who speaks of danger, and by
    those that the store knows to be the same person's: all of them are met with care. Who is not
    in care costs no look into the store.
    """

    def __init__(self, crisis: CrisisDetector, care: Care, transactions: Transactions) -> None:
        """Start to listen.

        Args:
            crisis: hears danger.
            care: says what to do then.
            transactions: of the store that knows whose the accounts are; nothing is written.
        """
        self._crisis = crisis
        self._care = care
        self._transactions = transactions
        self._memory = CareMemory()

    async def reply(
        self, user: UserKey, text: str, language: Language, now: datetime, *, songs: bool = False
    ) -> Reply | None:
        """The answer to a text that speaks of danger, or comes soon after one; None to any other.

        Nothing is stored. `songs` says that it was understood as asking for some; where the person
        asks for them, by that or by its words, the reply is `gentle`: they follow.
        """
        assessment = await self._assess(text)
        # Nothing is awaited between this and `keep`: another message may come meanwhile.
        before = self._memory.recall(user, now)
        answer = self._care.answer(before, assessment, text, language, now, songs=songs)
        if answer.state is not None and answer.state != before:
            self._memory.keep(user, answer.state)
            accounts = await self._accounts(user)
            if self._memory.recall(user, now) is answer.state:  # neither forgotten nor outdated
                self._memory.share(user, accounts, now)
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

    async def answers(self, user: UserKey, text: str, now: datetime) -> bool:
        """Whether `reply` had an answer to a text; nothing is remembered of asking."""
        assessment = await self._assess(text)
        state = self._memory.recall(user, now)
        answer = self._care.answer(state, assessment, text, Language.KOREAN, now)
        return answer.action in _KINDS

    async def hears_danger(self, text: str) -> bool:
        """Whether a text speaks of danger."""
        return (await self._assess(text)).kind is not None

    def gentle_only(self, user: UserKey, now: datetime) -> bool:
        """Whether songs for this person have to be gentle now."""
        state = self._memory.recall(user, now)
        return self._care.songs_rule(state, now) is not SongRule.ANY

    def join(self, accounts: Sequence[UserKey], now: datetime) -> None:
        """Remember of accounts that turn out one person's what is remembered of any."""
        self._memory.join(accounts, now)

    def forget(self, accounts: Sequence[UserKey]) -> None:
        """Remember nothing of accounts any more."""
        for account in accounts:
            self._memory.forget(account)

    def spoke_lately(self, user: UserKey, now: datetime) -> bool:
        """Whether the person spoke of danger in the last days, as far as this process heard."""
        return self._memory.spoke_lately(user, now)

    def grounding(self, language: Language) -> tuple[str, ...]:
        """A short exercise for the senses, a paragraph each."""
        return self._care.grounding(language)

    async def _accounts(self, user: UserKey) -> Sequence[UserKey]:
        """All accounts of the person with this one, as far as the store can tell now."""
        try:
            return await self._transactions.read(lambda work: work.users.accounts(user))
        except StoreError as error:  # danger is answered even so
            _log.error("the store failed: %s", type(error.__cause__ or error).__name__)
            return (user,)

    async def _assess(self, text: str) -> Assessment:
        # A message takes a tenth of a millisecond, less than the way to a thread; thousands of
        # characters take long enough for other people to notice.
        if len(text) < _LONG_TEXT:
            return self._crisis.assess(text)
        return await asyncio.to_thread(self._crisis.assess, text)
