"""Takes personal data out of a message before it is kept for the review of replies.

Patterns cannot find every name or address, so what is masked is still kept only of people who
agreed, encrypted, and removed with everything else of theirs.
"""

import re
from functools import partial
from typing import Final

from core.emotion.normalise import normalise

__all__ = ["MASKS", "mask"]

_LINK: Final = r"(?:https?://|www\.)\S+"
# What runs over letters begins where they begin: else one long word is gone through once a letter.
_EMAIL: Final = r"(?<!\w)[\w.+-]+ ?(?:@|\(at\)|골뱅이) ?[\w-]+(?: ?(?:\.|점) ?[\w-]+)+"
_HANDLE: Final = r"(?<![\w.])@[a-z0-9_.]{3,}"
# Date of birth, then a digit for century and sex; the rest may be starred out already, and runs
# of stars are shortened by normalisation.
_RESIDENT: Final = (
    r"(?<!\d)\d{2}[01]\d[0-3]\d(?:[1-8]\d{6}(?!\d)|(?: ?- ?| )[1-8](?:\d{6}(?!\d)|\d*\*+))"
)
_CARD: Final = r"(?<!\d)(?:\d{4}[ -]?){3}\d{4}(?!\d)"
_PHONE: Final = (
    r"(?<!\d)(?:\+? ?82[ .-]?)?\(?0?(?:1[016789]|2|[3-6][1-5]|70|50\d)\)?[ .-]?"
    r"\d{3,4}[ .-]?\d{4}(?!\d)"
)
_SPOKEN_PHONE: Final = r"공 ?일 ?[공영일육칠팔구](?:[ ,-]?[공영일이삼사오육칠팔구]){7,8}"
_NUMBER: Final = r"(?<!\d)\d(?:[ -]?\d){7,}(?!\d)"  # accounts, passports, student numbers
_ADDRESS: Final = (
    r"(?<![가-힣])[가-힣]+(?:로|길) ?\d+(?:번길 ?\d+)?(?:-\d+)?|\d+ ?동 ?\d+ ?호"
    r"|[가-힣]{1,8}(?:시|군|구) [가-힣]{1,8}(?:읍|면|동) \d+(?:-\d+)?"
)
_AFTER_NAME: Final = (
    r"(?=(?:이라고|라고|이라는|라는|이라서|라서|이에요|이예요|예요|에요|입니다|인데요?|이고|이야|야|고|이)"
    r"?(?:요?[\s.,!?~]|$)|(?:이라고|라고) ?[가-힣])"
)
_NAME: Final = (
    # 제 이름은 김민수예요, 이름이 민수야, 본명은 ...
    r"(?<=이름은 )[가-힣]{1,4}?" + _AFTER_NAME,
    r"(?<=이름이 )[가-힣]{2,4}?" + _AFTER_NAME,
    r"(?<=이름은)[가-힣]{2,4}?" + _AFTER_NAME,
    r"(?<=본명은 )[가-힣]{2,4}?" + _AFTER_NAME,
    # 저는 김민수라고 해요, 민수라고 불러줘
    r"(?<![가-힣])[가-힣]{2,4}?(?=이?라고 (?:해요|합니다|해|불러|불려))",
    # a surname, a given name and a title
    (
        r"(?<![가-힣])[김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허남심노하곽성차주우구민]"
        r"[가-힣]{1,2}(?= ?(?:씨|님|선생님|쌤|교수님|부장|과장|대리|팀장|사장)"
        r"님?(?:[가이는은을를랑도와과의께한]|[^가-힣]|$))"
    ),
    r"(?<=my name is )[a-z가-힣]+(?: [a-z]+)?(?=[\s.,!?]|$)",
    r"(?<=my name's )[a-z가-힣]+(?=[\s.,!?]|$)",
    r"(?<=call me )[a-z가-힣]+(?=[\s.,!?]|$)",
)

MASKS: Final = {
    "[링크]": (_LINK,),
    "[이메일]": (_EMAIL,),
    "[아이디]": (_HANDLE,),
    "[주민번호]": (_RESIDENT,),
    "[카드번호]": (_CARD,),
    "[전화번호]": (_PHONE, _SPOKEN_PHONE),
    "[번호]": (_NUMBER,),
    "[주소]": (_ADDRESS,),
    "[이름]": _NAME,
}
"""What stands in the place of what, in the order of searching."""

# Words that stand where a name could: "제 이름은 왜 물어봐", "바보라고 불러", "우리 팀장님".
_NO_NAMES: Final = frozenset(
    "왜 뭐 뭘 비밀 몰라 안 못 그냥 나 너 저 바보 뭐야 누구 자기 여보 친구 뭐라 언니 오빠 누나 형 "
    "우리 이런 전직 전임 신임 이전 신입 주변 고객 임시 정말 한국 서울 이상한".split()
)
_COMPILED: Final = tuple(
    (instead, re.compile(pattern)) for instead, patterns in MASKS.items() for pattern in patterns
)


def mask(text: str) -> str:
    """The message as `normalise` spells it, with personal data replaced by what it was.

    Args:
        text: as it came. Links are gone from it with normalisation already.
    """
    masked = normalise(text)
    for instead, pattern in _COMPILED:
        masked = pattern.sub(partial(_replace, instead), masked)
    return masked


def _replace(instead: str, found: re.Match[str]) -> str:
    return found.group() if found.group() in _NO_NAMES else instead
