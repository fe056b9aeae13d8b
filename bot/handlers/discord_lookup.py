"""What is offered while somebody types: songs and genres of the catalogue."""

from typing import Final

from discord import app_commands

from bot.handlers.discord_answers import AnyInteraction
from bot.handlers.discord_context import Context
from bot.parting import shortened
from bot.presentation import visible

__all__ = ["CHOSEN", "genres", "songs_named"]

CHOSEN: Final = "k."
"""With this the value of a chosen song begins: it is what a button for it would carry."""
_MOST: Final = 25
_LONGEST: Final = 100

_Choices = list[app_commands.Choice[str]]


async def songs_named(interaction: AnyInteraction, typed: str) -> _Choices:
    """Songs by title or artist, no two of the same name."""
    context: Context = interaction.client.context
    found: dict[str, str] = {}
    for match in context.chat.service.songs.search(typed, _MOST) if typed.strip() else ():
        name = shortened(f"{visible(match.song.title)} - {visible(match.song.artist)}", _LONGEST)
        found.setdefault(name, f"{CHOSEN}{match.song.id}")
    return [app_commands.Choice(name=name, value=value) for name, value in found.items()]


async def genres(interaction: AnyInteraction, typed: str) -> _Choices:
    """Genres in which what was typed occurs."""
    context: Context = interaction.client.context
    known = (genre for genre in context.chat.service.songs.genres if typed.lower() in genre.lower())
    return [app_commands.Choice(name=genre, value=genre) for genre in known if genre][:_MOST]
