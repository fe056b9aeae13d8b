"""The conversation between messages and songs, in one piece: recognise, then answer."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from core.dialogue.bank import load_bank
from core.dialogue.lines import Line, Lines
from core.dialogue.pool import check_ids
from core.dialogue.retrieval import Embed, Match, Retriever
from core.models import Language, Reading

__all__ = ["Answer", "Replies"]


@dataclass(frozen=True)
class Answer:
    """What the bot says to a message.

    Attributes:
        lines: a statement, and maybe an open question.
        match: what was recognised; None where only the emotion was answered, so that the message
            may be kept (masked, with consent) for the next edition of the bank.
    """

    lines: tuple[Line, ...]
    match: Match | None


@dataclass(frozen=True)
class Replies:
    """Answers messages.

    Attributes:
        lines: for emotions.
        retriever: recognises what a message says.
    """

    lines: Lines
    retriever: Retriever

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
        lines = self.lines.reply(
            reading.scores,
            language=language,
            said=said,
            generator=generator,
            ask=ask,
            intent=match.intent if match else None,
        )
        return Answer(lines, match)
