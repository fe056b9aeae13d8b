"""Songs asked for in English, "play two lively songs by IU from the 2010s"."""

import re
from dataclasses import replace
from typing import Final

from core.recommend.request_words import take
from core.recommend.song_request import SongRequest, checked, request_of

__all__ = ["ENGLISH_NUMBERS", "read_english"]

_ENGLISH_ASK: Final = (
    r"(?:(?:can|could|would|will) (?:you|u) (?:please )?)?(?:recommend|play|pick|show|give|find"
    r"|suggest|put on|queue)(?: up)?"
    r"(?: (?:me|us))?|i (?:want|need|wanna|feel like)(?: to)?(?: hear(?:ing)?"
    r"| listen(?:ing)? to)?|i(?:'d| would) (?:like|love)(?: to)?(?: hear| listen to)?"
    r"|let me hear|let's (?:hear|listen to)|(?:do you have|have you got|got)(?: any)?|how about"
    r"|what about"
    r"|i(?:'m| am) in the mood for|any"
)
_ENGLISH_NOUN: Final = r"(?:songs?|music|tunes?|tracks?|something|anything|stuff)"
_ENGLISH: Final = re.compile(
    rf"(?:(?P<ask>{_ENGLISH_ASK}) )?(?P<before>(?:.+ )?)(?P<head>{_ENGLISH_NOUN})"
    r"(?P<after>(?: .+)?)"
)
_ENGLISH_GENRE: Final = re.compile(rf"(?P<ask>{_ENGLISH_ASK}) (?P<before>.+)")
_ENGLISH_LIKE: Final = re.compile(
    r"(?P<rest>.*?)(?<!\S)(?:like|similar to|in the style of) (?P<like>.+)"
)
_ENGLISH_PLAY: Final = re.compile(
    r"(?:(?:can|could|would|will) you )?play (?!with|around|along"
    r"|a game)"
)
_BY: Final = re.compile(
    r"(?P<rest>.*?)(?<!\S)(?:by|from|of) (?P<name>(?!the |\d|some |any )\S.*?)(?P<tail>(?: for .+"
    r"| from the .+)?)"
)
ENGLISH_NUMBERS: Final = "one two three four five six seven eight nine ten".split()
_ENGLISH_NUMBER: Final = re.compile(rf"(?<!\S)(?:{'|'.join(ENGLISH_NUMBERS)})(?= )")
_DIGIT: Final = re.compile(r"\d")
_NUMBERS: Final = {word: number for number, word in enumerate(ENGLISH_NUMBERS, start=1)}


def read_english(text: str) -> SongRequest | None:
    """What an English message asks for; None where it asks for no songs."""
    text = _digits(text)
    match = _ENGLISH.fullmatch(text)
    if match is None:
        genre = _ENGLISH_GENRE.fullmatch(text)
        if genre is None:
            return _counted_genre(text)
        words = take(genre["before"])
        if words.genres and not words.rest:
            return request_of(words, asked=True)
        plays = words.rest and _ENGLISH_PLAY.match(text)
        told = genre["before"].replace(" by ", " - ")
        return replace(request_of(words, asked=False), play=True, told=told) if plays else None
    asked, before, after = bool(match["ask"]), match["before"], match["after"].strip()
    like, name = None, None
    if found := _ENGLISH_LIKE.fullmatch(after):
        after, like = found["rest"], found["like"]
    elif found := _BY.fullmatch(after):
        after, name = found["rest"] + found["tail"], found["name"]
    words = take(f"{before} {after}")
    # "Songs make me cry" and "something is wrong" ask for nothing.
    unclear = not asked and take(after).rest
    if unclear or (like and words.rest) or (name and words.rest):
        return None
    request = replace(request_of(words, asked=asked), like=like, told=f"{before} {after}".strip())
    request = replace(request, name=name or request.name)
    if match["head"] in {"something", "anything", "stuff"} and not (
        asked and (words.said or like or name)
    ):
        # "Something by Adele" is whole without a verb.
        return checked(request) if name and not before and " by " in f" {match['after']} " else None
    return checked(request)


def _counted_genre(text: str) -> SongRequest | None:
    """Asked for without a verb or a word for songs: "two ballads from the 90s", "2010s hip hop"."""
    if not _DIGIT.search(text):  # no count without one; this is asked of every message
        return None
    words = take(text)
    clear = words.genres and (words.count is not None or words.decades) and not words.rest
    return request_of(words, asked=False) if clear else None


def _digits(text: str) -> str:
    return _ENGLISH_NUMBER.sub(lambda match: str(_NUMBERS[match[0]]), text)
