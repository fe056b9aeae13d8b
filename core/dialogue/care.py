"""What the conversation does around a crisis.

The card is shown once; danger again within `CARD_AGAIN` gets a short reminder with the number. The
next messages are met with caring lines, one question at a time, and after `FOLLOW_UPS` of them the
usual talk goes on. Songs come back only when the person asks, and then only gentle ones, until
care ends: `LASTS` after the last word of danger. Saying that it is better ends the follow-ups, not
the restraint with songs.

A message that may speak of danger is asked about first (`check_in`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from core.dialogue.care_state import FOLLOW_UPS, CareState
from core.dialogue.care_texts import CareTexts
from core.dialogue.check_in import CheckIn
from core.dialogue.crisis import Assessment
from core.dialogue.help_lines import HelpLines
from core.models import CrisisKind, CrisisLevel, Language

__all__ = [
    "CARD_AGAIN",
    "CARD_AGAIN_URGENT",
    "Care",
    "CareAction",
    "CareAnswer",
    "SongRule",
]

CARD_AGAIN: Final = timedelta(hours=2)
"""How long after a card the same card is not shown again."""

CARD_AGAIN_URGENT: Final = timedelta(minutes=15)
"""The same where the danger is at hand."""


class CareAction(StrEnum):
    """What to answer with."""

    ORDINARY = "ordinary"
    """The usual talk; songs by the rule of the answer."""
    CARD = "card"
    """The card of the kind, after the lines of the answer where there are any."""
    REMINDER = "reminder"
    FOLLOW_UP = "follow_up"
    SONGS = "songs"
    """A line, and gentle songs: the person asked for them."""
    SAFE = "safe"
    CHECK_IN = "check_in"
    """A question: the message may speak of danger."""


class SongRule(StrEnum):
    """Which songs may go with an answer, and with commands until the next message."""

    ANY = "any"
    ASKED_GENTLE = "asked_gentle"
    """Only when asked for, and only gentle ones: calm, not dark, neither opposite nor path."""
    NONE = "none"


@dataclass(frozen=True)
class CareAnswer:
    """What care makes of a message.

    Attributes:
        action: what to answer with.
        state: to go on with, or the question that was asked; None where no care is needed.
        kind: of the danger; None outside care.
        lines: what to say, in the person's language; empty where the action says it all.
        songs: which songs may go with the answer.
        grounding: whether the exercise is offered on a button.
    """

    action: CareAction
    state: CareState | CheckIn | None
    kind: CrisisKind | None = None
    lines: tuple[str, ...] = ()
    songs: SongRule = SongRule.ANY
    grounding: bool = False


class Care:
    """Decides what care says; the same input gives the same answer."""

    def __init__(self, texts: CareTexts) -> None:
        self._texts = texts

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The texts of `folder` (data/crisis).

        Raises:
            DialogueError: a file is missing or damaged.
        """
        return cls(CareTexts.load(folder, HelpLines.load(folder)))

    def answer(
        self,
        before: CareState | CheckIn | None,
        assessment: Assessment,
        text: str,
        language: Language,
        now: datetime,
    ) -> CareAnswer:
        """What to do with a message.

        Args:
            before: the state of the answer before; None where there was none.
            assessment: of this message.
            text: the raw message; only wishes are read from it, and nothing of it is kept.
            language: to answer in.
            now: aware, UTC.
        """
        before = before if before is not None and before.lasts_at(now) else None
        if not isinstance(before, CareState):
            return self._outside(before, assessment, text, language, now)
        state, words = before, self._texts.words
        at_hand = self._at_hand(state, text)
        kind = assessment.kind or (state.kind if at_hand else None)
        if kind is not None:
            return self._danger(state, kind, assessment.urgent or at_hand, language, now)
        if words.asks_for_songs(text):
            return self._say(CareAction.SONGS, state, self._texts.songs[language])
        if assessment.level is CrisisLevel.NONE and words.says_safe(text):
            lines = self._texts.safe[state.kind][language]
            return self._say(CareAction.SAFE, replace(state, left=0), lines)
        if state.left == 0 and assessment.level is CrisisLevel.NONE:
            return CareAnswer(CareAction.ORDINARY, state, state.kind, songs=SongRule.ASKED_GENTLE)
        lines = self._texts.follow_up[state.kind][language]
        return CareAnswer(
            CareAction.FOLLOW_UP,
            replace(state, followed=state.followed + 1, left=max(state.left - 1, 0)),
            state.kind,
            (lines[state.followed % len(lines)],),
            SongRule.ASKED_GENTLE,
            grounding=True,
        )

    def _outside(
        self,
        asked: CheckIn | None,
        assessment: Assessment,
        text: str,
        language: Language,
        now: datetime,
    ) -> CareAnswer:
        """What to do with a message before any word of danger, maybe after a question."""
        words = self._texts.words
        if asked is None:
            if assessment.kind is not None:
                return self._danger(None, assessment.kind, assessment.urgent, language, now)
            return self._check_in(assessment.suspected, language, now)
        at_hand = assessment.kind is None and asked.at_hand(words, text)
        kind = assessment.kind or (
            asked.kind if at_hand else asked.confirmed(words, assessment, text)
        )
        if kind is not None:
            return self._danger(None, kind, assessment.urgent or at_hand, language, now)
        closed = replace(asked, open=False)
        if asked.denied_by(words, text):
            line = self._texts.relieved[language][now.minute % len(self._texts.relieved[language])]
            return CareAnswer(CareAction.SAFE, replace(closed, denied=True), lines=(line,))
        return CareAnswer(CareAction.ORDINARY, closed, songs=self.songs_rule(closed, now))

    def _check_in(
        self, suspected: CrisisKind | None, language: Language, now: datetime
    ) -> CareAnswer:
        if suspected is None:
            return CareAnswer(CareAction.ORDINARY, None)
        lines = self._texts.check_in[suspected][language]
        return CareAnswer(
            CareAction.CHECK_IN,
            CheckIn(suspected, now),
            lines=(lines[now.minute % len(lines)],),
            songs=SongRule.NONE,
        )

    def _at_hand(self, state: CareState, text: str) -> bool:
        # The first question after a card is whether the place is safe.
        asked_where = state.followed == 1 and state.left == FOLLOW_UPS - 1
        return self._texts.words.says_at_hand(text, asked_where=asked_where)

    def songs_rule(self, state: CareState | CheckIn | None, now: datetime) -> SongRule:
        """Which songs a command may bring now: gentle ones, too, while a question stands."""
        if state is None or not state.lasts_at(now):
            return SongRule.ANY
        if isinstance(state, CheckIn) and state.denied:
            return SongRule.ANY
        return SongRule.ASKED_GENTLE

    def grounding(self, language: Language) -> tuple[str, ...]:
        """A short exercise for the senses, a paragraph each."""
        return self._texts.grounding[language]

    def _danger(
        self,
        state: CareState | None,
        kind: CrisisKind,
        urgent: bool,
        language: Language,
        now: datetime,
    ) -> CareAnswer:
        cards = state.cards if state else {}
        again = CARD_AGAIN_URGENT if urgent else CARD_AGAIN
        due = kind not in cards or now - cards[kind] >= again
        at_hand = self._texts.urgent[kind][language] if urgent else ()
        cards = {**cards, kind: now} if due else cards
        after = replace(state or CareState(kind, now, cards), kind=kind, danger_at=now, cards=cards)
        after = replace(after, left=FOLLOW_UPS)
        if due:
            return CareAnswer(CareAction.CARD, after, kind, at_hand, SongRule.NONE, grounding=True)
        if at_hand:
            return CareAnswer(CareAction.REMINDER, after, kind, at_hand, SongRule.NONE)
        answer = self._say(CareAction.REMINDER, after, self._texts.reminder[kind][language])
        return replace(answer, songs=SongRule.NONE, grounding=True)

    @staticmethod
    def _say(action: CareAction, state: CareState, lines: tuple[str, ...]) -> CareAnswer:
        return CareAnswer(
            action,
            replace(state, spoken=state.spoken + 1),
            state.kind,
            (lines[state.spoken % len(lines)],),
            SongRule.ASKED_GENTLE,
        )
