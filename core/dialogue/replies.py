"""The conversation between messages and songs, in one piece: recognise, then answer.

A message is understood in the light of the line before it: "열다섯 살이었어" says little alone, but
after the death of a dog it is about the dog. So where little is recognised, the talk stays with
what it was about, until a message says by itself that it is about something else: by its words
("그나저나"), by an utterance it comes near to, or by most of the utterances around it being of
another topic.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from core.dialogue.bank import Intent, generals
from core.dialogue.lines import Line, Lines
from core.dialogue.listening import Heard
from core.dialogue.ngram_index import laughs
from core.dialogue.pool import check_ids, line_id
from core.dialogue.retrieval import Match
from core.dialogue.tones import Tone, leading_emotion, tone_of
from core.models import EmotionScores, Language

__all__ = ["CLEAR", "FAIR", "FIRM", "Answer", "Replies"]

CLEAR: Final = 0.62
"""From this similarity on a message is taken for what it says alone."""
_ELSEWHERE: Final = re.compile(
    r"\W*(?:아 ?)?(?:그나저나|그건 그렇고|그건 그거고|됐고|다른 (?:얘기|이야기|말)|아 맞다"
    r"|anyway|by the way|btw|on another note)\b",
    re.IGNORECASE,
)
"""How a message begins that is about something else."""
FIRM: Final = 0.8
"""The same beside a death, for the topics of love: their words are those of a death as well.

From here on the words of bright news are also believed over a reading of them as hard.
"""
_LOVE: Final = frozenset({"breakup", "couple", "crush"})
_OF_THE_DEAD: Final = frozenset({"family_miss", "miss_ex"})
"""Intents whose words ("I miss you", "I miss my grandmother") are also those for the dead."""
_ASKED_FOR_QUIET: Final = frozenset({"just_listen"})
"""Intents after which nothing is asked as long as the talk remembers them."""
FAIR: Final = 0.48
"""The same, where the talk goes on about no more than a topic."""
_ANY: Final = 0.0
_LAST: Final = 2  # lines of one answer
_RECENT: Final = 3 * _LAST


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
        intents: the bank.
    """

    lines: Lines
    intents: Sequence[Intent]
    _by_line: dict[str, Intent] = field(init=False, repr=False, compare=False)
    _generals: dict[str, Intent] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Remember which intent a reply belongs to, and which answers for a topic."""
        owners = {line_id(line): i for i in self.intents for line in i.replies}
        object.__setattr__(self, "_by_line", owners)
        object.__setattr__(self, "_generals", generals(self.intents))

    @classmethod
    def load(cls, folder: Path, intents: Sequence[Intent]) -> Self:
        """Read the lines of `folder`.

        Args:
            folder: `data/dialogue`.
            intents: the bank.

        Raises:
            DialogueError: a file is missing or damaged, or an id stands for two lines.
        """
        lines = Lines.load(folder)
        answers = (p for i in intents for p in (i.replies, i.questions or ()))
        check_ids((*lines.pools(), *answers), folder)
        return cls(lines, intents)

    def reply(
        self,
        text: str,
        heard: Heard,
        *,
        language: Language,
        said: Collection[str],
        generator: np.random.Generator,
        ask: bool,
    ) -> Answer:
        """The answer to `text`; see `Lines.reply`.

        Args:
            text: as it came.
            heard: what it says.
            language: of the lines.
            said: ids of lines not to be said again, oldest first.
            generator: chooses among the lines that fit.
            ask: whether to ask on; nothing is asked of somebody who asked only to be listened to.
        """
        match = heard.match
        scores = _in_earnest(text, match, heard.reading.scores)
        told = () if _ELSEWHERE.match(text) else said
        intent = self._in_context(match, told, tone_of(leading_emotion(scores)))
        lines = self.lines.reply(
            scores,
            language=language,
            said=said,
            generator=generator,
            ask=ask and not self._asked_for_quiet(said),
            intent=intent,
        )
        return Answer(lines, match, intent)

    def _asked_for_quiet(self, said: Collection[str]) -> bool:
        """Whether somebody asked only to be listened to, not long ago."""
        return any(
            self._by_line[id_].name in _ASKED_FOR_QUIET for id_ in said if id_ in self._by_line
        )

    def _in_context(self, match: Match | None, said: Collection[str], tone: Tone) -> Intent | None:
        """What to answer: what was recognised, or where that is little, what the talk is about."""
        before, enough = self._subject(said, tone)
        # What has no answer in this tone is left: the little that was recognised says more then.
        # Good news ends a topic at large, too.
        if before is None or tone not in before.fits or (before.general and tone is Tone.GOOD):
            return match.intent if match else None
        if match is None or (match.intent.general and tone not in match.intent.fits):
            return before
        if enough == CLEAR and match.intent.topic in _LOVE:
            enough = FIRM
        if before.lasting and not before.general and match.intent.name in _OF_THE_DEAD:
            return before
        clear = match.similarity >= enough or match.intent.topic == before.topic
        return match.intent if clear else before

    def _subject(self, said: Collection[str], tone: Tone) -> tuple[Intent | None, float]:
        """What the talk is about, and how similar something else has to be to take its place.

        That is what was answered last where it lasts, as a death does, and else its topic at
        large, once. With a hard message the talk also comes back to what lasts and was left for
        small talk. Of other small talk and passing feelings nothing stays.
        """
        lines = tuple(reversed(tuple(said)))[:_RECENT]
        last = next((self._by_line[id_] for id_ in lines[:_LAST] if id_ in self._by_line), None)
        if last is None or last.small_talk:
            recent = (self._by_line[id_] for id_ in lines if id_ in self._by_line)
            back = next((i for i in recent if i.lasting and not i.general), None)
            return (back if tone is Tone.HARD else None), CLEAR
        if last.lasting:
            return last, _ANY if last.general else CLEAR
        topic = self._generals.get(last.topic)
        return (topic if topic and topic.lasting else None), FAIR


def _in_earnest(text: str, match: Match | None, scores: EmotionScores) -> EmotionScores:
    """The scores, or uncertain ones where the words speak against what was read.

    That is where bad news is told with a laugh and was read as joy, and where something bright is
    told nearly word for word and was read as hard: "졸업했어" is no sorrow.
    """
    if match is None:
        return scores
    tone, fits = tone_of(leading_emotion(scores)), match.intent.fits
    laughed = tone is Tone.GOOD and Tone.GOOD not in fits and laughs(text)
    sure = match.similarity >= FIRM and not match.intent.general
    bright = tone is Tone.HARD and Tone.HARD not in fits and sure
    return replace(scores, ambiguous=True) if laughed or bright else scores
