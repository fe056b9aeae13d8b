"""The slash commands, and the command of a message's menu."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from discord import app_commands

from bot.chat.answers import Answer, Turn
from bot.chat.commands import Command, Request
from bot.chat.when import ENGLISH_DAYS
from bot.handlers.discord_answers import AnyInteraction
from bot.handlers.discord_context import Context
from bot.handlers.discord_diary import open_diary
from bot.handlers.discord_lookup import CHOSEN, genres, songs_named
from bot.handlers.discord_names import Names
from bot.handlers.discord_preview import preview
from bot.handlers.discord_replies import respond
from bot.handlers.discord_server import LANGUAGES, add_server_command
from core.emotion.normalise import normalise
from core.models import Mode

__all__ = ["add_commands"]

_Tree = app_commands.CommandTree[Any]
_Callback = Callable[[AnyInteraction], Coroutine[Any, Any, None]]

_PLAIN: Final = (
    Command.MOOD,
    Command.CORRECT,
    Command.WEEK,
    Command.TASTE,
    Command.CONSENT,
    Command.GROUNDING,
    Command.PRIVACY,
    Command.EXPORT,
    Command.FORGET,
    Command.HELP,
)
"""Commands without options."""
_MODES: Final = {
    "button.similar": Mode.SIMILAR,
    "button.opposite": Mode.OPPOSITE,
    "button.path": Mode.PATH,
    "button.surprise": Mode.SURPRISE,
}
"""By the keys of their names."""
_DECADES: Final = [
    app_commands.Choice(name=str(year), value=f"{year}s") for year in range(1980, 2030, 10)
]
_EVERY: Final = {
    "remind.every": "daily",
    **{f"remind.day.{number}": day for number, day in enumerate(ENGLISH_DAYS, start=1)},
    "button.remind.stop": "off",
}
"""By the keys of their names."""
_LONGEST_TALK: Final = 6000
"""Of an option, as Discord has it."""
_MOST_SONGS: Final = 20
_MOST_DAYS: Final = 90


def add_commands(tree: _Tree, names: Names) -> None:
    """Let the tree have all commands.

    Args:
        tree: of a client with a `context`.
        names: of the commands.
    """
    for command in _PLAIN:
        tree.command(**names.command(command))(_plain(command))
    _add_talk(tree, names)
    _add_people(tree, names)
    _add_reminders(tree, names)
    _add_settings(tree, names)
    add_server_command(tree, names)
    name = names("discord.command.preview.name")
    tree.context_menu(name=name)(preview)


def _plain(command: Command) -> _Callback:
    async def run(interaction: AnyInteraction) -> None:
        await _run(interaction, Request(command, f"/{command}"))

    return run


def _add_talk(tree: _Tree, names: Names) -> None:
    @tree.command(**names.command("talk", "discord.command.talk.text"))
    @names.options("text")
    async def talk(
        interaction: AnyInteraction, text: app_commands.Range[str, 1, _LONGEST_TALK]
    ) -> None:
        context: Context = interaction.client.context
        await respond(context, interaction, lambda turn: context.chat.answer(turn, text))

    @tree.command(**names.command("songs"))
    @names.options("mode", "count", "genre", "decade")
    @app_commands.choices(mode=names.choices(_MODES), decade=_DECADES)
    @app_commands.autocomplete(genre=genres)
    async def songs(
        interaction: AnyInteraction,
        mode: str = Mode.SIMILAR,
        count: app_commands.Range[int, 1, _MOST_SONGS] | None = None,
        genre: app_commands.Range[str, 1, 100] | None = None,
        decade: str | None = None,
    ) -> None:
        words = tuple(word for word in (genre, decade) if word)
        await _run(interaction, Request(Command.SONGS, "/songs", Mode(mode), count, words=words))

    @tree.command(**names.command("like_song"))
    @names.options("song")
    @app_commands.autocomplete(song=songs_named)
    async def like_song(interaction: AnyInteraction, song: app_commands.Range[str, 1, 100]) -> None:
        context: Context = interaction.client.context
        if song.startswith(CHOSEN):
            await respond(context, interaction, lambda turn: context.chat.press(turn, song))
        else:
            await _run(interaction, Request(Command.LIKE_SONG, f"/like_song {song}"))

    @tree.command(**names.command("diary"))
    async def diary(interaction: AnyInteraction) -> None:
        await open_diary(interaction)


def _add_people(tree: _Tree, names: Names) -> None:
    @tree.command(**names.command("history"))
    @names.options("days")
    async def history(
        interaction: AnyInteraction,
        days: app_commands.Range[int, 1, _MOST_DAYS] | None = None,
    ) -> None:
        await _run(interaction, _worded(Command.HISTORY, days))

    @tree.command(**names.command("link"))
    @names.options("code")
    async def link(
        interaction: AnyInteraction, code: app_commands.Range[str, 1, 100] | None = None
    ) -> None:
        await _run(interaction, _worded(Command.LINK, code))


def _add_reminders(tree: _Tree, names: Names) -> None:
    @tree.command(**names.command("remind"))
    @names.options("every", "time")
    @app_commands.choices(every=names.choices(_EVERY))
    async def remind(
        interaction: AnyInteraction,
        every: str | None = None,
        time: app_commands.Range[str, 1, 40] | None = None,
    ) -> None:
        # What was typed is folded as a message is; a day alone is no plan, and is said to be none.
        words = (*([every] if every else ()), *normalise(time or "").split())
        text = " ".join(("/remind", *words))
        await _run(interaction, Request(Command.REMIND, text, words=words))


def _add_settings(tree: _Tree, names: Names) -> None:
    @tree.command(**names.command("settings", "discord.command.settings.text"))
    @names.options("count", "zone")
    async def settings(
        interaction: AnyInteraction,
        count: app_commands.Range[int, 1, _MOST_SONGS] | None = None,
        zone: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        given = {"count": count, "zone": zone}
        changes = [_worded(Command.SETTINGS, *each) for each in given.items() if each[1]]
        await _run(interaction, *(changes or [_worded(Command.SETTINGS)]))

    @tree.command(**names.command("language", "discord.command.language.text"))
    @names.options("language")
    @app_commands.choices(language=names.choices(LANGUAGES))
    async def language(interaction: AnyInteraction, language: str) -> None:
        await _run(interaction, _worded(Command.SETTINGS, "language", language))


def _worded(command: Command, *words: object) -> Request:
    """A command followed by words, those left out that were not given."""
    given = tuple(str(word) for word in words if word is not None)
    return Request(command, " ".join((f"/{command}", *given)), words=given)


async def _run(interaction: AnyInteraction, *requests: Request) -> None:
    """Answer the commands one after the other, with the first answer that says no, or the last."""
    context: Context = interaction.client.context

    async def act(turn: Turn) -> Answer:
        for request in requests[:-1]:
            answer = await context.chat.run(turn, request)
            if answer.error:
                return answer
        return await context.chat.run(turn, requests[-1])

    await respond(context, interaction, act)
