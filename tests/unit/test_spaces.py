import numpy as np
import pytest

from core.recommend.spaces import FULL, MeaningSpace, TextSpaces, similarities, to_bytes
from scripts.catalogue.vectors import fit_spaces
from tests.catalogues import spaces

THEMES = (
    "비가 오는 날 우산 속에서 너를 기다리네",
    "신나는 파티 오늘 밤 춤을 추자 모두 함께",
    "기차는 떠나고 빈 플랫폼 위에 낙엽만 구르네",
    "엄마가 끓여준 따뜻한 국물 그 냄새가 그리워",
    "파도치는 바다 모래밭에 새긴 이름",
    "지친 퇴근길 버스 창가에 기대어 조는 청춘",
)
TEXTS = [f"{theme} {n}" for theme in THEMES for n in range(5)]
EMBEDDINGS = np.random.default_rng(0).normal(size=(30, 8)).astype(np.float32)


def test_texts_with_common_words_are_near() -> None:
    words = fit_spaces(EMBEDDINGS, TEXTS).words
    rain, party, query = words.vectors([TEXTS[0], TEXTS[5], "우산 쓰고 비 오는 날"])
    assert query @ rain > 0.5 > query @ party


def test_a_text_of_unknown_words_is_near_to_nothing() -> None:
    assert not fit_spaces(EMBEDDINGS, TEXTS).words.vectors(["", "qqqq"]).any()


def test_meanings_keep_their_order_of_nearness() -> None:
    space = fit_spaces(EMBEDDINGS, TEXTS).meaning
    vectors = space.vectors(EMBEDDINGS)
    centred = EMBEDDINGS - EMBEDDINGS.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    assert vectors @ vectors.T == pytest.approx(unit @ unit.T, abs=0.01)


def test_bytes_keep_cosines() -> None:
    unit = EMBEDDINGS / np.linalg.norm(EMBEDDINGS, axis=1, keepdims=True)
    assert similarities(to_bytes(unit), unit[3]) == pytest.approx(unit @ unit[3], abs=0.02)
    assert np.abs(to_bytes(unit)).max() <= FULL


def test_the_same_songs_give_the_same_spaces() -> None:
    one, other = (fit_spaces(EMBEDDINGS, TEXTS).arrays() for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_spaces_survive_being_kept() -> None:
    again = TextSpaces.of(spaces().arrays())
    assert np.array_equal(again.words.vectors(["가나다"]), spaces().words.vectors(["가나다"]))
    broken = spaces().arrays()
    broken["words_keys"] = broken["words_keys"][:-1]
    with pytest.raises(ValueError, match="do not fit"):
        TextSpaces.of(broken)


def test_a_single_song_has_spaces_too() -> None:
    fitted = fit_spaces(EMBEDDINGS[:1], TEXTS[:1])
    assert isinstance(fitted.meaning, MeaningSpace)
    assert fitted.words.vectors(TEXTS[:1]).shape == (1, fitted.words.dimensions)
