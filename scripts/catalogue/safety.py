"""Flags songs about dying or self-harm, so that nobody who is low is offered one.

The rule, over normalised lyrics:

1. An explicit wish to die, or a suicide, flags the song, whatever the rest of it says. "죽고 싶을
   만큼" is a figure of speech in songs about parting, and flagged all the same: what a flag costs
   is one song less among thousands, and only for those who are low.
2. Other words of death flag it where the model hears despair: the mean of the standardised
   log-odds of 절망, 패배/자기혐오 and 힘듦/지침 is at least `DESPAIR`. Alone they are too common
   ("죽도록 사랑해", "숨이 멎을 것 같아").
3. A title that speaks of dying flags it: titles are what is shown.

`docs/recommendation.md` shows what a review of flagged songs found. The crisis patterns of
`core.dialogue` are for messages: of lyrics they would flag every twelfth.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import FINE
from scripts.catalogue.calibration import Array

__all__ = ["DESPAIR", "despair", "flag_songs"]

DESPAIR: Final = 1.5

_LABELS: Final = ("절망", "패배/자기혐오", "힘듦/지침")
_EXPLICIT: Final = re.compile(
    r"자살|(?<![가-힣])자해|목숨을? ?(?:끊|버[리려])|목을 ?매(?:고|달|단)"
    r"|손목을? ?(?:긋|그었|그어)|뛰어 ?내리고 ?싶"
    r"|(?<!빠져 )(?<!잠겨 )죽고 ?(?:만 ?)?싶|죽어 ?버리(?:고|려|자)|죽어 ?버릴(?:래|까|거|게)"
    r"|죽으려|그냥 죽(?:고|을래|어)|차라리 죽(?:고|는|었|어|을래)"
    r"|(?:삶|인생|목숨)을 (?:마감|끝내)|유서(?:를|에)? ?(?:쓰|써|남)"
    r"|(?:이대로|영원히|그냥|연기처럼) ?사라지고 ?싶|(?:사라져|없어져) ?버리고 ?싶"
    r"|태어나지 ?(?:말|않았)|(?<!로 )(?<!럼 )살고 ?싶지 ?않"
    r"|살 ?(?:이유|가치|의미)(?:가|도|조차)? ?없"
    r"|suicid|\bkill (?:my|your)self|(?<!n.t )(?<!you )\bwanna die\b|(?<!n.t )\bwant to die\b"
    r"|\bend my life\b|\bbetter off dead\b|\bhang myself\b"
)
_OF_DEATH: Final = re.compile(
    r"(?<![가-힣])죽(?:고|음|는(?! ?날까지)|은 ?듯|을 것 ?같|은 채|어가|겠)|무덤|벼랑 ?끝"
    r"|마지막 숨|숨이 ?멎|하늘 ?나라|하늘로 ?(?:떠나|가)"
    r"|(?<![가-힣])저 ?세상|(?:삶|생)의 ?끝|못 ?살 ?것 ?같"
    r"|\bdie\b|\bdying\b|\bgrave\b|\bdead\b|살아갈 ?(?:이유|자신)"
)

_TITLE: Final = re.compile(
    r"(?<![가-힣])죽(?:고 ?싶|을|겠|어|는|음)|자살|유서|\b(?:die|dying|death|dead|suicide)\b", re.I
)


def despair(standardised: Array) -> Array:
    """The despair a model hears, in standard deviations, [shape=(n,)].

    Args:
        standardised: log-odds of the fine emotions against the catalogue, [shape=(n, 44)].
    """
    heard: Array = standardised[:, [FINE.index(label) for label in _LABELS]].mean(axis=1)
    return heard


def flag_songs(
    titles: Sequence[str],
    windows: Sequence[Sequence[str]],
    heard: npt.NDArray[np.floating],
) -> npt.NDArray[np.bool_]:
    """Which songs are flagged, [shape=(n,)].

    Args:
        titles: of the songs.
        windows: the normalised lyrics of each song.
        heard: `despair` of each, [shape=(n,)].
    """
    return np.array(
        [
            _speaks_of_death(title, " ".join(lines), float(value))
            for title, lines, value in zip(titles, windows, heard, strict=True)
        ],
        np.bool_,
    )


def _speaks_of_death(title: str, lyrics: str, heard: float) -> bool:
    if _TITLE.search(title) or _EXPLICIT.search(lyrics):
        return True
    return heard >= DESPAIR and _OF_DEATH.search(lyrics) is not None
