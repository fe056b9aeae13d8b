"""The search for what a message says, on a small bank with embeddings made by hand."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dialogue.bank import Intent
from core.dialogue.bank_embeddings import Embeddings
from core.dialogue.ngram_index import NgramIndex, fold
from core.dialogue.pool import Line
from core.dialogue.retrieval import LONGEST, RetrievalConfig, Retriever
from core.dialogue.tones import Tone
from core.models import Language, Vector

AXES: Final = {"배": 0, "밥": 0, "비": 1, "우산": 1, "사랑": 2, "이별": 3}


def embedding(text: str) -> Vector:
    """A unit vector by the words of the text; of a text without any, a direction of its own."""
    vector = np.zeros(5, np.float32)
    for word, axis in AXES.items():
        vector[axis] += word in text
    if not vector.any():
        vector[4] = 1
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def embed(texts: Sequence[str]) -> Embeddings:
    return np.stack([embedding(text) for text in texts])


def intent(name: str, topic: str, *utterances: str, general: bool = False) -> Intent:
    line = {language: Line(f"{name}.1", name) for language in Language}
    return Intent(
        name,
        topic,
        frozenset(Tone),
        small_talk=False,
        general=general,
        lasting=False,
        utterances={Language.KOREAN: utterances, Language.ENGLISH: (f"about {name}",)},
        replies=(line,),
        questions=None,
    )


BANK: Final = (
    intent("hungry", "daily", "배고파", "배고프다", "밥 먹고 싶어"),
    intent("rain", "daily", "비가 온다", "우산이 없어", "비 오는 날이 좋아"),
    intent("love", "love", "사랑이 뭘까", "사랑하고 싶다", "사랑은 어려워"),
    intent("parting", "love", "이별했어", "헤어졌어", "이별이 아파"),
    intent("love_any", "love", "사랑 때문에 고민이야", general=True),
)


def found(text: str, config: RetrievalConfig | None = None) -> str | None:
    match = Retriever(BANK, embed, config).find(text, embedding(text))
    return match.intent.name if match else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("배고파", "hungry"),
        ("너무 배고파!!", "hungry"),
        ("비 온다", "rain"),
        ("사랑이뭘까?", "love"),
        ("헤어졌어ㅠㅠ", "parting"),
        ("about hungry", "hungry"),
    ],
)
def test_the_intent_of_the_nearest_utterances_is_found(text: str, name: str) -> None:
    assert found(text) == name


def test_an_utterance_of_the_bank_finds_itself() -> None:
    retriever = Retriever(BANK, embed)
    for each in BANK:
        for utterance in each.utterances[Language.KOREAN]:
            match = retriever.find(utterance, embedding(utterance))
            assert match is not None
            assert match.nearest == utterance
            assert match.similarity == pytest.approx(1)


@pytest.mark.parametrize("text", ["양자역학 쪽지", "", "...", "!?", "\u200b", "배고파 " * LONGEST])
def test_nothing_is_found_for_what_is_far_empty_or_long(text: str) -> None:
    config = RetrievalConfig(least=0.5)
    assert Retriever(BANK, embed, config).find(text, embedding(text)) is None


def test_a_topic_that_wins_while_no_intent_does_is_answered_in_general() -> None:
    assert found("사랑과 이별", RetrievalConfig(majority=0.95)) == "love_any"
    assert found("사랑과 이별", RetrievalConfig(majority=0.0)) != "love_any"


def test_a_topic_without_general_answers_leaves_it_to_the_best_intent() -> None:
    strict = RetrievalConfig(majority=1.1, topic_majority=0.3, plurality=0.3)
    assert found("배고파", strict) == "hungry"
    assert found("배고파", RetrievalConfig(majority=1.1, plurality=1.1)) is None


def test_meaning_and_letters_both_count() -> None:
    by_meaning = RetrievalConfig(embedding=1.0)
    by_letters = RetrievalConfig(embedding=0.0)
    text = "밥 생각나게 헤어졌어"  # the hand-made embedding knows 밥 alone
    assert found(text, by_meaning) == "hungry"
    assert found(text, by_letters) == "parting"


@given(st.text(max_size=60))
def test_any_text_is_looked_up_and_always_the_same(text: str) -> None:
    vector = np.full(5, 5**-0.5, np.float32)
    first = RETRIEVER.find(text, vector)
    assert first == RETRIEVER.find(text, vector)
    assert first is None or -1 <= first.similarity <= 1.0001


RETRIEVER: Final = Retriever(BANK, embed)


# letters


def test_spacing_case_and_numbers_do_not_matter() -> None:
    assert fold("헤어진 지 3달 됐어!") == fold("헤어진지 12달  됐어")
    assert fold("Hello, World") == "helloworld"
    assert fold("...") == ""


def test_laughter_beside_words_is_left_out() -> None:
    assert fold("토요일에도 나오래ㅋㅋㅋ") == fold("토요일에도 나오래 ㅎㅎ") == "토요일에도나오래"
    assert fold("ㅋㅋㅋㅋ") == "ㅋㅋ"
    assert fold("ㅎㅇ") == "ㅎㅇ"


def test_a_text_is_like_itself_and_unlike_one_without_common_letters() -> None:
    index = NgramIndex([fold(text) for text in ("가나다", "가나라", "하하하")], [0, 0, 1])
    likeness = index.similarities(fold("가나다"))
    assert likeness[0] == pytest.approx(1)
    assert 0 < likeness[1] < 1
    assert likeness[2] == 0
    assert not index.similarities("쿠쿠").any()
    assert not index.similarities("").any()


def test_letters_that_every_class_has_weigh_least() -> None:
    folded = ["밥먹었어", "옷샀었어", "집갔었어", "밥줬었어"]
    index = NgramIndex(folded, [0, 1, 2, 0])
    meal, clothes = index.similarities("밥했었어")[[0, 1]]
    assert meal > 2 * clothes


def test_what_is_said_beside_the_known_makes_less_alike() -> None:
    index = NgramIndex(["배고파"], [0])
    assert index.similarities("배고파")[0] > index.similarities("배고파쿵쿵쿵")[0] > 0


@given(st.lists(st.text("가나다라 ", min_size=1, max_size=8), min_size=1, max_size=6), st.data())
def test_likeness_is_a_cosine(texts: list[str], data: st.DataObject) -> None:
    folded = [fold(text) or "가" for text in texts]
    index = NgramIndex(folded, list(range(len(folded))))
    likeness = index.similarities(data.draw(st.text("가나다라마", max_size=8)))
    assert likeness.shape == (len(folded),)
    assert (likeness >= 0).all()
    assert (likeness <= 1 + 1e-9).all()
