"""Whether a reply that a language model wrote may be said; if in doubt it may not.

The bank has an answer ready for every message, so a refusal costs nothing, and what is let through
is said to somebody who may be low. What a program can tell is checked here: letters, length,
numbers and addresses, the polite form, and phrases of `data/dialogue/writer.yaml`. Danger is for
`core.dialogue.crisis` to hear, and the tone for the emotion model.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from core.dialogue.files import as_list, as_mapping, as_text, read_mapping
from core.dialogue.masking import MASKS, mask
from core.dialogue.tones import Tone
from core.dialogue.writer import WRITER_FILE
from core.errors import DialogueError
from core.models import Language

__all__ = ["LONGEST", "Vetting"]

LONGEST: Final = {Language.KOREAN: 200, Language.ENGLISH: 320}
"""Letters of a reply, at most."""
_SENTENCES: Final = 4
_PARAGRAPHS: Final = 2
_PUNCTUATION: Final = r"\s.,;!?…~'\"‘’“”·\-:%()"
# What is not listed is not said: markup, emoji, other scripts, laughter in single jamo, letters
# that cannot be seen.
_LETTERS: Final = {
    Language.KOREAN: re.compile(rf"[가-힣A-Za-z0-9{_PUNCTUATION}]*"),
    Language.ENGLISH: re.compile(rf"[A-Za-z0-9{_PUNCTUATION}]*"),
}
_LATIN: Final = re.compile(r"[A-Za-z]")
_HANGUL: Final = re.compile(r"[가-힣]")
_MOST_LATIN: Final = 0.2
"""Of the letters of a Korean reply; "OST" and "MBTI" are Korean too."""
_LIST: Final = re.compile(r"^\s*(?:[-·~]|\d+[.)]|\(\d+\))\s", re.MULTILINE)
_SPEAKER: Final = re.compile(r"^[^\s.!?]{1,12}:\s", re.MULTILINE)
_HEADING: Final = re.compile(r"-{2,}|:\s*$", re.MULTILINE)
_ADDRESS: Final = re.compile(r"[A-Za-z0-9]\.[A-Za-z]{2,}|www\.", re.IGNORECASE)
# A year says little that is needed; a made-up helpline does harm.
_NUMBER: Final = re.compile(r"\d{3}|\d(?:[ .\-]*\d){4}")
_SENTENCE: Final = re.compile(r"[^.!?…~\n]+[.!?…~\n'\"’”)]*")
_FINISHED: Final = re.compile(r"[.!?…~]['\"’”)]*$")
_CLOSING: Final = " \n.,!?…~'\"‘’“”)"
_POLITE: Final = ("요", "죠", "니다", "니까")
# Of what is masked a name is no fault: "김 대리님" was somebody's own word.
_PRIVATE: Final = frozenset(MASKS) - {"[이름]"}


@dataclass(frozen=True)
class Vetting:
    """What a reply must not hold.

    Attributes:
        unfit: patterns by the name of the fault.
        cheerful: patterns of what is not said to hard feelings.
    """

    unfit: Mapping[str, Sequence[re.Pattern[str]]]
    cheerful: Sequence[re.Pattern[str]]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `writer.yaml` in `folder`.

        Raises:
            DialogueError: it is missing or damaged.
        """
        path = folder / WRITER_FILE
        content = read_mapping(path)
        unfit = as_mapping(content.get("unfit"), f"{path}: unfit")
        return cls(
            {name: _patterns(lines, f"{path}: unfit: {name}") for name, lines in unfit.items()},
            _patterns(content.get("cheerful"), f"{path}: cheerful"),
        )

    def fault(self, text: str, language: Language, tone: Tone, *, ask: bool) -> str | None:
        """What is wrong with a reply, in a word; None where it may be said.

        Args:
            text: without space around it.
            language: in which it has to be.
            tone: of the message it answers.
            ask: whether it may ask on.
        """
        if not text:
            return "empty"
        return (
            _shape(text, language)
            or _private(text)
            or _form(text, language)
            or self._phrase(text, tone)
            or _asked(text, ask=ask)
        )

    def _phrase(self, text: str, tone: Tone) -> str | None:
        for name, patterns in self.unfit.items():
            if any(pattern.search(text) for pattern in patterns):
                return name
        if tone is Tone.HARD and any(pattern.search(text) for pattern in self.cheerful):
            return "cheerful"
        return None


def _shape(text: str, language: Language) -> str | None:
    if len(text) > LONGEST[language] or len(_SENTENCE.findall(text)) > _SENTENCES:
        return "long"
    if len([line for line in text.splitlines() if line.strip()]) > _PARAGRAPHS:
        return "long"
    if not _LETTERS[language].fullmatch(text):
        return "letters"
    if any(pattern.search(text) for pattern in (_LIST, _SPEAKER, _HEADING)):
        return "markup"
    return None if _FINISHED.search(text) else "unfinished"


def _private(text: str) -> str | None:
    """Addresses and numbers: of the person, or made up."""
    if _ADDRESS.search(text):
        return "address"
    masked = mask(text)
    if _NUMBER.search(text) or any(instead in masked for instead in _PRIVATE):
        return "number"
    return None


def _form(text: str, language: Language) -> str | None:
    latin, hangul = len(_LATIN.findall(text)), len(_HANGUL.findall(text))
    if language is Language.ENGLISH:
        return None if latin else "language"
    if not hangul or latin > _MOST_LATIN * (latin + hangul):
        return "language"
    sentences = (found.strip(_CLOSING) for found in _SENTENCE.findall(text))
    if any(said and not said.endswith(_POLITE) for said in sentences):
        return "impolite"
    return None


def _asked(text: str, *, ask: bool) -> str | None:
    return "question" if text.count("?") > (1 if ask else 0) else None


def _patterns(value: object, where: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(
            re.compile(as_text(line, where), re.IGNORECASE) for line in as_list(value, where)
        )
    except re.error as error:
        raise DialogueError(f"{where}: {error}") from error
