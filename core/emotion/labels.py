"""The emotion label sets, and the documented mapping from the 44 fine emotions to the coarse.

`FINE` are the labels of KOTE (Jeon et al. 2022, "User Guide for KOTE") in index order. Each is
assigned

* a share of the seven classes (a row of `FINE_TO_COARSE`, sums to 1), chosen by meaning: Ekman's
  six and neutral, with grief, disappointment, guilt, fatigue and helplessness under 슬픔;
  annoyance and contempt under 분노 or 혐오; and
* a point on Russell's circumplex (1980), valence and arousal in [-1, 1], set by us by the
  meaning of the label's name.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["AROUSAL", "COARSE", "FINE", "FINE_TO_COARSE", "JOY", "NEUTRAL", "UNPLEASANT", "VALENCE"]

COARSE: Final = ("행복", "슬픔", "분노", "공포", "혐오", "놀람", "중립")
JOY: Final = COARSE.index("행복")
NEUTRAL: Final = COARSE.index("중립")
UNPLEASANT: Final = tuple(COARSE.index(name) for name in ("슬픔", "분노", "공포", "혐오"))
"""Their indices in `COARSE`."""

# label: ({class: share}, valence, arousal)
_TABLE: Final[dict[str, tuple[dict[str, float], float, float]]] = {
    "불평/불만": ({"분노": 0.8, "혐오": 0.2}, -0.6, 0.3),
    "환영/호의": ({"행복": 1.0}, 0.7, 0.3),
    "감동/감탄": ({"행복": 0.8, "놀람": 0.2}, 0.8, 0.5),
    "지긋지긋": ({"분노": 0.5, "혐오": 0.5}, -0.7, 0.2),
    "고마움": ({"행복": 1.0}, 0.8, 0.1),
    "슬픔": ({"슬픔": 1.0}, -0.8, -0.3),
    "화남/분노": ({"분노": 1.0}, -0.8, 0.8),
    "존경": ({"행복": 1.0}, 0.7, 0.2),
    "기대감": ({"행복": 0.9, "놀람": 0.1}, 0.6, 0.5),
    "우쭐댐/무시함": ({"혐오": 0.6, "분노": 0.4}, -0.3, 0.3),
    "안타까움/실망": ({"슬픔": 1.0}, -0.6, -0.2),
    "비장함": ({"중립": 0.6, "분노": 0.2, "행복": 0.2}, 0.1, 0.5),
    "의심/불신": ({"혐오": 0.4, "공포": 0.3, "분노": 0.3}, -0.5, 0.2),
    "뿌듯함": ({"행복": 1.0}, 0.8, 0.4),
    "편안/쾌적": ({"행복": 0.9, "중립": 0.1}, 0.7, -0.6),
    "신기함/관심": ({"놀람": 0.6, "중립": 0.2, "행복": 0.2}, 0.4, 0.4),
    "아껴주는": ({"행복": 1.0}, 0.8, 0.0),
    "부끄러움": ({"슬픔": 0.5, "공포": 0.4, "놀람": 0.1}, -0.4, 0.3),
    "공포/무서움": ({"공포": 1.0}, -0.8, 0.8),
    "절망": ({"슬픔": 0.8, "공포": 0.2}, -0.9, 0.0),
    "한심함": ({"혐오": 0.6, "분노": 0.4}, -0.6, 0.1),
    "역겨움/징그러움": ({"혐오": 1.0}, -0.8, 0.4),
    "짜증": ({"분노": 1.0}, -0.7, 0.6),
    "어이없음": ({"분노": 0.4, "놀람": 0.4, "혐오": 0.2}, -0.5, 0.4),
    "없음": ({"중립": 1.0}, 0.0, -0.2),
    "패배/자기혐오": ({"슬픔": 0.7, "혐오": 0.3}, -0.8, -0.2),
    "귀찮음": ({"중립": 0.4, "분노": 0.4, "혐오": 0.2}, -0.4, -0.5),
    "힘듦/지침": ({"슬픔": 1.0}, -0.7, -0.5),
    "즐거움/신남": ({"행복": 1.0}, 0.9, 0.8),
    "깨달음": ({"놀람": 0.5, "중립": 0.5}, 0.2, 0.1),
    "죄책감": ({"슬픔": 0.8, "공포": 0.2}, -0.7, 0.0),
    "증오/혐오": ({"혐오": 0.7, "분노": 0.3}, -0.9, 0.6),
    "흐뭇함(귀여움/예쁨)": ({"행복": 1.0}, 0.8, 0.2),
    "당황/난처": ({"놀람": 0.5, "공포": 0.4, "슬픔": 0.1}, -0.4, 0.5),
    "경악": ({"놀람": 0.7, "공포": 0.2, "혐오": 0.1}, -0.5, 0.9),
    "부담/안_내킴": ({"공포": 0.5, "혐오": 0.3, "중립": 0.2}, -0.5, 0.1),
    "서러움": ({"슬픔": 1.0}, -0.8, 0.0),
    "재미없음": ({"중립": 0.4, "혐오": 0.3, "슬픔": 0.3}, -0.5, -0.5),
    "불쌍함/연민": ({"슬픔": 1.0}, -0.5, -0.2),
    "놀람": ({"놀람": 1.0}, 0.1, 0.8),
    "행복": ({"행복": 1.0}, 0.95, 0.5),
    "불안/걱정": ({"공포": 0.9, "슬픔": 0.1}, -0.6, 0.5),
    "기쁨": ({"행복": 1.0}, 0.9, 0.6),
    "안심/신뢰": ({"행복": 0.9, "중립": 0.1}, 0.7, -0.3),
}

FINE: Final = tuple(_TABLE)

FINE_TO_COARSE: Final[npt.NDArray[np.float32]] = np.array(
    [[shares.get(name, 0.0) for name in COARSE] for shares, _, _ in _TABLE.values()],
    dtype=np.float32,
)
"""Shares of the seven classes, [shape=(44, 7)], each row sums to 1."""

VALENCE: Final[npt.NDArray[np.float32]] = np.array(
    [valence for _, valence, _ in _TABLE.values()], dtype=np.float32
)
"""Unpleasant (-1) to pleasant (1), [shape=(44,)]."""

AROUSAL: Final[npt.NDArray[np.float32]] = np.array(
    [arousal for _, _, arousal in _TABLE.values()], dtype=np.float32
)
"""Calm (-1) to excited (1), [shape=(44,)]."""
