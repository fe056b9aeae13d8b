"""Inline mode: songs for the mood of what stands behind the bot's name, in any chat."""

import logging
from dataclasses import replace
from typing import Final

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.answers import Button
from bot.chat.commands import wanted
from bot.handlers.telegram_context import Context
from bot.handlers.telegram_links import crisis_payload
from bot.handlers.telegram_text import Block
from bot.handlers.telegram_views import keyboard, song_head
from bot.pace import Deed
from bot.presentation import Presenter, SongCard
from core.errors import MaeumError
from core.models import CrisisKind, Slate
from core.recommend.query import SongQuery

__all__ = ["on_inline_query"]

_SONGS: Final = 10
_CACHE_S: Final = 10
"""People type on, and songs vary."""
_log = logging.getLogger(__name__)


async def on_inline_query(context: Context, update: Update) -> None:
    """Offer songs; above them the way to the private chat."""
    query = update.inline_query
    if query is None:
        return
    presenter = await context.presenter_for(query.from_user)
    text = query.query.strip()
    if await context.chat.service.conversation.hears_danger(text):
        # No songs, and nothing that could be sent to somebody else by mistake.
        button = _button(presenter, "telegram.inline.help", crisis_payload(CrisisKind.SELF_HARM))
        await _answer(context, query, [], button)
        return
    # Each letter that somebody types asks again.
    may = context.may(query.from_user, Deed.SEARCH)
    slate = await _songs(context, text) if may else None
    button = _button(presenter, "telegram.inline.talk", "inline")
    cards = presenter.cards(slate) if slate else ()
    await _answer(context, query, [_article(card, presenter) for card in cards], button)


async def _songs(context: Context, text: str) -> Slate | None:
    """Songs for the text; None where nothing can be read in it, or not now."""
    if not text:
        return None
    query, words = _asked(context, text)
    try:
        return await context.chat.service.songs.preview(
            words, replace(query, count=_SONGS), generator=context.generator
        )
    except MaeumError as error:
        _log.info("no songs for an inline query: %s", type(error).__name__)
        return None


def _asked(context: Context, text: str) -> tuple[SongQuery, str | None]:
    """What the text asks for, and the words whose mood is meant where it names nothing."""
    asked = wanted(text)
    meant = None if asked is None else context.chat.service.asking.resolve(asked)
    if meant is None or (meant.among and meant.query.seed_song is None):
        return SongQuery(), text
    query = meant.query
    said = query.wish or query.seed_song or query.filters.named
    return query, meant.words or (None if said else text)


async def _answer(
    context: Context,
    query: InlineQuery,
    results: list[InlineQueryResultArticle],
    button: InlineQueryResultsButton,
) -> None:
    try:
        await context.bot.answer_inline_query(
            query.id, results, cache_time=_CACHE_S, is_personal=True, button=button
        )
    except BadRequest as error:
        # Whoever typed has typed on, or waited longer than Telegram does.
        _log.info("an inline query could not be answered: %s", error.message)


def _article(card: SongCard, presenter: Presenter) -> InlineQueryResultArticle:
    """A song: to whoever chooses, the reason too; what is sent does not tell of moods."""
    _, listen = card.links[0]
    facts = f"\n{card.facts}" if card.facts else ""
    content = InputTextMessageContent(
        (song_head(card) + Block.plain(facts)).html,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    return InlineQueryResultArticle(
        id=str(card.number),
        title=card.title,
        input_message_content=content,
        description=f"{card.artist}\n{card.why}",
        reply_markup=keyboard(((Button(presenter.texts("songs.listen"), url=listen),),)),
    )


def _button(presenter: Presenter, key: str, payload: str) -> InlineQueryResultsButton:
    return InlineQueryResultsButton(presenter.texts(key), start_parameter=payload)
