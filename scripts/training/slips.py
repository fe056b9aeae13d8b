"""Variants of a text that the fingers make: stretched ends, stray letters, wrong keys.

Each takes a raw text and a random generator and gives a raw text, the same where it finds nothing
to change. See `scripts.training.variants` for the rest of the kinds and for all of them by name.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import numpy as np

from scripts.training.hangul import (
    NEIGHBOURS,
    is_syllable,
    join_syllable,
    keystrokes,
    split_syllable,
    typed,
)

__all__ = [
    "SHARE",
    "e_for_ae",
    "length",
    "mistyped",
    "one_match",
    "pick",
    "single_s",
    "slipped",
    "stray_jamo",
    "stretched",
    "substitute",
]

_Item = TypeVar("_Item")

SHARE: Final = 0.5
"""Of the places where a kind applies."""

# Words in which one wrong letter could turn the sense.
_DELICATE: Final = re.compile(r"[안않못없싫말마몰덜]|아[니닌닐님닙냐녔]|모르|별로|전혀")
_WORD: Final = re.compile(r"[가-힣]{2,}")
_WORD_END: Final = re.compile(r"[가-힣](?![가-힣ㄱ-ㅣ])")
_DOUBLE_S: Final = re.compile("[" + "".join(map(chr, range(ord("갔"), 0xD7A4, 28))) + "]")

# What a vowel sounds like when it is held.
_HELD: Final = str.maketrans("ㅑㅒㅕㅖㅘㅙㅚㅛㅝㅞㅟㅠㅢ", "ㅏㅐㅓㅔㅏㅐㅔㅗㅓㅔㅣㅜㅣ")
_SWAPPED_VOWEL: Final = {"ㅐ": "ㅔ", "ㅔ": "ㅐ", "ㅒ": "ㅖ", "ㅖ": "ㅒ"}
# "내" and "네" are "my" and "your"; "개" in front of a word makes it coarse.
_KEPT_VOWELS: Final = frozenset("내네개게")


def pick(items: Sequence[_Item], generator: np.random.Generator) -> _Item:
    """One of `items`, all equally likely."""
    return items[int(generator.random() * len(items))]


def length(generator: np.random.Generator, most: int) -> int:
    """One of 1..`most`, small ones oftener."""
    return 1 + int(generator.random() ** 2 * most)


def substitute(
    pattern: re.Pattern[str],
    text: str,
    replace: Callable[[re.Match[str]], str],
    generator: np.random.Generator,
    share: float = SHARE,
) -> str:
    """Replace about `share` of the matches of `pattern`, and at least one."""
    matches = list(pattern.finditer(text))
    if not matches:
        return text
    chosen = generator.random(len(matches)) < share
    chosen[int(generator.random() * len(matches))] = True
    parts, end = [], 0
    for match, wanted in zip(matches, chosen.tolist(), strict=True):
        if wanted:
            parts += [text[end : match.start()], replace(match)]
            end = match.end()
    return "".join([*parts, text[end:]])


def one_match(
    pattern: re.Pattern[str], text: str, generator: np.random.Generator
) -> re.Match[str] | None:
    """One of the matches of `pattern`, if there is any."""
    matches = list(pattern.finditer(text))
    return pick(matches, generator) if matches else None


def stretched(text: str, generator: np.random.Generator) -> str:
    """A drawn-out end of a word: "안돼애애", "안녀어엉", or with a ring: "좋앙"."""
    match = one_match(_WORD_END, text, generator)
    if match is None:
        return text
    lead, vowel, tail = split_syllable(match.group())
    rest = vowel.translate(_HELD)
    if not tail and generator.random() < 0.2:
        drawn = join_syllable(lead, vowel, "ㅇ")
    else:
        drawn = join_syllable(lead, vowel) + join_syllable("ㅇ", rest) * length(generator, 4)
        if tail:
            drawn = drawn[:-1] + join_syllable("ㅇ", rest, tail)
    return text[: match.start()] + drawn + text[match.end() :]


def stray_jamo(text: str, generator: np.random.Generator) -> str:
    """The last key of a word pressed too long: "오늘ㄹ", "했어ㅓ"."""
    match = one_match(_WORD_END, text, generator)
    if match is None:
        return text
    last = keystrokes(match.group())[-1]
    return text[: match.end()] + last * length(generator, 3) + text[match.end() :]


def single_s(text: str, generator: np.random.Generator) -> str:
    """쌍시옷 written with one: "했어" as "햇어"."""
    # In the order of the tails ㅅ is the one before ㅆ.
    return substitute(_DOUBLE_S, text, lambda found: chr(ord(found.group()) - 1), generator, 1)


def e_for_ae(text: str, generator: np.random.Generator) -> str:
    """ㅐ and ㅔ, which sound alike, taken for each other: "어제" as "어재"."""
    places = [
        (at, split)
        for at, char in enumerate(text)
        if is_syllable(char)
        and char not in _KEPT_VOWELS
        and (split := split_syllable(char))[1] in _SWAPPED_VOWEL
    ]
    if not places:
        return text
    at, (lead, vowel, tail) = pick(places, generator)
    return text[:at] + join_syllable(lead, _SWAPPED_VOWEL[vowel], tail) + text[at + 1 :]


def mistyped(text: str, generator: np.random.Generator) -> str:
    """A neighbouring key of the 두벌식 keyboard, or two keys in the wrong order."""
    word = _plain_word(text, generator)
    if word is None:
        return text
    keys = keystrokes(word.group())
    swapped = generator.random() < 0.25
    at = int(generator.random() * (len(keys) - swapped))
    if swapped:
        changed = keys[:at] + keys[at + 1] + keys[at] + keys[at + 2 :]
    else:
        changed = keys[:at] + pick(NEIGHBOURS[keys[at]], generator) + keys[at + 1 :]
    return _put(text, word, typed(changed))


def slipped(text: str, generator: np.random.Generator) -> str:
    """A syllable of a longer word left out, or two in the wrong order."""
    word = _plain_word(text, generator, least=3)
    if word is None:
        return text
    letters = word.group()
    at = 1 + int(generator.random() * (len(letters) - 2))
    if generator.random() < 0.5:
        return _put(text, word, letters[:at] + letters[at + 1 :])
    return _put(text, word, letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :])


def _plain_word(text: str, generator: np.random.Generator, least: int = 2) -> re.Match[str] | None:
    words = [
        word
        for word in _WORD.finditer(text)
        if len(word.group()) >= least and not _DELICATE.search(word.group())
    ]
    return pick(words, generator) if words else None


def _put(text: str, word: re.Match[str], changed: str) -> str:
    """`text` with `word` changed, unless that makes a word of other sense of it."""
    if _DELICATE.search(changed):
        return text
    return text[: word.start()] + changed + text[word.end() :]
