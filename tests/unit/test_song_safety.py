"""Which songs are flagged. The sentences are ours: no lyrics stand in this repository."""

import numpy as np
import pytest

from core.emotion.labels import FINE
from scripts.catalogue.safety import DESPAIR, despair, flag_songs


def flagged(lyrics: str, title: str = "노래", heard: float = 0.0) -> bool:
    return bool(flag_songs([title], [[lyrics]], np.array([heard]))[0])


@pytest.mark.parametrize(
    "lyrics",
    [
        "나는 오늘도 죽고 싶다고 적었다",
        "이대로 사라지고 싶어 아무도 모르게",
        "차라리 죽는 게 낫겠다고",
        "더는 살고 싶지 않아",
        "내가 살 이유가 없는 밤",
        "그는 결국 목숨을 끊었고",
        "i wanna die tonight",
        "nobody would miss me if i kill myself",
    ],
)
def test_an_explicit_wish_to_die_flags_whatever_the_model_hears(lyrics: str) -> None:
    assert flagged(lyrics, heard=-3)


@pytest.mark.parametrize(
    "lyrics",
    [
        "죽도록 사랑해 오늘 밤",
        "햇살 좋은 날 너와 문자해",
        "너처럼 살고 싶지 않아",
        "네 보조개에 빠져 죽고 싶어",
        "i don't wanna die young",
        "죽는 날까지 함께 걷자",
        "목매지 않아도 괜찮아",
    ],
)
def test_other_words_do_not(lyrics: str) -> None:
    assert not flagged(lyrics)


@pytest.mark.parametrize("lyrics", ["숨이 멎을 것 같은 이별", "벼랑 끝에 홀로 서서"])
def test_words_of_death_flag_where_despair_is_heard(lyrics: str) -> None:
    assert not flagged(lyrics, heard=DESPAIR - 0.1)
    assert flagged(lyrics, heard=DESPAIR)


def test_despair_alone_flags_nothing() -> None:
    assert not flagged("비가 와서 우산을 폈다", heard=5)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("죽을 만큼", True), ("Die For You", True), ("Dice", False), ("대나무죽", False)],
)
def test_a_title_that_speaks_of_dying_flags(title: str, expected: bool) -> None:
    assert flagged("비가 와서 우산을 폈다", title) is expected


def test_despair_is_the_mean_over_its_labels() -> None:
    heard = np.zeros((1, len(FINE)))
    heard[0, FINE.index("절망")] = 3
    heard[0, FINE.index("기쁨")] = 9
    assert despair(heard) == pytest.approx([1.0])
