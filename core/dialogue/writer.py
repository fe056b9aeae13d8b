"""What a language model elsewhere is told before it writes a reply; `data/dialogue/writer.yaml`.

It is told the feeling that was read and the answer the bank has ready, which carries what the talk
is about. Nothing of earlier messages is told: none of their words are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from core.dialogue.files import as_list, as_mapping, as_text, read_mapping
from core.emotion.labels import COARSE
from core.errors import DialogueError
from core.models import EmotionScores, Language

__all__ = ["WRITER_FILE", "Instructions"]

WRITER_FILE: Final = "writer.yaml"
_LEADING: Final = 3
_FAINT: Final = 0.1
"""An emotion of a smaller share is not named."""
_EVEN: Final = 0.15
"""Valence within this of 0 leans to no side."""


@dataclass(frozen=True)
class _Words:
    """What is told in one language."""

    instructions: str
    context: str
    ask: str
    tell: str
    valence: tuple[str, str, str]
    emotions: Mapping[str, str]


@dataclass(frozen=True)
class Instructions:
    """What the model is told.

    Attributes:
        words: by language.
    """

    words: Mapping[Language, _Words]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `writer.yaml` in `folder`.

        Raises:
            DialogueError: it is missing or damaged.
        """
        path = folder / WRITER_FILE
        content = read_mapping(path)
        return cls({language: _words(content, language, str(path)) for language in Language})

    def on(self, scores: EmotionScores, draft: str, language: Language, *, ask: bool) -> str:
        """What the model is told about one message.

        Args:
            scores: of the message.
            draft: what is said to it without the model.
            language: of the reply.
            ask: whether the reply may ask on.
        """
        words = self.words[language]
        shares = sorted(zip(COARSE, scores.coarse.tolist(), strict=True), key=lambda p: -p[1])
        emotions = ", ".join(
            f"{words.emotions[name]} {share:.0%}"
            for name, share in shares[:_LEADING]
            if share >= _FAINT
        )
        side = 1 if abs(scores.valence) <= _EVEN else 0 if scores.valence < 0 else 2
        context = words.context.format(
            emotions=emotions, valence=words.valence[side], draft=" ".join(draft.split())
        )
        return "\n".join((words.instructions, context, words.ask if ask else words.tell))


def _words(content: Mapping[str, object], language: Language, path: str) -> _Words:
    def of(key: str) -> object:
        return as_mapping(content.get(key), f"{path}: {key}").get(language.value)

    def text(key: str) -> str:
        return as_text(of(key), f"{path}: {key}: {language}")

    low, even, high = _three(of("valence"), f"{path}: valence: {language}")
    names = as_mapping(of("emotions"), f"{path}: emotions: {language}")
    emotions = {name: as_text(names.get(name), f"{path}: emotions: {name}") for name in COARSE}
    context = text("context")
    try:
        context.format(emotions="", valence="", draft="")
    except (LookupError, ValueError) as error:
        raise DialogueError(f"{path}: context: {language}: the braces do not fit") from error
    return _Words(
        text("instructions"),
        context,
        text("ask"),
        text("tell"),
        (low, even, high),
        emotions,
    )


def _three(value: object, where: str) -> list[str]:
    words = [as_text(word, where) for word in as_list(value, where)]
    if len(words) != 3:
        raise DialogueError(f"{where}: three words are expected")
    return words
