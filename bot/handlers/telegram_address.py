"""What of a message is meant for the bot: in groups it speaks only when it is spoken to."""

import re
from dataclasses import dataclass
from typing import Final

from telegram import Message, MessageEntity

__all__ = ["Heard", "heard"]

_COMMAND: Final = re.compile(r"\s*/(?P<name>[^\s@/]+)(?:@(?P<bot>\w+))?(?=\s|$)")


@dataclass(frozen=True)
class Heard:
    """What was said to the bot.

    Attributes:
        text: without the bot's name.
        command: the first word where it begins with a slash, without it, folded to lower case.
        named: whether it was surely meant for this bot, in a group: by name, or as a reply.
    """

    text: str
    command: str | None = None
    named: bool = True


def heard(message: Message, *, bot_id: int, bot_name: str) -> Heard | None:
    """What the message says to the bot; None where it is not meant for it, or has no words.

    Args:
        message: new or edited.
        bot_id: of the bot.
        bot_name: with which it is mentioned, without the "@".
    """
    text = message.text or message.caption or ""
    match = _COMMAND.match(text)
    if match and match["bot"]:
        if match["bot"].lower() != bot_name.lower():
            return None
        return Heard(f"/{match['name']}{text[match.end() :]}", match["name"].lower())
    command = match["name"].lower() if match else None
    if message.chat.type == message.chat.PRIVATE:
        return Heard(text, command) if text else None
    rest = _without_mentions(message, text, bot_id, bot_name)
    if rest != text:
        command_left = _COMMAND.match(rest)
        return Heard(rest, command_left["name"].lower() if command_left else None)
    if _replies_to(message, bot_id):
        return Heard(text, command) if text else None
    return Heard(text, command, named=False) if command else None


def _replies_to(message: Message, bot_id: int) -> bool:
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot_id


def _without_mentions(message: Message, text: str, bot_id: int, bot_name: str) -> str:
    """The text without the bot's name, wherever it is mentioned."""
    entities = message.entities if message.text else message.caption_entities
    units = text.encode("utf-16-le", "surrogatepass")  # offsets count UTF-16 code units
    # From the end, so that the offsets before stay right.
    for entity in sorted(entities, key=lambda entity: -entity.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        if _means(entity, units[start:end], bot_id, bot_name):
            units = units[:start] + units[end:]
    return units.decode("utf-16-le", "surrogatepass")


def _means(entity: MessageEntity, written: bytes, bot_id: int, bot_name: str) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot_id
    name = written.decode("utf-16-le", "surrogatepass").lower()
    return entity.type == MessageEntity.MENTION and name == f"@{bot_name.lower()}"
