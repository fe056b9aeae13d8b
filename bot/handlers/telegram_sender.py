"""Sends and changes messages, and knows what stands below them."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot.chat.answers import Rows
from bot.handlers.telegram_text import LONGEST_NOTICE, shortened
from bot.handlers.telegram_views import Post, keyboard
from core.service.votes import Votes

__all__ = ["Place", "Sender", "post_key"]

_REMEMBERED: Final = 10_000
"""Messages whose present look is known."""
_UNCHANGED: Final = "message is not modified"
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where an answer goes.

    Attributes:
        chat: the id of the chat.
        private: whether it is the chat of one person with the bot.
        reply_to: the message that is answered, where that has to be shown.
        topic: of a group that has topics.
    """

    chat: int
    private: bool = True
    reply_to: int | None = None
    topic: int | None = None

    @classmethod
    def of(cls, message: Message) -> "Place":
        """Where the answer to a message goes."""
        private = message.chat.type == message.chat.PRIVATE
        topic = message.message_thread_id if message.is_topic_message else None
        return cls(message.chat.id, private, None if private else message.message_id, topic)


@dataclass(frozen=True)
class _Look:
    """What a message shows.

    Attributes:
        html: its text; None where that is not known.
        rows: the buttons below it.
    """

    html: str | None
    rows: Rows


class Sender:
    """Brings posts into chats."""

    def __init__(self, bot: Bot, votes: Votes) -> None:
        """Make one.

        Args:
            bot: initialised.
            votes: is told which message shows which song.
        """
        self._bot = bot
        self._votes = votes
        # By chat and message: a second tap comes before the first one's change is seen, and
        # Telegram refuses a change that changes nothing.
        self._looks: OrderedDict[tuple[int, int], _Look] = OrderedDict()

    async def send(self, place: Place, posts: Sequence[Post]) -> list[Message]:
        """Send messages, the first as a reply where `place` says so.

        Returns:
            The messages as they stand there now.
        """
        reply_to, all_sent = place.reply_to, []
        for post in posts:
            sent = await self._send(place.chat, post, reply_to, place.topic)
            self._keep(_key(sent), _Look(post.html, post.rows))
            if post.impression is not None:
                await self._votes.posted({post_key(*_key(sent)): post.impression})
            all_sent.append(sent)
            reply_to = None
        return all_sent

    async def edit(self, message: Message, post: Post) -> None:
        """Make another text and other buttons of a message."""
        key, look = _key(message), _Look(post.html, post.rows)
        markup = keyboard(post.rows)
        told = message.text_html == post.html and message.reply_markup == markup
        if self._looks.get(key, look if told else None) == look:
            return
        await self._change(
            self._bot.edit_message_text(
                post.html,
                chat_id=message.chat.id,
                message_id=message.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                link_preview_options=_NO_PREVIEW,
            )
        )
        self._keep(key, look)

    async def edit_rows(
        self, chat: int, message: int, rows: Rows, told: InlineKeyboardMarkup | None = None
    ) -> None:
        """Put other buttons below a message.

        Args:
            chat: its chat's id.
            message: its id.
            rows: the buttons.
            told: the buttons that Telegram says are there; None where it does not say.
        """
        key, markup = (chat, message), keyboard(rows)
        known = self._looks.get(key)
        if known.rows == rows if known else told is not None and told == markup:
            return
        await self._change(self._bot.edit_message_reply_markup(chat, message, reply_markup=markup))
        self._keep(key, _Look(known.html if known else None, rows))

    async def notify(
        self, query: str, text: str = "", *, alert: bool = False, url: str | None = None
    ) -> None:
        """Answer a tap on a button, with a notice that only the person sees."""
        shown = shortened(text, LONGEST_NOTICE) or None
        try:
            await self._bot.answer_callback_query(query, shown, show_alert=alert, url=url)
        except BadRequest as error:
            # Only a tap that waited longer than Telegram does; what it asked for is done.
            _log.info("a tap could not be answered: %s", error.message)

    async def _send(
        self, chat: int, post: Post, reply_to: int | None, topic: int | None
    ) -> Message:
        common: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard(post.rows),
            "message_thread_id": topic,
        }
        if reply_to is not None:
            common["reply_parameters"] = ReplyParameters(reply_to, allow_sending_without_reply=True)
        try:
            if post.photo is not None:
                return await self._bot.send_photo(chat, post.photo, caption=post.html, **common)
            if post.document is not None:
                file = InputFile(post.document.content, filename=post.document.name)
                return await self._bot.send_document(chat, file, caption=post.html, **common)
            return await self._bot.send_message(
                chat, post.html, link_preview_options=_NO_PREVIEW, **common
            )
        except ChatMigrated as error:
            # The group became a supergroup meanwhile, where its messages have other ids.
            return await self._send(error.new_chat_id, post, None, None)

    async def _change(self, call: Awaitable[object]) -> None:
        try:
            await call
        except BadRequest as error:
            if _UNCHANGED not in error.message.lower():
                # Deleted, or too old to be changed: the person sees the notice at least.
                _log.info("a message could not be changed: %s", error.message)

    def _keep(self, key: tuple[int, int], look: _Look) -> None:
        self._looks[key] = look
        self._looks.move_to_end(key)
        if len(self._looks) > _REMEMBERED:
            self._looks.popitem(last=False)


def post_key(chat: int, message: int) -> str:
    """What a message is called among those that show songs."""
    return f"telegram:{chat}:{message}"


def _key(message: Message) -> tuple[int, int]:
    return message.chat.id, message.message_id
