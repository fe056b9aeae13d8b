"""Spellings of one message that the crisis patterns are tried on.

People hide words ("자.살", "주ㄱ고", "ㅈㅏ살", "k1ll") or stretch them ("주우욱고"), and phones
type Korean in the Latin layout. Each such habit is undone in a view of its own, because undoing
one of them can hide another. The patterns themselves allow a space after any Hangul syllable, so
no view has to remove spaces.

In every view full stops and line ends read ".", question marks "？" (the patterns use "?" as
regular expressions do), quotation marks are gone, and case and width are folded.
"""

import re
import unicodedata
from typing import Final

from core.emotion.normalise import DROPPED_CATEGORIES, FILLERS, JAMO_RUN, normalise, repair

__all__ = ["plain_view", "views"]

_LEADS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS: Final = "\0ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_SYLLABLES: Final = 0xAC00

# NFKC turns "ㅋ" into a conjoining jamo; these lead back to the letters people type.
_CONJOINING: Final = {
    **{0x1100 + i: jamo for i, jamo in enumerate(_LEADS)},
    **{0x1161 + i: jamo for i, jamo in enumerate(_VOWELS)},
    **{0x11A7 + i: jamo for i, jamo in enumerate(_TAILS) if i},
}
_BLANKS: Final = dict.fromkeys(map(ord, FILLERS))
# Characters of other scripts that stand for the letter or syllable they look or read like.
_LOOK_ALIKES: Final = str.maketrans(
    "аеіорсухкмтвн" + "αεικορτυν" + "自殺死害", "aeiopcyxkmtbh" + "aeikoptuv" + "자살죽해"
)
_LEET: Final = str.maketrans("013457@$", "oieastas")
_QWERTY: Final = dict(
    zip(
        "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml",
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
        strict=True,
    )
)
# Two keys for one vowel or one closing pair.
_PAIRS: Final = dict(
    pair.split("=")
    for pair in (
        "ㅗㅏ=ㅘ ㅗㅐ=ㅙ ㅗㅣ=ㅚ ㅜㅓ=ㅝ ㅜㅔ=ㅞ ㅜㅣ=ㅟ ㅡㅣ=ㅢ ㄱㅅ=ㄳ ㄴㅈ=ㄵ ㄴㅎ=ㄶ "
        "ㄹㄱ=ㄺ ㄹㅁ=ㄻ ㄹㅂ=ㄼ ㄹㅅ=ㄽ ㄹㅌ=ㄾ ㄹㅍ=ㄿ ㄹㅎ=ㅀ ㅂㅅ=ㅄ"
    ).split()
)

_QUOTES: Final = dict.fromkeys(map(ord, "'\"`´‘’“”«»「」『』"))
_LINE_END: Final = re.compile(r"[\r\n\u2028\u2029]+")
_INSIDE_HANGUL: Final = re.compile(r"(?<=[가-힣ㄱ-ㅣ])[^\w\s?]{1,3}(?=[가-힣ㄱ-ㅣ])|_")
_INSIDE_LATIN: Final = re.compile(r"(?<=[a-z])[*_\-]{1,3}(?=[a-z])")
_PAUSE: Final = re.compile(r"\.{2,}|[^\w\s.?]")
_SPACES: Final = re.compile(r"\s+")
_STOPS: Final = re.compile(r" ?\.[ .]*")

_NOISE: Final = re.compile(r"(?<=[가-힣ㄱ-ㅣ])[a-z0-9]{1,2}(?=[가-힣ㄱ-ㅣ])")
# Laughter stays: whether a phrase is laughed at decides some idioms.
_STRAY: Final = re.compile(r"(?<=[가-힣])(?!ㅋㅋ|ㅎㅎ)[ㄱ-ㅣ]{1,3}(?=[가-힣])")
_LAUGHED_APART: Final = re.compile(r"(?:[가-힣]([ㅋㅎㅠㅜ])\1?){2,}[가-힣]")
_JAMO: Final = re.compile(r"[ㄱ-ㅣ]")
_LONE_JAMO: Final = re.compile(r" ?(?<![^ ])([ㄱ-ㅣ])(?![^ ]) ?")
_LONE_SYLLABLES: Final = re.compile(r"(?<![^ ])(?:[가-힣] ){2,}[가-힣](?![^ ])")
_VOWEL_LOOK: Final = re.compile(r"(?<=[ㄱ-ㅎ])[rl](?![a-z])")  # "ㅈr살"
# Stretching is undone only where one of these comes out: "자아살", not "정치인" or "스스로".
_CORE: Final = "자살죽주고싶시해기싫"
_TWICE: Final = re.compile(rf"([{_CORE}])\1+")
_SPELT_OUT: Final = re.compile(r"(?<![a-z])(?:[a-z][ .]{1,2}){2,}[a-z](?![a-z])")
_SHOUT: Final = re.compile(r"(?<=[a-z])!(?=[a-z])")
_LATIN_WORD: Final = re.compile(r"[a-z0-9@$]+")
_KEYS: Final = re.compile(r"[a-zA-Z]{2,}")


def plain_view(text: str) -> str:
    """The plainest spelling, the first of `views`, in a fraction of the time."""
    return _fold(_prepare(normalise(text)))


def views(text: str) -> tuple[str, ...]:
    """The spellings of `text` to try, the plainest first, each once."""
    found: dict[str, None] = {}
    for base in dict.fromkeys((normalise(text), repair(text))):
        prepared = _prepare(base)
        plain = _fold(prepared)
        quiet = _quiet(plain)
        composed = _join_lone(quiet)
        for view in (plain, composed, _STRAY.sub("", quiet), _shrink(composed), _spell(prepared)):
            found.setdefault(view)
        if _KEYS.search(base):  # the case of a key matters, so this starts from the base
            found.setdefault(_fold(_prepare(_KEYS.sub(_from_qwerty, _seen(base)))))
    return tuple(found)


def _prepare(text: str) -> str:
    """Fold width and case, map look-alikes, drop what is invisible or a picture."""
    text = unicodedata.normalize("NFKC", _LINE_END.sub(". ", text))
    text = text.translate(_BLANKS).translate(_CONJOINING).lower().translate(_LOOK_ALIKES)
    return _seen(text)


def _seen(text: str) -> str:
    """Drop what is invisible or a picture."""
    return "".join(
        char if char.isspace() or unicodedata.category(char) not in DROPPED_CATEGORIES else ""
        for char in text
    )


def _fold(prepared: str) -> str:
    """Fold punctuation and space; drop what stands between the syllables of a word."""
    text = JAMO_RUN.sub(r"\1\1", prepared.translate(_QUOTES).replace("!", "."))
    text = _INSIDE_LATIN.sub("", _INSIDE_HANGUL.sub("", text))
    text = _SPACES.sub(" ", _PAUSE.sub(" ", text))
    return _STOPS.sub(".", text).replace("?", "？").strip()


def _quiet(text: str) -> str:
    """Drop letters, digits and laughter strewn between syllables: "자2살", "죽ㅋ고ㅋ싶ㅋ다"."""
    text = _VOWEL_LOOK.sub(lambda found: "ㅏ" if found.group() == "r" else "ㅣ", text)
    return _LAUGHED_APART.sub(lambda found: _JAMO.sub("", found.group()), _NOISE.sub("", text))


def _join_lone(text: str) -> str:
    """Join what is written one letter or syllable at a time: "주 ㄱ 고", "자 해 했 어"."""
    text = _compose(_LONE_JAMO.sub(r"\1", text))
    return _LONE_SYLLABLES.sub(lambda run: run.group().replace(" ", ""), text)


def _spell(prepared: str) -> str:
    """Read digits and signs in Latin words as letters; join letters written apart."""
    text = _fold(_LATIN_WORD.sub(_from_leet, _SHOUT.sub("i", prepared)))
    return _SPELT_OUT.sub(lambda run: re.sub(r"[ .]", "", run.group()), text)


def _compose(text: str) -> str:
    """Put typed jamo together: "ㅈㅏ살" to "자살", "주ㄱ고" to "죽고"; others stay."""
    if not _JAMO.search(text):
        return text
    out: list[str] = []
    for index, char in enumerate(text):
        joined = _join(out[-1], char, text[index + 1 : index + 2]) if out else None
        if joined is None:
            out.append(char)
        else:
            out[-1] = joined
    return "".join(out)


def _join(last: str, char: str, after: str) -> str | None:
    """`last` and the jamo `char` as one syllable; None when they do not join."""
    if char in _VOWELS and last in _LEADS:
        return _syllable(_LEADS.index(last), _VOWELS.index(char), 0)
    if not "가" <= last <= "힣":
        return None
    lead, vowel, tail = _parts(last)
    if char in _VOWELS:
        pair = _PAIRS.get(_VOWELS[vowel] + char)
        return _syllable(lead, _VOWELS.index(pair), 0) if pair and tail == 0 else None
    opens_next = after != "" and after in _VOWELS
    if char not in _TAILS or opens_next or (char in "ㅋㅎ" and after == char):
        return None
    closing = _PAIRS.get(_TAILS[tail] + char) if tail else char
    return _syllable(lead, vowel, _TAILS.index(closing)) if closing else None


def _syllable(lead: int, vowel: int, tail: int) -> str:
    return chr(_SYLLABLES + (lead * 21 + vowel) * 28 + tail)


def _parts(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - _SYLLABLES
    return code // 588, code % 588 // 28, code % 28


def _shrink(text: str) -> str:
    """Undo stretching: "죽죽고고" to "죽고", "주우욱고" to "죽고"."""
    out: list[str] = []
    for char in _TWICE.sub(r"\1", text):
        if out and out[-1] in _CORE and "아" <= char <= "잏":
            (lead, vowel, tail), (_, echo, end) = _parts(out[-1]), _parts(char)
            merged = _syllable(lead, vowel, end)
            if tail == 0 and vowel == echo and merged in _CORE:
                out[-1] = merged
                continue
        out.append(char)
    return "".join(out)


def _from_leet(match: re.Match[str]) -> str:
    word = match.group()
    return word if word.isalpha() or word.isdigit() else word.translate(_LEET)


def _from_qwerty(match: re.Match[str]) -> str:
    """What the keys pressed would have typed in the Korean layout."""
    return _compose("".join(_QWERTY.get(key) or _QWERTY[key.lower()] for key in match.group()))
