from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Reading
from scripts.catalogue.lyrics import WINDOW_LINES, lyric_windows, score_songs
from tests.readings import reading


def lines(count: int) -> list[str]:
    return [f"서로 다른 노랫말의 한 줄 {number}번" for number in range(count)]


@given(st.integers(5, 100))
def test_windows_hold_every_line_once_and_are_even(count: int) -> None:
    windows = lyric_windows("\n".join(lines(count)))
    assert " ".join(windows) == " ".join(lines(count))
    sizes = [window.count("번") for window in windows]
    assert max(sizes) <= WINDOW_LINES
    assert max(sizes) - min(sizes) <= 1


def test_a_line_that_comes_again_is_read_once() -> None:
    verse, refrain = lines(8), ["자꾸만 돌아오는 후렴의 한 줄"]
    with_refrain = [*verse[:4], *refrain, *verse[4:], *refrain, *refrain]
    assert " ".join(lyric_windows("\n".join(with_refrain))).count(refrain[0]) == 1


def test_lines_that_differ_in_spelling_alone_are_the_same() -> None:
    verse = lines(4)
    again = [*verse, "서로  다른 노랫말의 한 줄 0번 ", verse[1].replace(" ", "\u3000")]
    assert lyric_windows("\n".join(again)) == lyric_windows("\n".join(verse))


@pytest.mark.parametrize("text", ["", "\n \n", "가사가 없습니다", "...\n!!!\n" * 50, "♬" * 500])
def test_lyrics_that_say_too_little_have_no_window(text: str) -> None:
    assert lyric_windows(text) == []


def by_first_letter(texts: Sequence[str]) -> list[Reading | None]:
    kinds = {"슬": "슬픔", "행": "행복"}
    return [
        Reading(reading(kinds[text[0]]), np.eye(2, dtype=np.float32)[list(kinds).index(text[0])])
        if text[0] in kinds
        else None
        for text in texts
    ]


def test_a_song_is_the_mean_of_its_windows() -> None:
    (mean,) = score_songs([["행", "슬", "슬", "슬"]], by_first_letter)
    assert mean is not None
    assert mean.scores.coarse[:2] == pytest.approx([0.25, 0.75])
    assert mean.scores.valence == pytest.approx((0.8 - 3 * 0.7) / 4)
    assert mean.embedding == pytest.approx(np.array([3, 1]) / 10**0.5)


def test_windows_in_which_nothing_can_be_read_do_not_count() -> None:
    one, none = score_songs([["행", "?"], ["?", "?"]], by_first_letter)
    assert one is not None
    assert one.scores.coarse[0] == 1
    assert none is None


def test_every_song_gets_its_own_scores_over_many_batches() -> None:
    songs = [["행"] * (number % 3) + ["슬"] for number in range(100)]
    done: list[int] = []
    means = score_songs(songs, by_first_letter, done.append)
    joy = [mean.scores.coarse[0] for mean in means if mean is not None]
    assert joy == pytest.approx([(number % 3) / (number % 3 + 1) for number in range(100)])
    assert sum(done) == 100
    assert len(done) > 1


def test_scores_are_asked_for_in_batches() -> None:
    asked: list[int] = []

    def scorer(texts: Sequence[str]) -> list[Reading | None]:
        asked.append(len(texts))
        return by_first_letter(texts)

    score_songs([["행", "슬"]] * 100, scorer)
    assert sum(asked) == 200
    assert max(asked) <= 100
