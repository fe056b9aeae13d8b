"""What is taken out of messages that are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dialogue.masking import MASKS, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("내 번호는 010-1234-5678이야", "내 번호는 [전화번호]이야"),
        ("01012345678로 전화 줘", "[전화번호]로 전화 줘"),
        ("010 1234 5678", "[전화번호]"),
        ("+82 10-1234-5678", "[전화번호]"),
        ("02-123-4567이나 031.1234.5678", "[전화번호]이나 [전화번호]"),
        ("０１０－１２３４－５６７８", "[전화번호]"),
        ("공일공 일이삼사 오육칠팔", "[전화번호]"),
        ("010\u200b12345678", "[전화번호]"),
        ("메일은 Hong.Gildong@example.co.kr 이에요", "메일은 [이메일] 이에요"),
        ("hong@example.com", "[이메일]"),
        ("인스타는 @minsu_k 야", "인스타는 [아이디] 야"),
        ("900101-1234567", "[주민번호]"),
        ("주민번호 9001011234567이야", "주민번호 [주민번호]이야"),
        ("900101-1******", "[주민번호]"),
        ("카드는 1234-5678-9012-3456", "카드는 [카드번호]"),
        ("국민은행 123456-04-567890 으로 보내", "국민은행 [번호] 으로 보내"),
        ("제 이름은 김민수예요", "제 이름은 [이름]예요"),
        ("내 이름은 민수야 반가워", "내 이름은 [이름]야 반가워"),
        ("제 이름은 홍길동입니다.", "제 이름은 [이름]입니다."),
        ("이름이 하늘이라고", "이름이 [이름]이라고"),
        ("저는 김민수라고 해요", "저는 [이름]라고 해요"),
        ("지영이라고 불러 줘", "[이름]이라고 불러 줘"),
        ("김철수 과장 때문에 힘들어", "[이름] 과장 때문에 힘들어"),
        ("박영희 씨가 그랬어", "[이름] 씨가 그랬어"),
        ("정우성 선생님은 좋아", "[이름] 선생님은 좋아"),
        ("My name is John Smith.", "my name is [이름]."),
        ("세종대로 110에 살아", "[주소]에 살아"),
        ("101동 1203호야", "[주소]야"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "오늘 너무 힘들었어",
        "헤어진 지 400일 됐어",
        "시험에서 1등 했어",
        "10년 만난 사람이랑 헤어졌어",
        "2024년 11월 3일에 만났어",
        "날씨가 좋다",
        "아저씨가 소리 질렀어",
        "제 이름은 왜 물어봐요",
        "12시 30분에 잤어",
        "월급이 2500000원이야",
        "나를 바보라고 불러",
        "우리 팀장님이 소리 질렀어",
        "",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=200), st.from_regex(r"010-[0-9]{4}-[0-9]{4}", fullmatch=True))
def test_a_phone_number_is_found_in_any_text(around: str, number: str) -> None:
    assert number not in mask(f"{around} {number} {around}")


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


def test_masks_are_told_apart() -> None:
    assert len(MASKS) == len({mask_.strip("[]") for mask_ in MASKS})
