"""Songs asked for in Korean, "아이유의 신나는 노래 두 곡만 틀어줘".

The parts come in a fixed order: what the songs are to be, "노래", a number, the asking.
"""

import re
from dataclasses import replace
from typing import Final

from core.models import Mode
from core.recommend.request_words import Words, take
from core.recommend.song_request import TOLD, SongRequest, checked, request_of

__all__ = ["GIVE", "KOREAN_ASK", "NOUN", "THING", "read_korean"]

GIVE: Final = (
    r"(?: ?(?:줘|줘요|주세요|줄래|줄래요|줄 수 있어요?|줄 수 있을까요?|달라고|봐|봐요|주라"
    r"|주시구려|주구려|주게|주시게|주시오|주오|주렴|주십시오|주실래요|주실 수 있나요|다오))"
)
KOREAN_ASK: Final = (
    rf"(?:추천|골라|들려|틀어|찾아|알려|보여|재생|선곡|뽑아|깔아|플레이)(?: ?좀)?(?: ?해)?{GIVE}?"
    r"|(?:추천 ?)?부탁(?:해|해요|드려요|드립니다|할게|할게요)?|줘(?: ?봐)?|줘요|주세요|내놔"
)
_LONGING: Final = (
    r"(?:듣고|추천 ?받고) ?싶(?:어|어요|다|은데|네|당|습니다)|들을래요?|들을까요?|듣자|필요해요?"
    r"|땡겨|땡긴다"
    r"|뭐 ?들을(?:까요?|래요?)|뭐 ?듣지"
)
_IS_THERE: Final = (
    r"(?:뭐 ?)?(?:있어요?|있을까요?|있나요?|있소|있는가|없어요?|없을까요?|없나요?|없소|없는가)\?"
)
NOUN: Final = r"(?:노래|음악|곡|뮤직|플리|플레이리스트)(?:들)?"
THING: Final = r"(?:거|걸|것|걸로|거로|것으로)"
_ADVERB: Final = (
    r"(?:좀|더|또|제발|하나만?|한번만?|한 번만?|빨리|몇 ?곡만?|아무거나|추천|\d{1,6} ?[곡개](?:만"
    r"|정도|쯤)?)"
)
_PARTICLE: Final = r"(?P<particle>을|를|으로|로|만|이나|나)?"
_KOREAN: Final = re.compile(
    rf"(?P<before>.*?)(?P<gap> ?)(?P<head>{NOUN}|{THING}){_PARTICLE}(?P<after>(?: ?{_ADVERB})*)"
    rf"(?: ?(?:(?P<ask>{KOREAN_ASK})|(?P<long>{_LONGING})|(?P<have>{_IS_THERE})))?"
)
_HEADLESS: Final = re.compile(
    rf"(?P<before>.*?){_PARTICLE}(?P<after>(?: ?{_ADVERB})*)"
    rf"(?: ?(?:(?P<ask>{KOREAN_ASK})|(?P<long>{_LONGING})|(?P<have>{_IS_THERE})))?"
)
_PLAY: Final = re.compile(r"(?:.* )?(?:틀어|재생|플레이).*")
_START: Final = re.compile(rf"(?:재생|선곡|플레이)(?: ?좀)?(?: ?해)?{GIVE}")
_KOREAN_LIKE: Final = re.compile(
    r"(?P<like>.+?)(?: ?같은|처럼"
    r"|(?:이?랑|과|와|하고)? ?(?<!기분 )(?<!마음 )(?<!느낌 )(?:비슷한|닮은)"
    r"|(?: ?느낌| ?분위기| ?스타일| ?풍)(?:의|나는)?)(?P<more>(?: .*)?)"
)
_ALIKE: Final = re.compile(r"비슷한|닮은")
_CLAUSE: Final = re.compile(r".*(?:데|니까|[아어해]서)")
_LIKE_THIS: Final = re.compile(r"\S+ (?:걸로|거로|것으로)")
"""Nobody tells of anything in "조용한 걸로"."""


def read_korean(text: str) -> SongRequest | None:
    """What a Korean message asks for; None where it asks for no songs."""
    for pattern in (_KOREAN, _HEADLESS):
        for said in dict.fromkeys((text, text.rstrip("?"))):
            match = pattern.fullmatch(said)
            request = _asked_in_korean(match) if match else None
            if request is not None:
                return request
    return None


def _asked_in_korean(match: re.Match[str]) -> SongRequest | None:
    parts = match.groupdict()
    before, head = match["before"], parts.get("head")
    asked = bool(match["ask"] or match["have"] or "추천" in match["after"].split())
    said = asked or bool(match["long"])
    # Without a space "위로노래" is a word of its own, unless somebody asks.
    if not said and before and head and not parts["gap"]:
        return None
    like, words = _likened(before, match["after"])
    # "슬픈 노래만" is how somebody begins to tell.
    if match["particle"] in {"만", "나", "이나"} and not said and words.count is None:
        return None
    # "심심한데 노래나 들을까" says why, and "아이유 노래 들을까" by whom.
    because = bool(match["long"] and _CLAUSE.fullmatch(words.rest))
    clear = asked or words.listening or because
    request = replace(request_of(words, asked=clear), like=like, told=before)
    if head is None or re.fullmatch(THING, head):
        return _without_noun(request, match, said=said)
    return checked(request)


def _likened(before: str, after: str) -> tuple[str | None, Words]:
    """The song that others are to be like, and what else is said."""
    if like := _KOREAN_LIKE.fullmatch(before):
        words = take(f"{like['more']} {after}")
        is_name = take(like["like"]).rest and not TOLD.fullmatch(like["like"].split()[0])
        if is_name and not words.rest:
            return like["like"], words
    return None, take(f"{before} {after}")


def _without_noun(request: SongRequest, match: re.Match[str], *, said: bool) -> SongRequest | None:
    """Asked for without a word for songs it has to be clear: "발라드 두 곡", "밤편지 틀어줘"."""
    counted = request.count is not None and ("곡" in match[0] or request.more)
    if request.mode is Mode.PATH and request.name is None:
        return request
    if not (said or counted):
        return request if _clear(request, match) else None
    thing = match.groupdict().get("head")
    if (
        request.genres
        or request.decades
        or request.years
        or request.language
        or ((request.wish or request.subject) and thing)
    ):
        return checked(request)
    if (
        request.name is None
        and (request.wish or request.subject)
        and _PLAY.fullmatch(match[0])
        and match["ask"]
    ):
        # "봄날 틀어줘": a title may be a word for a mood, but no mood is played.
        title = match["before"].strip()
        request = replace(request, name=None if title.endswith("에") else title or None)
    if request.name is None:
        return request if counted or "추천" in match[0] or _START.fullmatch(match[0]) else None
    if match["ask"] and len(request.name) > 1 and _PLAY.fullmatch(match[0]):
        return replace(request, asked=False, play=True)
    return None


def _clear(request: SongRequest, match: re.Match[str]) -> bool:
    """Whether what nobody asked for in so many words is a request even so."""
    thing = match.groupdict().get("head")
    if request.like is not None:
        return bool(thing and _ALIKE.search(match[0]))
    if request.name is not None:
        # "아이유 신나는 거": where nobody has that name it is talk.
        return bool(thing and request.wish) and len(request.name) > 1
    if request.wish and (request.more or request.asked):
        return True
    if request.wish and _LIKE_THIS.fullmatch(match[0]):
        return True
    if request.language and request.wish and match["before"].endswith(("팝송", "가요")):
        return True
    told = request.wish or request.subject or request.decades or request.years or request.singers
    return bool(request.genres and told) and match["before"].split()[-1].startswith(request.genres)
