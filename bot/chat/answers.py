"""What goes in and out: something a person did, and what the bot says to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from bot.chat.actions import Action
from bot.chat.commands import Command
from core.charts.painter import Picture
from core.models import Language, Layout, Reply, UserKey

__all__ = ["Answer", "AnswerKind", "Button", "Document", "Rows", "Turn"]


@dataclass(frozen=True, eq=False)
class Turn:
    """One thing a person did: a message, a command, a button.

    Attributes:
        user: who did it.
        key: the platform's id of it, unlike that of any other: what comes twice acts once.
        language: of the answer, unless the person chose another.
        now: aware.
        generator: of all that varies.
        message: the platform's id of the message, where it may be edited later.
        private: whether nobody else reads along.
    """

    user: UserKey
    key: str
    language: Language
    now: datetime
    generator: np.random.Generator
    message: str | None = None
    private: bool = True


class AnswerKind(StrEnum):
    """What an answer is about."""

    TALK = "talk"
    SONGS = "songs"
    SEARCH = "search"
    MOOD = "mood"
    ASK = "ask"
    CORRECT = "correct"
    HELP = "help"
    CRISIS = "crisis"
    CARE = "care"
    GROUNDING = "grounding"
    VOTE = "vote"
    WHY = "why"
    HISTORY = "history"
    WEEK = "week"
    TASTE = "taste"
    SETTINGS = "settings"
    REMIND = "remind"
    CONSENT = "consent"
    PRIVACY = "privacy"
    EXPORT = "export"
    FORGET = "forget"
    LINK = "link"
    QUIT = "quit"
    ERROR = "error"


@dataclass(frozen=True)
class Button:
    """Something to press.

    Attributes:
        label: in the user's language; short.
        action: what it does; None for a link.
        url: where it leads; None for an action.
    """

    label: str
    action: Action | None = None
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Document:
    """A file for the person.

    Attributes:
        name: of the file.
        content: of the file.
    """

    name: str
    content: bytes


@dataclass(frozen=True, eq=False)
class Answer:
    """What the bot says.

    Attributes:
        text: paragraphs in the user's language; songs, bars and the like are not in it.
        reply: the service's answer behind it; None where it is about something else.
        error: the code of what was wrong, for programs.
        explains: the commands that `text` explains, for a view that lays them out itself.
        buttons: below the answer as a whole; `Chat.song_rows` makes those of songs.
        asks: the command whose words are asked for: the next message may be they.
        song_rows: after a vote, the new buttons of the message whose button was pressed.
        document: a file that comes with it.
        picture: of a mood; where there is one its `alt` says what `text` does, and stands below it.
        data: the same for programs, in types of JSON; None where `reply` says all.
        personal: whether only the person should see it, in a group too.
        language: in which it is.
        layout: in which the person wants songs where others do not read along.
        quiet: whether the person was told the same a moment ago: where nothing waits for an answer,
            nothing is said.
    """

    kind: AnswerKind
    text: tuple[str, ...]
    reply: Reply | None = None
    error: str | None = None
    explains: tuple[Command, ...] = ()
    buttons: Rows = ()
    asks: Command | None = None
    song_rows: Rows | None = None
    document: Document | None = None
    picture: Picture | None = None
    data: dict[str, object] | None = None
    personal: bool = False
    language: Language = Language.KOREAN
    layout: Layout = Layout.LIST
    quiet: bool = False
