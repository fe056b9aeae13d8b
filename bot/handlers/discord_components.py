"""The buttons below messages, and where a press on one of them arrives, after a restart too.

Beside the texts of `bot.chat.actions` there are these custom_ids; old buttons live on in old
messages, so none is ever given another meaning:

    pick     a menu whose values are such texts
    more     likewise
    share    shows the songs of the message to everybody
    again    answers the message that is replied to, to its author alone
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import discord

from bot.chat.answers import Button, Rows
from bot.handlers.discord_answers import AnyInteraction
from bot.texts import Texts
from core.records import Verdict

__all__ = [
    "AGAIN",
    "ITEMS",
    "SHARE",
    "impressions_in",
    "offers",
    "rows_here",
    "view_of",
]

PICK: Final = "pick"
MORE: Final = "more"
SHARE: Final = "share"
AGAIN: Final = "again"
_OWN: Final = {SHARE: "discord.share", AGAIN: "discord.private.button"}
_ACTION: Final = r"[a-z]{1,2}(?:\.[\w:-]+)*"
_ROWS: Final = 5
_LONGEST_URL: Final = 512
_SHOWN_ALREADY: Final = "w"
"""Why a song was chosen stands on its card, or is nobody's business there."""
_NEVER_IN_LIST: Final = "nl"
_STYLES: Final = {
    "s": discord.ButtonStyle.primary,
    "m": discord.ButtonStyle.primary,
    "f.yes": discord.ButtonStyle.danger,
}


class Press(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"{_ACTION}|{SHARE}|{AGAIN}"):
    """A button that does something."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: AnyInteraction, item: Any, _match: re.Match[str], /
    ) -> "Press":
        """The button that was pressed."""
        return cls(item)

    async def callback(self, interaction: AnyInteraction) -> None:
        """Let the client do what the button does."""
        await interaction.client.press(interaction, self.custom_id)


class Pick(discord.ui.DynamicItem[discord.ui.Select[Any]], template=f"{PICK}|{MORE}"):
    """A menu whose choices do something."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: AnyInteraction, item: Any, _match: re.Match[str], /
    ) -> "Pick":
        """The menu that was used."""
        return cls(item)

    async def callback(self, interaction: AnyInteraction) -> None:
        """Let the client do what was chosen."""
        await interaction.client.press(interaction, self.item.values[0])


ITEMS: Final = (Press, Pick)
"""What the client has to know of, for the buttons of before it started."""


def view_of(rows: Rows, texts: Texts, own: Sequence[str] = ()) -> discord.ui.View:
    """The buttons as Discord takes them: five rows of five at most.

    A list gets its thumbs in two columns, a menu for what is never to come again, and one for
    other songs. Songs to choose from are a menu too.

    Args:
        rows: of buttons; those below a list of five songs fit at most.
        texts: in the person's language.
        own: buttons of Discord's own, of `SHARE` and `AGAIN`; they go below the others.
    """
    songs = [row for row in rows if _never_in(row)]
    others = [[*filter(_shown, row)] for row in rows if not _never_in(row)]
    menus = [_never_menu(songs, texts)] if songs else []
    if others and (songs or len(others) > _ROWS):
        offered = [(b.label, str(b.action)) for row in others for b in row if b.action]
        menus.append(_menu(MORE, texts("discord.more"), offered))
        others = []
    last: list[Any] = [
        Press(discord.ui.Button(label=texts(_OWN[name]), custom_id=name)) for name in own
    ]
    lines: list[list[Any]] = [*_columns(songs), *([[*map(_button, row)] for row in others])]
    # Below five songs no line is left, but room beside the thumbs of the fifth.
    if last and lines and (len(lines) + len(menus) == _ROWS or not songs):
        lines[-1] += last
        last = []
    view = discord.ui.View(timeout=None)
    everything = [*lines, *([menu] for menu in menus), last]
    for number, line in enumerate(line for line in everything if line):
        for item in line:
            item.row = number
            view.add_item(item)
    return view


def offers(message: discord.Message, text: str) -> bool:
    """Whether one of the buttons of a message carries the text."""
    return text in _carried(message)


def impressions_in(message: discord.Message) -> list[str]:
    """The songs that a message has buttons for, in their order."""
    votes = (text.split(".") for text in _carried(message) if text.startswith("v"))
    return list(dict.fromkeys(words[-1] for words in votes))


def rows_here(rows: Rows, message: discord.Message) -> Rows:
    """Those of the rows of a whole list that belong below this message of it."""
    here, offered = set(impressions_in(message)), set(_carried(message))
    single = not any(_never_in(row) for row in rows)
    return tuple(
        row
        for row in rows
        if single or _never_in(row) in here or any(str(b.action) in offered for b in row)
    )


def _carried(message: discord.Message) -> Iterator[str]:
    """What the buttons and menus of a message carry, in their order."""
    for row in message.components:
        for part in getattr(row, "children", ()):
            yield from (option.value for option in getattr(part, "options", ()))
            if part.custom_id:
                yield part.custom_id


def _columns(songs: Sequence[Sequence[Button]]) -> Iterator[list[Any]]:
    """The thumbs of a list, of two songs a line."""
    thumbs = [[*map(_button, filter(_shown, row))] for row in songs]
    for start in range(0, len(thumbs), 2):
        yield [item for row in thumbs[start : start + 2] for item in row]


def _shown(button: Button) -> bool:
    if button.action is None:
        return len(button.url or "") <= _LONGEST_URL
    return button.action.name not in (_SHOWN_ALREADY, _NEVER_IN_LIST)


def _never_in(row: Iterable[Button]) -> str | None:
    """The impression of a song of a list."""
    actions = (button.action for button in row if button.action)
    return next((a.words[0] for a in actions if a.name == _NEVER_IN_LIST), None)


def _button(button: Button) -> Any:
    if button.action is None:
        return discord.ui.Button(label=button.label, url=button.url)
    text = str(button.action)
    style = _STYLES.get(text) or _STYLES.get(button.action.name) or discord.ButtonStyle.secondary
    if button.label.endswith("✓"):
        style = discord.ButtonStyle.success
    return Press(discord.ui.Button(label=button.label, custom_id=text, style=style))


def _never_menu(rows: Iterable[Sequence[Button]], texts: Texts) -> Pick:
    offered = [
        (
            f"{row[0].label.partition(' ')[0]} {texts(f'button.{verdict}')}",
            f"vl.{verdict}.{_never_in(row)}",
        )
        for row in rows
        for verdict in (Verdict.NEVER_SONG, Verdict.NEVER_ARTIST)
    ]
    return _menu(PICK, texts("button.never"), offered)


def _menu(name: str, placeholder: str, offered: Iterable[tuple[str, str]]) -> Pick:
    menu = discord.ui.Select[Any](custom_id=name, placeholder=placeholder)
    for label, text in offered:
        menu.add_option(label=label, value=text)
    return Pick(menu)
