"""Answers as messages: their text, the cards of songs, the file that comes with them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import discord

from bot.chat.answers import Answer, AnswerKind, Rows
from bot.chat.buttons import list_rows, more_rows, single_rows
from bot.colours import COLOURS
from bot.parting import shortened, split, utf16
from bot.presentation import Presenter, SongCard
from core.models import Layout
from core.service.votes import Vote

__all__ = ["File", "Post", "cards_posts", "posts", "song_posts", "text_posts"]

LONGEST_TEXT: Final = 2000
"""Of a message, outside of its embeds."""
SONGS_A_MESSAGE: Final = 5
"""As many as have room for their buttons in five rows, with a row for what is offered besides."""
_LONGEST_TITLE: Final = 100
"""Marks that are escaped take twice the room, and a title gets 256."""
_LONGEST_NAMES: Final = 80
_LONGEST_URL: Final = 150
_LONGEST_WHY: Final = 200
"""With these five songs keep below the 6000 that all embeds of a message have."""
# What Discord would take for markup; "-" and "#" only where a line begins with them.
_MARKS: Final = re.compile(r"[\\*_~`|\[\]<>]|^(?:#{1,3}|-)(?= )", re.MULTILINE)
_GAP: Final = "\n\n"
_NEUTRAL: Final = discord.Colour.from_str("#5865f2")


@dataclass(frozen=True)
class File:
    """A file to send.

    Attributes:
        alt: what a picture shows, in words.
    """

    name: str
    content: bytes
    alt: str | None = None


@dataclass(frozen=True)
class Post:
    """One message of the bot's.

    Attributes:
        text: outside of the embeds.
        embeds: at most ten.
        rows: the buttons below it.
        impression: of the one song it shows, for votes by reaction; None for anything else.
        files: that come with it.
        own: more buttons, of those that only Discord has.
    """

    text: str = ""
    embeds: tuple[discord.Embed, ...] = ()
    rows: Rows = ()
    impression: str | None = None
    files: tuple[File, ...] = ()
    own: tuple[str, ...] = ()


def posts(answer: Answer, presenter: Presenter, introduction: Sequence[str] = ()) -> list[Post]:
    """The messages of an answer, its songs left out (see `song_posts`).

    Args:
        answer: what is said.
        presenter: in the language of the answer.
        introduction: paragraphs that go before.
    """
    text = (*introduction, *answer.text)
    if answer.kind is AnswerKind.MOOD and answer.reply and answer.reply.mood:
        text = (*text, presenter.gauge(answer.reply.gauge or 0))
    files = [File(answer.document.name, answer.document.content)] if answer.document else []
    if answer.picture:
        files.append(File(f"{answer.kind}.png", answer.picture.png, answer.picture.alt))
    *before, last = text_posts(text, answer.buttons)
    return [*before, replace(last, files=tuple(files))]


def text_posts(paragraphs: Iterable[str], rows: Rows = ()) -> list[Post]:
    """Paragraphs in as few messages as hold them, the buttons below the last."""
    texts: list[str] = []
    for part in (part for each in paragraphs for part in split(_plain(each), LONGEST_TEXT)):
        if texts and utf16(texts[-1]) + len(_GAP) + utf16(part) <= LONGEST_TEXT:
            texts[-1] += _GAP + part
        else:
            texts.append(part)
    return [*map(Post, texts[:-1]), *(Post(text, rows=rows) for text in texts[-1:])]


def song_posts(
    text: Sequence[str],
    cards: Sequence[SongCard],
    votes: Sequence[Vote],
    presenter: Presenter,
    *,
    layout: Layout,
    private: bool,
) -> list[Post]:
    """The messages of a list of songs that was kept.

    Args:
        text: paragraphs that go before.
        cards: the songs, at least one.
        votes: what the person says of each song.
        presenter: in the person's language.
        layout: a few messages with all, or a message each.
        private: whether nobody else reads along. Elsewhere nothing is told of the person: not
            the mood, of which reasons and colours speak, and not the votes.
    """
    if not private:
        votes = [replace(vote, verdict=None) for vote in votes]
    # A reaction to several songs is a vote on none; one song has a message of its own anyway.
    if layout is Layout.SINGLE or len(cards) == 1:
        singles = (
            Post(
                embeds=(_embed(card, private=private),),
                rows=single_rows(vote, presenter),
                impression=vote.impression,
            )
            for card, vote in zip(cards, votes, strict=True)
        )
        return [*text_posts(text, more_rows(votes[0].impression, presenter.texts)), *singles]
    rows = list_rows(votes, presenter)
    return _listed(text, cards, rows[: len(cards)], rows[len(cards) :], private=private)


def cards_posts(text: Sequence[str], cards: Sequence[SongCard]) -> list[Post]:
    """Songs without anything to press, and nothing of anybody's mood."""
    return _listed(text, cards, (), (), private=False)


def _listed(
    text: Sequence[str], cards: Sequence[SongCard], songs: Rows, more: Rows, *, private: bool
) -> list[Post]:
    """As many songs a message as there is room for; `more` buttons below the last."""
    *before, first = text_posts(text)
    listed = [
        Post(
            embeds=tuple(
                _embed(card, private=private, number=f"{card.number}. ")
                for card in cards[start : start + SONGS_A_MESSAGE]
            ),
            rows=songs[start : start + SONGS_A_MESSAGE],
        )
        for start in range(0, len(cards), SONGS_A_MESSAGE)
    ]
    listed[0] = replace(listed[0], text=first.text)
    listed[-1] = replace(listed[-1], rows=(*listed[-1].rows, *more))
    return [*before, *listed]


def _embed(card: SongCard, *, private: bool, number: str = "") -> discord.Embed:
    """Title, which leads to where the song can be heard; artist, facts, the reason."""
    (_, listen), *others = card.links
    names = [_plain(shortened(card.artist, _LONGEST_NAMES))]
    if card.facts:
        names.append(_plain(shortened(card.facts, _LONGEST_NAMES)))
    names += [f"[{name}]({url})" for name, url in others if len(url) <= _LONGEST_URL]
    lines = [" · ".join(names)]
    if private:
        lines.append(_plain(shortened(card.why, _LONGEST_WHY)))
    return discord.Embed(
        title=number + _plain(shortened(card.title, _LONGEST_TITLE)),
        url=listen,
        description="\n".join(lines),
        colour=discord.Colour.from_str(COLOURS[card.emotion]) if private else _NEUTRAL,
    )


def _plain(text: str) -> str:
    """Text that is shown as it is, whatever it holds."""
    return _MARKS.sub(r"\\\g<0>", text)
