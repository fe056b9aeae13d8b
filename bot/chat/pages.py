"""What is kept of a person, in words: a page is paragraphs for people and data for programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Final

import numpy as np

from bot.chat.actions import Action
from bot.chat.answers import Button, Rows
from bot.chat.settings import CHOICES
from bot.presentation import Presenter
from bot.readable import percent, visible
from bot.records import rounded
from bot.texts import Texts
from core.emotion.labels import COARSE
from core.models import AccountSettings
from core.recommend.taste import Leaning, Taste
from core.records import Consent, ConsentKind, MoodPoint, Verdict
from core.service.people import Forgotten
from core.service.votes import ShownSong

__all__ = ["Page", "consents", "forget", "forgotten", "history", "privacy", "settings", "taste"]

_NAMED: Final = 2
"""Emotions named of a day."""
_FAINT: Final = 0.15


@dataclass(frozen=True)
class Page:
    """One answer about what is kept.

    Attributes:
        text: paragraphs.
        data: the same, in types of JSON.
        buttons: below it.
    """

    text: tuple[str, ...]
    data: dict[str, object] = field(default_factory=dict)
    buttons: Rows = ()


def history(
    presenter: Presenter,
    points: Sequence[MoodPoint],
    shown: Sequence[ShownSong],
    zone: tzinfo,
    *,
    days: int,
    most: int,
) -> Page:
    """The moods of the last days, a line a day, and the songs liked last.

    Args:
        presenter: finds the words.
        points: oldest first.
        shown: songs, newest first.
        zone: whose midnight parts the days.
        days: how many were asked for.
        most: songs named.
    """
    texts = presenter.texts
    liked = [song for song in shown if song.verdict is Verdict.UP][:most]
    if not points:
        return Page((texts("history.none", days=days),), {"days": [], "liked": _songs(liked)})
    lines, rows = [texts("history.title", days=days)], []
    for day, group in groupby(points, lambda point: point.at.astimezone(zone).date()):
        of_day = list(group)
        mean = np.mean([point.coarse for point in of_day], axis=0)
        valence = float(np.mean([point.valence for point in of_day]))
        named = ", ".join(_leading(texts, mean))
        date = texts("history.date", month=day.month, day=day.day)
        lines.append(texts("history.day", date=date, emotions=named, count=len(of_day)))
        rows.append(
            {
                "date": day.isoformat(),
                "messages": len(of_day),
                "emotion": {
                    label: rounded(float(share)) for label, share in zip(COARSE, mean, strict=True)
                },
                "valence": rounded(valence),
            }
        )
    text = ["\n".join(lines)]
    if liked:
        text.append("\n".join([texts("history.liked"), *(_line(song) for song in liked)]))
    return Page(tuple(text), {"days": rows, "liked": _songs(liked)})


def taste(presenter: Presenter, found: Taste) -> Page:
    """What the person's votes say."""
    texts = presenter.texts
    data: dict[str, object] = {
        "likes": found.likes,
        "dislikes": found.dislikes,
        "liked": [_leaning(leaning) for leaning in found.liked],
        "disliked": [_leaning(leaning) for leaning in found.disliked],
    }
    if not found.likes + found.dislikes:
        return Page((texts("taste.none"),), data)
    text = [texts("taste.votes", likes=found.likes, dislikes=found.dislikes)]
    if found.liked:
        text.append(texts("taste.liked", names=_names(texts, found.liked)))
    if found.disliked:
        text.append(texts("taste.disliked", names=_names(texts, found.disliked)))
    if not found.liked and not found.disliked:
        text.append(texts("taste.unclear"))
    return Page(tuple(text), data)


def settings(presenter: Presenter, chosen: AccountSettings) -> Page:
    """The settings that are in force, how each is changed, and buttons for their usual values."""
    texts = presenter.texts
    values = {
        "language": chosen.language,
        "memory": chosen.memory,
        "count": chosen.count,
        "layout": chosen.layout,
        "theme": chosen.theme,
        "time_zone": chosen.time_zone,
    }
    lines = [
        texts(f"settings.{name}", value=_setting(texts, name, value))
        for name, value in values.items()
    ]
    rows = tuple(
        tuple(
            Button(
                _setting(texts, name, value) + (" ✓" if str(values[name]) == value else ""),
                Action("t", (name, value)),
            )
            for value in offered
        )
        for name, offered in CHOICES.items()
    )
    text = (texts("settings.title"), "\n".join(lines), texts("settings.how"))
    return Page(text, {**values}, rows)


def consents(
    presenter: Presenter, answers: Mapping[ConsentKind, Consent | None], place: str
) -> Page:
    """What the person can agree to, and does.

    Args:
        presenter: in the person's language.
        answers: to each question that is asked; None where it is open.
        place: where the language model is that may write replies; empty where there is none.
    """
    texts = presenter.texts
    text, data = [texts("consent.title")], dict[str, object]()
    for kind, answer in answers.items():
        said = "open" if answer is None else "given" if answer.given else "refused"
        text.append(f"{texts(f'consent.{kind}.text', place=place)} {texts(f'consent.{said}')}")
        data[kind.value] = None if answer is None else answer.given
    return Page((*text, texts("consent.how")), data)


def privacy(presenter: Presenter, kept: Mapping[str, int], place: str | None) -> Page:
    """What is kept, why, for how long, and who sees it; `place` as of `consents`."""
    texts = presenter.texts
    sentences = [texts(key) for key in texts.variants("privacy")]
    if place is not None:
        sentences.insert(1, texts("privacy.replies", place=place))
    return Page((*sentences, _counted(texts, kept)), {"kept": dict(kept)})


def forget(presenter: Presenter, kept: Mapping[str, int]) -> Page:
    """Asks whether everything is to be removed; without data where there is nothing."""
    texts = presenter.texts
    if not kept:
        return Page((texts("forget.nothing"),))
    return Page((_counted(texts, kept), texts("forget.sure")), {"kept": dict(kept)})


def forgotten(presenter: Presenter, done: Forgotten) -> Page:
    """The proof that everything was removed."""
    texts = presenter.texts
    removed, left = sum(done.removed.values()), sum(done.left.values())
    data: dict[str, object] = {"removed": dict(done.removed), "left": dict(done.left)}
    return Page((texts("forget.done", removed=removed, left=left),), data)


def _leading(texts: Texts, mean: Iterable[float]) -> list[str]:
    ranked = sorted(zip(COARSE, mean, strict=True), key=lambda pair: -pair[1])[:_NAMED]
    return [
        f"{texts(f'feeling.{label}')} {percent(share)}"
        for place, (label, share) in enumerate(ranked)
        if place == 0 or share >= _FAINT
    ]


def _line(song: ShownSong) -> str:
    return f"♪ {visible(song.song.title)} - {visible(song.song.artist)}"


def _songs(liked: Iterable[ShownSong]) -> list[dict[str, object]]:
    return [
        {
            "id": song.song.id,
            "title": visible(song.song.title),
            "artist": visible(song.song.artist),
            "mode": song.mode.value,
            "shown_at": _stamp(song.shown_at),
        }
        for song in liked
    ]


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _leaning(leaning: Leaning) -> dict[str, object]:
    return {
        "kind": leaning.kind,
        "name": visible(leaning.name),
        "likes": leaning.likes,
        "votes": leaning.votes,
    }


def _names(texts: Texts, leanings: Iterable[Leaning]) -> str:
    return ", ".join(
        texts(f"taste.{leaning.kind}", name=visible(leaning.name)) for leaning in leanings
    )


def _setting(texts: Texts, name: str, value: object) -> str:
    if name == "count":
        return texts("settings.songs", count=value)
    if name == "time_zone":
        return visible(str(value))
    return texts(f"setting.{name}.{value}")


def _counted(texts: Texts, kept: Mapping[str, int]) -> str:
    if not kept:
        return texts("kept.none")
    named = ", ".join(
        texts("kept.rows", name=texts(f"kept.{table}"), count=count)
        for table, count in kept.items()
    )
    return texts("kept.all", rows=named)
