"""Songs that can stand beside somebody who spoke of danger: really quiet, and really mild.

A gentle song is not flagged, and all of this holds:

- its genres are known and all calm ones (`CALM_GENRES`): no rap, dance, rock, trot, electronics;
- its mood is calm (`MOST_AROUSAL`) and not unpleasant, and so are its lyrics by themselves;
- joy or no emotion leads it, and none of what its lyrics stand out by is a hard feeling;
- its title speaks of no death, end, leaving or tears (`_HARD_TITLE`).

What little is left is enough: some hundred and forty of the shipped songs.
"""

import re
from typing import Final

import numpy as np

from core.emotion.labels import COARSE, FINE
from core.models import EmotionScores
from core.recommend.catalogue import Catalogue
from core.recommend.index import Mask

__all__ = ["CALM_GENRES", "GENTLE_MOOD", "MOST_AROUSAL", "gentle_songs", "has_hard_title"]

CALM_GENRES: Final = frozenset(
    {"발라드", "R&B/Soul", "포크/블루스", "인디음악", "국내드라마", "국내영화", "재즈"}
)
"""A song with any other genre, or with none, is not gentle."""
MOST_AROUSAL: Final = -0.1
"""Of the song, -1 to 1."""
_MOST_LYRIC_AROUSAL: Final = 0.2
_LEADING: Final = tuple(COARSE.index(label) for label in ("행복", "중립"))
_MILD: Final = frozenset(
    "행복 기쁨 즐거움/신남 고마움 기대감 감동/감탄 편안/쾌적 안심/신뢰 아껴주는 뿌듯함 존경 "
    "흐뭇함(귀여움/예쁨) 환영/호의 신기함/관심 깨달음 놀람 부끄러움".split()
)
"""What lyrics may stand out by."""
# Whole words in English; in Korean the stems, so that a title too many goes rather than stays.
_HARD_TITLE: Final = re.compile(
    r"죽|이별|작별|안녕|굿바이|잘 ?가|떠나|떠난|떠날|보낼|보내|끝|마지막|하늘 ?속|하늘나라"
    r"|천국|지옥|영원|불멸|다음 ?생|희생|무덤|유서|눈물|울[어고보]|슬프|슬픔|슬픈|아프|아픈"
    r"|아픔|아파|다쳐|다친|잊|멀어|사라|지우|그만|오늘까지|되돌리|눈을 감|헤어|혼자|외로|버려"
    r"|버리|미안|술|놈|살길|하지 ?말|떨어지"
    r"|\b(?:good-?bye|bye|end|ending|die|dying|dead|death|kill|last|leave|leaving|left|gone|heaven"
    r"|hell|cry|crying|tears?|sad|hurt|pain|fail|without|alone|lonely|missing|blood|over)\b",
    re.IGNORECASE,
)

GENTLE_MOOD: Final = EmotionScores(
    coarse=np.array(
        [{"행복": 0.5, "중립": 0.3, "슬픔": 0.2}.get(label, 0.0) for label in COARSE], np.float32
    ),
    fine=np.zeros(len(FINE), np.float32),
    valence=0.3,
    arousal=-0.4,
)
"""Of songs for somebody in danger: warm and calm, whatever the mood is."""


def has_hard_title(title: str) -> bool:
    """Whether a title speaks of death, an end, leaving or tears."""
    return _HARD_TITLE.search(title) is not None


def gentle_songs(catalogue: Catalogue) -> Mask:
    """Which songs are gentle, [shape=(n,)]."""
    calm = (catalogue.arousal <= MOST_AROUSAL) & (catalogue.lyric_arousal <= _MOST_LYRIC_AROUSAL)
    mild = (catalogue.valence >= 0) & (catalogue.lyric_valence >= 0)
    led = np.isin(catalogue.coarse.argmax(axis=1), _LEADING)
    hard = [place for place, label in enumerate(FINE) if label not in _MILD]
    felt = ~np.isin(catalogue.top_fine, hard).any(axis=1)
    named = [
        bool(song.genres) and CALM_GENRES.issuperset(song.genres) and not has_hard_title(song.title)
        for song in catalogue.songs
    ]
    safe = ~catalogue.flagged & np.array(named, np.bool_)
    return np.asarray(calm & mild & led & felt & safe, np.bool_)
