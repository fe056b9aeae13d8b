"""What care remembers of a person, in memory only.

What is kept is a `CareState`: the kind of danger, times and counters, never a word of what
was said. Even that would tell of somebody's health and safety, so it lives in memory only
(`CareMemory`) and in no store, backup, export or log; after a restart the next word of danger
simply shows the card again. When danger was spoken of last is remembered a little longer
(`LATELY`), likewise in memory, so that a reminder asks more quietly.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.dialogue.check_in import CheckIn
from core.models import CrisisKind

__all__ = ["FOLLOW_UPS", "LASTS", "LATELY", "CareMemory", "CareState"]

FOLLOW_UPS: Final = 6
"""Caring lines after a word of danger, before the usual talk goes on."""

LASTS: Final[Mapping[CrisisKind, timedelta]] = {
    CrisisKind.SELF_HARM: timedelta(hours=12),
    CrisisKind.VIOLENCE: timedelta(hours=12),
    CrisisKind.THIRD_PERSON: timedelta(hours=3),
}
"""How long care lasts after the last word of danger."""

LATELY: Final = timedelta(days=3)
"""For how long after a word of danger a reminder asks more quietly."""


@dataclass(frozen=True)
class CareState:
    """Where a person stands; nothing of what was said.

    Attributes:
        kind: of the danger spoken of last.
        danger_at: when that was, aware, UTC.
        cards: when the card of each kind was shown last.
        followed: follow-ups said so far: the next one continues their list.
        spoken: other caring lines said so far, likewise.
        left: follow-ups that are still to come before nothing but the usual talk goes on.
        heard: messages since the last word of danger.
        over: whether bright news, or an explanation of what only the model had taken for danger,
            ended care; the next word of danger is met as the first.
        by_model: whether nothing but the model heard danger so far.
    """

    kind: CrisisKind
    danger_at: datetime
    cards: Mapping[CrisisKind, datetime]
    followed: int = 0
    spoken: int = 0
    left: int = FOLLOW_UPS
    heard: int = 0
    over: bool = False
    by_model: bool = False

    def lasts_at(self, now: datetime) -> bool:
        """Whether care still lasts."""
        return now - self.danger_at < LASTS[self.kind]


class CareMemory:
    """The states of those in care, or asked, in memory; the oldest goes when there are too many."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._states: OrderedDict[Hashable, CareState | CheckIn] = OrderedDict()
        # Outlives the care itself.
        self._danger: OrderedDict[Hashable, datetime] = OrderedDict()
        self._capacity = capacity

    def recall(self, user: Hashable, now: datetime) -> CareState | CheckIn | None:
        """The state of a user; None where care has ended or never began."""
        state = self._states.get(user)
        if state is not None and not state.lasts_at(now):
            del self._states[user]
            return None
        return state

    def keep(self, user: Hashable, state: CareState | CheckIn | None) -> None:
        """Remember the state of an answer; None forgets the user."""
        self._states.pop(user, None)
        if state is None:
            return
        self._states[user] = state
        if len(self._states) > self._capacity:
            self._states.popitem(last=False)
        if isinstance(state, CareState):
            self._spoke(user, state.danger_at)

    def share(self, user: Hashable, others: Sequence[Hashable], now: datetime) -> None:
        """Remember of others, who are the same person, what is remembered of one who just spoke.

        Where another of them spoke of danger later, or the one was no more than asked about it,
        that is remembered of all.
        """
        latest = self.recall(user, now)
        for other in others:
            state = self.recall(other, now)
            if not isinstance(state, CareState) or state.over:
                continue
            if not isinstance(latest, CareState) or state.danger_at > latest.danger_at:
                latest = state
        self._remember((user, *others), latest)

    def join(self, users: Sequence[Hashable], now: datetime) -> None:
        """Remember of each what is remembered of any: care, else a question, else that it is over.

        Of two of a sort the later one.
        """
        states = [state for user in users if (state := self.recall(user, now))]
        self._remember(users, max(states, key=_weight, default=None))

    def forget(self, user: Hashable) -> None:
        """Remember nothing of a user any more, not even that danger was spoken of."""
        self._states.pop(user, None)
        self._danger.pop(user, None)

    def spoke_lately(self, user: Hashable, now: datetime) -> bool:
        """Whether the user spoke of danger in the last days (`LATELY`), in care or not."""
        danger_at = self._danger.get(user)
        if danger_at is None:
            return False
        if now - danger_at >= LATELY:
            del self._danger[user]
            return False
        return True

    def _spoke(self, user: Hashable, danger_at: datetime) -> None:
        self._danger[user] = danger_at
        self._danger.move_to_end(user)
        if len(self._danger) > self._capacity:
            self._danger.popitem(last=False)

    def _remember(self, users: Sequence[Hashable], state: CareState | CheckIn | None) -> None:
        danger = [self._danger[user] for user in users if user in self._danger]
        for user in users:
            if state is not None:
                self.keep(user, state)
            if danger:
                self._spoke(user, max(danger))


def _weight(state: CareState | CheckIn) -> tuple[int, datetime]:
    if isinstance(state, CheckIn):
        return 1, state.at
    return (0 if state.over else 2), state.danger_at
