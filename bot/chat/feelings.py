"""The seven emotions as people name them, and how they say that theirs was read wrongly.

Korean has a word for "no" to a question (아니요) and one for "it is not so" (아니에요). Only what
denies a statement is taken for an answer to a reading, and only as the whole message.
"""

import re
from collections.abc import Mapping
from typing import Final

from core.emotion.labels import COARSE

__all__ = ["FEELINGS", "denial", "felt_in", "named_feeling"]

FEELINGS: Final[Mapping[str, str]] = {
    "joy": "행복",
    "sadness": "슬픔",
    "anger": "분노",
    "fear": "공포",
    "disgust": "혐오",
    "surprise": "놀람",
    "calm": "중립",
}
"""Labels by the words that buttons and links carry: these are never given another meaning."""

_NAMES: Final[Mapping[str, str]] = {
    **{label: label for label in COARSE},
    **{str(number): label for number, label in enumerate(COARSE, start=1)},
    **FEELINGS,
    **dict.fromkeys(("기쁨", "즐거움", "행복해", "기뻐", "happiness", "happy"), "행복"),
    **dict.fromkeys(("우울", "우울함", "우울해", "슬퍼", "sad"), "슬픔"),
    **dict.fromkeys(
        ("화", "화남", "화났어", "화나", "짜증", "짜증나", "짜증남", "angry", "mad"), "분노"
    ),
    **dict.fromkeys(
        ("두려움", "무서움", "불안", "불안해", "무서워", "afraid", "scared", "anxious"), "공포"
    ),
    **dict.fromkeys(("싫음", "싫은마음", "disgusted"), "혐오"),
    **dict.fromkeys(("놀라움", "놀랐어", "당황", "surprised"), "놀람"),
    **dict.fromkeys(("담담함", "평온", "neutral"), "중립"),
    **dict.fromkeys(("기쁜거", "행복한거"), "행복"),
    **dict.fromkeys(("슬픈거", "우울한거", "속상한거"), "슬픔"),
    **dict.fromkeys(("화난거", "짜증난거"), "분노"),
    **dict.fromkeys(("무서운거", "두려운거", "불안한거"), "공포"),
    **dict.fromkeys(("싫은거",), "혐오"),
    **dict.fromkeys(("놀란거",), "놀람"),
    **dict.fromkeys(("담담한거",), "중립"),
}
_KOREAN: Final = "|".join(
    re.sub("거$", " ?거", name)
    for name in sorted((n for n in _NAMES if not n.isascii()), key=len, reverse=True)
)
_ENGLISH: Final = "|".join(n for n in _NAMES if n.isascii() and n.isalpha())

_SEEMS: Final = r" ?(?:거|것) ?같(?:아|아요|은데|은데요|네|네요)"
_NOT_SO: Final = (
    r"(?:아니(?:에요|예요|에여|예여|야|거든|거든요|라고|라고요|라니까|라니까요|었어|었어요)"
    rf"|아녜요|아냐|아닙니다|아닌(?:데|데요|걸|걸요|{_SEEMS}))"
)
_THAT: Final = (
    r"(?:(?:지금은?|나는?|난|저는?|전|내|제) )?"
    r"(?:(?:그게|그건|그거|이게|이건)|(?:그런|그|이) ?(?:거|게|건|마음|기분|감정)(?:은|이)?"
    r"|(?:마음|기분|감정)은? (?:그게|그건|그런 ?(?:거|게|건))"
    r"|(?:슬픈|우울한|화난|화나는|무서운|두려운|싫은|놀란) ?(?:거|게|건|것은)"
    r"|(?:슬픔|우울|분노|화|공포|두려움|불안|혐오|놀람)(?:은|는|이|가)?)"
)
_MINE: Final = r"(?:(?:(?:내|제) )?(?:마음|기분|감정)을? )?"
_MISREAD: Final = (
    rf"{_MINE}잘못 ?(?:(?:읽|짚|알아들)(?:으신|은)|보신|본|이해하신|이해한){_SEEMS}"
    rf"|{_MINE}잘못 ?(?:(?:읽|짚|알아들)(?:었|으셨)|봤|보셨|이해했|이해하셨)"
    r"(?:어|어요|네|네요|는데|는데요|잖아|잖아요)"
    r"|(?:(?:그거|그건|그게|마음|기분) )?틀렸(?:어|어요|네|네요|는데|는데요)"
)
_DENIED: Final = rf"(?:(?:아니|아뇨|음|흠|에이),? )?(?:{_THAT} ?)?{_NOT_SO}"
_DENIED_IN_ENGLISH: Final = (
    r"(?:(?:no|nope|nah|hmm|well|sorry),? )?"
    r"(?:(?:that(?:'?s| is)|it(?:'?s| is)) (?:wrong|incorrect"
    r"|not (?:it|so|right|true|correct|quite (?:it|right)|how i feel|what i feel))"
    r"|that isn'?t (?:it|right|true|correct|how i feel|what i feel)"
    r"|you (?:got|read|understood) (?:it|that|me) wrong|you (?:misread|misunderstood)(?: me| it)?"
    r"|you(?:'?re| are) wrong|i (?:don'?t|do not) feel (?:that way|like that)"
    r"|(?:i'?m|i am) not (?:sad|angry|afraid|scared|disgusted)"
    r"|wrong (?:feeling|emotion|mood|reading))"
)
_IS: Final = r"(?:이에요|예요|이야|야|이었어요|였어요|이었어|였어|인데|인데요)"
_ANSWERS: Final = re.compile(
    rf"(?:(?:음|그냥|나는?|저는?|it(?:'?s| is| was)|i(?:'?m| am| feel)|more) )*"
    rf"(?P<felt>[^ ]+?(?: 마음)?)(?:에 ?가까(?:워|워요)|{_IS}|이요|요)?"
)
_SAYS_NO: Final = rf"(?:{_DENIED}|{_MISREAD}|아니|아뇨|아니요)"
_PHRASES: Final = (
    re.compile(
        rf"(?:{_SAYS_NO}[,.!]? ?|(?:{_SAYS_NO}[,.!]? )?{_THAT} ?(?:아니라|아니고|말고) ?)"
        rf"(?P<felt>{_KOREAN}|싫은 마음){_IS}"
    ),
    re.compile(
        rf"(?:{_SAYS_NO}[,.!]? )?{_THAT} ?(?:아니라|아니고|말고) ?(?P<felt>{_KOREAN}|싫은 마음)요?"
    ),
    re.compile(
        rf"(?:{_DENIED_IN_ENGLISH}|no|nope)[,.!]? (?:it(?:'?s| is| was)|i(?:'?m| am| feel)) "
        rf"(?:more )?(?P<felt>{_ENGLISH})"
    ),
    re.compile(rf"(?:{_DENIED}|{_MISREAD}|{_DENIED_IN_ENGLISH})(?P<felt>)"),
)


def named_feeling(name: str) -> str | None:
    """The label of an emotion by its name, number or a word for it; None for any other word."""
    return _NAMES.get(name.replace(" ", "").lower())


def felt_in(words: str) -> str | None:
    """The word of `FEELINGS` for the emotion that words name as an answer; None for others.

    Args:
        words: normalised, without punctuation at their end.
    """
    match = _ANSWERS.fullmatch(words)
    label = named_feeling(match["felt"]) if match else None
    if label is None or words.isdecimal():
        return None
    return next(word for word, name in FEELINGS.items() if name == label)


def denial(text: str) -> tuple[bool, str | None]:
    """Whether a text says that a reading was wrong, and what it was instead, if it says so.

    Args:
        text: normalised, without punctuation at its end.
    """
    for phrase in _PHRASES:
        if match := phrase.fullmatch(text):
            return True, named_feeling(match["felt"])
    return False, None
