"""Songs asked for in plain words, Korean or English, as a typed request.

    아이유의 신나는 2010년대 노래 두 곡만 틀어줘      play two lively songs by IU from the 2010s

A message is a request only as a whole: what surrounds the asking has to be understood to the last
word, or be a name. "신나는 노래 들으면서 울었어" tells of songs and asks for none. Whether a name
is that of an artist or a song is not known here; `core.service.asking` looks it up.
"""

import re
from dataclasses import replace
from functools import cache
from typing import Final

from core.models import Mode, Wish
from core.recommend.english_requests import read_english
from core.recommend.korean_requests import GIVE, KOREAN_ASK, NOUN, THING, read_korean
from core.recommend.query import Refinement
from core.recommend.request_words import take
from core.recommend.rewording import reworded
from core.recommend.song_request import TOLD, SongRequest, request_of

__all__ = ["SongRequest", "read_request"]

_AROUND: Final = re.compile(
    r"^(?:(?:야|얘|저기|안녕|음|아|그럼|그러면|자|디제이|마음디제이|마음dj|please|hey|hi|hello|so"
    r"|well|um|ok|okay)[ ,!]+)+"
    r"|(?:[ ,]+(?:please|plz|pls|thanks|thank you|고마워|제발|부탁|ㄱㄱ))+$"
)
_NOT: Final = re.compile(
    rf"(?<!\S)(?P<not>\S+(?: \S+){{0,3}}?)(?: ?{NOUN}| 거)? (?:말고|빼고|제외하고),? ?"
)
_WITHOUT: Final = re.compile(
    rf"(?P<name>\S{{2,}}(?: \S+)??)(?P<songs> {NOUN}| 거)? (?:말고|빼고|제외하고),? (?P<rest>.+)"
)
_OTHER_SINGERS: Final = re.compile(
    r"다른 (?P<which>(?:(?:남자|여자|남성|여성) ?)?)(?P<who>가수|아이돌|그룹)(?:들)?(?:의|로)?"
    rf"(?: {NOUN})?(?!\S)"
)
_REFINED: Final = {
    Refinement.BRIGHTER: r"밝(?:게|은)|brighter|happier",
    Refinement.CALMER: r"(?:차분|잔잔|조용)(?:하게|한)|calmer|quieter|softer",
    Refinement.LIVELIER: r"신나(?:게|는)|livelier|more upbeat",
    Refinement.COMFORTING: r"위로(?:되게|되는|가 되는)|more comforting",
    Refinement.OLDER: r"옛날|오래된|older",
    Refinement.NEWER: r"최신|최근|newer",
}
_WISHED: Final = {
    Refinement.BRIGHTER: Wish.BRIGHT,
    Refinement.CALMER: Wish.CALM,
    Refinement.LIVELIER: Wish.LIVELY,
    Refinement.COMFORTING: Wish.COMFORTING,
}
"""What a refinement asks for where there is no list to move on from."""
_SURPRISE: Final = re.compile(r"surprise me(?: with (?:a song|songs|music|something))?")
_OTHERS: Final = re.compile(
    rf"다른 (?:가수|사람)(?:로|의| 걸로| {NOUN}(?:로)?)?(?: ?(?:{KOREAN_ASK}|해{GIVE}))?"
    rf"|other artists"
)


def read_request(text: str, *, bare: bool = False) -> SongRequest | None:
    """What songs a message asks for; None where it asks for none.

    Args:
        text: as `core.emotion.normalise` makes it, no punctuation at its end but "?", and
            Korean numerals as digits.
        bare: whether the asking was done already, by a command or by inline mode, so that the
            words alone are the request.
    """
    words = reworded(_NOT.sub(_not_wanted, _AROUND.sub("", text)).strip(" ,"))
    if _SURPRISE.fullmatch(words):
        return SongRequest(mode=Mode.SURPRISE, asked=True)
    if bare:
        return replace(request_of(take(words), asked=True), told=words)
    return _refined(words) or _without_artist(words) or _without_genre(text, words)


def _read(words: str) -> SongRequest | None:
    return read_korean(words) or read_english(words.rstrip("?"))


def _without_genre(text: str, words: str) -> SongRequest | None:
    """Songs, and what they are not to be: "발라드 빼고", "힙합 말고 발라드로".

    Args:
        text: the whole.
        words: what is left of it without what is not wanted.
    """
    found = _read(words)
    barred = _NOT.search(text)
    if barred is None or _NOT.search(words):
        return found
    genres = take(barred["not"]).genres
    if not words:
        return SongRequest(without_genres=genres, asked=True) if genres else None
    found = found or _read(f"{words} 추천해줘")
    return replace(found, without_genres=genres) if found and not found.genres else found


def _without_artist(words: str) -> SongRequest | None:
    """Songs of others, "아이유 말고 다른 가수"."""
    match = _WITHOUT.fullmatch(words)
    if match is None or TOLD.fullmatch(match["name"].split()[0]):
        return None
    rest = match["rest"]
    if others := _OTHER_SINGERS.match(rest):
        which = f"{others['which']}{others['who']} " if others["which"] else ""
        rest = f"다른 {which}노래{rest[others.end() :]}"
    found = _read(rest)
    if found is None and (found := _read(f"{rest} 추천해줘")):
        # "친구 말고 다른 거" is nothing but talk where no artist has that name.
        found = replace(found, asked=False)
    return replace(found, without=match["name"]) if found and found.name is None else None


def _refined(text: str) -> SongRequest | None:
    """A refinement in words, "더 밝은 걸로"."""
    text = text.rstrip("?")
    if _OTHERS.fullmatch(text):
        return SongRequest(refinement=Refinement.OTHER_ARTISTS, asked=True, more=True)
    if not ("더 " in text or text.isascii()):
        return None
    for refinement, pattern in _refinements().items():
        if pattern.fullmatch(text):
            return SongRequest(
                refinement=refinement, wish=_WISHED.get(refinement), asked=True, more=True
            )
    return None


@cache
def _refinements() -> dict[Refinement, re.Pattern[str]]:
    around = rf"(?: (?:{NOUN}|{THING}))?(?:로|으로)?(?: ?(?:{KOREAN_ASK}|해{GIVE}))?"
    english = r"(?:(?:play |show |give )?(?:me )?(?:some(?:thing)? )?)?"
    return {
        refinement: re.compile(
            rf"(?:좀 )?(?:더|조금 더) (?:{how}){around}|{english}(?:{how})(?: songs| music| ones)?"
        )
        for refinement, how in _REFINED.items()
    }


def _not_wanted(match: re.Match[str]) -> str:
    """Nothing for "신나는 거 말고"; what is not understood stays, so that it is not passed over."""
    said = match["not"].split()
    for place in range(len(said)):
        words = take(" ".join(said[place:]))
        if words.said and not words.rest:
            return "".join(f"{word} " for word in said[:place])
    return match[0]
