"""The sentences of `data/locales`: one language, looked up by key and filled in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from bot.config import DATA
from core.dialogue.files import as_text, read_mapping
from core.models import Language

__all__ = ["Texts", "Word", "load_texts"]

_FIRST_SYLLABLE: Final = ord("가")
_LAST_SYLLABLE: Final = ord("힣")
_FINALS: Final = 28


class Word(str):
    """A word that knows its particles: `f"{Word('슬픔'):이/가}"` is "슬픔이"."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """The word alone, or with one of two endings, after a final consonant or a vowel."""
        after_consonant, slash, after_vowel = spec.partition("/")
        if not slash:
            return format(str(self), spec)
        return self + (after_consonant if self._ends_in_consonant() else after_vowel)

    def _ends_in_consonant(self) -> bool:
        syllables = [ord(char) for char in self if _FIRST_SYLLABLE <= ord(char) <= _LAST_SYLLABLE]
        return bool(syllables) and (syllables[-1] - _FIRST_SYLLABLE) % _FINALS != 0


class Texts:
    """The sentences of one language.

    Attributes:
        language: which.
        entries: what stands in the file, by key.
    """

    def __init__(self, language: Language, entries: Mapping[str, str]) -> None:
        self.language = language
        self.entries = entries

    @classmethod
    def load(cls, folder: Path, language: Language) -> Self:
        """Read `<language>.yaml` in `folder`.

        Raises:
            DialogueError: the file is missing or damaged.
        """
        path = folder / f"{language}.yaml"
        entries = read_mapping(path)
        return cls(
            language, {key: as_text(text, f"{path}: {key}") for key, text in entries.items()}
        )

    def __call__(self, key: str, /, **words: object) -> str:
        """The sentence of `key`, its braces filled with `words`."""
        return self.entries[key].format(**{name: Word(word) for name, word in words.items()})

    def variants(self, key: str) -> list[str]:
        """The keys `<key>.1`, `<key>.2`, ... there are."""
        found: list[str] = []
        while (candidate := f"{key}.{len(found) + 1}") in self.entries:
            found.append(candidate)
        return found


def load_texts(language: Language) -> Texts:
    """The bundled sentences of a language.

    Raises:
        DialogueError: they are missing or damaged.
    """
    return Texts.load(DATA / "locales", language)
