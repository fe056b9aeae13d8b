"""The deterministic floor of the crisis check: patterns over the raw and the normalised text.

It errs towards care: what it lets through may still be caught elsewhere, what it catches is
answered with a calm card. The patterns, and why each is there, stand in
`data/crisis/patterns.yaml`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from core.dialogue.files import read_mapping
from core.dialogue.folding import views
from core.dialogue.help_lines import HelpLines
from core.dialogue.patterns import PatternGroup, PatternIndex, read_fragments, read_groups
from core.errors import DialogueError
from core.models import CrisisKind

__all__ = ["Alarm", "CrisisDetector", "HelpLines"]

_FILE: Final = "patterns.yaml"
# The writer's own life comes first; what is told of others counts where nothing else does.
_ORDER: Final = (CrisisKind.SELF_HARM, CrisisKind.VIOLENCE, CrisisKind.THIRD_PERSON)
_SENTENCE: Final = re.compile(r"[^.？]*[.？]?")
# A sentence longer than this is read in windows, which overlap by more than any pattern spans.
_WINDOW: Final = 400
_STEP: Final = 200


@dataclass(frozen=True)
class Alarm:
    """What made the detector speak up.

    Attributes:
        kind: of the danger.
        group: the name of the pattern group.
    """

    kind: CrisisKind
    group: str


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
        known: dict[str, Alarm | None] = {}
        for view in views(text):
            found: list[Alarm] = []
            for sentence in _sentences(view):
                if sentence not in known:
                    known[sentence] = self._find_in(sentence)
                if alarm := known[sentence]:
                    found.append(alarm)
            if found:
                return min(found, key=lambda alarm: _ORDER.index(alarm.kind))
        return None

    def _find_in(self, sentence: str) -> Alarm | None:
        for _, idiom in self._idioms.candidates(sentence):
            sentence = idiom.regex.sub(_mask, sentence)
        # What is told of somebody else is taken out too, so that the rest is the writer's own.
        other = None
        for group, pattern in self._alarms[CrisisKind.THIRD_PERSON].candidates(sentence):
            sentence, count = pattern.regex.subn(_mask, sentence)
            if count and other is None:
                other = Alarm(CrisisKind.THIRD_PERSON, group.name)
        for kind in (CrisisKind.SELF_HARM, CrisisKind.VIOLENCE):
            for group, pattern in self._alarms[kind].candidates(sentence):
                if pattern.regex.search(sentence):
                    return Alarm(kind, group.name)
        return other


def _sentences(view: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(view):
        sentence = match.group().strip()
        for start in range(0, max(1, len(sentence) - _STEP), _STEP):
            yield sentence[start : start + _WINDOW]


def _mask(match: re.Match[str]) -> str:
    kept = match.start(1) - match.start() if match.re.groups else 0
    return match.group()[:kept] + "#" * (len(match.group()) - kept)
