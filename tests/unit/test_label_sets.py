import numpy as np
import pytest

from core.emotion.label_sets import (
    LABEL_SETS,
    LabelSet,
    basic_emotion,
    canonical,
    label_set_of,
)
from core.emotion.labels import AROUSAL, COARSE, FINE, FINE_TO_COARSE, VALENCE

SETS = list(LABEL_SETS.values())
CODES = [f"E{tens}{ones}" for tens in range(1, 7) for ones in range(10)]


@pytest.mark.parametrize("known", SETS, ids=lambda known: known.name)
class TestEachSet:
    def test_a_label_is_shared_out_completely(self, known: LabelSet) -> None:
        assert known.to_coarse.shape == (len(known.labels), 7)
        np.testing.assert_allclose(known.to_coarse.sum(axis=1), 1, atol=1e-6)
        assert (known.to_coarse >= 0).all()

    def test_a_label_has_a_place_on_the_circumplex(self, known: LabelSet) -> None:
        assert known.valence.shape == known.arousal.shape == (len(known.labels),)
        assert (np.abs([known.valence, known.arousal]) <= 1).all()

    def test_a_label_stands_for_itself(self, known: LabelSet) -> None:
        assert [canonical(label, known) for label in known.labels] == list(known.labels)

    def test_a_label_is_read_as_the_class_with_the_largest_share_of_it(
        self, known: LabelSet
    ) -> None:
        """What a model of this set says agrees with what data of this set is trained as."""
        seven = LABEL_SETS["seven"]
        for label, shares in zip(known.labels, known.to_coarse, strict=True):
            expected = canonical(label, seven)
            assert expected in {None, COARSE[shares.argmax()]}

    def test_nobody_can_change_a_set_for_the_others(self, known: LabelSet) -> None:
        with pytest.raises(ValueError, match="read-only"):
            known.to_coarse[0, 0] = 0.5

    def test_a_set_is_found_by_its_names(self, known: LabelSet) -> None:
        found = label_set_of(known.labels)
        assert (found.name, found.labels) == (known.name, known.labels)
        np.testing.assert_array_equal(found.to_coarse, known.to_coarse)


def test_the_seven_are_the_coarse_classes_in_their_order() -> None:
    assert LABEL_SETS["seven"].labels == COARSE
    np.testing.assert_array_equal(LABEL_SETS["seven"].to_coarse, np.eye(7))


@pytest.mark.parametrize(
    ("name", "label", "fine"),
    [
        ("six", "긴장", "불안/걱정"),
        ("six", "평화", "편안/쾌적"),
        ("six", "분노", "불평/불만"),
        ("five", "불안", "불안/걱정"),
        ("five", "기쁨", "기쁨"),
        ("four", "행복", "행복"),
    ],
)
def test_shares_are_those_of_the_fine_emotion_that_says_the_same(
    name: str, label: str, fine: str
) -> None:
    known = LABEL_SETS[name]
    np.testing.assert_allclose(
        known.to_coarse[known.labels.index(label)], FINE_TO_COARSE[FINE.index(fine)]
    )


def test_a_pair_is_felt_halfway_between_its_emotions() -> None:
    known = LABEL_SETS["four"]
    pair = known.labels.index("놀람공포")
    halves = [FINE.index("놀람"), FINE.index("공포/무서움")]
    assert known.valence[pair] == pytest.approx(VALENCE[halves].mean())
    assert known.arousal[pair] == pytest.approx(AROUSAL[halves].mean())
    assert set(np.flatnonzero(known.to_coarse[pair])) == {
        COARSE.index("놀람"),
        COARSE.index("공포"),
    }


def test_rows_follow_the_order_that_a_model_has_its_labels_in() -> None:
    shuffled = ("슬픔", "행복", "놀람공포", "분노혐오")
    found, known = label_set_of(shuffled), LABEL_SETS["four"]
    rows = [known.labels.index(label) for label in shuffled]
    assert found.labels == shuffled
    np.testing.assert_array_equal(found.to_coarse, known.to_coarse[rows])
    np.testing.assert_array_equal(found.valence, known.valence[rows])
    np.testing.assert_array_equal(found.arousal, known.arousal[rows])


@pytest.mark.parametrize(
    "labels", [COARSE[:6], (*COARSE, "행복"), ("긍정", "부정"), ("슬픔",) * 4, ()]
)
def test_names_of_no_set_are_refused_with_the_sets_there_are(labels: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"seven: 행복 .* six: .* five: .* four: "):
        label_set_of(labels)


@pytest.mark.parametrize(
    ("label", "seven", "six", "five", "four"),
    [
        ("Happiness", "행복", "기쁨", "기쁨", "행복"),
        (" 기쁨 ", "행복", "기쁨", "기쁨", "행복"),
        ("Angry", "분노", "분노", "분노", "분노혐오"),
        ("anger", "분노", "분노", "분노", "분노혐오"),
        ("DISGUST", "혐오", "분노", "분노", "분노혐오"),
        ("Fear", "공포", "긴장", "불안", "놀람공포"),
        ("Sadness", "슬픔", "슬픔", "슬픔", "슬픔"),
        ("sad", "슬픔", "슬픔", "슬픔", "슬픔"),
        ("Surprise", "놀람", None, None, "놀람공포"),
        ("neutral", "중립", "중립", None, None),
        ("긴장", "공포", "긴장", "불안", "놀람공포"),
        ("평화", "행복", "평화", "기쁨", "행복"),
        ("상처", "슬픔", "슬픔", "상처", "슬픔"),
        ("불안", "공포", "긴장", "불안", "놀람공포"),
        ("당황", "놀람", "긴장", None, "놀람공포"),
        ("분노/혐오", None, "분노", "분노", "분노혐오"),
        ("놀람 공포", None, None, None, "놀람공포"),
        ("E18", "분노", "분노", "분노", "분노혐오"),
        ("e63", "행복", "평화", "기쁨", "행복"),
        ("충격 받은", "놀람", None, "상처", "놀람공포"),
        ("가난한, 불우한", "슬픔", "슬픔", "상처", "슬픔"),
        ("혐오스러운", "혐오", "분노", None, "분노혐오"),
        ("외로운", "슬픔", "슬픔", None, "슬픔"),
        ("모름", None, None, None, None),
        ("", None, None, None, None),
    ],
)
def test_names_of_data_sets_have_a_documented_place(
    label: str, seven: str | None, six: str | None, five: str | None, four: str | None
) -> None:
    assert [canonical(label, known) for known in SETS] == [seven, six, five, four]


def test_decomposed_hangul_is_the_same_name() -> None:
    assert canonical("\u1112\u1162\u11bc\u1107\u1169\u11a8", LABEL_SETS["seven"]) == "행복"


@pytest.mark.parametrize("code", CODES)
def test_every_counselling_code_is_filed_under_its_main_class(code: str) -> None:
    major = ("분노", "슬픔", "불안", "상처", None, "기쁨")[int(code[1]) - 1]
    assert canonical(code, LABEL_SETS["five"]) == major
    assert canonical(code, LABEL_SETS["seven"]) in COARSE


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("E10", "분노"),
        ("E17", "구역질 나는"),
        ("E29", "환멸을 느끼는"),
        ("E32", "스트레스 받는"),
        ("E44", "충격 받은"),
        ("E52", "남의 시선을 의식하는"),
        ("E59", "혼란스러운(당황한)"),
        ("E68", "신이 난"),
    ],
)
def test_a_code_means_what_its_name_means(code: str, name: str) -> None:
    assert basic_emotion(code) == basic_emotion(name) is not None


@pytest.mark.parametrize("label", ["E09", "E70", "E1", "E100", "행", "happ", "24"])
def test_what_only_looks_like_a_label_is_not_known(label: str) -> None:
    assert basic_emotion(label) is None
