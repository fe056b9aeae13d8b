"""Brings the many ways of asking for songs into the order in which they are read.

    노래 추천해줘 3곡만      ->  노래 3곡만 추천해줘
    노래 신나는 거 3곡       ->  신나는 노래 3곡
    밝은 노래 3곡, 90년대    ->  90년대 밝은 노래 3곡
    song recommendations     ->  songs

Nothing is asked for here that was not asked for before: what is no request after it is talk.
"""

import re
from typing import Final

from core.recommend.english_requests import ENGLISH_NUMBERS
from core.recommend.korean_requests import KOREAN_ASK, NOUN
from core.recommend.request_words import take

__all__ = ["reworded"]

_PLEASE: Final = re.compile(r"(?<=\S) ?(?:ㄱ{1,3}|ㅊㅊ)$")
"""Short for "go" and for "추천"."""
_JOINED: Final = re.compile(rf"(?<!\S)(?P<noun>{NOUN})(?=추천)")
_JOINED_ADVERB: Final = re.compile(r"(?<=추천)(?=(?:좀|부탁)(?!\S))")
_ANY: Final = re.compile(rf"(?<!\S)아무 ?(?P<noun>{NOUN})(?:이?나)?(?!\S)")
_LATE_COUNT: Final = re.compile(
    rf"(?P<what>.*?) ?(?P<ask>{KOREAN_ASK})[ ,]+(?P<count>\d{{1,6}}[곡개](?:만|정도|쯤)?)"
)
_NOUN_FIRST: Final = re.compile(
    rf"(?P<of>(?:\S+ )?)(?P<noun>{NOUN})(?:은|는|로|으로)? (?P<like>.+?) (?:거|걸|것)(?:로|으로)?"
    r"(?P<more>(?: .+)?)"
)
_LATE_DECADE: Final = re.compile(
    rf"(?P<what>(?:.* )?{NOUN}(?: \d{{1,6}}곡)?)[ ,]+(?P<years>(?:\d{{2}}|\d{{4}})년대?)"
    rf"(?P<ask>(?: (?:{KOREAN_ASK}))?)"
)
_CHANGE: Final = re.compile(
    rf"(?:(?:이|지금) ?)?(?:(?:다른 )?{NOUN}(?:을|를|로|으로)?|다른 걸로|다른 거로) ?(?:좀 )?바꿔"
    r"(?: ?(?:줘|줘요|주세요|줄래요?|봐))?"
)
_MORE: Final = re.compile(
    r"(?:(?:조금|좀|하나|몇 ?곡)(?:만)? )?(?:더|또) ?(?:들려|틀어|추천|골라)(?: ?해)?"
    r"(?: ?(?:줘|줘요|주세요|줄래요?))?|(?:더|또) ?(?:줘요?|주세요|(?:없|있)(?:어요?|나요?)\?)|더"
    r"|다음(?: ?(?:거|곡|노래))?(?: ?(?:틀어|들려) ?줘요?)?"
    r"|(?:이거|이것|그거|저거|이 ?노래|이 ?목록)(?:는|은)? ?말고(?: ?다른 ?(?:거|걸로?|노래|곡))?"
    r"(?: ?(?:줘|틀어 ?줘|들려 ?줘|추천해 ?줘)요?)?"
    r"|다른 거 ?(?:줘|틀어 ?줘|들려 ?줘|추천해 ?줘)요?"
    r"|(?:(?:give|show) me |play )?(?:another one|one more|(?:some )?more|others|something else"
    r"|(?:some )?(?:other|different) (?:ones|songs))|next(?: one| song)?"
)
"""Who says "더 있어요" has more to tell, and who asks "더 있어요?" wants to hear more."""
_COUNTED_MORE: Final = re.compile(
    rf"(?:(?:give|show) me |play )?(?P<count>[1-9]|{'|'.join(ENGLISH_NUMBERS[1:])}) more"
)
_OPPOSITE: Final = re.compile(
    r"반대로(?: ?(?:가자|해 ?줘|틀어 ?줘|들려 ?줘|골라 ?줘))?|(?:the )?opposite"
)
_WISHED_FOR: Final = re.compile(r"^신청곡[ :,]+(?P<song>\S.*)$")
_POLITE: Final = re.compile(rf"(?P<noun>{NOUN})(?:이?요|여)$")
_CASUAL: Final = re.compile(r"(?<=[세줘래어나])여$")
"""Typed for "요"."""
_THING: Final = re.compile(r"(?<=[한은는던])(?=(?:거|걸|걸로|것|것들)(?: |$))")
_OF_SEASON: Final = re.compile(rf"(?<!\S)(?P<of>봄|여름|가을|겨울|크리스마스|이별)(?={NOUN})")
_ALIKE: Final = re.compile(rf"^비슷한 (?:거|걸|걸로|것|{NOUN})(?:을|를|로|으로)? ?(?:더|또)(?!\S)")
_ENGLISH_NOUN: Final = re.compile(r"\b(?:song|music) (?:recs?|recommendations?|suggestions?)\b")
_NUMBER_AFTER: Final = re.compile(r"(?<=[a-z]), ?(?=\d{1,6}$)")
"""In "some sad songs, 2"."""
_OCCASION: Final = re.compile(
    r"(?<!\S)(?:(?:크리스마스|성탄절?) ?)?캐[럴롤](?:송|곡)?(?=[을를]?(?!\S))"
)
_WEDDING: Final = re.compile(
    r"(?<!\S)(?:결혼식? ?)?축가(?:로|용)?(?: ?(?:좋은|부를))?(?: 노래)?(?=[을를]?(?: |$))"
)
_POPULAR: Final = re.compile(
    r"(?<!\S)(?:(?:인기(?: ?있는)?|히트|유명한|핫한|뜨는) ?(?:노래|음악|곡)|인기 ?(?:가요|차트)"
    r"|히트송|명곡)(?P<of>들|을|를|으로|로)?(?!\S)"
)
"""No catalogue of charts has any others."""


def reworded(text: str) -> str:
    """The words in the order in which requests are read; others as they are."""
    text = _CASUAL.sub("요", _PLEASE.sub(" 추천", text))
    text = _OF_SEASON.sub(r"\g<of> ", _THING.sub(" ", _POLITE.sub(r"\g<noun>", text)))
    if wished := _WISHED_FOR.match(text):
        text = f"{wished['song']} 틀어줘"
    text = _JOINED_ADVERB.sub(" ", _JOINED.sub(r"\g<noun> ", text))
    text = _ANY.sub(r"\g<noun>", text)
    text = _ENGLISH_NOUN.sub("songs", text)
    text = _ALIKE.sub("비슷한 노래 더", text)
    text = _OCCASION.sub("크리스마스 노래", _WEDDING.sub("결혼식 노래", text))
    text = _NUMBER_AFTER.sub(" ", text)
    text = _POPULAR.sub(
        lambda found: "노래" + ("로" if found["of"] in {"으로", "로"} else ""), text
    )
    if _CHANGE.fullmatch(text) or _MORE.fullmatch(text):
        return "다른 노래"
    if _OPPOSITE.fullmatch(text):
        return "반대 노래"
    if counted := _COUNTED_MORE.fullmatch(text):
        return f"{counted['count']} more songs"
    if late := _LATE_DECADE.fullmatch(text):
        text = f"{late['years']} {late['what']}{late['ask']}"
    if late := _LATE_COUNT.fullmatch(text):
        text = f"{late['what']} {late['count']} {late['ask']}".strip()
    if first := _NOUN_FIRST.fullmatch(text):
        words = take(first["like"])
        # "노래 부르는 거 좋아해" says nothing of what songs are to be like.
        if words.said and not words.rest:
            text = f"{first['of']}{first['like']} {first['noun']}{first['more']}"
    return text
