"""What a talk is about, where a message alone says little; found by letters alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from core.dialogue.bank import load_bank
from core.dialogue.bank_embeddings import Embeddings
from core.dialogue.lines import Lines
from core.dialogue.listening import Heard
from core.dialogue.ngram_index import laughs
from core.dialogue.replies import Answer, Replies
from core.dialogue.retrieval import RetrievalConfig, Retriever
from core.models import Language, Reading, Vector
from tests.readings import reading

FOLDER: Final = Path(__file__).parents[2] / "data/dialogue"
NAMES: Final = (
    "bereavement overwork work_any angry weather_rain hungry breakup breakup_any tears "
    "feelings_any daily_any work_good".split()
)
NOWHERE: Vector = np.array([1, 0], np.float32)


def embed(texts: Sequence[str]) -> Embeddings:
    return np.tile(NOWHERE, (len(texts), 1))


INTENTS: Final = [intent for intent in load_bank(FOLDER / "bank") if intent.name in NAMES]
RETRIEVER: Final = Retriever(INTENTS, embed, RetrievalConfig(embedding=0, least=0.2))
REPLIES: Final = Replies(Lines.load(FOLDER), INTENTS)


def talk(*messages: tuple[str, str]) -> list[Answer]:
    """The answers to messages, each with the emotion that it is read as."""
    said: tuple[str, ...] = ()
    answers: list[Answer] = []
    for text, emotion in messages:
        answer = REPLIES.reply(
            text,
            Heard(Reading(reading(emotion), NOWHERE), RETRIEVER.find(text, NOWHERE)),
            language=Language.KOREAN,
            said=said,
            generator=np.random.default_rng(len(answers)),
            ask=True,
        )
        said = (*said, *(line.id for line in answer.lines))[-20:]
        answers.append(answer)
    return answers


def subjects(*messages: tuple[str, str]) -> list[str | None]:
    return [answer.intent.name if answer.intent else None for answer in talk(*messages)]


GRIEF: Final = ("아빠가 돌아가셨어", "슬픔")
LITTLE: Final = ("쀍뚫쁑꿹", "중립")


def test_a_talk_stays_with_a_death() -> None:
    assert subjects(GRIEF, LITTLE, LITTLE) == ["bereavement"] * 3


def test_a_talk_comes_back_to_a_death_with_a_hard_message_alone() -> None:
    rain = ("비가 와", "중립")
    assert subjects(GRIEF, rain, ("쀍뚫쁑꿹", "슬픔"))[2] == "bereavement"
    assert subjects(GRIEF, rain, LITTLE)[2] is None


def test_beside_a_death_another_story_has_to_be_very_clear() -> None:
    alike, clear = ("첫 이별이라 모르겠어요 정말", "슬픔"), ("남자친구랑 헤어졌어", "슬픔")
    assert subjects(alike) == ["breakup_any"]
    assert subjects(GRIEF, alike, clear) == ["bereavement", "bereavement", "breakup"]


def test_good_news_ends_a_topic_at_large() -> None:
    assert subjects(("또 야근", "슬픔"), ("쀍뚫쁑꿹", "행복")) == ["overwork", None]


def test_work_is_gone_on_with_at_large_until_something_else_is_recognised() -> None:
    messages = (("또 야근", "슬픔"), ("쀍뚫쁑꿹", "슬픔"), ("배고프다", "중립"))
    assert subjects(*messages) == ["overwork", "work_any", "hungry"]


def test_a_passing_feeling_is_left_behind() -> None:
    assert subjects(("너무 억울하다", "분노"), LITTLE) == ["angry", None]


def test_what_has_no_answer_in_its_tone_does_not_change_the_subject() -> None:
    said = "오늘 이런 걸 했어"
    assert subjects(("또 야근", "슬픔"), (said, "슬픔")) == ["overwork", "work_any"]
    assert subjects(("또 야근", "슬픔"), (said, "중립")) == ["overwork", "daily_any"]


def test_bad_news_told_with_a_laugh_gets_no_joy() -> None:
    """It is read as joy for the laugh alone, and overwork has no answer to joy."""
    (laughed,) = talk(("주말에도 출근했어ㅋㅋ", "행복"))
    (told,) = talk(("주말에도 출근했어", "행복"))
    assert laughed.lines[0].id.startswith("overwork.")
    assert told.lines[0].id.startswith("joy.")


def test_bright_news_told_word_for_word_is_believed_over_a_hard_reading() -> None:
    (told,) = talk(("시험에 합격했어", "슬픔"))
    (doubted,) = talk(("시험에 합격했어도 하나도 안 기쁘더라", "슬픔"))
    assert told.lines[0].id.startswith("work_good.")
    assert doubted.match is not None
    assert doubted.match.intent.name == "work_good"
    assert doubted.lines[0].id.startswith("sadness.")


@pytest.mark.parametrize("text", ["야근ㅋㅋ", "웃기지 ㅎㅎ", "망함ㅋ", "😂", "ㅋㅋㅋㅋ"])
def test_a_laugh_is_heard(text: str) -> None:
    assert laughs(text)


@pytest.mark.parametrize("text", ["", "야근", "ㅎㅇ", "ㅇㅋ", "하하", "haha"])
def test_what_only_looks_like_a_laugh_is_none(text: str) -> None:
    assert not laughs(text)
