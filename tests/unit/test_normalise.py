import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.normalise import has_words, normalise, repair

any_text = st.text(st.characters(exclude_categories=()))  # surrogates and all


@given(any_text)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(any_text)
def test_a_normalised_text_can_be_stored_and_shown(text: str) -> None:
    clean = normalise(text)
    clean.encode("utf-8")
    assert clean == clean.strip()
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in clean)


@given(st.text().filter(lambda text: "\0" not in text))
def test_repair_leaves_a_sound_text_alone(text: str) -> None:
    assert repair(text) == text


@pytest.mark.parametrize(
    ("broken", "sound"),
    [
        ("\ud83d\ude2d", "😭"),
        ("a\ud800b", "ab"),
        ("\udc00", ""),
        ("\ud800\ud83d\ude2d", "😭"),
        ("a\0b", "ab"),
    ],
)
def test_repair_joins_pairs_and_drops_lone_surrogates(broken: str, sound: str) -> None:
    assert repair(broken) == sound


@given(any_text)
def test_repaired_text_can_be_encoded(text: str) -> None:
    repair(text).encode("utf-8")


@given(st.integers(2, 40), st.sampled_from("ㅋㅎㅠ"))
def test_laughter_and_tears_read_the_same_at_any_length(length: int, char: str) -> None:
    assert normalise("안녕 " + char * length) == normalise("안녕 " + char * 2)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("슬\u200b퍼\u200d요\ufeff", "슬퍼요"),
        ("“정말…” ‘응’", "\"정말..\" '응'"),
        ("ＨＡＰＰＹ！！！", "happy!!"),
        ("\ud83d\ude2d", "ㅠㅠ"),
        ("\ud800슬퍼\udfff", "슬퍼"),
        ("눈물ㅠㅜㅠㅜ", "눈물ㅠㅠ"),
        ("뭐래 ㅡㅡ", "뭐래 ㅡㅡ"),
        ("20000원", "20000원"),
        ("너무우우우우우", "너무우우우"),
        ("봐봐 https://example.org/a?b=1 웃겨", "봐봐 웃겨"),
        ("한\0글\x07", "한글"),
        ("\x1b[31m화나\x1b[0m", "화나"),
        ("ᄒ\u1161ᆫ", "한"),
        ("❤️👍🏽", "사랑해 좋아"),
        ("안녕 ^^", "안녕"),
        ("＾＾", "좋아"),
        ("^_^", "좋아"),
        ("♡♡", "좋아"),
        ("\u3164\u115f", ""),
        ("🛸", ""),
        ("", ""),
    ],
)
def test_spelling(written: str, read: str) -> None:
    assert normalise(written) == read


@pytest.mark.parametrize(
    ("text", "readable"), [("", False), ("?! ..", False), ("ㅠㅠ", True), ("3", True), ("ok", True)]
)
def test_has_words(text: str, readable: bool) -> None:
    assert has_words(text) is readable
