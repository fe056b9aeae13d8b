"""Votes by reaction: what an emoji below a song says of it.

A reaction is a vote where it says whether the song was liked. Many emoji say how a song felt: tears
below a sad song may be praise. Those are no votes, and neither are custom emoji, whose meaning
nobody can look up, nor stars, which are paid.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from telegram import MessageReactionUpdated, ReactionType, ReactionTypeEmoji, Update
from telegram.constants import ChatType

from bot.handlers.telegram_context import Context
from core.records import Verdict

__all__ = ["on_reaction", "verdict_of"]

_UP: Final = "👍 ❤ 🔥 🥰 😍 👏 🤩 💯 🎉 🏆 💘 ❤‍🔥 😘 💋 🤗 🙏 👌 🕊 ⚡ 🍾 🍓 🦄 😁 😇 🤝 🫡 🆒 😎 🐳 🌭"
_DOWN: Final = "👎 💩 🤮 🥱 🤡 🖕 😡 🤬 🙉 🤨 🥴 💊"
_MEANINGS: Final[Mapping[str, Verdict]] = {
    **dict.fromkeys(_UP.split(), Verdict.UP),
    **dict.fromkeys(_DOWN.split(), Verdict.DOWN),
}
