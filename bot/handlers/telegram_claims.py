"""Updates that are confirmed to Telegram before they are finished, and what is owed for them.

Telegram shows a hundred updates from the oldest unconfirmed on, so one that takes long hides the
newer ones. Before it is let go the bot keeps, in its database, who waits for an answer to which
message. It keeps no words: what somebody wrote is gone if the process dies, and the person is asked
to say it once more. A tap and a reaction carry no words, and are done after all.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final, Protocol

from telegram import Message, Update

from bot.handlers.telegram_address import heard

__all__ = ["ClaimStore", "Claims", "is_claim", "owed"]

_MARK: Final = "claimed"
"""Beside what Telegram tells of a message: its words were not kept."""
_MESSAGE: Final = ("message_id", "date", "message_thread_id", "is_topic_message", "reply_markup")
_TAP: Final = ("id", "chat_instance", "data")
_REACTION: Final = ("message_id", "date", "old_reaction", "new_reaction")
_PERSON: Final = ("id", "is_bot", "language_code")
_CHAT: Final = ("id", "type")

_log = logging.getLogger(__name__)


class ClaimStore(Protocol):
    """Keeps claims where a crash does not reach them."""

    async def claims(self) -> list[dict[str, Any]]:
        """Those that were kept last; empty where none were."""
        ...

    async def keep_claims(self, claims: list[dict[str, Any]]) -> None:
        """Keep these and no others."""
        ...


class Claims:
    """The updates that were let go, by their number."""

    def __init__(self, store: ClaimStore) -> None:
        self._store = store
        self._owed: dict[int, dict[str, Any]] = {}
        self._turn = asyncio.Lock()  # of two writes at once the older could come last

    def __len__(self) -> int:
        return len(self._owed)

    async def load(self) -> list[dict[str, Any]]:
        """What is owed since before this process, as updates without words, oldest first."""
        kept = await self._store.claims()
        self._owed = {content["update_id"]: content for content in kept}
        return [self._owed[number] for number in sorted(self._owed)]

    async def add(self, claims: Mapping[int, dict[str, Any]]) -> None:
        """Keep what is owed; when this returns the updates may be confirmed.

        Raises:
            Exception: whatever the store raises; then none is kept.
        """
        before = self._owed
        self._owed = {**before, **claims}
        try:
            await self._write()
        except BaseException:
            self._owed = {number: self._owed[number] for number in before if number in self._owed}
            raise

    async def settle(self, number: int) -> None:
        """The update is finished; no harm where it was never let go."""
        if self._owed.pop(number, None) is None:
            return
        try:
            await self._write()
        except Exception as error:  # noqa: BLE001 - the inbox knows that it is finished
            _log.error("a settled claim cannot be removed: %s", type(error).__name__)

    async def _write(self) -> None:
        async with self._turn:
            await self._store.keep_claims(list(self._owed.values()))


def owed(
    update: Update, content: Mapping[str, Any], *, bot_id: int, bot_name: str
) -> dict[str, Any] | None:
    """What is kept of an update that is let go.

    Args:
        update: the update.
        content: the same as Telegram tells it.
        bot_id: of the bot.
        bot_name: with which it is mentioned, without the "@".

    Returns:
        An update without anybody's words, as JSON; None where nothing is owed: for what others
        in a group are told, an edit, which gets no answer, and an inline query, which is over.
    """
    number = {"update_id": content["update_id"]}
    if update.message_reaction:
        return number | {"message_reaction": _reduced(content["message_reaction"], _REACTION)}
    if update.callback_query:
        return number | {"callback_query": _tap(content["callback_query"])}
    if update.message and _is_meant(update.message, bot_id, bot_name):
        return number | {"message": _reduced(content["message"], _MESSAGE) | {_MARK: True}}
    return None


def is_claim(message: Message) -> bool:
    """Whether the message was let go, and its words with it."""
    return bool(message.api_kwargs.get(_MARK))


def _is_meant(message: Message, bot_id: int, bot_name: str) -> bool:
    said = heard(message, bot_id=bot_id, bot_name=bot_name)
    if said is None:  # a voice message or a picture
        return message.chat.type == message.chat.PRIVATE and bool(message.effective_attachment)
    return said.named


def _tap(tap: Mapping[str, Any]) -> dict[str, Any]:
    """The tap, the message of the button, and the one that answers, where that shows the song."""
    kept = _reduced(tap, _TAP)
    if pressed := tap.get("message"):
        kept["message"] = _reduced(pressed, _MESSAGE)
        if answered := pressed.get("reply_to_message"):
            kept["message"]["reply_to_message"] = _reduced(answered, _MESSAGE)
    return kept


def _reduced(content: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Some of what Telegram tells, with who and where in numbers and no names."""
    kept = _parts(content, names)
    for field in ("from", "user"):
        if field in content:
            kept[field] = _parts(content[field], _PERSON) | {"first_name": ""}
    if "chat" in content:
        kept["chat"] = _parts(content["chat"], _CHAT)
    return kept


def _parts(content: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: content[name] for name in names if name in content}
