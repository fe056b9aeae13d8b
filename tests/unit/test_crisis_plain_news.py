"""Good and plain news that the model asked about, and danger told in the same words."""

import pytest

from bot.config import ROOT
from core.dialogue.crisis import CrisisDetector
from core.models import CrisisLevel

DETECTOR = CrisisDetector.load(ROOT / "data/crisis")


@pytest.mark.parametrize(
    "text",
    [
        "울애기가 오늘 첨으로 걸었어요!!",
        "우리 아기가 오늘 처음으로 걸었어요",
        "막내가 드디어 처음 섰어요",
        "아이가 혼자 신발을 신었어요",
        "우리 딸이 자전거를 혼자 탔어요",
        "오늘 마지막 근무날이에요",
        "오늘이 마지막 출근날이었어요",
        "폐업 신고하고 왔습니다",
        "we won the finals!!!! LETS GOOO",
    ],
)
def test_nobody_is_asked_about_danger(text: str) -> None:
    found = DETECTOR.assess(text)
    assert (found.level, found.kind, found.suspected) == (CrisisLevel.NONE, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "우리 아기가 처음으로 걸었는데 나는 죽고 싶어",
        "오늘 마지막 근무날이에요. 이제 다 끝내고 싶어요",
        "폐업 신고하고 왔습니다. 죽고 싶습니다",
        "아이가 혼자 약을 먹었어요 죽으려고",
    ],
)
def test_danger_beside_it_is_heard(text: str) -> None:
    assert DETECTOR.assess(text).kind is not None
