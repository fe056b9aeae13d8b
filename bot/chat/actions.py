"""What a button does, as the short text that a platform carries for it.

    vote        v<where>.<verdict>.<impression>     where: s (a message of its own), l (in a list)
    songs       s.<mode>
    more songs  m.<mode>.<impression>               of what its list was asked for
    refine      r.<refinement>.<impression>
    like song   k.<song>
    why         w.<impression>
    never       n<where>.<impression>               asks: this song, or this artist
    forget      f.yes | f.no
    consent     c.<kind>.yes | c.<kind>.no
    grounding   g
    correct     e.<reading>                         asks: which emotion was it
                ec.<emotion>.<reading>
    set         t.<name>.<value>
    remind      rm.<plan>                       <weekday, or d for every day>-<minute of the day>
    no reminder rs.daily | rs.weekly | rs.all
    talk        rt

All of ASCII, 64 bytes at most (Telegram's limit). Old buttons live on in old messages: letters are
never given another meaning.
"""

from dataclasses import dataclass
from typing import Final, Self

from bot.errors import UnknownActionError

__all__ = ["ASKS", "IN_PLACE", "SONGS", "VOTES", "Action"]

VOTES: Final = frozenset({"vs", "vl"})
ASKS: Final = frozenset({"ns", "nl"})
"""What asks which is never to come again."""
SONGS: Final = frozenset({"s", "m", "r", "k"})
"""What brings a list of songs."""
IN_PLACE: Final = frozenset({"f", "ec", "rm", "rs"})
"""What is answered where it was asked."""

_LONGEST: Final = 64
_WORDS: Final = {
    "vs": 2,
    "vl": 2,
    "s": 1,
    "m": 2,
    "r": 2,
    "k": 1,
    "w": 1,
    "ns": 1,
    "nl": 1,
    "f": 1,
    "c": 2,
    "t": 2,
    "g": 0,
    "e": 1,
    "ec": 2,
    "rm": 1,
    "rs": 1,
    "rt": 0,
}


@dataclass(frozen=True)
class Action:
    """One thing a button does.

    Attributes:
        name: of those in the head of this module.
        words: what it does it with.
    """

    name: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        """The text that a platform carries."""
        return ".".join((self.name, *self.words))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The action that `str` made `text` of.

        Raises:
            UnknownActionError: no button of ours carries this text.
        """
        name, *words = text.split(".")
        if not text.isascii() or len(text) > _LONGEST or len(words) != _WORDS.get(name):
            raise UnknownActionError("no button does this")
        return cls(name, tuple(words))

    @property
    def listed(self) -> bool:
        """Whether the button stands in a list of songs, and not under one of them."""
        return self.name.endswith("l")
