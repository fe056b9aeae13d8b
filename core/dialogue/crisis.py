"""The crisis check: a deterministic floor of patterns, and a small model on top of it.

The floor tries the patterns of `data/crisis/patterns.yaml` on the raw and the normalised text. The
model (`crisis_model`) reads what the floor let through: it may add to what the floor finds, and
takes nothing away. Both err towards care: what they catch is answered with a calm card, and what
the model is not sure of with a question.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

from core.dialogue.crisis_model import CrisisModel
from core.dialogue.files import read_mapping
from core.dialogue.folding import plain_view, views
from core.dialogue.patterns import PatternGroup, PatternIndex, read_fragments, read_groups
from core.errors import DialogueError
from core.models import CrisisKind, CrisisLevel

__all__ = ["BY_MODEL", "Alarm", "Assessment", "CrisisDetector"]

BY_MODEL: Final = "model"
"""Stands for the name of a pattern group where the model spoke up."""

_FILE: Final = "patterns.yaml"
_MODEL_FILE: Final = "model.npz"
# The writer's own life comes first; what is told of others counts where nothing else does.
_ORDER: Final = (CrisisKind.SELF_HARM, CrisisKind.VIOLENCE, CrisisKind.THIRD_PERSON)
_SENTENCE: Final = re.compile(r"[^.？]*[.？]?")
_WORDLESS: Final = re.compile(r"[\W\dㄱ-ㅣ]*")  # masked whole, laughter, punctuation
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


@dataclass(frozen=True)
class Assessment:
    """What a message is taken for.

    Attributes:
        level: none, low mood or crisis.
        kind: of the danger; None unless the level is CRISIS.
        group: the pattern group that matched, or `BY_MODEL`; empty unless the level is CRISIS.
        urgent: whether the message says that something is happening or at hand right now.
        suspected: the kind of danger that the message may speak of, so that it is worth asking;
            None unless the level is LOW.
    """

    level: CrisisLevel
    kind: CrisisKind | None = None
    group: str = ""
    urgent: bool = False
    suspected: CrisisKind | None = None


class _Window(NamedTuple):
    """A piece of a sentence; only alarms that start within [first, end) of it count."""

    text: str
    first: int
    end: int

    def owns(self, match: re.Match[str]) -> bool:
        return self.first <= match.start() < self.end


class CrisisDetector:
    """Finds messages that speak of a danger to somebody's life or body."""

    def __init__(
        self,
        idioms: Sequence[PatternGroup],
        alarms: Sequence[PatternGroup],
        urgent: Sequence[PatternGroup],
        model: CrisisModel | None,
    ) -> None:
        """Args:
        idioms: what sounds like danger and is none; taken out before the alarms are tried.
        alarms: the groups of all kinds.
        urgent: what tells that a danger is at hand, where there is one.
        model: reads what the floor let through; None for the floor alone, without a LOW level.
        """
        self._idioms = PatternIndex(idioms)
        self._alarms = {
            kind: PatternIndex([group for group in alarms if group.kind == kind])
            for kind in CrisisKind
        }
        self._urgent = PatternIndex(urgent)
        self._model = model

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The detector of `folder` (data/crisis).

        Raises:
            DialogueError: a file is missing or damaged, or a kind lacks patterns.
        """
        return cls._read(folder, CrisisModel.load)

    @classmethod
    def load_floor(cls, folder: Path) -> Self:
        """The floor alone; for training the model and for measuring.

        Raises:
            DialogueError: the pattern file is missing, damaged, or lacks a kind.
        """
        return cls._read(folder, lambda _: None)

    @classmethod
    def _read(cls, folder: Path, model: Callable[[Path], CrisisModel | None]) -> Self:
        path = folder / _FILE
        content = read_mapping(path)
        fragments = read_fragments(content.get("fragments"), f"{path}: fragments")
        idioms, alarms, urgent = (
            read_groups(content.get(name), fragments, f"{path}: {name}")
            for name in ("idioms", "alarms", "urgent")
        )
        kinds = {group.kind for group in alarms}
        if unknown := kinds - set(CrisisKind):
            raise DialogueError(f"{path}: {min(unknown)!r} is no kind of crisis")
        if lacking := set(CrisisKind) - kinds:
            raise DialogueError(f"{path} has no pattern for {min(lacking)}")
        return cls(idioms, alarms, urgent, model(folder / _MODEL_FILE))

    def detect(self, text: str) -> CrisisKind | None:
        """What kind of danger a raw message speaks of, None where it speaks of none."""
        return self.assess(text).kind

    def assess(self, text: str) -> Assessment:
        """How much a raw message worries, and why."""
        spellings = views(text)
        if alarm := self._find_in_any(spellings):
            urgent = any(map(self._is_urgent, spellings))
            return Assessment(CrisisLevel.CRISIS, alarm.kind, alarm.group, urgent)
        sentences = self._sentences_in(spellings[0])
        if self._model is None or not sentences:
            return Assessment(CrisisLevel.NONE)
        judged = self._model.judge(sentences)
        if judged.level is not CrisisLevel.CRISIS:
            return Assessment(judged.level, suspected=judged.suspected)
        return Assessment(judged.level, judged.kind, BY_MODEL, self._is_urgent(spellings[0]))

    def find(self, text: str) -> Alarm | None:
        """What the floor alone finds, with the pattern group that matched."""
        return self._find_in_any(views(text))

    def sentences(self, text: str) -> list[str]:
        """The sentences of a raw message as the model reads them: the idioms are masked."""
        return self._sentences_in(plain_view(text))

    def _find_in_any(self, spellings: Sequence[str]) -> Alarm | None:
        known: dict[_Window, Alarm | None] = {}
        for view in spellings:
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
        sentence = self._without_idioms(window.text)
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

    def _sentences_in(self, view: str) -> list[str]:
        masked = (self._without_idioms(window.text) for window in _windows(view))
        return [sentence for sentence in masked if not _WORDLESS.fullmatch(sentence)]

    def _without_idioms(self, sentence: str) -> str:
        for _, idiom in self._idioms.candidates(sentence):
            sentence = idiom.regex.sub(_mask, sentence)
        return sentence

    def _is_urgent(self, view: str) -> bool:
        return any(
            pattern.regex.search(window.text)
            for window in _windows(view)
            for _, pattern in self._urgent.candidates(window.text)
        )


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
