"""The weekly report: a calendar, most felt, what changed, songs that went with a rise."""

from collections.abc import Sequence
from datetime import date, timedelta
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
from core.charts.values import DayMood, MeanMood, Week
from core.charts.words import Words

if TYPE_CHECKING:
    from core.charts.canvas import Canvas

__all__ = ["draw_week"]

_GAP: Final = 14
_CALENDAR: Final = 152
_CELL_RADIUS: Final = 23
_CELL_THICKNESS: Final = 10
_SONGS: Final = 4
_LINE: Final = 24


def draw_week(canvas: "Canvas", week: Week, words: Words) -> float:
    """Draw it on an empty sheet; returns the height that was needed."""
    top = head(canvas, words("charts.week.title"), say.period(words, week.first, week.last))
    top = _calendar(canvas, top, week, words) + _GAP
    if week.mean is None:
        bottom = _sentences(canvas, top, None, [words("charts.week.nothing")])
        return foot(canvas, bottom, words)
    top = _felt(canvas, top, week.mean, words) + _GAP
    changes = say.change_sentences(words, week.change)
    top = _sentences(canvas, top, words("charts.week.change"), changes) + _GAP
    return foot(canvas, _songs(canvas, top, week, words), words)


def _calendar(canvas: "Canvas", top: float, week: Week, words: Words) -> float:
    canvas.card(LEFT, top, RIGHT - LEFT, _CALENDAR)
    width = (RIGHT - LEFT - 12) / len(week.days)
    for number, mood in enumerate(week.days):
        x = LEFT + 6 + (number + 0.5) * width
        _cell(canvas, (x, top), width - 4, week.first + timedelta(days=number), mood, words)
    return top + _CALENDAR


def _cell(
    canvas: "Canvas",
    at: tuple[float, float],
    width: float,
    day: date,
    mood: DayMood | None,
    words: Words,
) -> None:
    x, top = at
    palette = canvas.palette
    canvas.text((x, top + 27), say.weekday(words, day), size=13, colour=palette.dim, align="center")
    canvas.text((x, top + 47), str(day.day), size=14, bold=True, align="center")
    middle = (x, top + 86)
    if mood is None:
        canvas.ring(middle, _CELL_RADIUS - 1, palette.line)
        return
    parts = [(share.share, palette.emotions[share.label]) for share in mood.shares]
    canvas.doughnut(middle, _CELL_RADIUS, _CELL_THICKNESS, parts)
    name = canvas.cut(upper(say.feeling(words, mood.leading)), width, size=12)
    canvas.text((x, top + 133), name, size=12, align="center")


def _felt(canvas: "Canvas", top: float, mean: MeanMood, words: Words) -> float:
    colours = canvas.palette.emotions
    present = [
        (f"{upper(say.feeling(words, share.label))} {share.percent}%", colours[share.label])
        for share in mean.shares
        if share.percent
    ]
    # Nothing lies below the names, so the card can be drawn once their lines are counted.
    height = names(canvas, top + 94, present, left=LEFT + PADDING, width=INNER) + 22 - top
    canvas.card(LEFT, top, RIGHT - LEFT, height)
    section(canvas, top, words("charts.week.felt"))
    left = float(LEFT + PADDING)
    for share in mean.shares:
        canvas.bar((left, top + 48), (share.share * INNER, 16), colours[share.label])
        left += share.share * INNER
    return top + height


def _sentences(
    canvas: "Canvas", top: float, heading: str | None, sentences: Sequence[str]
) -> float:
    lines = [line for sentence in sentences for line in canvas.wrapped(sentence, INNER, size=14)]
    first = 58 if heading else 34
    height = first + _LINE * (len(lines) - 1) + 20
    canvas.card(LEFT, top, RIGHT - LEFT, height)
    if heading:
        section(canvas, top, heading)
    for number, line in enumerate(lines):
        canvas.text((LEFT + PADDING, top + first + number * _LINE), line, size=14)
    return top + height


def _songs(canvas: "Canvas", top: float, week: Week, words: Words) -> float:
    heading = words("charts.week.songs")
    if not week.helped:
        return _sentences(canvas, top, heading, [words("charts.week.songs.none")])
    songs = [(helped.song, say.signed(helped.rise)) for helped in week.helped]
    return song_card(canvas, top, heading, songs, most=_SONGS, words=words)
