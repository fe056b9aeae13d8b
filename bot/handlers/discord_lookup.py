"""What is offered while somebody types: songs and genres of the catalogue."""

from typing import Final

from discord import app_commands

from bot.handlers.discord_answers import AnyInteraction
from bot.handlers.discord_context import Context, user_key
from bot.pace import Deed, Leave
from bot.parting import shortened
from bot.readable import visible

__all__ = ["CHOSEN", "genres", "songs_named"]

CHOSEN: Final = "k."
"""With this the value of a chosen song begins: it is what a button for it would carry."""
_MOST: Final = 25
_LONGEST: Final = 100

_Choices = list[app_commands.Choice[str]]


async def songs_named(interaction: AnyInteraction, typed: str) -> _Choices:
    """Songs by title or artist, no two of the same name."""
    context: Context = interaction.client.context
    if not typed.strip() or not _may_search(context, interaction):
        return []
    found: dict[str, str] = {}
    for match in context.chat.service.songs.search(typed, _MOST):
        name = shortened(f"{visible(match.song.title)} - {visible(match.song.artist)}", _LONGEST)
        found.setdefault(name, f"{CHOSEN}{match.song.id}")
    return [app_commands.Choice(name=name, value=value) for name, value in found.items()]


async def genres(interaction: AnyInteraction, typed: str) -> _Choices:
    """Genres in which what was typed occurs."""
    context: Context = interaction.client.context
    known = (genre for genre in context.chat.service.songs.genres if typed.lower() in genre.lower())
    return [app_commands.Choice(name=genre, value=genre) for genre in known if genre][:_MOST]


def _may_search(context: Context, interaction: AnyInteraction) -> bool:
    """Whether the person may look up more: each letter that somebody types asks again."""
    user = user_key(interaction.user)
    return context.chat.pace.ask(user, Deed.SEARCH, context.clock()) is Leave.GIVEN
