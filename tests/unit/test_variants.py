import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.emotion.normalise import normalise
from scripts.training.hangul import NEIGHBOURS, join_syllable, keystrokes, split_syllable, typed
from scripts.training.slips import substitute
from scripts.training.variants import MIXED, VARIANTS, negations, vary

SENTENCES = (
    "오늘 너무 힘들다...",
    "나는 그냥 집에 가고 싶어",
    "안돼 이러지 마",
    "진짜 재밌어 ㅋㅋㅋㅋ",
    "하지만 어떻게 해야 할지 모르겠습니다.",
    "별로 좋지 않아, 'ok' 라고 했어",
    "오랜만에 친구랑 커피 마시니까 행복해요!",
    "왜 나한테만 그래? 아니야 괜찮아",
    "I got 2 tickets, 대박",
)
UNSEEN = ("zero_width", "full_width", "emoji")
texts = st.one_of(
    st.text(min_size=1), st.lists(st.sampled_from(SENTENCES), min_size=1).map(" ".join)
)


def all_of(kind: str, text: str, tries: int = 60) -> set[str]:
    """What `kind` makes of `text` with different random states."""
    return {VARIANTS[kind](text, np.random.default_rng(seed)) for seed in range(tries)}


@settings(deadline=None)
@given(texts, st.sampled_from(list(VARIANTS)), st.integers(0, 1000))
def test_any_kind_leaves_a_text_that_encodes_and_negates_as_often(
    text: str, kind: str, seed: int
) -> None:
    changed = VARIANTS[kind](text, np.random.default_rng(seed))
    assert changed
    assert changed.encode("utf-8").decode("utf-8") == changed
    assert negations(changed) == negations(text)
    assert normalise(normalise(changed)) == normalise(changed)


@settings(deadline=None)
@given(texts, st.integers(0, 1000))
def test_the_same_random_state_gives_the_same_text(text: str, seed: int) -> None:
    first, second = (vary(text, MIXED, np.random.default_rng(seed)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("kind", UNSEEN)
@pytest.mark.parametrize("text", SENTENCES)
def test_what_normalisation_undoes_changes_no_reading(kind: str, text: str) -> None:
    assert {normalise(changed) for changed in all_of(kind, text)} == {normalise(text)}


@pytest.mark.parametrize("kind", VARIANTS)
def test_each_kind_changes_some_sentence(kind: str) -> None:
    assert any(all_of(kind, text) != {text} for text in SENTENCES)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("casual", "시험에 합격했습니다", "시험에 합격했어"),
        ("casual", "저는 행복해요", "나는 행복해"),
        ("polite", "밥 먹고 있어", "밥 먹고 있어요"),
        ("polite", "왜 안 돼? 난 좋아", "왜 안 돼요? 난 좋아요"),
        ("chat", "그냥 집", "걍 집"),
        ("chat", "비가 많이 와", "비가 마니 와"),
        ("english", "오늘 쉬어", "today 쉬어"),
        ("misspelt", "하지 않아", "하지 안아"),
        ("misspelt", "안 돼", "안 되"),
        ("misspelt", "이제 어떡해", "이제 어떻게"),
        ("single_s", "밥을 먹었겠지", "밥을 먹엇겟지"),
        ("e_for_ae", "어제", "어재"),
        ("mistyped", "오늘", "오늫"),
        ("mistyped", "바보", "바뵤"),
        ("slipped", "비행기", "비기"),
        ("slipped", "비행기", "비기행"),
        ("stretched", "안돼", "안돼애애"),
        ("stretched", "안녕", "안녀어엉"),
        ("stretched", "좋아", "좋앙"),
        ("stray_jamo", "오늘", "오늘ㄹ"),
        ("stray_jamo", "했어", "했어ㅓ"),
        ("spaces_dropped", "오늘 너무 힘들다", "오늘너무힘들다"),
        ("space_inserted", "힘들다", "힘들 다"),
        ("runs_resized", "좋아 ㅋㅋ", "좋아 ㅋㅋㅋㅋㅋ"),
        ("laughter", "좋아", "좋아ㅋㅋ"),
        ("tears", "좋아", "좋아 ㅠㅠ"),
        ("punctuation_dropped", "가자. 지금!", "가자 지금"),
        ("punctuation_repeated", "가자!", "가자!!!"),
        ("punctuation_repeated", "가자", "가자..."),
        ("quotes", "'가자' 했지", "‘가자’ 했지"),
        ("full_width", "ok 가자!", "ｏｋ 가자！"),
        ("zero_width", "가자", "가\u200b자"),
        ("emoji", "가자", "가자 📱"),
    ],
)
def test_a_kind_can_write_it_so(kind: str, text: str, expected: str) -> None:
    assert expected in all_of(kind, text, tries=1500)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("casual", "필요 없는 먼저는"),  # 저는 here is no pronoun
        ("polite", "했어도 있어서"),  # not the end of a sentence
        ("chat", "아나는 간다"),
        ("misspelt", "안아 줘"),
        ("mistyped", "못생긴 안경"),
        ("slipped", "아니었지만 재미없었다"),
        ("space_inserted", "안 못"),
        ("e_for_ae", "내 네 게"),
        ("runs_resized", "ㅎㄷㄷ"),
        ("spaces_dropped", "하나"),
        ("full_width", "한글만"),
    ],
)
def test_a_kind_that_finds_nothing_gives_the_text_back(kind: str, text: str) -> None:
    assert all_of(kind, text) == {text}


def test_not_is_never_run_into_or_split_out_of_a_word() -> None:
    assert all(" 안 " not in text for text in all_of("space_inserted", "불안하고 미안해", 300))
    # "시간" drawn out would be "시가안".
    assert all("안" not in text for text in all_of("stretched", "시간", 300))


def test_only_the_kinds_named_are_applied() -> None:
    generator = np.random.default_rng(0)
    assert vary("오늘 했어", {"single_s": 1.0}, generator) == "오늘 햇어"
    assert vary("오늘 했어", {}, generator) == "오늘 했어"
    assert vary("오늘 했어", dict.fromkeys(VARIANTS, 0.0), generator) == "오늘 했어"


def test_an_unknown_kind_is_named_in_the_error() -> None:
    with pytest.raises(KeyError, match="shouted"):
        vary("오늘", {"shouted": 1.0}, np.random.default_rng(0))


def test_the_mixture_names_every_kind() -> None:
    assert MIXED.keys() == VARIANTS.keys()


@given(st.text("ab", min_size=1), st.integers(0, 99))
def test_at_least_one_match_is_replaced(text: str, seed: int) -> None:
    import re

    changed = substitute(re.compile("a"), text, lambda _: "c", np.random.default_rng(seed), share=0)
    assert changed.count("c") == min(1, text.count("a"))


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)))
def test_syllables_come_back_from_their_jamo_and_from_their_keys(text: str) -> None:
    assert "".join(join_syllable(*split_syllable(char)) for char in text) == text
    assert typed(keystrokes(text)) == text


def test_an_input_method_moves_a_consonant_to_the_vowel_behind_it() -> None:
    assert typed("ㄱㅏㅂㅅㅣ") == "갑시"
    assert typed("ㄱㅏㅂㅅ ㅣ") == "값 ㅣ"
    assert typed("ㅗㅏㅋㅋ") == "ㅗㅏㅋㅋ"


def test_neighbouring_keys_touch() -> None:
    assert set(NEIGHBOURS["ㄹ"]) == set("ㅇㅎㄱㅅㅊㅍ")
    assert NEIGHBOURS["ㅆ"] == "ㅅ"
    plain = NEIGHBOURS.keys() - set("ㅃㅉㄸㄲㅆㅒㅖ")
    assert all(key in NEIGHBOURS[other] for key in plain for other in NEIGHBOURS[key])
