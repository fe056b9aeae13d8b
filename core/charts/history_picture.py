"""The mood over days: valence, what every day was made of, and the songs that were liked."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from core.charts import words as say
from core.charts.parts import (
    INNER,
    LEFT,
    PADDING,
    RIGHT,
    foot,
    head,
    names,
    section,
    song_card,
    upper,
)
from core.charts.values import DayMood, History
from core.charts.words import Words
from core.emotion.labels import COARSE

if TYPE_CHECKING:
    from core.charts.canvas import Canvas

__all__ = ["draw_history"]

_GAP: Final = 14
_PLOT: Final = 190
_BARS: Final = 76
_TICKS: Final = 5
_SONGS: Final = 6
_NAMED_SHARE: Final = 0.01
"""A class that never is this much of a day has no name beside the bars."""


def draw_history(canvas: "Canvas", history: History, words: Words) -> float:
    """Draw it on an empty sheet; returns the height that was needed."""
    period = say.period(words, history.first, history.last)
    top = head(canvas, words("charts.history.title"), period)
    top = _timeline(canvas, top, history, words) + _GAP
    if history.mean is not None:
        top = _shares(canvas, top, history, words) + _GAP
    if history.liked:
        songs = [(liked.song, say.day_name(words, liked.day)) for liked in history.liked]
        heading = words("charts.history.songs")
        top = song_card(canvas, top, heading, songs, most=_SONGS, words=words) + _GAP
    return foot(canvas, top - _GAP, words)


def _column(history: History) -> float:
    return INNER / len(history.days)


def _at(history: History, place: float) -> float:
    return LEFT + PADDING + place * _column(history)


def _timeline(canvas: "Canvas", top: float, history: History, words: Words) -> float:
    height = _PLOT + 106
    canvas.card(LEFT, top, RIGHT - LEFT, height)
    palette, left = canvas.palette, LEFT + PADDING
    upper_edge = top + 58
    middle = upper_edge + _PLOT / 2
    canvas.text((left, top + 30), upper(words("mood.valence.high")), size=12, colour=palette.dim)
    low = upper(words("mood.valence.low"))
    canvas.text((left, upper_edge + _PLOT + 18), low, size=12, colour=palette.dim)
    for share in (0, 0.5, 1):
        y = upper_edge + share * _PLOT
        canvas.line([(left, y), (left + INNER, y)], palette.line, dashed=share != 0.5)
    if history.mean is None:
        nothing = canvas.cut(words("charts.history.nothing"), INNER, size=14)
        canvas.text((left + INNER / 2, middle - 12), nothing, align="center", colour=palette.dim)
    _curve(canvas, middle, history)
    for liked in history.liked:
        canvas.diamond((_at(history, liked.place), upper_edge - 12), 5, palette.accent)
    _dates(canvas, upper_edge + _PLOT + 38, history, words)
    return top + height


def _curve(canvas: "Canvas", middle: float, history: History) -> None:
    colours, half = canvas.palette.emotions, _PLOT / 2
    canvas.cloud(
        [
            (_at(history, moment.place), middle - moment.valence * half)
            for moment in history.moments
        ],
        [colours[moment.leading] for moment in history.moments],
        3,
    )
    radius = max(3.0, min(6.0, _column(history) * 0.4))
    for run in _runs(history):
        spots = [(_at(history, number + 0.5), middle - day.valence * half) for number, day in run]
        if len(spots) > 1:
            canvas.line(spots, canvas.palette.dim, width=2)
        for (x, y), (_, day) in zip(spots, run, strict=True):
            canvas.dot((x, y), radius + 1.5, canvas.palette.card)
            canvas.dot((x, y), radius, colours[day.leading])


def _runs(history: History) -> Iterator[list[tuple[int, DayMood]]]:
    """Days in a row on which something was said, with their numbers; gaps are not bridged."""
    for known, group in groupby(enumerate(history.days), key=lambda entry: entry[1] is not None):
        if known:
            yield [(number, day) for number, day in group if day is not None]


def _dates(canvas: "Canvas", base: float, history: History, words: Words) -> None:
    """A few dates below the columns, counted back from the last day."""
    count = len(history.days)
    step = max(1, -(-(count - 1) // (_TICKS - 1)))
    for number in range(count - 1, -1, -step):
        name = say.day_name(words, history.first + timedelta(days=number))
        half = canvas.width(name, size=12) / 2
        edges = LEFT + PADDING + half, LEFT + PADDING + INNER - half
        x = min(max(_at(history, number + 0.5), edges[0]), edges[1])
        canvas.text((x, base), name, size=12, colour=canvas.palette.dim, align="center")


def _shares(canvas: "Canvas", top: float, history: History, words: Words) -> float:
    """What each day was made of, and the names of the colours."""
    colours = canvas.palette.emotions
    present = [
        (upper(say.feeling(words, label)), colours[label])
        for index, label in enumerate(COARSE)
        if any(day.coarse[index] >= _NAMED_SHARE for day in history.known)
    ]
    first = top + 44 + _BARS + 30
    # Nothing lies below the names, so the card can be drawn once their lines are counted.
    last = names(canvas, first, present, left=LEFT + PADDING, width=INNER)
    height = last + 20 - top
    canvas.card(LEFT, top, RIGHT - LEFT, height)
    section(canvas, top, words("charts.history.shares"))
    bottom = top + 46 + _BARS
    canvas.line([(LEFT + PADDING, bottom), (LEFT + PADDING + INNER, bottom)], canvas.palette.line)
    column = _column(history)
    width = min(column * 0.8, 44)
    for number, day in enumerate(history.days):
        if day is not None:
            x = _at(history, number) + (column - width) / 2
            _stack(canvas, (x, bottom), width, day)
    return top + height


def _stack(canvas: "Canvas", corner: tuple[float, float], width: float, day: DayMood) -> None:
    x, y = corner
    for label, share in zip(COARSE, day.coarse, strict=True):
        y -= share * _BARS
        canvas.bar((x, y), (width, share * _BARS), canvas.palette.emotions[label])
