"""Results as words in the user's language. Layout, colours and buttons are a platform's own."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final
from urllib.parse import quote, unquote_to_bytes
from zlib import crc32

from bot.asked_words import asked_words
from bot.error_codes import error_code
from bot.errors import (
    SettingValueError,
    UnknownCommandError,
    UsageError,
    WordlessError,
)
from bot.texts import Texts
from core.dialogue.help_lines import HelpLines
from core.emotion.labels import COARSE, FINE, JOY
from core.errors import (
    InvalidCountError,
    NothingShownError,
    SetupError,
)
from core.models import (
    EmotionScores,
    Mode,
    Mood,
    Reason,
    ReasonKind,
    Recommendation,
    Reply,
    ReplyKind,
    Slate,
    Song,
)
from core.recommend.links import song_url

__all__ = [
    "Presenter",
    "SongCard",
    "percent",
    "readable_url",
    "visible",
]

_LEADING_SHARE: Final = 0.1
"""A class below this share is not named among the leading ones, unless it is the first."""
_FINE_SCORE: Final = 0.3
"""A fine emotion below this score is not named."""
_LONGEST_QUOTE: Final = 28
"""Characters of what a reason quotes."""
_PLANE_EVEN: Final = 0.15
"""Valence or arousal within this of 0 leans to no side."""

_ENCODED: Final = re.compile(r"(?:%[89A-F][0-9A-F])+")


@dataclass(frozen=True)
class SongCard:
    """What is shown of a song; safe to print.

    Attributes:
        number: its place in the slate, from 1.
        facts: year and genre, as far as known; may be empty.
        why: a sentence that no other song of the slate has.
        emotion: the label of `labels.COARSE` that `why` speaks of.
        links: name and address of each.
    """

    number: int
    title: str
    artist: str
    facts: str
    why: str
    emotion: str
    links: tuple[tuple[str, str], ...]


class Presenter:
    """Says what the service answered, in one language."""

    def __init__(self, texts: Texts, help_lines: HelpLines) -> None:
        self.texts = texts
        self._help_lines = help_lines

    def paragraphs(self, reply: Reply) -> tuple[str, ...]:
        """What a reply says in words, songs left out (see `cards`)."""
        if reply.card and reply.crisis is not None:
            return (*reply.lines, *self._help_lines.card(reply.crisis, self.texts.language))
        if reply.kind is ReplyKind.MOOD:
            return (*reply.lines, *self._mood(reply.mood))
        if reply.slate is not None:
            if reply.gentle:
                return (*reply.lines, self.texts("songs.gentle"))
            return (*reply.lines, self._songs_intro(reply.slate))
        return reply.lines

    def cards(self, slate: Slate) -> tuple[SongCard, ...]:
        """The songs of a slate, in its order."""
        whys = self.whys(slate)
        return tuple(
            self._card(number, item, why)
            for number, (item, why) in enumerate(zip(slate.items, whys, strict=True), start=1)
        )

    def cards_of(self, items: Sequence[Recommendation]) -> tuple[SongCard, ...]:
        """Songs that were shown before."""
        return self.cards(Slate(Mode.SIMILAR, tuple(items)))

    def whys(self, slate: Slate) -> list[str]:
        """Why each song was chosen, a different sentence for every song.

        That words and style say different things is added once a list.
        """
        said: list[str] = []
        turns: Counter[ReasonKind] = Counter()
        # Lists begin with different sentences, each always with the same; a song alone has the one
        # that tells most, and those of a path go from the first step to the last.
        alone = len(slate.items) <= 1
        begin = 0 if alone or slate.mode is Mode.PATH else _begin(slate.items[0])
        for item in slate.items:
            said.append(self._new_why(item, begin + turns[item.reason.kind], said))
            turns[item.reason.kind] += 1
        for place, item in enumerate(slate.items):
            if item.reason.contrast is not None:
                ways = self.texts.variants(f"why.contrast.{item.reason.contrast}")
                said[place] += f" {self.texts(ways[_begin(item) % len(ways)])}"
                break
        return said

    def coarse_name(self, label: str) -> str:
        """The user's name for a label of `labels.COARSE`."""
        return self.texts(f"emotion.{label}")

    def leading(self, scores: EmotionScores, most: int = 3) -> list[str]:
        """The leading classes, as feelings, with their shares: "슬픔 62%", "두려움 12%"."""
        ranked = sorted(zip(COARSE, scores.coarse, strict=True), key=lambda pair: -pair[1])
        return [
            f"{self.texts(f'feeling.{label}')} {percent(share)}"
            for place, (label, share) in enumerate(ranked[:most])
            if place == 0 or share >= _LEADING_SHARE
        ]

    def fine_names(self, scores: EmotionScores, most: int = 3) -> list[str]:
        """The strongest fine emotions in the user's words; none where all are faint.

        Those that say the same as a class are left out: the class says it already.
        """
        said = {self.texts(f"feeling.{label}") for label in COARSE}
        ranked = sorted(zip(FINE, scores.fine, strict=True), key=lambda pair: -pair[1])
        names = [
            name
            for label, score in ranked
            if score >= _FINE_SCORE
            and label not in COARSE
            and (name := self.texts(f"fine.{label}")) not in said
        ]
        return names[:most]

    def gauge(self, value: int) -> str:
        """The gauge in words, `value` in percent."""
        return f"{self.texts('gauge.label')} {value}%"

    def error(self, error: Exception) -> str:
        """A kind sentence."""
        key, words = error_code(error), dict[str, object]()
        match error:
            case WordlessError():
                key = "wordless"
            case InvalidCountError(most=most):
                words = {"most": most}
            case SetupError():
                words = {"problem": visible(str(error))}
            case UnknownCommandError(meant=str(meant)):
                key, words = "misspelt_command", {"command": f"/{meant}"}
            case UsageError(command=command):
                words = {"usage": self.texts(f"help.{command}.usage")}
            case SettingValueError(name=name):
                words = {"allowed": self.texts(f"settings.allowed.{name}")}
            case NothingShownError(count=0):
                key = "nothing_shown_yet"
            case NothingShownError(count=count):
                words = {"count": count}
        return self.texts(f"error.{key}", **words)

    def _mood(self, mood: Mood | None) -> Iterable[str]:
        if mood is None:
            return (self.texts("mood.unknown"),)
        lean = f"plane.{_level(mood.valence)}.{_level(mood.arousal)}"
        sentences = [
            self.texts("mood.leading", emotions=", ".join(self.leading(mood))),
            self.texts(lean),
        ]
        if names := self.fine_names(mood):
            sentences.append(self.texts("mood.fine", emotions=", ".join(names)))
        return (" ".join(sentences),)

    def named(self, song: Song) -> str:
        """A song by its title and its artist."""
        return self.texts("song.named", title=visible(song.title), artist=visible(song.artist))

    def _songs_intro(self, slate: Slate) -> str:
        if not slate.items:
            return self.texts("songs.none")
        if slate.asked is not None and slate.mode is Mode.SIMILAR:
            return visible(asked_words(slate.asked, self.texts))
        near = {} if slate.near is None else {"song": self.named(slate.near)}
        return self.texts(f"songs.{slate.mode}", **near)

    def _card(self, number: int, item: Recommendation, why: str) -> SongCard:
        song = item.song
        facts = [str(song.year)] if song.year is not None else []
        facts += [visible(genre) for genre in song.genres[:2]]
        links = [(self.texts("songs.listen"), visible(song_url(song)))]
        if song.link:
            links.append((self.texts("songs.source"), visible(song.link)))
        return SongCard(
            number=number,
            title=visible(song.title),
            artist=visible(song.artist),
            facts=" · ".join(facts),
            why=why,
            emotion=item.reason.emotion,
            links=tuple(links),
        )

    def _new_why(self, item: Recommendation, turn: int, said: Sequence[str]) -> str:
        """A sentence that was not said; the kind's sentences take turns."""
        words = self._words(item)
        keys = [
            key
            for key in self.texts.variants(_why_key(item.reason))
            if _placeholders(self.texts.entries[key]) <= words.keys()
        ]
        turned = keys[turn % len(keys) :] + keys[: turn % len(keys)] if keys else []
        new = (why for key in turned if (why := self.texts(key, **words)) not in said)
        return next(new, None) or self.texts("why.named", **words)

    def _words(self, item: Recommendation) -> dict[str, str]:
        """What a sentence about the song can name."""
        song, reason = item.song, item.reason
        words = {
            "emotion": self.texts(f"feeling.{reason.emotion}"),
            "share": percent(reason.share),
            "title": visible(song.title),
            "artist": visible(song.artist),
        }
        if reason.fine is not None:
            words["fine"] = self.texts(f"fine.{reason.fine}")
        if reason.wish is not None:
            words["wish"] = self.texts(f"wish.{reason.wish}")
        if reason.about is not None:
            words["about"] = _shortened(visible(reason.about))
        return words


def _why_key(reason: Reason) -> str:
    """Where the sentences of a reason stand; an opposite of joy is said in other words."""
    of_joy = reason.emotion == COARSE[JOY]
    kind = str(reason.kind)
    if reason.kind is ReasonKind.LIFT and not of_joy:
        kind = "turn"
    elif reason.kind is ReasonKind.CALM and of_joy:
        kind = "cool"
    return f"why.{kind}"


def _begin(item: Recommendation) -> int:
    """Which sentence a list begins with that begins with this song."""
    return crc32(item.song.id.encode())


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _shortened(text: str) -> str:
    """The text, or its first whole words; a word that is longer than a quote is cut."""
    if len(text) <= _LONGEST_QUOTE:
        return text
    begun, space, _ = text[:_LONGEST_QUOTE].rpartition(" ")
    return f"{begun.rstrip() if space else text[: _LONGEST_QUOTE - 1]}…"


def percent(share: float) -> str:
    """A share of 0 to 1 in whole percent."""
    return f"{round(100 * float(share))}%"


def visible(text: str) -> str:
    """`text` without what changes a terminal or the order of letters: safe to print."""
    shown = (" " if char.isspace() else char for char in text)
    return "".join(char for char in shown if unicodedata.category(char)[0] != "C")


def readable_url(url: str) -> str:
    """The address as browsers show and accept it: letters beyond ASCII as they are."""
    return _ENCODED.sub(_decoded, url).replace("%20", "+")


def _decoded(match: re.Match[str]) -> str:
    try:
        text = unquote_to_bytes(match.group()).decode()
    except UnicodeDecodeError:
        return match.group()
    return "".join(char if char.isprintable() else quote(char) for char in text)


def _level(value: float) -> str:
    if abs(value) < _PLANE_EVEN:
        return "even"
    return "high" if value > 0 else "low"
