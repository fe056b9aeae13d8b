"""Readings that are put right, in words and by buttons, in both languages."""

import re
from datetime import timedelta
from typing import Self

import pytest

from bot.chat.answers import Answer, AnswerKind, Button
from bot.chat.chat import Chat
from bot.chat.feelings import FEELINGS, felt_in
from core.emotion.labels import COARSE
from core.errors import StoreError
from core.models import Language
from core.records import ConsentKind
from core.store.memory import MemoryUnitOfWork
from core.store.memory_tables import MemoryTables
from tests.services import OTHER, USER, service_over
from tests.unit.chat_people import Person
from tests.unit.console_fakes import PRESENTERS

WORDS = {
    Language.KOREAN: ("아니에요", "어떤 마음에 더 가까웠어요", "분노", "분노로 다시 읽었어요"),
    Language.ENGLISH: ("That's not it", "Which feeling", "anger", "I read it as anger now"),
}


@pytest.fixture
def person() -> Person:
    return Person(Chat(service_over(), PRESENTERS, "Asia/Seoul"))


def named(answer: Answer, label: str) -> Button:
    return next(button for row in answer.buttons for button in row if button.label == label)


async def leading(person: Person) -> str:
    mood = (await person.says("/기분")).reply
    assert mood is not None
    assert mood.mood is not None
    return COARSE[int(mood.mood.coarse.argmax())]


@pytest.mark.parametrize("language", list(Language))
async def test_who_says_no_is_asked_which_of_seven_and_sees_the_mood_now(
    person: Person, language: Language
) -> None:
    no, asks, label, done = WORDS[language]
    person.language = language
    await person.says("오늘은 슬픔뿐이야")
    asked = await person.says(no)
    assert (asked.kind, asked.personal) == (AnswerKind.CORRECT, True)
    assert asks in asked.text[0]
    assert len([button for row in asked.buttons for button in row]) == len(COARSE)
    told = await person.presses(named(asked, label))
    assert (told.kind, told.personal) == (AnswerKind.MOOD, True)
    assert done in told.text[0]
    assert label in told.text[1]
    assert await leading(person) == "분노"
    kept = await person.chat.service.people.kept(USER)
    assert (kept["mood_point"], "correction" in kept) == (1, False)


@pytest.mark.parametrize("line", ["/correct", "/바로잡기", "/아니에요"])
async def test_the_command_asks_and_a_name_with_it_is_enough(person: Person, line: str) -> None:
    assert (await person.says(line)).error == "unknown_reading"
    assert (await person.says(f"{line} 3")).error == "unknown_reading"
    await person.says("슬픔")
    assert (await person.says(line)).kind is AnswerKind.CORRECT
    assert (await person.says(f"{line} 3")).kind is AnswerKind.MOOD
    assert await leading(person) == "분노"
    assert (await person.says(f"{line} 빨강")).error == "usage"


async def test_what_it_was_can_be_said_at_once(person: Person) -> None:
    await person.says("슬픔")
    assert "다시 읽었어요" in (await person.says("아니에요, 분노예요")).text[0]
    assert await leading(person) == "분노"


async def test_no_is_talk_where_nothing_was_just_read(person: Person) -> None:
    assert (await person.says("아니에요")).error == "empty"  # nothing in it for the reader of tests
    await person.says("슬픔")
    await person.says("/노래")
    assert (await person.says("아니야 분노야")).kind is AnswerKind.TALK
    person.now += timedelta(hours=1)
    assert (await person.says("아니야 분노야")).kind is AnswerKind.TALK


async def test_below_the_mood_stands_a_button_that_asks(person: Person) -> None:
    assert (await person.says("/기분")).buttons == ()
    await person.says("슬픔")
    mood = await person.says("/기분")
    asked = await person.presses(named(mood, "아니에요"))
    assert asked.kind is AnswerKind.CORRECT
    await person.presses(named(asked, "두려움"))
    assert await leading(person) == "공포"


async def test_a_double_tap_and_a_second_thought_change_one_message(person: Person) -> None:
    await person.says("슬픔")
    asked = await person.says("아니에요")
    anger, fear = named(asked, "분노"), named(asked, "두려움")
    await person.presses(anger, "tap 1")
    await person.presses(fear, "tap 2")
    await person.presses(anger, "tap 1")  # the platform repeats it
    assert await leading(person) == "공포"
    assert (await person.chat.service.people.kept(USER))["mood_point"] == 1


async def test_a_button_of_long_ago_or_of_somebody_else_is_refused_kindly(person: Person) -> None:
    await person.says("슬픔")
    mood = await person.says("/기분")
    asked = await person.says("아니에요")
    stranger = Person(person.chat, OTHER)
    await stranger.says("슬픔")
    for pressed in (named(asked, "분노"), named(mood, "아니에요")):
        assert (await stranger.presses(pressed)).error == "unknown_reading"
    await person.says("/기분")  # else the first word would answer the question
    for _ in range(3):
        await person.says("행복")
    for pressed in (named(asked, "분노"), named(mood, "아니에요")):
        assert (await person.presses(pressed)).error == "unknown_reading"


async def test_consent_is_asked_once_and_what_follows_is_kept(person: Person) -> None:
    await person.says("슬픔")
    first = await person.says("/바로잡기 분노")
    yes = named(first, "바로잡은 것을 써도 돼요")
    assert "더 잘 읽는 데" in first.text[-1]
    assert "correction" not in await person.chat.service.people.kept(USER)
    await person.presses(yes)
    second = await person.says("/바로잡기 공포")
    assert second.buttons == ()
    assert len(second.text) == 2
    kept = (await person.chat.service.people.export(USER))["correction"]
    assert [row["chosen"] for row in kept] == ["공포"]
    consents = await person.chat.service.people.consents(USER)
    assert consents[ConsentKind.CORRECTIONS].given


async def test_who_leaves_the_question_unanswered_is_asked_again_another_day(
    person: Person,
) -> None:
    def asks(answer: Answer) -> bool:
        return any("더 잘 읽는 데" in line for line in answer.text)

    await person.says("슬픔")
    assert [asks(await person.says(f"/바로잡기 {f}")) for f in ("분노", "공포")] == [True, False]
    for hours, again in ((20, False), (4, True), (20, False), (20, True)):
        person.now += timedelta(hours=hours)
        await person.says("슬픔")
        assert asks(await person.says("/바로잡기 분노")) is again


async def test_no_to_a_question_of_care_is_heard_where_the_store_is_away() -> None:
    class Leaving(MemoryUnitOfWork):
        async def __aenter__(self) -> Self:
            if away:
                raise StoreError("away")
            return await super().__aenter__()

    away, tables = False, MemoryTables()
    person = Person(Chat(service_over(lambda: Leaving(tables)), PRESENTERS, "Asia/Seoul"))
    await person.says("슬픔")
    await person.says("죽고 싶어")
    away = True
    assert (await person.says("그런 거 아니에요")).kind is AnswerKind.CARE


async def test_in_a_crisis_nothing_of_it_is_offered(person: Person) -> None:
    await person.says("슬픔")
    for line in ("죽고 싶어", "아니에요", "그게 아니야", "아니에요, 분노예요"):
        answer = await person.says(line)
        assert answer.kind not in {AnswerKind.CORRECT, AnswerKind.MOOD}, line
        assert answer.error in {None, "empty"}, line  # what this reader cannot read
        carried = [str(button.action) for row in answer.buttons for button in row]
        assert set(carried) <= {"g"}


@pytest.mark.parametrize("language", list(Language))
def test_the_numbers_that_the_terminal_names_are_those_of_the_emotions(language: Language) -> None:
    texts = PRESENTERS[language].texts
    named = re.findall(r"(\d) ([^·]+?)(?: ·|$)", texts("console.correct").rpartition(": ")[2])
    assert named == [(str(n), texts(f"feeling.{label}")) for n, label in enumerate(COARSE, 1)]


def test_every_emotion_has_a_word_that_buttons_carry() -> None:
    assert tuple(FEELINGS.values()) == COARSE


@pytest.mark.parametrize("language", list(Language))
def test_the_usage_names_the_seven_emotions_by_words_that_are_understood(
    language: Language,
) -> None:
    usage = PRESENTERS[language].texts("help.correct.usage")
    named = usage.partition("[")[2].removesuffix("]").split("|")
    assert list(map(felt_in, named)) == list(FEELINGS)
