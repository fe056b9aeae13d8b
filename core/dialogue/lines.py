"""What the bot says back: a line for the emotion just read, and a question to go on with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

import numpy as np

from core.dialogue.files import as_list, as_mapping, as_text, read_mapping
from core.emotion.labels import COARSE, FINE, FINE_TO_COARSE
from core.errors import DialogueError
from core.models import EmotionScores, Language

__all__ = ["Line", "Lines", "Tone", "leading_emotion", "outstanding_fine"]

CLEAR_LEAD: Final = 0.1
"""A class leads only when the classes of the opposite tone together stay this far behind it."""
HIGH_FINE: Final = 0.5
"""From this score on a fine emotion is more likely there than not."""
ENOUGH_LINES: Final = 12
"""Lines of each class, of `mixed` and of each tone's questions, at least."""
ENOUGH_FINE_LINES: Final = 4


class Tone(StrEnum):
    """The feelings a question fits."""

    HARD = "hard"
    GOOD = "good"
    NEUTRAL = "neutral"


# Surprise may be good or bad, so it gets nothing that takes a side.
_TONES: Final = {
    "행복": Tone.GOOD,
    "슬픔": Tone.HARD,
    "분노": Tone.HARD,
    "공포": Tone.HARD,
    "혐오": Tone.HARD,
    "놀람": Tone.NEUTRAL,
    "중립": Tone.NEUTRAL,
}
_OPPOSITE: Final = {Tone.HARD: Tone.GOOD, Tone.GOOD: Tone.HARD}


@dataclass(frozen=True)
class Line:
    """Something the bot says.

    Attributes:
        id: stable, and the same in every language.
        text: in the language asked for.
    """

    id: str
    text: str


_Pool = tuple[Mapping[Language, Line], ...]


@dataclass(frozen=True)
class Lines:
    """All that the bot can say to an emotion.

    Attributes:
        emotions: by class.
        mixed: for readings without a leading class.
        fine: by fine emotion, for some of them.
        questions: by tone.
    """

    emotions: Mapping[str, _Pool]
    mixed: _Pool
    fine: Mapping[str, _Pool]
    questions: Mapping[Tone, _Pool]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `empathy.yaml` and `questions.yaml`.

        Raises:
            DialogueError: a file is missing or damaged, an emotion has too few lines, or an id
                occurs twice.
        """
        path = folder / "empathy.yaml"
        empathy = read_mapping(path)
        asked = folder / "questions.yaml"
        lines = cls(
            emotions=_pools(empathy.get("emotions"), f"{path}: emotions", COARSE),
            mixed=_pool(empathy.get("mixed"), f"{path}: mixed", ENOUGH_LINES),
            fine=_fine_pools(empathy.get("fine"), f"{path}: fine"),
            questions={
                Tone(name): pool
                for name, pool in _pools(read_mapping(asked), str(asked), tuple(Tone)).items()
            },
        )
        _check_ids(lines, folder)
        return lines

    def reply(
        self,
        scores: EmotionScores,
        *,
        language: Language,
        said: Collection[str],
        generator: np.random.Generator,
        ask: bool,
    ) -> tuple[Line, ...]:
        """A line that fits the emotion, and if `ask` an open question of the same tone.

        Args:
            scores: of the message that is answered.
            language: of the lines.
            said: ids of lines not to be said again, oldest first. Where a pool has no other, its
                line said longest ago comes again.
            generator: chooses among the lines that fit.
            ask: whether to ask on.
        """
        emotion = leading_emotion(scores)
        pool = self.mixed if emotion is None else self.emotions[emotion]
        closer = self.fine.get(outstanding_fine(scores) or "", ())
        # The few lines of a fine emotion are left out once said; those of its class follow.
        fresh = _fresh(closer, said)
        chosen = [_choose(fresh or pool, said, generator)]
        if ask:
            tone = Tone.NEUTRAL if emotion is None else _TONES[emotion]
            chosen.append(_choose(self.questions[tone], said, generator))
        return tuple(line[language] for line in chosen)


def leading_emotion(scores: EmotionScores) -> str | None:
    """The class of the largest share; None for a mixed or uncertain reading.

    That is one that is ambiguous, or where the classes of the opposite tone (good against hard)
    together come closer to the largest share than `CLEAR_LEAD`.
    """
    shares = dict(zip(COARSE, map(float, scores.coarse), strict=True))
    leader = max(COARSE, key=shares.__getitem__)
    opposite = _OPPOSITE.get(_TONES[leader])
    against = sum(share for name, share in shares.items() if _TONES[name] is opposite)
    if scores.ambiguous or (opposite and shares[leader] - against < CLEAR_LEAD):
        return None
    return leader


def outstanding_fine(scores: EmotionScores) -> str | None:
    """The strongest fine emotion if it is at least `HIGH_FINE` and of the leading class.

    It is of the class (or, in a tie, the classes) with its largest share in `FINE_TO_COARSE`.
    """
    emotion = leading_emotion(scores)
    strongest = int(scores.fine.argmax())
    if emotion is None or scores.fine[strongest] < HIGH_FINE:
        return None
    shares = FINE_TO_COARSE[strongest]
    return FINE[strongest] if shares[COARSE.index(emotion)] == shares.max() else None


def _id(line: Mapping[Language, Line]) -> str:
    return line[Language.KOREAN].id


def _fresh(pool: _Pool, said: Collection[str]) -> _Pool:
    return tuple(line for line in pool if _id(line) not in said)


def _choose(
    pool: _Pool, said: Collection[str], generator: np.random.Generator
) -> Mapping[Language, Line]:
    fresh = _fresh(pool, said)
    if fresh:
        return fresh[int(generator.integers(len(fresh)))]
    last_said = {id_: position for position, id_ in enumerate(said)}
    return min(pool, key=lambda line: last_said[_id(line)])


def _pools(value: object, where: str, names: Sequence[str]) -> dict[str, _Pool]:
    given = as_mapping(value, where)
    if unknown := sorted(given.keys() - set(names)):
        raise DialogueError(f"{where}: {unknown[0]} is not known here")
    return {name: _pool(given.get(name), f"{where}: {name}", ENOUGH_LINES) for name in names}


def _fine_pools(value: object, where: str) -> dict[str, _Pool]:
    given = as_mapping(value, where)
    if unknown := sorted(given.keys() - set(FINE)):
        raise DialogueError(f"{where}: {unknown[0]} is not a fine emotion")
    return {
        name: _pool(entries, f"{where}: {name}", ENOUGH_FINE_LINES)
        for name, entries in given.items()
    }


def _pool(value: object, where: str, enough: int) -> _Pool:
    entries = as_list(value, where)
    if len(entries) < enough:
        raise DialogueError(f"{where}: {len(entries)} lines are too few, {enough} are needed")
    return tuple(_line(entry, f"{where}, line {at}") for at, entry in enumerate(entries, start=1))


def _line(value: object, where: str) -> Mapping[Language, Line]:
    entry = as_mapping(value, where)
    id_ = as_text(entry.get("id"), f"{where}: id")
    return {
        language: Line(id_, as_text(entry.get(language.value), f"{where}: {language.value}"))
        for language in Language
    }


def _check_ids(lines: Lines, folder: Path) -> None:
    seen: set[str] = set()
    banks = (lines.emotions, {"mixed": lines.mixed}, lines.fine, lines.questions)
    for pool in (pool for bank in banks for pool in bank.values()):
        for line in pool:
            if _id(line) in seen:
                raise DialogueError(f"{folder}: the id {_id(line)} occurs twice")
            seen.add(_id(line))
