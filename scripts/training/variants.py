"""Writes a text as another person might: spacing, typing slips, chat spellings, endings.

Each kind is one function in `VARIANTS`, of a raw text and a random generator, and gives raw text:
what normalisation undoes (emoji, width, quotes) is a kind too. A kind that finds nothing to
change gives the text back. None changes how often a text negates.

The tables of words are in `spellings.tsv`; `^` and `$` there are the beginning and the end of a
word (for `polite`, of a sentence).
"""

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from scripts.training.slips import (
    SHARE,
    e_for_ae,
    length,
    mistyped,
    one_match,
    pick,
    single_s,
    slipped,
    stray_jamo,
    stretched,
    substitute,
)

__all__ = ["MIXED", "VARIANTS", "Variant", "negations", "vary"]

Variant = Callable[[str, np.random.Generator], str]

_SPELLINGS: Final = Path(__file__).with_name("spellings.tsv")
_NEGATION: Final = re.compile(r"[안않]|못|없|아[니닌닐님닙냐녔뉘]|[가-힣]지 ?[마말]")
_WORD: Final = re.compile(r"[가-힣]{2,}")
_GAP: Final = re.compile(r"(?<=[가-힣])(?<![안못])(?![안못])(?=[가-힣])")
_SPACE: Final = re.compile(r"(?<=\S) (?=\S)")
_RUN: Final = re.compile(r"([ㅋㅎㅠㅜ])\1+")
_PUNCTUATION: Final = re.compile(r"[.!?,~]+")
_QUOTE: Final = re.compile(r"['\"]")
_LATIN: Final = re.compile(r"[!-~]")
_BETWEEN: Final = re.compile(r"(?<=\S)(?=\S)")

_QUOTE_PAIRS: Final = tuple(map(tuple, ("“”", "‘’", "「」", "«»")))
_ZERO_WIDTH: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u3164"
# Pictures of things, none of which says how anyone feels.
_EMOJI: Final = "📱📌👀🍚☕🚌🏠📎🐾🔎💬📷🎵🧩🚪🪟🧦🥄🕒🗓📚🧺🚲🌧"


def vary(text: str, probabilities: Mapping[str, float], generator: np.random.Generator) -> str:
    """Return `text` with each kind applied, in the order of `VARIANTS`, by chance.

    Args:
        text: raw or normalised.
        probabilities: of each kind, 0 to 1; kinds that are not named are not applied.
        generator: the same state gives the same text.

    Raises:
        KeyError: a name is not in `VARIANTS`.
    """
    unknown = probabilities.keys() - VARIANTS.keys()
    if unknown:
        raise KeyError(f"no variants of this name: {sorted(unknown)}; there are {list(VARIANTS)}")
    chances = generator.random(len(VARIANTS))
    for (name, variant), chance in zip(VARIANTS.items(), chances.tolist(), strict=True):
        if chance < probabilities.get(name, 0.0):
            text = variant(text, generator)
    return text


def negations(text: str) -> int:
    """How often `text` negates, by the look of its syllables; `않` spelt `안` counts the same."""
    return len(_NEGATION.findall(text))


def _from_table(kind: str, share: float = SHARE, end: str = r"(?![가-힣])") -> Variant:
    """The variant that replaces words by the rows of `kind` in the table.

    Args:
        kind: in the first column.
        share: of the places.
        end: the pattern that `$` in the table stands for.
    """
    others: dict[str, list[str]] = {}
    patterns = []
    with _SPELLINGS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] == kind:
                word = row["standard"].strip("^$")
                others[word] = row["others"].split("|")
                start = r"(?<![가-힣])" if row["standard"].startswith("^") else ""
                patterns.append(f"{start}{word}{end if row['standard'].endswith('$') else ''}")
    pattern = re.compile("|".join(sorted(patterns, key=len, reverse=True)))

    def variant(text: str, generator: np.random.Generator) -> str:
        return substitute(
            pattern, text, lambda found: pick(others[found.group()], generator), generator, share
        )

    return variant


def _spaces_dropped(text: str, generator: np.random.Generator) -> str:
    """No spaces, or fewer: "오늘 너무 힘들다" as "오늘너무힘들다"."""
    share = pick((0.3, 1.0), generator)
    return substitute(_SPACE, text, lambda _: "", generator, share)


def _space_inserted(text: str, generator: np.random.Generator) -> str:
    """A space inside a word, "힘들 다"; not beside 안 or 못."""
    return substitute(_GAP, text, lambda _: " ", generator, share=0.05)


def _runs_resized(text: str, generator: np.random.Generator) -> str:
    """ㅋㅋ as ㅋㅋㅋㅋㅋ or ㅋ; likewise ㅎㅎ and ㅠㅠ."""
    return substitute(_RUN, text, lambda run: run.group(1) * length(generator, 12), generator, 1)


def _laughter(text: str, generator: np.random.Generator) -> str:
    """ㅋㅋ or ㅎㅎ at the end, as people put it behind anything."""
    return text + pick(("", " "), generator) + pick("ㅋㅎ", generator) * length(generator, 8)


def _tears(text: str, generator: np.random.Generator) -> str:
    """ㅠㅠ or ㅜㅜ at the end, of sorrow or of joy."""
    return text + pick(("", " "), generator) + pick("ㅠㅜ", generator) * (1 + length(generator, 5))


def _quotes(text: str, generator: np.random.Generator) -> str:
    """Typographic quotes for plain ones; where there are none, around a word."""
    opening, closing = pick(_QUOTE_PAIRS, generator)
    if _QUOTE.search(text):
        marks = iter([opening, closing] * len(text))
        return _QUOTE.sub(lambda _: next(marks), text)
    word = one_match(_WORD, text, generator)
    if word is None:
        return text
    return f"{text[: word.start()]}{opening}{word.group()}{closing}{text[word.end() :]}"


def _zero_width(text: str, generator: np.random.Generator) -> str:
    """Characters that are not seen between those that are."""
    return substitute(_BETWEEN, text, lambda _: pick(_ZERO_WIDTH, generator), generator, 0.05)


def _emoji(text: str, generator: np.random.Generator) -> str:
    """A picture that says nothing of a mood, in front or behind."""
    pictures = pick(_EMOJI, generator) * length(generator, 3)
    return pictures + text if generator.random() < 0.2 else f"{text} {pictures}"


def _punctuation_dropped(text: str, generator: np.random.Generator) -> str:
    """No full stops, commas, question or exclamation marks, or fewer."""
    share = pick((0.5, 1.0), generator)
    changed = substitute(_PUNCTUATION, text, lambda _: "", generator, share)
    return changed if changed.strip() else text


def _punctuation_repeated(text: str, generator: np.random.Generator) -> str:
    """!!!, ???, ... or ~~: what stands there repeated, or put at the end."""
    if _PUNCTUATION.search(text):
        return substitute(
            _PUNCTUATION, text, lambda run: run.group() * (1 + length(generator, 5)), generator
        )
    return text + pick(".~", generator) * (1 + length(generator, 4))


def _full_width(text: str, generator: np.random.Generator) -> str:
    """Latin letters, digits and marks in their full-width forms."""
    return substitute(_LATIN, text, lambda found: chr(ord(found.group()) + 0xFEE0), generator, 1)


def _guarded(variant: Variant) -> Variant:
    """`variant`, but the text as it was where the change would negate it or cease to."""

    def guarded(text: str, generator: np.random.Generator) -> str:
        changed = variant(text, generator)
        return changed if negations(changed) == negations(text) else text

    guarded.__doc__ = variant.__doc__
    return guarded


_SENTENCE_END: Final = r"(?=\s*(?:$|[.!?~ㅋㅎㅠㅜ]))"

# The tables come first: they know words in their usual spelling.
VARIANTS: Final[Mapping[str, Variant]] = {
    name: _guarded(variant)
    for name, variant in {
        "casual": _from_table("casual", share=1),
        "polite": _from_table("polite", share=1, end=_SENTENCE_END),
        "chat": _from_table("chat"),
        "english": _from_table("english", share=0.3),
        "misspelt": _from_table("misspelt"),
        "runs_resized": _runs_resized,
        "single_s": single_s,
        "e_for_ae": e_for_ae,
        "mistyped": mistyped,
        "slipped": slipped,
        "stretched": stretched,
        "stray_jamo": stray_jamo,
        "spaces_dropped": _spaces_dropped,
        "space_inserted": _space_inserted,
        "laughter": _laughter,
        "tears": _tears,
        "punctuation_dropped": _punctuation_dropped,
        "punctuation_repeated": _punctuation_repeated,
        "quotes": _quotes,
        "full_width": _full_width,
        "emoji": _emoji,
        "zero_width": _zero_width,
    }.items()
}
"""The kinds by name, in the order in which `vary` applies them."""

MIXED: Final[Mapping[str, float]] = {
    "casual": 0.2,
    "polite": 0.2,
    "chat": 0.3,
    "english": 0.05,
    "misspelt": 0.2,
    "single_s": 0.15,
    "e_for_ae": 0.1,
    "mistyped": 0.1,
    "slipped": 0.03,
    "stretched": 0.1,
    "stray_jamo": 0.05,
    "spaces_dropped": 0.25,
    "space_inserted": 0.05,
    "runs_resized": 0.5,
    "laughter": 0.07,
    "tears": 0.05,
    "punctuation_dropped": 0.25,
    "punctuation_repeated": 0.15,
    "quotes": 0.02,
    "full_width": 0.01,
    "emoji": 0.05,
    "zero_width": 0.01,
}
"""A mixture like that of chat: a text has about three kinds at once, some have none."""
