"""Why songs were chosen, in sentences."""

from collections import Counter
from collections.abc import Sequence
from string import Formatter
from typing import Final
from zlib import crc32

from bot.readable import percent, visible
from bot.texts import Texts
from core.emotion.labels import COARSE, JOY
from core.models import Mode, Reason, ReasonKind, Recommendation, Slate

__all__ = ["whys_of"]

_LONGEST_QUOTE: Final = 28
"""Characters of what a reason quotes."""


def whys_of(slate: Slate, texts: Texts) -> list[str]:
    """Why each song was chosen, a different sentence for every song.

    That words and style say different things is added once a list.
    """
    said: list[str] = []
    turns: Counter[ReasonKind] = Counter()
    # Lists begin with different sentences, each always with the same; a song alone has the one
    # that tells most, and those of a path go from the first step to the last.
    alone = len(slate.items) <= 1
    begin = 0 if alone or slate.mode is Mode.PATH else _begin(slate.items[0])
    for item in slate.items:
        said.append(_new_why(item, begin + turns[item.reason.kind], said, texts))
        turns[item.reason.kind] += 1
    for place, item in enumerate(slate.items):
        if item.reason.contrast is not None:
            ways = texts.variants(f"why.contrast.{item.reason.contrast}")
            said[place] += f" {texts(ways[_begin(item) % len(ways)])}"
            break
    return said


def _new_why(item: Recommendation, turn: int, said: Sequence[str], texts: Texts) -> str:
    """A sentence that was not said; the kind's sentences take turns."""
    words = _words(item, texts)
    keys = [
        key
        for key in texts.variants(_why_key(item.reason))
        if _placeholders(texts.entries[key]) <= words.keys()
    ]
    turned = keys[turn % len(keys) :] + keys[: turn % len(keys)] if keys else []
    new = (why for key in turned if (why := texts(key, **words)) not in said)
    return next(new, None) or texts("why.named", **words)


def _words(item: Recommendation, texts: Texts) -> dict[str, str]:
    """What a sentence about the song can name."""
    song, reason = item.song, item.reason
    words = {
        "emotion": texts(f"feeling.{reason.emotion}"),
        "share": percent(reason.share),
        "title": visible(song.title),
        "artist": visible(song.artist),
    }
    if reason.fine is not None:
        words["fine"] = texts(f"fine.{reason.fine}")
    if reason.wish is not None:
        words["wish"] = texts(f"wish.{reason.wish}")
    if reason.about is not None:
        words["about"] = _shortened(visible(reason.about))
    return words


def _why_key(reason: Reason) -> str:
    """Where the sentences of a reason stand; an opposite of joy is said in other words."""
    of_joy = reason.emotion == COARSE[JOY]
    kind = str(reason.kind)
    if reason.kind is ReasonKind.LIFT and not of_joy:
        kind = "turn"
    elif reason.kind is ReasonKind.CALM and of_joy:
        kind = "cool"
    return f"why.{kind}"


def _begin(item: Recommendation) -> int:
    """Which sentence a list begins with that begins with this song."""
    return crc32(item.song.id.encode())


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _shortened(text: str) -> str:
    """The text, or its first whole words; a word that is longer than a quote is cut."""
    if len(text) <= _LONGEST_QUOTE:
        return text
    begun, space, _ = text[:_LONGEST_QUOTE].rpartition(" ")
    return f"{begun.rstrip() if space else text[: _LONGEST_QUOTE - 1]}…"
