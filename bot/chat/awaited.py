"""The words of a command that came without them: whether the next message is they.

A command that is tapped in a menu brings no words along, so the bot asks for them. What follows is
the title of a song, or the story of a day, but for what is a command or asks for something else.
"""

import re
from typing import Final

from bot.chat.answers import Answer, AnswerKind
from bot.chat.commands import parse
from bot.chat.desk import Desk
from bot.chat.hearing import MAX_CHARACTERS
from bot.chat.requests import Command, Request
from core.errors import MaeumError
from core.recommend.requests import SongRequest

__all__ = ["ask_words", "awaited", "tells"]

_LONGEST: Final = {Command.LIKE_SONG: 100, Command.DIARY: MAX_CHARACTERS}
"""Characters of a title and of a day; a longer text is answered as if nothing had been asked."""
_LONGEST_REQUEST: Final = 60
_SENTENCES: Final = re.compile(r"[.!?…\n]\s*\w")
"""Where a sentence ends and another begins."""
_TELLS: Final = re.compile(
    r"\S+ \S+ .*(?:다|어|아|해|요|네|지|음|데|까|거든|든|죠|[ㅠㅜ])"
    r"|(?:i|i'm|i've|im|my|it|it's|today|we|he|she|they) \S+ \S.*"
)
"""A sentence of three words or more."""


def ask_words(desk: Desk, command: Command, *, personal: bool = False) -> Answer:
    """Asks for the words of a command that came without them."""
    text = (desk.texts(f"ask.{command}"),)
    data: dict[str, object] = {"command": command.value}
    return desk.answer(AnswerKind.ASK, text, asks=command, data=data, personal=personal)


def awaited(command: Command, words: str, text: str) -> Request | None:
    """The command with a text as its words; None where the text is something else.

    Args:
        command: whose words were asked for, one of `LIKE_SONG` and `DIARY`.
        words: the text as `core.emotion.normalise` makes it, without punctuation at its end; a
            long one as it is.
        text: what was typed.
    """
    if not words.strip() or text.lstrip().startswith("/") or len(text) > _LONGEST[command]:
        return None
    said = f"/{command} {text.strip()}"
    if command is Command.DIARY and (len(words) > _LONGEST_REQUEST or _SENTENCES.search(text)):
        return Request(command, said)
    try:
        request = parse(text)
    except MaeumError:
        return None
    if request.command in {Command.TALK, Command.CORRECT}:
        return Request(command, said)
    if command is Command.LIKE_SONG and _may_be_title(request.asked):
        return Request(command, said, asked=request.asked)
    return None


def tells(text: str) -> bool:
    """Whether a text that no song is called by tells something: "오늘 너무 힘들었어"."""
    return _TELLS.fullmatch(text.strip(" .!?~\n").lower()) is not None


def _may_be_title(asked: SongRequest | None) -> bool:
    """Whether it only names songs, as "Love Song" does, and does not say that it wants them."""
    return asked is not None and not (asked.asked or asked.more or asked.refinement)
