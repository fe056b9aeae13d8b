"""Text normalisation in front of the tokenizer and the n-gram features.

One function, `normalise`, is used in training, at run time, for messages and for lyric lines
alike, so that a model never meets a spelling it could not have seen. It is idempotent.
"""

import re
import unicodedata
from typing import Final

__all__ = ["DROPPED_CATEGORIES", "FILLERS", "JAMO_RUN", "has_words", "normalise", "repair"]

# Emoji say in one character what people also write in letters. The model was trained on
# letters, so the common ones are spelled out; the others are dropped.
_EMOJI_WORDS: Final = {
    "ㅠㅠ": "😭😢🥲😿🥺😥😓☹🙁😞😔😟😪",
    "ㅋㅋ": "😂🤣😆😹😝😜🤪😄😁😅",
    "좋아": "😀😃😊🙂☺😉😎👍👏🙌✨🎉🥳🎊💯🤗😸🌈🍀",
    "사랑해": "❤🧡💛💚💙💜🖤🤍🤎💕💖💗💓💞💘💝💟♥😍🥰😘😻💋🫶",
    "화나": "😠😡🤬💢👿😤👎🖕",
    "무서워": "😱😨😰👻😖😣",
    "놀랐어": "😮😯😲😳🤯🙀",
    "역겨워": "🤢🤮💩",
    "마음이 아파": "💔",
    "피곤해": "😴😩😫🥱",
    "고마워": "🙏",
    "행복해": "😇😋☀",
}
_EMOJI: Final = {ord(char): f" {word} " for word, chars in _EMOJI_WORDS.items() for char in chars}

_PUNCTUATION: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u301c\u223c\uff5e", "~"),
        "\u2026": "...",
        "\u3002": ".",
        "\u3001": ",",
    }
)
# Half- and full-width Latin forms become ASCII. NFKC over the whole text would not do: it also
# turns the compatibility jamo of "ㅋㅋ" and "ㅠㅠ" into conjoining ones.
_WIDTH: Final = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}

_TERMINAL_CODE: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z~]")
_URL: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
JAMO_RUN: Final = re.compile(r"([\u3131-\u3163])\1{2,}")
_PUNCTUATION_RUN: Final = re.compile(r"([^\w\s]|_)\1{2,}")
_LETTER_RUN: Final = re.compile(r"([^\W\d_])\1{3,}")
_MIXED_TEARS: Final = re.compile(r"[ㅠㅜㅡ]{2,}")
# Marks that say little beside words, and that the bundled model was trained without, but are all
# there is in a message of their own.
_SMILE: Final = re.compile(r"\^[_\-.]?\^|[♡☆★]")
_SPACE: Final = re.compile(r"\s+")
FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters by name, blank to the eye: people use them for names that look empty."""
# Letters, digits, punctuation and the symbols of arithmetic and money are kept. Pictographs,
# combining marks, private use and what is not seen are dropped.
DROPPED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "So", "Sk"})


def repair(text: str) -> str:
    """Return `text` without what no encoder or database accepts: unpaired surrogates and NUL.

    Surrogate pairs (as some clients send emoji) are joined to the character they stand for.
    """
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return joined.replace("\0", "")


def normalise(text: str) -> str:
    """Return the one spelling of `text` that the models read; may be empty.

    Composes Unicode (NFC), folds case, quotes, dashes and the width of Latin letters, spells out
    emoji, removes links, zero-width and control characters, and shortens runs: any length
    of ㅋㅋ, ㅠㅠ, !! or .. reads as two, of a letter as three.
    """
    text = unicodedata.normalize("NFC", _TERMINAL_CODE.sub("", repair(text)))
    text = text.translate(_PUNCTUATION).translate(_WIDTH).translate(_EMOJI).lower()
    smile = _SMILE.search(text)
    text = "".join(_keep(char) for char in text)
    text = _URL.sub(" ", unicodedata.normalize("NFC", text))
    text = _MIXED_TEARS.sub(_tears, text)
    text = JAMO_RUN.sub(r"\1\1", text)
    text = _PUNCTUATION_RUN.sub(r"\1\1", text)
    text = _LETTER_RUN.sub(r"\1\1\1", text)
    text = _SPACE.sub(" ", text).strip()
    return "좋아" if smile and not has_words(text) else text


def has_words(text: str) -> bool:
    """Whether normalised `text` holds anything to read: a letter, digit or jamo."""
    return any(char.isalnum() for char in text)


def _keep(char: str) -> str:
    if char.isspace():
        return " "
    if char in FILLERS or unicodedata.category(char) in DROPPED_CATEGORIES:
        return ""
    return char


def _tears(match: re.Match[str]) -> str:
    run = match.group()
    # "ㅡㅡ" is a flat stare, not tears.
    return "ㅡㅡ" if set(run) == {"ㅡ"} else "ㅠㅠ"
