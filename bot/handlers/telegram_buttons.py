"""Taps on buttons. A tap is answered with a notice; what it changed shows below the message."""

from dataclasses import dataclass, replace
from typing import Final

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update
from telegram.constants import ChatType

from bot.chat.actions import ASKS, IN_PLACE, SONGS, VOTES
from bot.chat.answers import Answer, AnswerKind, Turn
from bot.chat.commands import Request
from bot.chat.presses import PAGES
from bot.handlers.telegram_context import Context
from bot.handlers.telegram_links import deep_link, press_payload
from bot.handlers.telegram_sender import Place
from bot.handlers.telegram_text import LONGEST_NOTICE, utf16
from bot.handlers.telegram_views import posts
from core.records import Verdict

__all__ = ["on_press"]

_IN_GROUPS: Final = VOTES | SONGS
"""What else there is to press is between the bot and one person."""
_NEVER: Final = (Verdict.NEVER_SONG, Verdict.NEVER_ARTIST)


@dataclass(frozen=True)
class _Press:
    """A tap.

    Attributes:
        message: whose button it was.
        action: the name of what the button does.
        words: what it does it with.
    """

    query: CallbackQuery
    message: MaybeInaccessibleMessage
    place: Place
    turn: Turn
    action: str
    words: tuple[str, ...]


async def on_press(context: Context, update: Update) -> None:
    """Do what the button does, and show it."""
    query = update.callback_query
    if query is None or query.data is None or query.message is None:
        return
    message = query.message
    private = message.chat.type == ChatType.PRIVATE
    action, *words = query.data.split(".")
    if not private and action not in _IN_GROUPS:
        # Telegram opens the private chat instead.
        payload = press_payload(query.data) if action in ASKS else ""
        url = deep_link(context.bot.username, payload)
        await context.sender.notify(query.id, url=url)
        return
    turn = context.turn(query.from_user, f"callback:{query.id}", private=private)
    place = Place.of(message) if isinstance(message, Message) else Place(message.chat.id, private)
    press = _Press(query, message, replace(place, reply_to=None), turn, action, tuple(words))
    if action in SONGS:
        await context.sender.notify(query.id)  # songs take a moment, and come as messages
    answer = await context.chat.press(turn, query.data)
    await _respond(context, press, answer)


async def _respond(context: Context, press: _Press, answer: Answer) -> None:
    if answer.kind is AnswerKind.ERROR and press.action in SONGS:
        # The tap was answered before the songs were looked for: the notice is gone.
        await context.show(press.place, press.turn, answer)
    elif answer.quiet:
        await context.sender.notify(press.query.id)
    elif answer.kind is AnswerKind.ERROR:
        await _tell(context, press, answer)
    elif press.action in VOTES:
        await _show_vote(context, press, answer)
    elif press.action in PAGES:
        await _show_page(context, press, answer)
    elif press.action in ASKS:
        await context.sender.notify(press.query.id)
        # The question names no song: it is put as a reply to the one that does.
        place = replace(press.place, reply_to=press.message.message_id)
        await context.show(place, press.turn, answer)
    elif press.action == "w":
        await _tell(context, press, answer)
    elif press.action in IN_PLACE:
        await context.sender.notify(press.query.id)
        await _put(context, press, answer)
    else:
        if press.action not in SONGS:  # those are answered already
            await context.sender.notify(press.query.id)
        await context.show(press.place, press.turn, answer)


async def _show_vote(context: Context, press: _Press, answer: Answer) -> None:
    """The vote that stands now, below the song; in a group it is the voter's own business."""
    await context.sender.notify(press.query.id, answer.text[0])
    if not press.place.private or answer.song_rows is None:
        return
    message = press.message
    told = message.reply_markup if isinstance(message, Message) else None
    if press.words[0] in _NEVER:  # pressed below the question, which has its answer now
        await _put(context, press, answer)
        song = message.reply_to_message if isinstance(message, Message) else None
        if song is None:
            return
        message, told = song, song.reply_markup
    await context.sender.edit_rows(message.chat.id, message.message_id, answer.song_rows, told)


async def _show_page(context: Context, press: _Press, answer: Answer) -> None:
    """The page the button stands below, as it is now and in the language spoken now."""
    if press.action == "c":
        await _tell(context, press, answer)
    else:
        await context.sender.notify(press.query.id)
    command = PAGES[press.action]
    page = await context.chat.run(press.turn, Request(command, f"/{command}"))
    await _put(context, press, page)


async def _tell(context: Context, press: _Press, answer: Answer) -> None:
    """Show words to the person alone, as a message only where a notice has no room for them."""
    text = "\n".join(answer.text)
    if utf16(text) <= LONGEST_NOTICE or not press.place.private:
        await context.sender.notify(press.query.id, text, alert=True)
    else:
        await context.sender.notify(press.query.id)
        await context.show(press.place, press.turn, answer)


async def _put(context: Context, press: _Press, answer: Answer) -> None:
    """Show the answer in place of what was pressed."""
    first, *more = posts(answer, context.presenter(answer))
    if isinstance(press.message, Message) and not more:
        await context.sender.edit(press.message, first)
    else:
        await context.sender.send(press.place, [first, *more])
