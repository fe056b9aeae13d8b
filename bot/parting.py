"""Texts that have to fit: parted where they may be, or cut short.

Lengths are in UTF-16 code units, which is how Telegram counts, and never less than the code points
that Discord counts.
"""

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["shortened", "split", "utf16"]

_ELLIPSIS: Final = "…"
# Where a text may be parted, the better places first: at the end of a line, a sentence, a word.
_PLACES: Final = tuple(map(re.compile, (r"\n+", r"(?<=[.!?…。])[\"'”’)]*\s+", r"\s+")))


def utf16(text: str) -> int:
    """The length in UTF-16 code units."""
    return len(text) + sum(char > "\uffff" for char in text)


def shortened(text: str, most: int) -> str:
    """`text`, with an ellipsis for what goes beyond `most` UTF-16 code units."""
    return text if utf16(text) <= most else _head(text, most - 1).rstrip() + _ELLIPSIS


def split(text: str, most: int) -> Iterator[str]:
    """Parts of at most `most` UTF-16 code units: whole lines, else sentences, else words."""
    while utf16(text) > most:
        head = _head(text, most)
        cut = next((end for place in _PLACES if (end := _last_end(place, head, text))), len(head))
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _last_end(place: re.Pattern[str], head: str, text: str) -> int:
    """Where the last such place within `head` ends; 0 where there is none in its second half."""
    # Looked for in a little more than the head, so that a place right behind it counts.
    ends = [match.end() for match in place.finditer(text, 0, len(head) + 1)]
    fitting = [end for end in ends if len(head) // 2 < end <= len(head)]
    return fitting[-1] if fitting else 0


def _head(text: str, most: int) -> str:
    """The longest beginning of at most `most` UTF-16 code units."""
    length = 0
    for place, char in enumerate(text):
        length += 2 if char > "\uffff" else 1
        if length > most:
            return text[:place]
    return text
