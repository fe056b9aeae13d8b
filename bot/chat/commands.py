"""What a person typed: a command, a request in plain words, or talk."""

import difflib
import re
import unicodedata
from typing import Final

from bot.chat.feelings import denial, named_feeling
from bot.chat.list_words import about_list
from bot.chat.numerals import NUMERALS
from bot.chat.plain_words import asked_language, in_plain_words
from bot.chat.requests import Command, Request
from bot.errors import UnknownCommandError, UsageError
from core.emotion.normalise import normalise
from core.models import Mode
from core.recommend.requests import SongRequest, read_request

__all__ = ["COMMAND_NAMES", "MODES", "Command", "Request", "parse", "wanted"]


COMMAND_NAMES: Final = {
    Command.SONGS: ("songs", "노래", "음악", "추천"),
    Command.LIKE_SONG: ("like_song", "비슷한노래", "이노래처럼"),
    Command.DIARY: ("diary", "일기"),
    Command.MOOD: ("mood", "기분", "마음"),
    Command.CORRECT: ("correct", "바로잡기", "아니에요"),
    Command.LIKE: ("like", "좋아요", "좋아"),
    Command.DISLIKE: ("dislike", "싫어요", "별로"),
    Command.UNVOTE: ("unvote", "취소"),
    Command.NEVER: ("never", "제외"),
    Command.WHY: ("why", "이유", "왜"),
    Command.HISTORY: ("history", "기록"),
    Command.WEEK: ("week", "한주", "주간"),
    Command.TASTE: ("taste", "취향"),
    Command.SETTINGS: ("settings", "설정"),
    Command.REMIND: ("remind", "알림"),
    Command.CONSENT: ("consent", "동의"),
    Command.GROUNDING: ("breathe", "숨고르기"),
    Command.PRIVACY: ("privacy", "개인정보"),
    Command.EXPORT: ("export", "내보내기"),
    Command.FORGET: ("forget", "잊어줘", "삭제"),
    Command.LINK: ("link", "연결"),
    Command.HELP: ("help", "도움말", "도움"),
    Command.QUIT: ("quit", "exit", "끝", "종료"),
}
_LANGUAGE: Final = frozenset({"language", "언어"})
"""The setting that has a command of its own: whoever cannot read the others needs it."""
_BY_NAME: Final = {name: command for command, names in COMMAND_NAMES.items() for name in names}
# By their jamo, so that two Hangul words that differ in one vowel are near each other.
_BY_JAMO: Final = {unicodedata.normalize("NFD", name): name for name in _BY_NAME}

MODES: Final = {
    **dict.fromkeys(("similar", "비슷한", "비슷", "비슷하게", "닮은"), Mode.SIMILAR),
    **dict.fromkeys(("path", "천천히", "밝게"), Mode.PATH),
    **dict.fromkeys(("surprise", "깜짝"), Mode.SURPRISE),
    **dict.fromkeys(("opposite", "반대", "반대로", "반대의", "반대되는"), Mode.OPPOSITE),
}
"""By a word for them."""
_OF_SONG: Final = frozenset(
    {Command.LIKE, Command.DISLIKE, Command.UNVOTE, Command.NEVER, Command.WHY}
)
_ORDINAL: Final = re.compile(r"(\d+)번?(?: ?노래)?")
_MOST_FILTERS: Final = 6
_LONG: Final = frozenset({Command.DIARY, Command.LIKE_SONG})
"""Commands that are followed by a text."""
_MOST_WORDS: Final = {
    Command.NEVER: 1,
    Command.HISTORY: 1,
    Command.SETTINGS: 4,
    Command.REMIND: 8,
    Command.CONSENT: 2,
    Command.EXPORT: 1,
    Command.FORGET: 1,
    Command.LINK: 1,
}
"""Beside the song's number, where there is one."""

_COUNT: Final = re.compile(r"([+-]?\d+)[곡개]?")
_HUGE: Final = 10**6
"""Stands for any larger number; `int` refuses to read very long ones."""

_COUNT_WORDS: Final = {
    **{word: number for number, word in enumerate(NUMERALS, start=1)},
    **{word: number for number, word in enumerate(("하나", "둘", "셋", "넷"), start=1)},
    "스무": 20,
    "서른": 30,
}
_WORD_COUNT: Final = re.compile(
    rf"(?<!\S)(?:(?P<of>{'|'.join(NUMERALS)}|스무|서른) ?곡|(?P<alone>하나|둘|셋|넷))"
    r"(?=만|정도|쯤| |$)"
)
_COUNT_GAP: Final = re.compile(r"(?<=\d) (?=[곡개](?:만|정도|쯤| |$))")
_TRAILING: Final = re.compile(r"[\s!?.,~ㅎㅋㅠㅜ]+$")
_TRAILING_BUT_ASKING: Final = re.compile(r"[\s!.,~ㅎㅋㅠㅜ]+$|(?<=\?)[\s!?.,~ㅎㅋㅠㅜ]+$")


def parse(text: str) -> Request:
    """What `text` asks for.

    Raises:
        UnknownCommandError: it looks like a command, but there is no such command.
        UsageError: it is a command, with words that the command does not know.
    """
    typed = normalise(text)
    if typed == "끝":  # alone: "끝." and "끝ㅠㅠ" are said of a love
        return Request(Command.QUIT, text)
    words = _counted(_TRAILING.sub("", typed))
    if words.startswith("/"):
        return _command(words[1:].split(), text)
    if about := about_list(_TRAILING.sub("", typed), text):
        return about
    if spoken := asked_language(words, text):
        return spoken
    if asked := read_request(_counted(_TRAILING_BUT_ASKING.sub("", typed))):
        return Request(Command.SONGS, text, asked.mode or Mode.SIMILAR, asked.count, asked=asked)
    return _plain(words, text)


def _plain(words: str, text: str) -> Request:
    """A command in plain words, or talk."""
    denied, felt = denial(words)
    if denied:
        return Request(Command.CORRECT, text, feeling=felt, spoken=True)
    return in_plain_words(words, text) or Request(Command.TALK, text)


def wanted(text: str) -> SongRequest | None:
    """What songs the words alone ask for, where it is clear already that songs are."""
    return read_request(_counted(_TRAILING.sub("", normalise(text))), bare=True)


def _counted(words: str) -> str:
    """The words with Korean numbers of songs as digits."""
    return _COUNT_GAP.sub("", _WORD_COUNT.sub(_digits, words))


def _command(words: list[str], text: str) -> Request:
    words = _spaced(words)
    if words and words[0] in _LANGUAGE:
        words = ["settings", *(("language", *words[1:]) if words[1:] else ())]
    name = words[0] if words else ""
    command = _BY_NAME.get(name)
    if command is None:
        meant = _nearest(name)
        if meant is None and len(words) > 1 and not name.isascii():
            return Request(Command.TALK, text)  # "/ㅠㅠ 힘들다" is no slip of a command
        raise UnknownCommandError(meant)
    if command is Command.SONGS:
        return _songs(words[1:], text)
    if command in _OF_SONG:
        return _of_song(command, words[1:], text)
    if command is Command.CORRECT:
        return _correct(words[1:], text)
    if command not in _LONG and len(words) - 1 > _MOST_WORDS.get(command, 0):
        raise UsageError(command)
    return Request(command, text, words=tuple(words[1:]))


def _spaced(words: list[str]) -> list[str]:
    """The words of a command, those of "/노래반대" or "/노래3곡" parted."""
    for name in COMMAND_NAMES[Command.SONGS]:
        rest = words[0].removeprefix(name) if words else ""
        if words and rest != words[0] and (rest in MODES or _COUNT.fullmatch(rest)):
            return [name, rest, *words[1:]]
    return words


def _songs(words: list[str], text: str) -> Request:
    modes = [word for word in words if word in MODES]
    counts = [word for word in words if _COUNT.fullmatch(word)]
    rest = [word for word in words if word not in (*modes, *counts)]
    if len(modes) > 1 or len(counts) > 1 or len(rest) > _MOST_FILTERS:
        raise UsageError(Command.SONGS)
    mode = MODES[modes[0]] if modes else Mode.SIMILAR
    count = _count(counts[0] if counts else None)
    return Request(Command.SONGS, text, mode, count, words=tuple(rest))


def _correct(words: list[str], text: str) -> Request:
    felt = named_feeling("".join(words))
    if words and felt is None:
        raise UsageError(Command.CORRECT)
    return Request(Command.CORRECT, text, feeling=felt)


def _of_song(command: Command, words: list[str], text: str) -> Request:
    number = _ORDINAL.fullmatch(words[0]) if words else None
    if number is None or len(words) - 1 > _MOST_WORDS.get(command, 0):
        raise UsageError(command)
    return Request(command, text, number=_number(number[1]), words=tuple(words[1:]))


def _digits(match: re.Match[str]) -> str:
    return f"{_COUNT_WORDS[match['of'] or match['alone']]}{'곡' if match['of'] else '개'}"


def _count(word: str | None) -> int | None:
    match = _COUNT.fullmatch(word) if word else None
    return _number(match[1]) if match else None


def _number(digits: str) -> int:
    return int(digits) if len(digits) < len(str(_HUGE)) else _HUGE


def _nearest(name: str) -> str | None:
    jamo = unicodedata.normalize("NFD", name)
    found = difflib.get_close_matches(jamo, _BY_JAMO, n=1, cutoff=0.7)
    return _BY_JAMO[found[0]] if found else None
