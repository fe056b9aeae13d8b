import numpy as np
import pytest

from core.models import Mode, Reading
from core.recommend.diary import diary_parts, read_diary
from core.recommend.query import Diary, Refinement, SongFilters, SongQuery
from tests.catalogues import mood

DIARY = Diary("긴 하루", np.ones(4, np.float32))


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": Mode.DIARY},
        {"mode": Mode.SIMILAR, "diary": DIARY},
        {"mode": Mode.LIKE_SONG},
        {"mode": Mode.PATH, "seed_song": "melon:1"},
        {"refinements": (Refinement.BRIGHTER,)},
    ],
)
def test_a_question_whose_parts_do_not_fit_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"diary|song|refinement"):
        SongQuery(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("familiarity", [-1.1, 2, float("nan")])
def test_a_familiarity_out_of_its_range_is_refused(familiarity: float) -> None:
    with pytest.raises(ValueError, match="familiarity"):
        SongFilters(familiarity=familiarity)


def test_a_diary_is_cut_at_sentences_with_and_without_full_stops() -> None:
    text = "오늘 첫눈이 왔다. 혼자 걸었다!\n그 사람 생각이 났어요 그래서 조금 울었다\n\n\nㅠ"
    assert diary_parts(text) == [
        "오늘 첫눈이 왔다",
        "혼자 걸었다!",
        "그 사람 생각이 났어요",
        "그래서 조금 울었다",
    ]


@pytest.mark.parametrize("text", ["", "ㅠㅠ", "😂😂😂", "\n\n\n"])
def test_a_diary_that_says_nothing_has_no_parts(text: str) -> None:
    assert diary_parts(text) == []


def test_a_long_diary_has_a_dozen_parts() -> None:
    assert len(diary_parts("오늘도 걷고 또 걸었다. " * 1000)) == 12


def test_parts_in_which_nothing_can_be_read_are_left_out() -> None:
    def read(number: int) -> Reading:
        return Reading(mood(슬픔=0.5), np.eye(4, dtype=np.float32)[number])

    diary = read_diary("가. 나. 다.", [read(0), read(1), None, read(3)], ["가.", "나.", "다."])
    assert diary is not None
    assert [part.text for part in diary.parts] == ["가.", "다."]
    assert diary.parts[1].embedding[3] == 1
    assert read_diary("?", [None], []) is None
