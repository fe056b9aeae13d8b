"""Texts as Telegram takes them: HTML in which nothing is markup by accident, in parts that fit.

Telegram counts lengths in UTF-16 code units, of the text as it is shown.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = [
    "LONGEST_CAPTION",
    "LONGEST_NOTICE",
    "LONGEST_TEXT",
    "Block",
    "packed",
    "shortened",
    "split",
    "utf16",
]

LONGEST_TEXT: Final = 4096
"""Of a message."""
LONGEST_CAPTION: Final = 1024
"""Below a document."""
LONGEST_NOTICE: Final = 200
"""Of what a tap on a button brings up."""
_ELLIPSIS: Final = "…"
_GAP: Final = "\n\n"
# Where a text may be parted, the better places first: at the end of a line, a sentence, a word.
_PLACES: Final = tuple(map(re.compile, (r"\n+", r"(?<=[.!?…。])[\"'”’)]*\s+", r"\s+")))


@dataclass(frozen=True)
class Block:
    """A part of a message that stays together.

    Attributes:
        html: the part in Telegram's HTML.
        length: of what is shown of it, in UTF-16 code units.
    """

    html: str
    length: int

    @classmethod
    def plain(cls, text: str) -> "Block":
        """Text that is shown as it is, whatever it holds."""
        # A surrogate without its other half can be sent nowhere.
        shown = text.encode("utf-8", "ignore").decode()
        return cls(html.escape(shown, quote=False), utf16(shown))

    @classmethod
    def link(cls, text: str, url: str) -> "Block":
        """The same, leading to an address."""
        inner = cls.plain(text)
        return cls(f'<a href="{html.escape(url)}">{inner.html}</a>', inner.length)

    def __add__(self, other: "Block") -> "Block":
        return Block(self.html + other.html, self.length + other.length)

    def bold(self) -> "Block":
        """This in bold letters."""
        return Block(f"<b>{self.html}</b>", self.length) if self.length else self


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


def packed(blocks: Iterable[Block], most: int = LONGEST_TEXT) -> list[str]:
    """The HTML of as few messages as hold the blocks, in their order, none of them parted.

    Args:
        blocks: each of at most `most`, as is `Block.plain` of what `split` gives.
        most: the length of a message, in UTF-16 code units.
    """
    messages: list[Block] = []
    for block in blocks:
        if messages and messages[-1].length + len(_GAP) + block.length <= most:
            messages[-1] = messages[-1] + Block(_GAP, len(_GAP)) + block
        else:
            messages.append(block)
    return [message.html for message in messages]


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
