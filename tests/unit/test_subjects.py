"""Which songs are about a season or the weather, by their titles."""

import pytest

from core.models import Subject
from core.recommend.subjects import subject_masks
from tests.catalogues import song


def subjects(title: str) -> set[str]:
    return {
        subject.value for subject, mask in subject_masks([song(1, title=title)]).items() if mask[0]
    }


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("크리스마스니까", {"christmas"}),
        ("창밖을 봐요 (Waiting For White Christmas)", {"christmas"}),
        ("미리 메리 크리스마스 (Feat. 천둥 Of MBLAQ)", {"christmas"}),
        ("첫눈처럼 너에게 가겠다", {"winter", "snow"}),
        ("눈 오는 날 (The Snowy Night)", {"winter", "snow"}),
        ("잠 못 드는 밤 비는 내리고", {"rain"}),
        ("우산 (Feat. 윤하)", {"rain"}),
        ("겨울비 (시나위)", {"winter", "rain"}),
        ("벚꽃 엔딩", {"spring"}),
        ("봄비", {"spring", "rain"}),
        ("HOT SUMMER", {"summer"}),
        ("가을 우체국 앞에서", {"autumn"}),
        ("봄, 여름 그 사이", {"spring", "summer"}),
    ],
)
def test_titles_tell(title: str, expected: set[str]) -> None:
    assert subjects(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "포장마차",
        "봄여름가을겨울 (Still Life)",
        "비올레타",
        "나비가 오네",
        "비밀",
        "눈물",
        "바라봄",
        "Rainbow",
        "Springsteen",
        "어느 날 (Summer Mix)",
        "좋은 날 (With JYP & Rain)",
        "어느 날 (Feat. BE'O (비 오는))",
        "예뻤어 (여름날 우리 X 누구 (Somebody))",
        "산타페 (CF - 산타페 편)",
    ],
)
def test_likeness_and_credits_tell_nothing(title: str) -> None:
    assert subjects(title) == set()


def test_every_subject_has_a_mask_of_every_song() -> None:
    masks = subject_masks([song(1), song(2, title="봄"), song(3)])
    assert set(masks) == set(Subject)
    assert masks[Subject.SPRING].tolist() == [False, True, False]
    assert all(len(mask) == 3 for mask in masks.values())
