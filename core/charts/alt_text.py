"""Each picture in words, for whoever does not see it; made of the values it was drawn from."""

from collections.abc import Iterable, Sequence
from typing import Final

from core.charts import words as say
from core.charts.helped import LikedSong
from core.charts.values import DayMood, History, PresentMood, Week
from core.charts.words import Words

__all__ = ["LONGEST", "history_in_words", "mood_in_words", "week_in_words"]

LONGEST: Final = 1000
"""No alt text is longer, in characters: platforms cut theirs at 1024."""
_LEADING: Final = 3
_SONGS: Final = 4
_NAME: Final = 40


def mood_in_words(mood: PresentMood, words: Words) -> str:
    """The doughnut: every class that is there, fine emotions, valence and arousal."""
    sentences = [
        words("charts.alt.mood", at=say.day_and_time(words, mood.at)),
        words("charts.alt.shares", shares=say.shares(words, mood.shares)),
    ]
    if names := say.fine_names(words, mood):
        sentences.append(words("mood.fine", emotions=", ".join(names)))
    sentences.append(_axes(words, mood.valence, mood.arousal))
    return _joined(sentences)


def history_in_words(history: History, words: Words) -> str:
    """The timeline: how many days, the brightest and the heaviest, most felt, liked songs."""
    known = history.known
    where = say.period(words, history.first, history.last)
    sentences = [words("charts.alt.history", period=where)]
    if history.mean is None:
        sentences.append(words("charts.history.nothing"))
    else:
        count = words("charts.alt.days", known=len(known), days=len(history.days))
        felt = say.shares(words, history.mean.shares[:_LEADING])
        sentences += [count, words("charts.alt.shares", shares=felt)]
        sentences += _extremes(words, known)
    if history.liked:
        songs = [(liked.song, say.day_name(words, liked.day)) for liked in history.liked]
        sentences.append(_songs(words, "charts.history.songs", songs))
    return _joined(sentences)


def week_in_words(week: Week, words: Words) -> str:
    """The report: every day, most felt, what changed, songs that went with a rise."""
    where = say.period(words, week.first, week.last)
    sentences = [words("charts.alt.week", period=where)]
    if week.mean is None:
        return _joined([*sentences, words("charts.week.nothing")])
    leading = [
        words(
            "charts.alt.day",
            weekday=say.weekday(words, day.day),
            emotion=say.feeling(words, day.leading),
        )
        for day in week.known
    ]
    felt = say.shares(words, week.mean.shares[:_LEADING])
    sentences += [
        words("charts.alt.days", known=len(week.known), days=len(week.days)),
        f"{', '.join(leading)}.",
        words("charts.alt.shares", shares=felt),
        _axes(words, week.mean.valence, week.mean.arousal),
        *say.change_sentences(words, week.change),
    ]
    if week.helped:
        songs = [(helped.song, say.signed(helped.rise)) for helped in week.helped]
        sentences.append(_songs(words, "charts.week.songs", songs))
    return _joined(sentences)


def _axes(words: Words, valence: float, arousal: float) -> str:
    numbers = words("charts.alt.axes", valence=say.signed(valence), arousal=say.signed(arousal))
    return f"{say.plane(words, valence, arousal)} {numbers}"


def _extremes(words: Words, known: Sequence[DayMood]) -> Iterable[str]:
    if len(known) == 1:
        (day,) = known
        return [_axes(words, day.valence, day.arousal)]
    brightest = max(known, key=lambda day: day.valence)
    heaviest = min(known, key=lambda day: day.valence)
    return [
        words(
            "charts.alt.extremes",
            brightest=say.day_name(words, brightest.day),
            high=say.signed(brightest.valence),
            heaviest=say.day_name(words, heaviest.day),
            low=say.signed(heaviest.valence),
        )
    ]


def _songs(words: Words, heading: str, songs: Sequence[tuple[LikedSong, str]]) -> str:
    """The first few songs, each with a remark."""
    named = [
        f"{_short(say.title(song))} - {_short(say.artist(song))} ({remark})"
        for song, remark in songs[:_SONGS]
    ]
    more = len(songs) - len(named)
    if more:
        named.append(words("charts.more", count=more))
    return f"{words(heading)}: {', '.join(named)}."


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"


def _joined(sentences: Iterable[str]) -> str:
    text = " ".join(sentences)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
