"""Texts as Telegram takes them: HTML in which nothing is markup by accident, in parts that fit.

Telegram counts lengths in UTF-16 code units, of the text as it is shown.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.parting import shortened, split, utf16

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
_GAP: Final = "\n\n"


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
