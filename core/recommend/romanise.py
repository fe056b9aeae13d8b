"""Korean in Latin letters, and what is left of a name however it was put into them."""

import re
from typing import Final

__all__ = ["jamo", "romanise", "skeleton"]

# Revised Romanization of Korean (2000), letter by letter: no sound changes between syllables.
_INITIALS: Final = "g kk n d tt r m b pp s ss _ j jj ch k t p h".replace("_", "").split(" ")
_MEDIALS: Final = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINALS: Final = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".replace("_", "").split(
    " "
)
_FIRST: Final = ord("가")
_LAST: Final = ord("힣")
_SPELLINGS: Final = (
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"ch|j+|z"), "j"),
    (re.compile(r"sh|s+|x"), "s"),
    (re.compile(r"ng"), "n"),
    (re.compile(r"ck|[gkcq]"), "k"),
    (re.compile(r"[dt]h?"), "t"),
    (re.compile(r"ph|[bpfv]"), "p"),
    (re.compile(r"r(?![aeiouyw])"), ""),
    (re.compile(r"[lr]"), "l"),
    (re.compile(r"[aeiouywh]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def romanise(text: str) -> str:
    """The text with each Hangul syllable in Latin letters; other characters as they are."""
    return "".join(map(_latin, text))


def skeleton(text: str) -> str:
    """The consonants of a text in few classes: the same for most spellings of a Korean name.

    "김범수", "Kim Bumsoo" and "gimbeomsu" all give "kmpms".
    """
    folded = romanise(text)
    for pattern, letters in _SPELLINGS:
        folded = pattern.sub(letters, folded)
    return folded


def jamo(text: str) -> str:
    """The text with each Hangul syllable taken apart, so that one wrong letter is one letter."""
    return "".join("".join(map(chr, _parts(char))) if _is_syllable(char) else char for char in text)


def _latin(char: str) -> str:
    if not _is_syllable(char):
        return char
    code = ord(char) - _FIRST
    return _INITIALS[code // 588] + _MEDIALS[code % 588 // 28] + _FINALS[code % 28]


def _parts(char: str) -> list[int]:
    code = ord(char) - _FIRST
    parts = [0x1100 + code // 588, 0x1161 + code % 588 // 28]
    return parts if code % 28 == 0 else [*parts, 0x11A7 + code % 28]


def _is_syllable(char: str) -> bool:
    return _FIRST <= ord(char) <= _LAST
