"""What several pictures have in common: the head, the foot, rows of names and of songs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from core.charts import words as say
from core.charts.helped import LikedSong
from core.charts.words import Words

if TYPE_CHECKING:
    from core.charts.canvas import Canvas

__all__ = [
    "INNER",
    "LEFT",
    "PADDING",
    "RIGHT",
    "foot",
    "head",
    "names",
    "section",
    "song_card",
    "upper",
]

LEFT: Final = 28
RIGHT: Final = 512
PADDING: Final = 20
INNER: Final = RIGHT - LEFT - 2 * PADDING
"""The width inside of a card that runs from LEFT to RIGHT."""
_NAMES_LINE: Final = 24
_SONG_ROW: Final = 30


def head(canvas: "Canvas", title: str, when: str) -> float:
    """The heading and the time it is about; returns where the next thing begins."""
    canvas.text((LEFT, 50), title, size=25, bold=True)
    canvas.text((LEFT, 77), when, size=14, colour=canvas.palette.dim)
    return 96


def foot(canvas: "Canvas", top: float, words: Words) -> float:
    """The note under every picture; returns the height of the sheet."""
    canvas.text((LEFT, top + 24), words("charts.note"), size=12, colour=canvas.palette.dim)
    return top + 42


def section(canvas: "Canvas", top: float, heading: str) -> float:
    """The heading inside of a card; returns the base line of the first line below."""
    canvas.text((LEFT + PADDING, top + 30), heading, size=15, bold=True)
    return top + 58


def upper(name: str) -> str:
    """A name at the beginning of a line, with a capital where the script has them."""
    return name[:1].upper() + name[1:]


def names(
    canvas: "Canvas", top: float, entries: Sequence[tuple[str, str]], *, left: float, width: float
) -> float:
    """Names behind dots of their colours, in as many lines as they need.

    Args:
        canvas: the sheet.
        top: the base line of the first line.
        entries: name and colour of each.
        left: where a line begins.
        width: of a line.

    Returns:
        The base line of the last line.
    """
    x = left
    for name, colour in entries:
        needed = 15 + canvas.width(name, size=13)
        if x > left and x + needed > left + width:
            x, top = left, top + _NAMES_LINE
        canvas.dot((x + 5, top - 5), 5, colour)
        canvas.text((x + 15, top), name, size=13)
        x += needed + 14
    return top


def song_card(
    canvas: "Canvas",
    top: float,
    heading: str,
    songs: Sequence[tuple[LikedSong, str]],
    *,
    most: int,
    words: Words,
) -> float:
    """A card of songs, each with a remark at the right, and how many more there are.

    Args:
        canvas: the sheet.
        top: the card's upper edge.
        heading: of the card.
        songs: each with its remark, 1 or more.
        most: that are listed.
        words: the language.

    Returns:
        The card's lower edge.
    """
    listed, more = songs[:most], max(0, len(songs) - most)
    height = 58 + _SONG_ROW * (len(listed) + bool(more) - 1) + 20
    canvas.card(LEFT, top, RIGHT - LEFT, height)
    base = section(canvas, top, heading)
    for song, remark in listed:
        _song(canvas, base, song, remark)
        base += _SONG_ROW
    if more:
        rest = words("charts.more", count=more)
        canvas.text((LEFT + PADDING + 20, base), rest, size=13, colour=canvas.palette.dim)
    return top + height


def _song(canvas: "Canvas", base: float, song: LikedSong, remark: str) -> None:
    """Title and artist, cut to what the remark leaves them."""
    left, right, dim = LEFT + PADDING, RIGHT - PADDING, canvas.palette.dim
    canvas.diamond((left + 5, base - 5), 5, canvas.palette.accent)
    canvas.text((right, base), remark, size=13, colour=dim, align="right")
    start, end = left + 20, right - canvas.width(remark, size=13) - 16
    artist = canvas.cut(say.artist(song), (end - start) * 0.4, size=13)
    room = end - start - canvas.width(artist, size=13) - 10
    title = canvas.cut(say.title(song), room, size=14)
    canvas.text((start, base), title, size=14)
    canvas.text((start + canvas.width(title, size=14) + 10, base), artist, size=13, colour=dim)
