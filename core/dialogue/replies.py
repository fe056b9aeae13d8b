"""The conversation between messages and songs, in one piece: recognise, then answer.

A message is understood in the light of the line before it: "열다섯 살이었어" says little alone, but
after the death of a dog it is about the dog. So where little is recognised, the talk stays with
what it was about, until a message says by itself that it is about something else: by its words
("그나저나"), by an utterance it comes near to, or by most of the utterances around it being of
another topic.
"""

import re
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
_MOSTLY: Final = 0.45
"""From this share of the votes on a message is of a topic, though of no one intent of it."""
_ANYTHING: Final = frozenset({"daily", "feelings", "talk"})
"""Topics that are near to everything: their votes alone do not end what the talk was about."""
_ELSEWHERE: Final = re.compile(
    r"\W*(?:아 ?)?(?:그나저나|그건 그렇고|그건 그거고|됐고|다른 (?:얘기|이야기|말)|아 맞다"
    r"|anyway|by the way|btw|on another note)\b",
    re.IGNORECASE,
)
"""How a message begins that is about something else."""
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
        before = None if _ELSEWHERE.match(text) else self._subject(said)
        intent = _in_context(match, before, tone_of(leading_emotion(reading.scores)))
        lines = self.lines.reply(
            reading.scores,
            language=language,
            said=said,
            generator=generator,
            ask=ask,
            intent=intent,
        )
        return Answer(lines, match, intent)

    def _subject(self, said: Collection[str]) -> Intent | None:
        """What the last answer was about; None where that was small talk or an emotion alone."""
        last = islice(reversed(tuple(said)), _LAST)
        about = next((self._by_line[id_] for id_ in last if id_ in self._by_line), None)
        return None if about is None or about.small_talk else about


def _in_context(match: Match | None, before: Intent | None, tone: Tone) -> Intent | None:
    """What to answer: what was recognised, or where that is little, what the talk is about."""
    if match is None or before is None:
        return match.intent if match else before
    # What was general is no subject to stay with once something else is recognised.
    # Nor is what has no answer in this tone: the little that was recognised says more then.
    leave = _is_clear(match, before) or before.general or tone not in before.fits
    return match.intent if leave else before


def _is_clear(match: Match, before: Intent) -> bool:
    """Whether a message says enough alone, after talk about `before`."""
    topic = match.intent.topic
    # Of a topic in general only: the answers of an intent say more than its topic allows.
    mostly = match.intent.general and match.share >= _MOSTLY and topic not in _ANYTHING
    return match.similarity >= CLEAR or topic == before.topic or mostly
