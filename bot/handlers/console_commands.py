"""What a person typed into the terminal: a command, a request in plain words, or talk."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.errors import UnknownCommandError, UsageError
from core.emotion.normalise import normalise
from core.models import Mode

__all__ = ["COMMAND_NAMES", "Command", "Request", "parse"]


class Command(StrEnum):
    """What can be asked for; the values name its texts (`help.<value>`)."""

    TALK = "talk"
    SONGS = "songs"
    MOOD = "mood"
    HELP = "help"
    QUIT = "quit"


@dataclass(frozen=True)
class Request:
    """One thing a person asks for.

    Attributes:
        text: what was typed, as it was typed.
        mode: of songs.
        count: of songs; None where no number was given. Not checked.
    """

    command: Command
    text: str
    mode: Mode = Mode.SIMILAR
    count: int | None = None


COMMAND_NAMES: Final = {
    Command.SONGS: ("songs", "노래", "음악", "추천"),
    Command.MOOD: ("mood", "기분", "마음"),
    Command.HELP: ("help", "도움말", "도움"),
    Command.QUIT: ("quit", "exit", "끝", "종료"),
}
_BY_NAME: Final = {name: command for command, names in COMMAND_NAMES.items() for name in names}
# By their jamo, so that two Hangul words that differ in one vowel are near each other.
_BY_JAMO: Final = {unicodedata.normalize("NFD", name): name for name in _BY_NAME}

_MODES: Final = {
    **dict.fromkeys(("similar", "비슷한", "비슷", "비슷하게", "닮은"), Mode.SIMILAR),
    **dict.fromkeys(("opposite", "반대", "반대로", "반대의", "반대되는"), Mode.OPPOSITE),
}
_COUNT: Final = re.compile(r"([+-]?\d+)[곡개]?")
_HUGE: Final = 10**6
"""Stands for any larger number; `int` refuses to read very long ones."""

_COUNT_GAP: Final = re.compile(r"(?<=\d) (?=[곡개](?: |$))")
_TRAILING: Final = re.compile(r"[\s!?.,~ㅎㅋㅠㅜ]+$")
_MODE_WORD: Final = "|".join(sorted(_MODES, key=len, reverse=True))
# Only as the whole message: "노래 듣다가 울었어" is talk.
_PHRASES: Final = (
    re.compile(
        rf"(?:(?P<mode>{_MODE_WORD}) ?)?(?:(?:기분|느낌|분위기)의? )?(?:노래|음악)[을를]?"
        r"(?: (?P<count>\d+[곡개]))?(?: ?(?:좀|하나))?"
        r"(?: ?(?:추천|골라|들려|틀어|찾아)(?: ?해)?(?: ?(?:줘|줘요|주세요|줄래|줄래요))?)?"
    ),
    re.compile(r"추천(?: ?해)? ?(?:줘|줘요|주세요)"),
    re.compile(
        r"(?:please )?(?:(?:recommend|play|pick|show|give)(?: me)? )?(?:some )?"
        rf"(?:(?P<count>\d+) )?(?:(?P<mode>{_MODE_WORD}) )?(?:songs?|music)(?:,? please)?"
    ),
)
_PLAIN: Final = {
    "내 기분 보여줘": Command.MOOD,
    "내 기분 알려줘": Command.MOOD,
    "내 마음 보여줘": Command.MOOD,
    "도움말": Command.HELP,
    "종료": Command.QUIT,
    "quit": Command.QUIT,
    "exit": Command.QUIT,
}


def parse(text: str) -> Request:
    """What `text` asks for.

    Raises:
        UnknownCommandError: it looks like a command, but there is no such command.
        UsageError: it is a command, with words that the command does not know.
    """
    words = _COUNT_GAP.sub("", _TRAILING.sub("", normalise(text)))
    if words.startswith("/"):
        return _command(words[1:].split(), text)
    for phrase in _PHRASES:
        if match := phrase.fullmatch(words):
            named = match.groupdict()
            return _songs([word for word in (named.get("mode"), named.get("count")) if word], text)
    return Request(_PLAIN.get(words, Command.TALK), text)


def _command(words: list[str], text: str) -> Request:
    name = words[0] if words else ""
    command = _BY_NAME.get(name)
    if command is None:
        meant = _nearest(name)
        if meant is None and name and not name.isascii():
            return Request(Command.TALK, text)  # "/죽고싶어" is no slip of a command
        raise UnknownCommandError(meant)
    if command is Command.SONGS:
        return _songs(words[1:], text)
    if len(words) > 1:
        raise UsageError(command)
    return Request(command, text)


def _songs(words: list[str], text: str) -> Request:
    modes = [_MODES[word] for word in words if word in _MODES]
    counts = [match[1] for word in words if (match := _COUNT.fullmatch(word))]
    if len(modes) + len(counts) < len(words) or len(modes) > 1 or len(counts) > 1:
        raise UsageError(Command.SONGS)
    return Request(
        Command.SONGS,
        text,
        mode=modes[0] if modes else Mode.SIMILAR,
        count=_number(counts[0]) if counts else None,
    )


def _number(digits: str) -> int:
    return int(digits) if len(digits) < len(str(_HUGE)) else _HUGE


def _nearest(name: str) -> str | None:
    jamo = unicodedata.normalize("NFD", name)
    found = difflib.get_close_matches(jamo, _BY_JAMO, n=1, cutoff=0.7)
    return _BY_JAMO[found[0]] if found else None
