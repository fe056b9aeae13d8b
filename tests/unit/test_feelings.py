"""A feeling by its name."""

import numpy as np
import pytest

from core.emotion.feelings import feeling
from core.emotion.labels import COARSE


@pytest.mark.parametrize("name", COARSE)
def test_a_feeling_is_all_of_one_class(name: str) -> None:
    scores = feeling(name)
    assert scores.coarse[COARSE.index(name)] == 1
    assert scores.coarse.sum() == 1
    assert not np.any(scores.fine)
    assert -1 <= scores.valence <= 1
    assert -1 <= scores.arousal <= 1


def test_feelings_lie_where_they_are_felt() -> None:
    assert feeling("행복").valence > 0.5
    assert feeling("슬픔").valence < 0
    assert feeling("놀람").arousal > feeling("중립").arousal


def test_there_is_no_other_feeling() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        feeling("사랑")
