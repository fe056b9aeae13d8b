"""The deterministic floor of the crisis check: patterns over the raw and the normalised text.

It errs towards care: what it lets through may still be caught elsewhere, what it catches is
answered with a calm card. The patterns, and why each is there, stand in
`data/crisis/patterns.yaml`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

from core.dialogue.files import read_mapping
from core.dialogue.folding import views
from core.dialogue.patterns import PatternGroup, PatternIndex, read_fragments, read_groups
from core.errors import DialogueError
from core.models import CrisisKind

__all__ = ["Alarm", "CrisisDetector"]

_FILE: Final = "patterns.yaml"
# The writer's own life comes first; what is told of others counts where nothing else does.
_ORDER: Final = (CrisisKind.SELF_HARM, CrisisKind.VIOLENCE, CrisisKind.THIRD_PERSON)
_SENTENCE: Final = re.compile(r"[^.？]*[.？]?")
# A sentence longer than a window is read in several. They begin at a space where there is one
# among the last letters of a step. What stands within a margin of a cut lacks its surroundings
# ("친구가", "은 건 아니야"), so it is judged in the neighbouring window, which has them.
_WINDOW: Final = 400
_STEP: Final = 200
_SEARCHED_FOR_SPACE: Final = 50
_MARGIN: Final = 100


@dataclass(frozen=True)
class Alarm:
    """What made the detector speak up.

    Attributes:
        kind: of the danger.
        group: the name of the pattern group.
    """

    kind: CrisisKind
    group: str


class _Window(NamedTuple):
    """A piece of a sentence; only alarms that start within [first, end) of it count."""

    text: str
    first: int
    end: int

    def owns(self, match: re.Match[str]) -> bool:
        return self.first <= match.start() < self.end


class CrisisDetector:
    """Finds messages that speak of a danger to somebody's life or body."""

    def __init__(self, idioms: Sequence[PatternGroup], alarms: Sequence[PatternGroup]) -> None:
        """Args:
        idioms: what sounds like danger and is none; taken out before the alarms are tried.
        alarms: the groups of all kinds.
        """
        self._idioms = PatternIndex(idioms)
        self._alarms = {
            kind: PatternIndex([group for group in alarms if group.kind == kind])
            for kind in CrisisKind
        }

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The detector of `folder` (data/crisis).

        Raises:
            DialogueError: the pattern file is missing, damaged, or lacks a kind.
        """
        path = folder / _FILE
        content = read_mapping(path)
        fragments = read_fragments(content.get("fragments"), f"{path}: fragments")
        idioms = read_groups(content.get("idioms"), fragments, f"{path}: idioms")
        alarms = read_groups(content.get("alarms"), fragments, f"{path}: alarms")
        kinds = {group.kind for group in alarms}
        if unknown := kinds - set(CrisisKind):
            raise DialogueError(f"{path}: {min(unknown)!r} is no kind of crisis")
        if lacking := set(CrisisKind) - kinds:
            raise DialogueError(f"{path} has no pattern for {min(lacking)}")
        return cls(idioms, alarms)

    def detect(self, text: str) -> CrisisKind | None:
        """What kind of danger a raw message speaks of, None where it speaks of none."""
        alarm = self.find(text)
        return alarm.kind if alarm else None

    def find(self, text: str) -> Alarm | None:
        """The same with the pattern group that matched, for tests and for tuning."""
        known: dict[_Window, Alarm | None] = {}
        for view in views(text):
            found: list[Alarm] = []
            for window in _windows(view):
                if window not in known:
                    known[window] = self._find_in(window)
                if alarm := known[window]:
                    found.append(alarm)
            if found:
                return min(found, key=lambda alarm: _ORDER.index(alarm.kind))
        return None

    def _find_in(self, window: _Window) -> Alarm | None:
        sentence = window.text
        for _, idiom in self._idioms.candidates(sentence):
            sentence = idiom.regex.sub(_mask, sentence)
        # What is told of somebody else is taken out too, so that the rest is the writer's own.
        other = None
        for group, pattern in self._alarms[CrisisKind.THIRD_PERSON].candidates(sentence):
            if other is None and any(map(window.owns, pattern.regex.finditer(sentence))):
                other = Alarm(CrisisKind.THIRD_PERSON, group.name)
            sentence = pattern.regex.sub(_mask, sentence)
        for kind in (CrisisKind.SELF_HARM, CrisisKind.VIOLENCE):
            for group, pattern in self._alarms[kind].candidates(sentence):
                if any(map(window.owns, pattern.regex.finditer(sentence))):
                    return Alarm(kind, group.name)
        return other


def _windows(view: str) -> Iterator[_Window]:
    for match in _SENTENCE.finditer(view):
        sentence = match.group().strip()
        start = first = 0
        while start + _WINDOW < len(sentence):
            furthest = start + _STEP
            space = sentence.rfind(" ", furthest - _SEARCHED_FOR_SPACE, furthest)
            step = (space + 1 or furthest) - start
            yield _Window(sentence[start : start + _WINDOW], first, step + _MARGIN)
            start, first = start + step, _MARGIN
        yield _Window(sentence[start:], first, _WINDOW)


def _mask(match: re.Match[str]) -> str:
    kept = match.start(1) - match.start() if match.re.groups else 0
    return match.group()[:kept] + "#" * (len(match.group()) - kept)
