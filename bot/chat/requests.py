"""What can be asked for, and one thing that is."""

from dataclasses import dataclass
from enum import StrEnum

from core.models import Mode
from core.recommend.requests import SongRequest

__all__ = ["Command", "Request"]


class Command(StrEnum):
    """What can be asked for; the values name their texts (`help.<value>`)."""

    TALK = "talk"
    SONGS = "songs"
    NO_SONGS = "no_songs"
    LIKE_SONG = "like_song"
    DIARY = "diary"
    MOOD = "mood"
    CORRECT = "correct"
    LIKE = "like"
    DISLIKE = "dislike"
    UNVOTE = "unvote"
    NEVER = "never"
    WHY = "why"
    HISTORY = "history"
    WEEK = "week"
    TASTE = "taste"
    SETTINGS = "settings"
    REMIND = "remind"
    CONSENT = "consent"
    GROUNDING = "grounding"
    PRIVACY = "privacy"
    EXPORT = "export"
    FORGET = "forget"
    LINK = "link"
    HELP = "help"
    ABOUT = "about"
    QUIT = "quit"


@dataclass(frozen=True)
class Request:
    """One thing a person asks for.

    Attributes:
        text: what was typed, as it was typed.
        mode: of songs.
        count: of songs; None where no number was given. Not checked.
        number: the place of a song in the last list, from 1; None where none is meant. Not
            checked.
        also: the places of further songs that the same is said of.
        words: what else followed the command, folded to lower case.
        feeling: for which songs are asked, or what a message was instead of what was read; a
            label of `labels.COARSE`; None for the mood, or where that is to be asked.
        spoken: whether it was said in words that may be talk as well.
        asked: what was asked for in plain words; None where it was not.
    """

    command: Command
    text: str
    mode: Mode = Mode.SIMILAR
    count: int | None = None
    number: int | None = None
    also: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    feeling: str | None = None
    spoken: bool = False
    asked: SongRequest | None = None
