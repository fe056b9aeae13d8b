"""Seasons and weather, by the titles of songs.

Nothing else tells of them: there are no lyrics here, and a calm song is not one of rain.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.models import Song, Subject

__all__ = ["subject_masks"]

_SNOW: Final = r"첫눈|눈꽃|눈사람|함박눈|\bsnow|(?<![가-힣])눈(?:이|은)? ?(?:오|온|올|와|내리|내려)"
_TITLES: Final = {
    Subject.CHRISTMAS: r"크리스마스|성탄|캐[럴롤](?!라인)|징글 ?벨|루돌프|(?<![가-힣])산타(?!페)"
    r"|christmas|\bx-?mas\b|\bsanta\b|jingle ?bell|rudolph",
    Subject.WINTER: rf"겨울|\bwinter|{_SNOW}",
    Subject.SNOW: _SNOW,
    Subject.RAIN: r"빗(?:속|물|소리|방울|길)|봄비|가을비|겨울비|소나기|(?<!포)장마|우산"
    r"|\brain(?!bow)|(?<![가-힣])비(?:가|는)? ?(?:오|온|올(?!레)|와|내리|내려|내린)",
    Subject.SPRING: r"(?<![가-힣])(?:새|늦)?봄|벚꽃|\bspring(?!field|steen)",
    Subject.SUMMER: r"여름|해변|바캉스|\bsummer",
    Subject.AUTUMN: r"가을|낙엽|단풍|\bautumn",
}
_PATTERNS: Final = {subject: re.compile(title) for subject, title in _TITLES.items()}
_ANY: Final = re.compile("|".join(_TITLES.values()))
_ASIDE: Final = re.compile(
    r"[(\[](?:(?:feat|with|prod|duet)\b|[^()\[\]]* x ).*"
    r"|[(\[][^()\[\]]*\b(?:ver|mix|remix|special|edition|cf)\b[^()\[\]]*[)\]]"
)
"""Who sings along, and which version it is."""
_SEASONS: Final = frozenset({Subject.SPRING, Subject.SUMMER, Subject.AUTUMN, Subject.WINTER})
_MOST_SEASONS: Final = 2


def subject_masks(songs: Sequence[Song]) -> Mapping[Subject, npt.NDArray[np.bool_]]:
    """Which songs are of each subject, by their titles, each [shape=(n,)]."""
    masks = {subject: np.zeros(len(songs), np.bool_) for subject in Subject}
    for row, song in enumerate(songs):
        title = song.title.lower()
        if _ANY.search(title):
            for subject in _subjects(_ASIDE.sub(" ", title)):
                masks[subject][row] = True
    return masks


def _subjects(title: str) -> set[Subject]:
    found = {subject for subject, pattern in _PATTERNS.items() if pattern.search(title)}
    # "봄여름가을겨울" is about the year.
    return found - _SEASONS if len(found & _SEASONS) > _MOST_SEASONS else found
