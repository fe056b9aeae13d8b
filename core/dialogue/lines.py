"""What the bot says back: a line for the message or its emotion, and a question to go on with."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from core.dialogue.bank import Intent
from core.dialogue.files import as_mapping, read_mapping
from core.dialogue.pool import Line, Pool, check_ids, choose, read_pool
from core.dialogue.tones import Tone, leading_emotion, outstanding_fine, tone_of
from core.emotion.labels import COARSE, FINE
from core.errors import DialogueError
from core.models import EmotionScores, Language

__all__ = ["Line", "Lines", "Tone", "leading_emotion", "outstanding_fine"]

ENOUGH_LINES: Final = 12
"""Lines of each class, of `mixed` and of each tone's questions, at least.

Two such pools together are more than the twenty lines that are not to be said again.
"""
ENOUGH_FINE_LINES: Final = 4


@dataclass(frozen=True)
class Lines:
    """All that the bot can say to an emotion.

    Attributes:
        emotions: by class.
        mixed: for readings without a leading class.
        fine: by fine emotion, for some of them.
        questions: by tone.
    """

    emotions: Mapping[str, Pool]
    mixed: Pool
    fine: Mapping[str, Pool]
    questions: Mapping[Tone, Pool]

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
            mixed=read_pool(empathy.get("mixed"), f"{path}: mixed", ENOUGH_LINES),
            fine=_fine_pools(empathy.get("fine"), f"{path}: fine"),
            questions={
                Tone(name): pool
                for name, pool in _pools(read_mapping(asked), str(asked), tuple(Tone)).items()
            },
        )
        check_ids(lines.pools(), folder)
        return lines

    def pools(self) -> Iterator[Pool]:
        """All pools."""
        yield from self.emotions.values()
        yield self.mixed
        yield from self.fine.values()
        yield from self.questions.values()

    def reply(
        self,
        scores: EmotionScores,
        *,
        language: Language,
        said: Collection[str],
        generator: np.random.Generator,
        ask: bool,
        intent: Intent | None = None,
    ) -> tuple[Line, ...]:
        """A line that fits, and if `ask` an open question that goes with it.

        The line answers the intent where its replies fit the tone of the reading, and the emotion
        otherwise. An intent that asks nothing (a farewell) is followed by no question.

        Args:
            scores: of the message that is answered.
            language: of the lines.
            said: ids of lines not to be said again, oldest first. What comes in place of an
                exhausted pool takes no side, so that up to twenty of them leave enough to say.
            generator: chooses among the lines that fit.
            ask: whether to ask on.
            intent: what the message says, where that was recognised.
        """
        emotion = leading_emotion(scores)
        tone = tone_of(emotion)
        fitting = intent if intent and tone in intent.fits else None
        pools = [self.mixed, self.emotions["중립"]]
        if emotion is not None:
            # The few lines of a fine emotion are left out once said; those of its class follow.
            fine = self.fine.get(outstanding_fine(scores) or "", ())
            pools = [fine, self.emotions[emotion], *pools]
        chosen = [choose([fitting.replies, *pools] if fitting else pools, said, generator)]
        if ask and not (fitting and fitting.questions is None):
            asked = [self.questions[tone], self.questions[Tone.NEUTRAL]]
            if fitting and fitting.questions:
                asked = [fitting.questions, *asked]
            chosen.append(choose(asked, said, generator))
        return tuple(line[language] for line in chosen)


def _pools(value: object, where: str, names: Sequence[str]) -> dict[str, Pool]:
    given = as_mapping(value, where)
    if unknown := sorted(given.keys() - set(names)):
        raise DialogueError(f"{where}: {unknown[0]} is not known here")
    return {name: read_pool(given.get(name), f"{where}: {name}", ENOUGH_LINES) for name in names}


def _fine_pools(value: object, where: str) -> dict[str, Pool]:
    given = as_mapping(value, where)
    if unknown := sorted(given.keys() - set(FINE)):
        raise DialogueError(f"{where}: {unknown[0]} is not a fine emotion")
    return {
        name: read_pool(entries, f"{where}: {name}", ENOUGH_FINE_LINES)
        for name, entries in given.items()
    }
