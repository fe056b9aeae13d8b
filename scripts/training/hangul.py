"""Hangul syllables taken apart and put together, and the 두벌식 keyboard they are typed on.

The arithmetic is that of the Unicode Standard, section 3.12: a syllable is
0xAC00 + (lead * 21 + vowel) * 28 + tail.
"""

import re
from typing import Final

__all__ = [
    "LEADS",
    "NEIGHBOURS",
    "TAILS",
    "VOWELS",
    "is_syllable",
    "join_syllable",
    "keystrokes",
    "split_syllable",
    "typed",
]

LEADS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

# Two keys for one vowel or one closing pair.
_PAIRS: Final = dict(
    pair.split("=")
    for pair in (
        "ㅗㅏ=ㅘ ㅗㅐ=ㅙ ㅗㅣ=ㅚ ㅜㅓ=ㅝ ㅜㅔ=ㅞ ㅜㅣ=ㅟ ㅡㅣ=ㅢ ㄱㅅ=ㄳ ㄴㅈ=ㄵ ㄴㅎ=ㄶ "
        "ㄹㄱ=ㄺ ㄹㅁ=ㄻ ㄹㅂ=ㄼ ㄹㅅ=ㄽ ㄹㅌ=ㄾ ㄹㅍ=ㄿ ㄹㅎ=ㅀ ㅂㅅ=ㅄ"
    ).split()
)
_KEYS_OF: Final = {jamo: keys for keys, jamo in _PAIRS.items()}
_VOWEL_PAIR: Final = "|".join(keys for keys, jamo in _PAIRS.items() if jamo in VOWELS)
_TAIL_PAIR: Final = "|".join(keys for keys, jamo in _PAIRS.items() if jamo not in VOWELS)
_TAIL: Final = "".join(tail for tail in TAILS if tail not in _KEYS_OF)
# A consonant in front of a vowel opens the next syllable.
_SYLLABLE: Final = re.compile(
    rf"([{LEADS}])({_VOWEL_PAIR}|[{VOWELS}])(?:({_TAIL_PAIR}|[{_TAIL}])(?![{VOWELS}]))?"
)

_ROWS: Final = (
    ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", 0.0),
    ("ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", 0.25),
    ("ㅋㅌㅊㅍㅠㅜㅡ", 0.75),
)
_SHIFTED: Final = dict(zip("ㅃㅉㄸㄲㅆㅒㅖ", "ㅂㅈㄷㄱㅅㅐㅔ", strict=True))


def is_syllable(char: str) -> bool:
    """Whether `char` is a composed Hangul syllable."""
    return "가" <= char <= "힣"


def split_syllable(syllable: str) -> tuple[str, str, str]:
    """Lead, vowel and tail of a composed syllable; the tail may be empty."""
    rest, tail = divmod(ord(syllable) - 0xAC00, len(TAILS))
    lead, vowel = divmod(rest, len(VOWELS))
    return LEADS[lead], VOWELS[vowel], TAILS[tail]


def join_syllable(lead: str, vowel: str, tail: str = "") -> str:
    """The composed syllable of three jamo.

    Raises:
        ValueError: one of them cannot stand in its place.
    """
    index = LEADS.index(lead) * len(VOWELS) + VOWELS.index(vowel)
    return chr(0xAC00 + index * len(TAILS) + TAILS.index(tail))


def keystrokes(text: str) -> str:
    """The keys pressed to type `text`, one jamo a key; what is not Hangul stays as it is."""
    jamo = "".join("".join(split_syllable(c)) if is_syllable(c) else c for c in text)
    return "".join(_KEYS_OF.get(char, char) for char in jamo)


def typed(keys: str) -> str:
    """What a Korean input method makes of `keys`; keys that find no syllable stay single jamo."""
    return _SYLLABLE.sub(_compose, keys)


def _compose(match: re.Match[str]) -> str:
    lead, vowel, tail = match.group(1), match.group(2), match.group(3) or ""
    return join_syllable(lead, _PAIRS.get(vowel, vowel), _PAIRS.get(tail, tail))


def _neighbours() -> dict[str, str]:
    places = {
        key: (row, left + i) for row, (keys, left) in enumerate(_ROWS) for i, key in enumerate(keys)
    }
    near = {
        key: "".join(
            other
            for other, (r, c) in places.items()
            if other != key and abs(r - row) <= 1 and abs(c - column) <= (1 if r == row else 0.75)
        )
        for key, (row, column) in places.items()
    }
    return {**near, **_SHIFTED}


NEIGHBOURS: Final = _neighbours()
"""For each key the keys that touch it; for a key with shift, the key without."""
