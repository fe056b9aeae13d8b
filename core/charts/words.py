"""What stands in the pictures and in their alt texts, in the user's language."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from core.charts.helped import LikedSong
from core.charts.values import Change, PresentMood, Share, Step

__all__ = [
    "Words",
    "artist",
    "change_sentences",
    "day_and_time",
    "day_name",
    "feeling",
    "fine_names",
    "period",
    "plane",
    "shares",
    "signed",
    "title",
    "weekday",
]

_EVEN: Final = 0.15
"""Valence or arousal within this of 0 leans to no side."""
_SAME: Final = 0.05
"""Valence or arousal that moved by less did not noticeably change."""
_CLEAR: Final = 0.2
"""Valence or arousal that moved by less changed slightly."""
_MOST_FINE: Final = 5


class Words(Protocol):
    """The sentences of one language."""

    def __call__(self, key: str, /, **words: object) -> str:
        """The one of `key`, its braces filled with `words`."""
        ...


def feeling(words: Words, label: str) -> str:
    """The name of a class of `labels.COARSE`."""
    return words(f"feeling.{label}")


def shares(words: Words, parts: Iterable[Share]) -> str:
    """Classes and their shares: "슬픔 62%, 담담함 20%"; none of 0 %."""
    named = (f"{feeling(words, part.label)} {part.percent}%" for part in parts if part.percent)
    return ", ".join(named)


def fine_names(words: Words, mood: PresentMood) -> list[str]:
    """The strongest fine emotions, at most five; none that is named like a class."""
    classes = {feeling(words, part.label) for part in mood.shares}
    names = dict.fromkeys(words(f"fine.{label}") for label in mood.fine)
    return [name for name in names if name not in classes][:_MOST_FINE]


def plane(words: Words, valence: float, arousal: float) -> str:
    """Where the mood stands, as a sentence."""
    return words(f"plane.{_level(valence)}.{_level(arousal)}")


def signed(value: float) -> str:
    """A number from -1 to 1, with its sign: "+0.21", "−0.65", "0.00"."""
    rounded = round(value, 2)
    if rounded == 0:
        return "0.00"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.2f}"


def day_name(words: Words, day: date) -> str:
    """A day of the year: "11월 21일", "Nov 21"."""
    return words("charts.date", month=words(f"charts.month.{day.month}"), day=day.day)


def day_and_time(words: Words, at: datetime) -> str:
    """A day and a time on the clock of `at`."""
    return words("charts.at", date=day_name(words, at), time=f"{at:%H:%M}")


def period(words: Words, first: date, last: date) -> str:
    """From a day to another one, or the one day."""
    if first == last:
        return day_name(words, first)
    return words("charts.period", first=day_name(words, first), last=day_name(words, last))


def weekday(words: Words, day: date) -> str:
    """The short name of a day of the week."""
    return words(f"charts.weekday.{day.isoweekday()}")


def change_sentences(words: Words, change: Change | None) -> Sequence[str]:
    """What is different from the week before, a sentence each."""
    if change is None:
        return [words("charts.change.unknown")]
    sentences = [_step(words, "valence", change.valence), _step(words, "arousal", change.arousal)]
    if change.risen is not None:
        name = feeling(words, change.risen.label)
        sentences.append(words("charts.change.risen", emotion=name, points=change.risen.percent))
    if change.fallen is not None:
        name = feeling(words, change.fallen.label)
        sentences.append(words("charts.change.fallen", emotion=name, points=-change.fallen.percent))
    return sentences


def title(song: LikedSong) -> str:
    """Its title, on one line, without what cannot be seen."""
    return _one_line(song.title)


def artist(song: LikedSong) -> str:
    """Its artist, likewise."""
    return _one_line(song.artist)


def _step(words: Words, axis: str, step: Step) -> str:
    way = "same" if abs(step.rise) < _SAME else "up" if step.rise > 0 else "down"
    if _SAME <= abs(step.rise) < _CLEAR:
        way += ".slightly"
    return words(
        f"charts.change.{axis}.{way}", before=signed(step.before), after=signed(step.after)
    )


def _level(value: float) -> str:
    if abs(value) < _EVEN:
        return "even"
    return "high" if value > 0 else "low"


def _one_line(text: str) -> str:
    visible = (char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join("".join(visible).split())
