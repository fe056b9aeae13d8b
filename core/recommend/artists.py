"""Tells from the names of two songs' artists whether they share one."""

import re
import unicodedata
from typing import Final

__all__ = ["artist_keys", "letters"]

# The bracket of "(여자)아이들" is part of the name; that of "아이유 (IU)" holds another name.
_BRACKET_IN_A_NAME: Final = re.compile(r"(?<![^\s(\[,])\(([^()\[\]]*)\)(?=\w)")
_SEPARATOR: Final = re.compile(r"[,()\[\]/]|\s[&x+]\s|\b(?:feat|with|prod)\b\.?", re.I)


def artist_keys(artist: str) -> list[str]:
    """A key for each name an artist goes by, and for each of several artists.

    Two songs have the same artist where they share a key. Case, spaces and punctuation do not
    count.

    Args:
        artist: as the catalogue shows it, such as "아이유 (IU)" or "토이, 김연우".

    Returns:
        At least one key, none of them twice.
    """
    names = _SEPARATOR.split(_BRACKET_IN_A_NAME.sub(r"\1", artist))
    return list(dict.fromkeys(filter(None, map(letters, names)))) or [artist]


def letters(text: str) -> str:
    """The letters and digits of a text, in NFKC and lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())
