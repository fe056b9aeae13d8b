"""The conversation between messages and songs, in one piece: recognise, then answer.

A message is understood in the light of the line before it: "열다섯 살이었어" says little alone, but
after the death of a dog it is about the dog. So where little is recognised, the talk stays with
what it was about.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, Self

import numpy as np

from core.dialogue.bank import Intent, load_bank
from core.dialogue.lines import Line, Lines
from core.dialogue.pool import check_ids, line_id
from core.dialogue.retrieval import Embed, Match, Retriever
from core.dialogue.tones import Tone, leading_emotion, tone_of
from core.models import Language, Reading

__all__ = ["CLEAR", "Answer", "Replies"]

CLEAR: Final = 0.62
"""From this similarity on a message is taken for what it says alone."""
_LAST: Final = 2  # lines of one answer


@dataclass(frozen=True)
class Answer:
    """What the bot says to a message.

    Attributes:
        lines: a statement, and maybe an open question.
        match: what was recognised; None where nothing was, so that the message may be kept
            (masked, with consent) for the next edition of the bank.
        intent: what was answered: what was recognised, or what the talk is about; None where it
            was the emotion alone.
    """

    lines: tuple[Line, ...]
    match: Match | None
    intent: Intent | None


@dataclass(frozen=True)
class Replies:
    """Answers messages.

    Attributes:
        lines: for emotions.
        retriever: recognises what a message says.
    """

    lines: Lines
    retriever: Retriever
    _by_line: dict[str, Intent] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Remember which intent a reply belongs to."""
        owners = {line_id(line): i for i in self.retriever.intents for line in i.replies}
        object.__setattr__(self, "_by_line", owners)

    @classmethod
    def load(cls, folder: Path, embed: Embed) -> Self:
        """Read the lines of `folder` and the bank in its `bank`.

        Args:
            folder: `data/dialogue`.
            embed: of the model that will read the messages, too.

        Raises:
            DialogueError: a file is missing or damaged, or an id stands for two lines.
        """
        lines, intents = Lines.load(folder), load_bank(folder / "bank")
        answers = (p for i in intents for p in (i.replies, i.questions or ()))
        check_ids((*lines.pools(), *answers), folder)
        return cls(lines, Retriever(intents, embed))

    def reply(
        self,
        text: str,
        reading: Reading,
        *,
        language: Language,
        said: Collection[str],
        generator: np.random.Generator,
        ask: bool,
    ) -> Answer:
        """The answer to `text`; see `Lines.reply`.

        Args:
            text: as it came.
            reading: of the text.
            language: of the lines.
            said: ids of lines not to be said again, oldest first.
            generator: chooses among the lines that fit.
            ask: whether to ask on.
        """
        match = self.retriever.find(text, reading.embedding)
        intent = self._in_context(match, said, tone_of(leading_emotion(reading.scores)))
        lines = self.lines.reply(
            reading.scores,
            language=language,
            said=said,
            generator=generator,
            ask=ask,
            intent=intent,
        )
        return Answer(lines, match, intent)

    def _in_context(self, match: Match | None, said: Collection[str], tone: Tone) -> Intent | None:
        """What to answer: what was recognised, or where that is little, what the talk is about."""
        before = self._subject(said)
        if match is None or before is None:
            return match.intent if match else before
        clear = match.similarity >= CLEAR or match.intent.topic == before.topic
        # What was general is no subject to stay with once something else is recognised.
        # Nor is what has no answer in this tone: the little that was recognised says more then.
        return match.intent if clear or before.general or tone not in before.fits else before

    def _subject(self, said: Collection[str]) -> Intent | None:
        """What the last answer was about; None where that was small talk or an emotion alone."""
        last = islice(reversed(tuple(said)), _LAST)
        about = next((self._by_line[id_] for id_ in last if id_ in self._by_line), None)
        return None if about is None or about.small_talk else about
