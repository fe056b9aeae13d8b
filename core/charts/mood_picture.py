"""The mood at one moment: a doughnut, fine emotions in words, valence and arousal."""

from typing import TYPE_CHECKING, Final

from core.charts import words as say
from core.charts.parts import INNER, LEFT, PADDING, RIGHT, foot, head, section, upper
from core.charts.values import PresentMood
from core.charts.words import Words

if TYPE_CHECKING:
    from core.charts.canvas import Canvas

__all__ = ["draw_mood"]

_GAP: Final = 14
_RADIUS: Final = 104
_THICKNESS: Final = 42
_DOUGHNUT_CARD: Final = 252
_LEGEND: Final = 308
_LEGEND_ROW: Final = 30
_CHIP: Final = 32


def draw_mood(canvas: "Canvas", mood: PresentMood, words: Words) -> float:
    """Draw it on an empty sheet; returns the height that was needed."""
    top = head(canvas, words("charts.mood.title"), say.day_and_time(words, mood.at))
    canvas.card(LEFT, top, RIGHT - LEFT, _DOUGHNUT_CARD)
    _doughnut(canvas, top + _DOUGHNUT_CARD / 2, mood, words)
    _legend(canvas, top + _DOUGHNUT_CARD / 2, mood, words)
    top += _DOUGHNUT_CARD + _GAP
    if names := say.fine_names(words, mood):
        top = _fine(canvas, top, names, words) + _GAP
    return foot(canvas, _axes(canvas, top, mood, words), words)


def _doughnut(canvas: "Canvas", middle: float, mood: PresentMood, words: Words) -> None:
    colours = canvas.palette.emotions
    x = LEFT + PADDING + _RADIUS + 2
    parts = [(share.share, colours[share.label]) for share in mood.shares]
    canvas.doughnut((x, middle), _RADIUS, _THICKNESS, parts)
    leading = mood.shares[0]
    room = 2 * (_RADIUS - _THICKNESS) - 14
    name = canvas.cut(upper(say.feeling(words, leading.label)), room, size=20, bold=True)
    canvas.text((x, middle + 2), name, size=20, bold=True, align="center")
    canvas.text(
        (x, middle + 26),
        f"{leading.percent}%",
        size=17,
        colour=canvas.palette.dim,
        align="center",
    )


def _legend(canvas: "Canvas", middle: float, mood: PresentMood, words: Words) -> None:
    first = middle - _LEGEND_ROW * (len(mood.shares) - 1) / 2 + 5
    for row, share in enumerate(mood.shares):
        base = first + row * _LEGEND_ROW
        colour = canvas.palette.text if share.percent else canvas.palette.dim
        canvas.dot((_LEGEND + 6, base - 5), 6, canvas.palette.emotions[share.label])
        name = upper(say.feeling(words, share.label))
        canvas.text((_LEGEND + 22, base), name, size=15, colour=colour)
        percent = f"{share.percent}%"
        canvas.text((RIGHT - PADDING, base), percent, size=15, colour=colour, align="right")


def _fine(canvas: "Canvas", top: float, names: list[str], words: Words) -> float:
    """Words on chips, in as many rows as they need; returns the lower edge of their card."""
    rows: list[list[str]] = [[]]
    x = 0.0
    for name in names:
        width = canvas.width(name, size=14) + 24
        if rows[-1] and x + width > INNER:
            rows.append([])
            x = 0.0
        rows[-1].append(name)
        x += width + 8
    height = 44 + len(rows) * (_CHIP + 8) + 8
    canvas.card(LEFT, top, RIGHT - LEFT, height)
    section(canvas, top, words("charts.mood.fine"))
    for row, entries in enumerate(rows):
        _chips(canvas, top + 46 + row * (_CHIP + 8), entries)
    return top + height


def _chips(canvas: "Canvas", top: float, names: list[str]) -> None:
    x: float = LEFT + PADDING
    for name in names:
        width = canvas.width(name, size=14) + 24
        canvas.box((x, top), (width, _CHIP), radius=_CHIP / 2, colour=canvas.palette.ground)
        canvas.text((x + 12, top + 21), name, size=14)
        x += width + 8


def _axes(canvas: "Canvas", top: float, mood: PresentMood, words: Words) -> float:
    """Valence and arousal on two scales, and what they say; returns the card's lower edge."""
    sentence = canvas.wrapped(say.plane(words, mood.valence, mood.arousal), INNER, size=14)
    height = 24 * len(sentence) + 162
    canvas.card(LEFT, top, RIGHT - LEFT, height)
    base = top + 32
    for line in sentence:
        canvas.text((LEFT + PADDING, base), line, size=14)
        base += 24
    for row, (axis, value) in enumerate((("valence", mood.valence), ("arousal", mood.arousal))):
        _scale(canvas, base + 12 + row * 64, axis, value, words)
    return top + height


def _scale(canvas: "Canvas", base: float, axis: str, value: float, words: Words) -> None:
    palette = canvas.palette
    left, right = LEFT + PADDING, RIGHT - PADDING
    canvas.text((left, base), upper(words(f"mood.{axis}")), size=14, bold=True)
    canvas.text((right, base), say.signed(value), size=13, colour=palette.dim, align="right")
    line = base + 15
    canvas.box((left, line - 3), (right - left, 6), radius=3, colour=palette.line)
    middle = (left + right) / 2
    canvas.bar((middle - 1, line - 6), (2, 12), palette.dim)
    canvas.dot(
        (middle + max(-1.0, min(1.0, value)) * (right - left - 16) / 2, line), 8, palette.accent
    )
    low, high = (upper(words(f"mood.{axis}.{end}")) for end in ("low", "high"))
    canvas.text((left, base + 36), low, size=12, colour=palette.dim)
    canvas.text((right, base + 36), high, size=12, colour=palette.dim, align="right")
