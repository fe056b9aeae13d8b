"""The spellings a message is tried in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dialogue.folding import views


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ㅈㅏ살", "자살"),
        ("자ㅅ살", "자살"),
        ("주ㄱ고", "죽고"),
        ("ㅅㅏㄹㄱㅣ ㅅㅣㄹㅎㄷㅏ", "살기 싫다"),
        ("자.살", "자살"),
        ("자*살", "자살"),
        ("자2살", "자살"),
        ("자a살", "자살"),
        ("ㅈr살", "자살"),
        ("자\u200b살", "자살"),
        ("자\u3164살", "자살"),
        ("자💀살", "자살"),
        ("자아아살", "자살"),
        ("주우욱고", "죽고"),
        ("죽죽고고", "죽고"),
        ("죽ㅋ고ㅋ싶", "죽고싶"),
        ("나 자 해 했 어", "나자해했어"),
        ("주 ㄱ 고", "죽고"),
        ("自殺", "자살"),
        ("wktkf", "자살"),
        ("k i l l", "kill"),
        ("k!ll mys3lf", "kill myself"),
        ("ｋｉｌｌ", "kill"),
        ("кill", "kill"),
    ],
)
def test_a_habit_of_spelling_is_undone_in_one_view(written: str, meant: str) -> None:
    assert any(meant in view for view in views(written))


def test_plain_text_has_one_view() -> None:
    assert views("오늘 회사에서 힘들었어") == ("오늘 회사에서 힘들었어",)


def test_stops_and_questions_stay_and_quotation_marks_go() -> None:
    assert views("'죽을래?' 그랬다!\n정말")[0] == "죽을래？ 그랬다.정말"


def test_words_of_everyday_are_not_run_together() -> None:
    assert all("자살" not in view for view in views("그 여자 정치인이 스스로 살 집을 골랐다"))


def test_laughter_stays() -> None:
    assert all("ㅋㅋ" in view for view in views("부끄러워ㅋㅋㅋㅋ진짜"))


@given(st.text(max_size=200))
def test_any_text_has_views_and_none_twice(text: str) -> None:
    found = views(text)
    assert 1 <= len(found) <= 12
    assert len(set(found)) == len(found)


@given(st.text(alphabet="가자살죽고싶주우욱ㄱㅈㅏㅋ a1.!? ", max_size=200))
def test_no_view_is_longer_than_the_text_needs(text: str) -> None:
    # An emoji may become a word and a line end two characters; nothing here is one.
    assert all(len(view) <= len(text) for view in views(text))
