"""Answers as messages: their text, their buttons, the file that comes with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.answers import Answer, AnswerKind, Document, Rows
from bot.chat.buttons import list_rows, more_rows, single_rows
from bot.handlers.telegram_text import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    Block,
    packed,
    shortened,
    split,
)
from bot.presentation import Presenter, SongCard
from core.models import Layout, Slate
from core.service.votes import Vote

__all__ = ["Post", "keyboard", "posts", "song_head", "song_posts", "text_posts"]

_LONGEST_NAME: Final = 200
"""Of a title or an artist, as it is shown."""
_CELLS: Final = 10
_PRIVATE: Final = frozenset({"w"})
"""Buttons that no group gets: why a song was chosen tells of the mood it was chosen for."""


@dataclass(frozen=True)
class Post:
    """One message of the bot's.

    Attributes:
        html: its text.
        rows: the buttons below it.
        impression: of the one song it shows, for votes by reaction; None for anything else.
        document: a file, whose caption `html` is then.
        photo: a picture, likewise: a file in PNG.
    """

    html: str
    rows: Rows = ()
    impression: str | None = None
    document: Document | None = None
    photo: bytes | None = None


def posts(answer: Answer, presenter: Presenter) -> list[Post]:
    """The messages of an answer, its songs left out (see `song_posts`)."""
    if answer.document is not None:
        caption = Block.plain(shortened("\n\n".join(answer.text), LONGEST_CAPTION))
        return [Post(caption.html, answer.buttons, document=answer.document)]
    if answer.picture is not None:
        caption = Block.plain(shortened(answer.picture.alt, LONGEST_CAPTION))
        return [Post(caption.html, answer.buttons, photo=answer.picture.png)]
    text = answer.text
    if answer.kind is AnswerKind.MOOD and answer.reply and answer.reply.mood:
        text = (*text, _gauge(presenter, answer.reply.gauge or 0))
    return text_posts(text, answer.buttons)


def text_posts(paragraphs: Iterable[str], rows: Rows = ()) -> list[Post]:
    """Paragraphs in as few messages as hold them, the buttons below the last."""
    return _below(packed(_blocks(paragraphs)), rows)


def song_posts(
    answer: Answer,
    slate: Slate,
    votes: Sequence[Vote],
    presenter: Presenter,
    *,
    layout: Layout,
    private: bool,
) -> list[Post]:
    """The messages of a list of songs.

    Args:
        answer: that the songs belong to.
        slate: the songs, at least one.
        votes: what the person says of each song.
        presenter: in the person's language.
        layout: one message with all, or a message each.
        private: whether nobody else reads along. In a group nothing is told of the person: not
            the mood, of which the reasons speak, and not the votes.
    """
    cards = presenter.cards(slate)
    if not private:
        votes = [replace(vote, verdict=None) for vote in votes]
    if layout is Layout.LIST:
        songs = [_card(card, f"{card.number}. ", private=private) for card in cards]
        rows = _allowed(list_rows(votes, presenter), private=private)
        listed = _below(packed([*_blocks(answer.text), *songs]), rows)
        # A reaction to several songs is a vote on none.
        only = slate.items[0].impression if len(slate.items) == 1 else None
        return [*listed[:-1], replace(listed[-1], impression=only)]
    singles = [
        Post(
            _card(card, "", private=private).html,
            _allowed(single_rows(vote, presenter), private=private),
            vote.impression,
        )
        for card, vote in zip(cards, votes, strict=True)
    ]
    return [*text_posts(answer.text, more_rows(votes[0].impression, presenter.texts)), *singles]


def song_head(card: SongCard, number: str = "") -> Block:
    """Title, which leads to where the song can be heard, and artist."""
    _, listen = card.links[0]
    title = Block.link(shortened(card.title, _LONGEST_NAME), listen).bold()
    artist = Block.plain(f" · {shortened(card.artist, _LONGEST_NAME)}")
    return Block.plain(number).bold() + title + artist


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram takes them; None where there are none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.label, url=button.url)
                if button.action is None
                else InlineKeyboardButton(button.label, callback_data=str(button.action))
                for button in row
            ]
            for row in rows
        ]
    )


def _blocks(paragraphs: Iterable[str]) -> list[Block]:
    return [
        Block.plain(part) for paragraph in paragraphs for part in split(paragraph, LONGEST_TEXT)
    ]


def _below(messages: Sequence[str], rows: Rows) -> list[Post]:
    """The messages, at least one, with the buttons below the last."""
    return [*map(Post, messages[:-1]), Post(messages[-1], rows)]


def _card(card: SongCard, number: str, *, private: bool) -> Block:
    """Title and artist, facts, and the reason where only the person sees it."""
    lines = [song_head(card, number)]
    facts = Block.plain(card.facts)
    for name, url in card.links[1:]:
        facts += (Block.plain(" · ") if facts.length else facts) + Block.link(name, url)
    if facts.length:
        lines.append(facts)
    if private:
        lines.append(Block.plain(card.why))
    whole, *rest = lines
    for line in rest:
        whole += Block("\n", 1) + line
    return whole


def _allowed(rows: Rows, *, private: bool) -> Rows:
    if private:
        return rows
    return tuple(
        tuple(button for button in row if not (button.action and button.action.name in _PRIVATE))
        for row in rows
    )


def _gauge(presenter: Presenter, value: int) -> str:
    filled = value * _CELLS // 100
    return f"{presenter.gauge(value)} {'▰' * filled}{'▱' * (_CELLS - filled)}"
