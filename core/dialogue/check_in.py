"""The gentle question that an uncertain message gets.

Where the model cannot tell whether a message speaks of danger, it is neither met with a card nor
passed over: it is asked about, once, with the help line. A yes to the question, or a second message
of that sort, is danger; a no ends the matter for `AGAIN`; anything else goes on as the usual talk
does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.dialogue.care_texts import CareWords
from core.dialogue.crisis import Assessment
from core.models import CrisisKind

__all__ = ["AGAIN", "DENIED_FOR", "GENTLE_FOR", "CheckIn"]

AGAIN: Final = timedelta(hours=2)
"""How long a question is remembered, and not asked again."""

DENIED_FOR: Final = 3
"""Messages after the question for which a no is taken at its word; later ones are asked anew."""

GENTLE_FOR: Final = 2
"""Messages after a question that stays unanswered for which songs are gentle."""

_PLAIN: Final = 12
"""Letters of a no that says no more; what a longer one goes on to say counts, too."""


@dataclass(frozen=True)
class CheckIn:
    """A question that was asked; nothing of what was said. It lives in memory only.

    Attributes:
        kind: of the danger that was asked about.
        at: when, aware, UTC.
        open: whether the next message may answer it.
        denied: whether the answer was no, or bright news.
        heard: messages since.
    """

    kind: CrisisKind
    at: datetime
    open: bool = True
    denied: bool = False
    heard: int = 0

    def lasts_at(self, now: datetime) -> bool:
        """Whether it is still remembered."""
        return now - self.at < AGAIN

    def at_hand(self, words: CareWords, text: str) -> bool:
        """Whether `text` answers that the danger is at hand."""
        return self.open and words.says_at_hand(text, asked_where=False)

    def confirmed(self, words: CareWords, assessment: Assessment, text: str) -> CrisisKind | None:
        """The danger that was asked about, where a message leaves little doubt of it.

        Args:
            words: what answers are told by.
            assessment: of the message, which does not speak of danger by itself.
            text: the raw message.
        """
        if self.agreed_by(words, text):
            return self.kind
        if self.denied or (len(text) <= _PLAIN and self.denied_by(words, text)):
            return None
        return assessment.suspected

    def agreed_by(self, words: CareWords, text: str) -> bool:
        """Whether a raw message says yes, or half a yes, to the question."""
        return self.open and words.says_yes(text)

    def explained_by(self, words: CareWords, assessment: Assessment, text: str) -> bool:
        """Whether a raw message explains that something else was meant.

        It may come a little later than an answer would.
        """
        if self.denied or self.heard >= GENTLE_FOR:
            return False
        return words.explains_away(text, suspected=assessment.suspected is not None)

    def denied_by(self, words: CareWords, text: str) -> bool:
        """Whether a raw message says no to the question."""
        return self.open and words.says_no(text)
