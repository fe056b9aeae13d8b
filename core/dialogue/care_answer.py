"""What care answers with."""

from dataclasses import dataclass
from enum import StrEnum

from core.dialogue.care_state import CareState
from core.dialogue.check_in import CheckIn
from core.models import CrisisKind

__all__ = ["CareAction", "CareAnswer", "SongRule"]


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
    CALM = "calm"
    """Lines to a wish to do harm to somebody else."""
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
