"""The words of a command that came without them: whether the next message is they.

A command that is tapped in a menu brings no words along, so the bot asks for them. What follows is
the title of a song, or the story of a day, but for what is a command or asks for something else.
"""

import re
import unicodedata
from typing import Final

from bot.chat.answers import Answer, AnswerKind
from bot.chat.commands import parse
from bot.chat.desk import Desk
from bot.chat.hearing import MAX_CHARACTERS
from bot.chat.requests import Command, Request
from core.emotion.normalise import normalise
from core.errors import MaeumError
from core.recommend.requests import SongRequest

__all__ = ["ask_words", "awaited", "is_told"]

_LONGEST: Final = {Command.LIKE_SONG: 100, Command.DIARY: MAX_CHARACTERS}
"""Characters of a title and of a day; a longer text is answered as if nothing had been asked."""
_LONGEST_REQUEST: Final = 60
_FEWEST: Final = 2
"""Words of a sentence; so few are one where they begin as talk of oneself does."""
_SENTENCES: Final = re.compile(r"[.!?…\n]\s*\w")
"""Where a sentence ends and another begins."""
_ENDINGS: Final = re.compile(r".*(?:다|요|네|지|음|데|까|든|죠|듯|임|함|니|[ㅠㅜ])")
_OPEN: Final = frozenset("ᅡᅢᅣᅥᅦᅧᅪᅫᅯᅰ")
"""Vowels with which Korean sentences end, as in "슬퍼", "외로워" and "최악이야"."""
_OF_ONESELF: Final = frozenset(
    "나 나도 난 내가 나는 저 저도 전 오늘 오늘은 지금 요즘 너무 정말 진짜 완전 많이 그냥 다".split()
)
"""With these two words are a sentence."""
_ENGLISH: Final = re.compile(r"(?:i|i'm|i've|im|my|it|it's|today|we|he|she|they) \S+ \S.*")


def ask_words(desk: Desk, command: Command, *, personal: bool = False) -> Answer:
    """Asks for the words of a command that came without them."""
    text: tuple[str, ...] = (desk.texts(f"ask.{command}"),)
    if not (desk.turn.private or personal):
        text += (desk.texts("ask.reply"),)  # a bot in a group hears nothing else
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


async def is_told(desk: Desk, text: str) -> bool:
    """Whether what is said where the title of a song was asked for is talk.

    So it is where who spoke of danger is met with care, and where a sentence that no song is
    called by tells something: "오늘 너무 힘들었어".
    """
    user, now, service = desk.turn.user, desk.turn.now, desk.service
    if service.conversation.in_care(user, now) and await service.conversation.cares(
        user, text, now
    ):
        return True
    if not _tells(normalise(text).strip(" .!?~").lower()):
        return False
    found = service.songs.search(text, 1)
    return not found or found[0].guessed


def _tells(text: str) -> bool:
    """Whether a text sounds like a sentence: by its end, and by its words of oneself."""
    words = text.split()
    if len(words) < _FEWEST or (len(words) == _FEWEST and words[0] not in _OF_ONESELF):
        return False
    last = unicodedata.normalize("NFD", text)[-1]
    return last in _OPEN or bool(_ENDINGS.fullmatch(text) or _ENGLISH.fullmatch(text))


def _may_be_title(asked: SongRequest | None) -> bool:
    """Whether it only names songs, as "Love Song" does, and does not say that it wants them."""
    return asked is not None and not (asked.asked or asked.more or asked.refinement)
