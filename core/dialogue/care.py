"""What the conversation does around a crisis.

The card is shown once; danger again within `CARD_AGAIN` gets a short reminder with the number. The
first message after it is met with a caring line, then every third one until `FOLLOW_UPS` were said;
the others are answered as usual. Songs come back only when the person asks, and then only gentle
ones, until care ends: `LASTS` after the last word of danger, or with bright news. Saying that it is
better, or was not meant, ends the follow-ups, not the restraint with songs. Where nothing but the
model heard danger, who explains what was meant is believed, and care ends.

A message that may speak of danger is asked about first (`check_in`).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from core.dialogue.care_answer import CareAction, CareAnswer, SongRule
from core.dialogue.care_state import FOLLOW_UPS, CareState
from core.dialogue.care_texts import CareTexts, CareWords
from core.dialogue.check_in import DENIED_FOR, GENTLE_FOR, CheckIn
from core.dialogue.crisis import BY_MODEL, Assessment
from core.dialogue.help_lines import HelpLines
from core.models import CrisisKind, CrisisLevel, Language

__all__ = ["CARD_AGAIN", "CARD_AGAIN_URGENT", "Care"]

CARD_AGAIN: Final = timedelta(hours=2)
"""How long after a card the same card is not shown again."""

CARD_AGAIN_URGENT: Final = timedelta(minutes=15)
"""The same where the danger is at hand."""


_EACH: Final = 3
"""Of so many messages one is met with a caring line; the others are answered."""
_LITTLE: Final = 1
"""Letters of a message that tells nothing, at most."""


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
        *,
        songs: bool = False,
    ) -> CareAnswer:
        """What to do with a message.

        Args:
            before: the state of the answer before; None where there was none.
            assessment: of this message.
            text: the raw message; only wishes are read from it, and nothing of it is kept.
            language: to answer in.
            now: aware, UTC.
            songs: whether the message was understood as asking for songs already.
        """
        before = before if before is not None and before.lasts_at(now) else None
        assessment = _corrected(assessment, self._texts.words, text)
        if self._rages(before, assessment, text):
            return self._calm(before, text, language, now)
        # Who was neither in care nor asked gets the same answer with and without that wish.
        songs = songs or (before is not None and self._texts.words.asks_for_songs(text))
        if not isinstance(before, CareState) or before.over:
            asked = before if isinstance(before, CheckIn) else None
            answer = self._outside(asked, assessment, text, language, now, songs=songs)
            return answer if answer.state else replace(answer, state=before)
        state = replace(before, heard=before.heard + 1)
        at_hand = self._at_hand(before, text)
        kind = assessment.kind or (state.kind if at_hand else None)
        if kind is not None:
            by_model = assessment.group == BY_MODEL and not at_hand and state.by_model
            urgent = assessment.urgent or at_hand
            return self._danger(state, kind, urgent, language, now, by_model=by_model)
        if songs:
            return self._say(CareAction.SONGS, state, self._texts.songs[language])
        return self._after(state, assessment, text, language)

    def _after(
        self, state: CareState, assessment: Assessment, text: str, language: Language
    ) -> CareAnswer:
        """What to do with a message in care that speaks of no danger."""
        words = self._texts.words
        if assessment.level is CrisisLevel.NONE and words.says_bright(text):
            return CareAnswer(CareAction.ORDINARY, replace(state, left=0, over=True))
        if heard := self._heard(state, assessment, text, language):
            return heard
        if assessment.suspected is None and words.says_safe(text):
            lines = self._texts.safe[state.kind][language]
            return self._say(CareAction.SAFE, replace(state, left=0), lines)
        lines = self._texts.follow_up[state.kind][language]
        # What is told is answered, but for the first message and every third one after it.
        due = state.left > 0 and (state.heard % _EACH == 1 or _says_little(text))
        if assessment.suspected is not None and state.followed >= len(lines):
            return self._say(CareAction.REMINDER, state, self._texts.reminder[state.kind][language])
        if state.followed >= len(lines) or not (due or assessment.suspected):
            return CareAnswer(CareAction.ORDINARY, state, state.kind, songs=SongRule.ASKED_GENTLE)
        return CareAnswer(
            CareAction.FOLLOW_UP,
            replace(state, followed=state.followed + 1, left=max(state.left - 1, 0)),
            state.kind,
            (lines[state.followed],),
            SongRule.ASKED_GENTLE,
            grounding=True,
        )

    def _heard(
        self, state: CareState, assessment: Assessment, text: str, language: Language
    ) -> CareAnswer | None:
        """The answer to who explains what was meant, or says how it stands around them."""
        suspected = assessment.suspected is not None
        explained = self._texts.words.explains_away(text, suspected=suspected)
        if explained and (state.by_model or not suspected):
            return self._explained(state, language)
        return self._told(state, text, language)

    def _explained(self, state: CareState, language: Language) -> CareAnswer:
        """The answer to who meant something else; what the floor heard is no false alarm."""
        if not state.by_model:
            lines = self._texts.safe[state.kind][language]
            return self._say(CareAction.SAFE, replace(state, left=0), lines)
        lines = self._texts.misunderstood[language]
        answer = self._say(CareAction.SAFE, replace(state, left=0, over=True), lines)
        return replace(answer, kind=None, songs=SongRule.ANY)

    def _told(self, state: CareState, text: str, language: Language) -> CareAnswer | None:
        """The answer to who says how it stands around them; a few words that must not be missed."""
        words = self._texts.words
        if words.says_alone(text):
            lines = self._texts.alone[state.kind][language]
        elif words.says_safer(text, state.kind):
            lines = self._texts.safer[state.kind][language]
        else:
            return None
        return replace(self._say(CareAction.FOLLOW_UP, state, lines), grounding=True)

    def _rages(self, before: CareState | CheckIn | None, assessment: Assessment, text: str) -> bool:
        """Whether a message speaks of harm to others, and of no danger that is sure."""
        in_danger = isinstance(before, CareState) and not before.over
        sure = assessment.kind is not None and assessment.group != BY_MODEL
        return not in_danger and not sure and self._texts.words.says_rage(text)

    def _calm(
        self, before: CareState | CheckIn | None, text: str, language: Language, now: datetime
    ) -> CareAnswer:
        at_hand = self._texts.words.says_at_hand(text, asked_where=False)
        lines = self._texts.anger_at_hand[language] if at_hand else self._texts.anger[language]
        return CareAnswer(
            CareAction.CALM, before, lines=_one_of(lines, now), songs=SongRule.NONE, grounding=True
        )

    def _outside(
        self,
        asked: CheckIn | None,
        assessment: Assessment,
        text: str,
        language: Language,
        now: datetime,
        *,
        songs: bool = False,
    ) -> CareAnswer:
        """What to do with a message before any word of danger, maybe after a question."""
        words = self._texts.words
        if asked is not None and asked.denied and asked.heard > DENIED_FOR:
            asked = None  # what was meant then says nothing of what is said now
        if asked is None:
            if assessment.kind is not None:
                by_model = assessment.group == BY_MODEL
                urgent = assessment.urgent
                return self._danger(None, assessment.kind, urgent, language, now, by_model=by_model)
            return self._check_in(assessment.suspected, language, now)
        if assessment.kind is None and asked.explained_by(words, assessment, text):
            explained = replace(asked, open=False, heard=asked.heard + 1, denied=True)
            lines = _one_of(self._texts.misunderstood[language], now)
            return CareAnswer(CareAction.SAFE, explained, lines=lines)
        at_hand = assessment.kind is None and asked.at_hand(words, text)
        kind = assessment.kind or (
            asked.kind if at_hand else asked.confirmed(words, assessment, text)
        )
        if kind is not None:
            said = at_hand or asked.agreed_by(words, text)
            by_model = not said and assessment.group in {"", BY_MODEL}
            urgent = assessment.urgent or at_hand
            return self._danger(None, kind, urgent, language, now, by_model=by_model)
        return self._unconfirmed(asked, text, language, now, songs=songs)

    def _unconfirmed(
        self, asked: CheckIn, text: str, language: Language, now: datetime, *, songs: bool
    ) -> CareAnswer:
        """What to do with a message after a question that is no yes to it."""
        words = self._texts.words
        closed = replace(asked, open=False, heard=asked.heard + 1)
        if asked.denied_by(words, text):
            lines = _one_of(self._texts.relieved[language], now)
            return CareAnswer(CareAction.SAFE, replace(closed, denied=True), lines=lines)
        if words.says_bright(text):
            return CareAnswer(CareAction.ORDINARY, replace(closed, denied=True))
        if songs and self.songs_rule(asked, now) is not SongRule.ANY:
            lines = self._texts.songs[language]
            return CareAnswer(
                CareAction.SONGS,
                closed,
                lines=(lines[asked.heard % len(lines)],),
                songs=SongRule.ASKED_GENTLE,
            )
        if asked.open:
            lines = _one_of(self._texts.unanswered[language], now)
            rule = self.songs_rule(closed, now)
            return CareAnswer(CareAction.FOLLOW_UP, closed, lines=lines, songs=rule)
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
            lines=_one_of(lines, now),
            songs=SongRule.NONE,
        )

    def _at_hand(self, state: CareState, text: str) -> bool:
        # The first question after a card is whether the place is safe.
        words = self._texts.words
        asked_where = state.followed == 1 and state.heard == 1
        asked_where = asked_where and not words.says_safer(text, state.kind)
        return words.says_at_hand(text, asked_where=asked_where)

    def songs_rule(self, state: CareState | CheckIn | None, now: datetime) -> SongRule:
        """Which songs a command may bring now: gentle ones, too, while a question stands."""
        if state is None or not state.lasts_at(now):
            return SongRule.ANY
        if isinstance(state, CheckIn) and (state.denied or state.heard > GENTLE_FOR):
            return SongRule.ANY
        if isinstance(state, CareState) and state.over:
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
        *,
        by_model: bool,
    ) -> CareAnswer:
        cards = state.cards if state else {}
        again = CARD_AGAIN_URGENT if urgent else CARD_AGAIN
        due = kind not in cards or now - cards[kind] >= again
        at_hand = self._texts.urgent[kind][language] if urgent else ()
        cards = {**cards, kind: now} if due else cards
        after = replace(state or CareState(kind, now, cards), kind=kind, danger_at=now, cards=cards)
        after = replace(after, left=FOLLOW_UPS, heard=0, by_model=by_model)
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


def _corrected(assessment: Assessment, words: CareWords, text: str) -> Assessment:
    """What the model takes for a threat by others is the person's own where voices make it."""
    by_model = assessment.group == BY_MODEL and assessment.kind is CrisisKind.VIOLENCE
    if by_model and words.tells_of_voices(text):
        return replace(assessment, kind=CrisisKind.SELF_HARM)
    return assessment


def _one_of(lines: tuple[str, ...], now: datetime) -> tuple[str, ...]:
    """Another one a minute later: nothing is kept of what was said."""
    return (lines[now.minute % len(lines)],)


def _says_little(text: str) -> bool:
    letters = sum("가" <= char <= "힣" or (char.isascii() and char.isalpha()) for char in text)
    return letters <= _LITTLE
