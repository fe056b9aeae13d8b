"""What people say of the songs they were shown: why this one, good, bad, never again, no more.

Only a whole message is taken. A song is meant by its number, or as "이 노래": which one that is,
`bot.chat.songs` finds.
"""

import re
from typing import Final

from bot.chat.numerals import ORDINALS
from bot.chat.requests import Command, Request
from core.recommend.korean_requests import KOREAN_ASK

__all__ = ["about_list"]

_FIRSTS: Final = ("first", "second", "third", "fourth", "fifth")
_SONG: Final = r"(?:노래|곡|음악)"
_WHICH: Final = re.compile(
    rf"(?<!\S)(?:(?P<digits>\d{{1,2}}) ?번째?(?: ?{_SONG})?"
    rf"|(?P<word>{'|'.join(ORDINALS)}) ?번째(?: ?{_SONG}| 거)?"
    rf"|(?:방금 ?|아까 ?)?(?:이|그|저) ?{_SONG}|(?:방금|아까) (?:그 ?)?(?:{_SONG}|거)"
    r"|(?:number |no\.? ?|#)(?P<number>\d{1,2})"
    r"|(?:(?<=like )|(?<=love )|(?<=hate )|(?<=dislike )|(?<=why )|(?<=왜 ))(?P<bare>\d{1,2})"
    rf"|the (?P<first>{'|'.join(_FIRSTS)})(?: (?:song|one))?|(?:this|that|the last) (?:song|one))"
    r"(?P<of> 가수)?(?:은|는|이|가|을|를|도|이?랑|과|와|하고|이?야|이에요|예요|인가요)?(?!\S)"
)
_ONE: Final = r"(?:number |no\.? ?|#)?(\d{1,2})(?: ?번)?"
_TWO: Final = re.compile(
    rf"(?<!\S){_ONE}(?:,|이?랑|하고|과|와|(?<=번)| 그리고| and) ?(?={_ONE}(?!\d))"
)
"""A song that another is named after, "1번이랑 3번"."""
_ARTIST: Final = re.compile(
    r"(?<!\S)(?:이|그|방금 그|this|that) ?(?:가수|artist|singer)\S{0,1}(?!\S)"
)
_VERY: Final = r"(?:(?:둘 ?다|다|모두|진짜|정말|너무|완전|아주|좀|really) )?"
_AGAIN: Final = r"(?:(?:다시는?|앞으로|이제|더는|두 ?번 ?다시) ?)?"
_DO_NOT: Final = r"(?:마|마요|마세요|말아줘|말아 ?주세요)"
_SAID: Final = {
    Command.WHY: re.compile(
        r"@ 왜|왜 @|@ ?이유(?:가|는|를|좀)?(?: ?(?:뭐야|뭐예요|뭐에요|뭔데|궁금해|궁금해요))?"
        rf"|@ ?이유(?:를)? ?(?:{KOREAN_ASK}|말해 ?줘|설명해 ?줘)"
        r"|@ 왜 ?(?:(?:골랐|추천했|선택했|뽑았|나왔|틀었)(?:어|어요|지|니|을까|을까요)"
        r"|(?:고른|추천한|선택한|뽑은|나온) ?(?:거야|거예요|거에요|거니|건가요))"
        r"|왜 @ ?(?:골랐|추천했|선택했|뽑았)(?:어|어요|지|니)"
        r"|why (?:did you (?:pick|choose|play|recommend|suggest) )?@"
    ),
    Command.LIKE_SONG: re.compile(
        rf"@ ?(?:같은|비슷한|닮은) ?(?:{_SONG}|거|걸|걸로)(?: ?(?:{KOREAN_ASK}))?"
        r"|(?:(?:play |show |give )(?:me )?|(?:some )?more |songs? |music |something )+like @"
    ),
    Command.LIKE: re.compile(
        rf"@ {_VERY}(?:좋다|좋아|좋아요|좋네|좋네요|좋았어|좋았어요|좋은데|좋은데요|최고야|최고예요"
        r"|(?:마음에|맘에) ?들어요?)"
        rf"|(?:i )?{_VERY}(?:like|love) @|@ (?:is|was|sounds) {_VERY}(?:good|great|nice|lovely)"
    ),
    Command.DISLIKE: re.compile(
        rf"@ {_VERY}(?:싫다|싫어|싫어요|싫네|싫네요|별로(?:야|다|예요|네|네요|였어|였어요)?"
        r"|안 ?좋아요?|(?:마음에|맘에) ?안 ?들어요?)"
        rf"|(?:i )?{_VERY}(?:don'?t like|dislike|hate) @|@ (?:is|was|sounds) {_VERY}(?:bad|awful)"
    ),
    Command.NEVER: re.compile(
        rf"{_AGAIN}@ ?(?:노래를? ?)?{_AGAIN}(?:(?:추천|권)하지 ?{_DO_NOT}|틀지 ?{_DO_NOT}"
        r"|(?:빼|제외해) ?(?:줘|줘요|주세요))"
        r"|@ ?(?:두 ?번 ?)?다시는 ?(?:듣기 ?싫(?:다|어|어요)|안 ?들(?:을래|을래요|을 거야))"
        r"|다시는 @ ?(?:듣기 ?싫(?:다|어|어요)|안 ?들(?:을래|을래요))"
        r"|(?:please )?never (?:play|recommend|suggest) @(?: again)?"
    ),
}
_OF_SEVERAL: Final = frozenset({Command.LIKE, Command.DISLIKE, Command.NEVER})
"""What can be said of several songs at once."""
_TALK: Final = r"(?:얘기|이야기|대화|말)(?:나|만|를|을)?"
_NO_SONGS: Final = re.compile(
    rf"(?:(?:이제|오늘은|지금은) )?(?:{_SONG}(?:은|는|를|을)? ?)?(?:(?:이제|더) ?)?"
    rf"(?:추천(?:은|을)? ?(?:하지 ?{_DO_NOT}|그만(?:해|해줘|해요|하세요)?|안 ?해도 ?돼요?)"
    r"|그만 ?추천(?:해|해줘|해요|하세요)?)"
    rf"|{_SONG}(?:은|는)? ?(?:이제 ?)?(?:필요 ?없어요?|됐어요?|안 ?들을래요?)"
    rf"|{_SONG} ?그만(?: ?틀어)?(?: ?줘)?"
    rf"|{_SONG} ?말고 ?(?:그냥 ?)?{_TALK} ?(?:하자|해|해요|할래|할래요|하고 ?싶어요?|나누자)"
    r"|(?:please )?(?:no (?:more )?(?:songs|music)(?:,? (?:please|just talk))?"
    r"|(?:stop|don'?t) (?:recommend|suggest|play)(?:ing)?(?: me)?(?: any)?(?: more)?"
    r" (?:songs|music)"
    r"|i don'?t (?:want|need) (?:any )?(?:more )?(?:songs|music)|let'?s just talk)"
)


def about_list(words: str, text: str) -> Request | None:
    """What is said of the songs of the last list; None where it is something else.

    Args:
        words: as `core.emotion.normalise` makes them, without punctuation at their end.
        text: what was typed.
    """
    if _NO_SONGS.fullmatch(words):
        return Request(Command.NO_SONGS, text, spoken=True)
    words, also = _first_named(words)
    which, artist = _WHICH.search(words), _ARTIST.search(words)
    found = which or artist
    if found is None:
        return None
    said = f"{words[: found.start()]}@{words[found.end() :]}"
    command = next((name for name, phrase in _SAID.items() if phrase.fullmatch(said)), None)
    whole = which is None or bool(which["of"])
    if command is None or (whole and command is not Command.NEVER):
        return None
    number = None if which is None else _number(which)
    if also and command not in _OF_SEVERAL:
        return None
    artists = ("가수",) if whole else ()
    return Request(command, text, number=number, words=artists, also=also, spoken=True)


def _first_named(words: str) -> tuple[str, tuple[int, ...]]:
    """The words with the last of several numbers alone, and the numbers before it."""
    also: list[int] = []
    while two := _TWO.search(words):
        also.append(int(two[1]))
        words = words[: two.start()] + words[two.end() :]
    return words, tuple(also)


def _number(which: re.Match[str]) -> int | None:
    """The place that is named, from 1; None where the song is pointed at."""
    if digits := which["digits"] or which["number"] or which["bare"]:
        return int(digits)
    if which["word"]:
        return ORDINALS.index(which["word"]) + 1
    return _FIRSTS.index(which["first"]) + 1 if which["first"] else None
