"""What people see of the bot before they talk to it: name, descriptions, and the menu."""

import hashlib
import logging
from collections.abc import Mapping
from typing import Final

from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError

from bot.chat.commands import COMMAND_NAMES, Command
from bot.texts import Texts
from core.models import Language
from core.service.updates import Updates

__all__ = ["MENU", "publish"]

MENU: Final = (
    Command.SONGS,
    Command.LIKE_SONG,
    Command.DIARY,
    Command.MOOD,
    Command.CORRECT,
    Command.HISTORY,
    Command.WEEK,
    Command.TASTE,
    Command.SETTINGS,
    Command.REMIND,
    Command.GROUNDING,
    Command.CONSENT,
    Command.PRIVACY,
    Command.EXPORT,
    Command.FORGET,
    Command.LINK,
    Command.HELP,
)
"""What people choose from; commands that want a number are buttons below the songs."""
_DEFAULT: Final = Language.ENGLISH
"""Of apps in a language that the bot does not speak."""
_log = logging.getLogger(__name__)


async def publish(bot: Bot, updates: Updates, texts: Mapping[Language, Texts]) -> None:
    """Tell Telegram what to show; only where it changed, since it is seldom allowed.

    A failure is no reason not to talk: it is logged, and tried again at the next start.
    """
    marker = f"telegram.profile.{bot.id}"
    digest = _digest(texts)
    if await updates.marker(marker) == digest:
        return
    try:
        for language, spoken in texts.items():
            await _publish(bot, spoken, language)
        await _publish(bot, texts[_DEFAULT], None)
    except InvalidToken:
        raise
    except TelegramError as error:
        _log.warning("the menu could not be published: %s", type(error).__name__)
        return
    await updates.mark(marker, digest)


def commands(texts: Texts) -> list[BotCommand]:
    """The menu."""
    entries = [BotCommand(COMMAND_NAMES[name][0], texts(f"help.{name}.text")) for name in MENU]
    return [*entries, BotCommand("language", texts("telegram.menu.language"))]


async def _publish(bot: Bot, texts: Texts, language: Language | None) -> None:
    code = None if language is None else str(language)
    await bot.set_my_commands(commands(texts), language_code=code)
    await bot.set_my_name(texts("telegram.name"), language_code=code)
    await bot.set_my_description(texts("telegram.description"), language_code=code)
    await bot.set_my_short_description(texts("telegram.short_description"), language_code=code)


def _digest(texts: Mapping[Language, Texts]) -> str:
    shown = [
        (
            str(language),
            [command.to_json() for command in commands(spoken)],
            [spoken(f"telegram.{part}") for part in ("name", "description", "short_description")],
        )
        for language, spoken in texts.items()
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()
