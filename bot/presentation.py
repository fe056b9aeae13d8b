"""Results as words in the user's language. Layout, colours and buttons are a platform's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.asked_words import asked_words
from bot.error_codes import error_code
from bot.errors import (
    SettingValueError,
    UnknownCommandError,
    UsageError,
    WordlessError,
)
from bot.readable import percent, visible
from bot.texts import Texts
from bot.whys import whys_of
from core.dialogue.help_lines import HelpLines
from core.emotion.labels import COARSE, FINE
from core.errors import (
    InvalidCountError,
    NothingShownError,
    SetupError,
)
from core.models import (
    EmotionScores,
    Mode,
    Mood,
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
]

_LEADING_SHARE: Final = 0.1
"""A class below this share is not named among the leading ones, unless it is the first."""
_FINE_SCORE: Final = 0.3
"""A fine emotion below this score is not named."""
_PLANE_EVEN: Final = 0.15
"""Valence or arousal within this of 0 leans to no side."""


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
        """Why each song was chosen, see `bot.whys`."""
        return whys_of(slate, self.texts)

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


def _level(value: float) -> str:
    if abs(value) < _PLANE_EVEN:
        return "even"
    return "high" if value > 0 else "low"
