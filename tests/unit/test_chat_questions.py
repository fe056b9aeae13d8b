"""What the bot asked is answered in words, as by its buttons; and only what answers it is."""

from datetime import timedelta

import pytest

from bot.chat.answers import Answer, AnswerKind
from bot.chat.chat import Chat
from core.models import Language, Mode
from tests.services import OTHER, USER, service_over
from tests.unit.chat_people import Person
from tests.unit.console_fakes import PRESENTERS


@pytest.fixture
def person() -> Person:
    return Person(Chat(service_over(), PRESENTERS, "Asia/Seoul"))


async def gauge(person: Person) -> int:
    return (await person.chat.service.conversation.mood(USER, now=person.now)).gauge or 0


def is_talk(answer: Answer) -> bool:
    """Whether it was read as a message; the reader of these tests knows few words."""
    return answer.kind is AnswerKind.TALK or answer.error == "empty"


async def offered(person: Person) -> Answer:
    await person.says("슬픔")
    offer = await person.says("슬픔")
    assert offer.buttons
    return offer


def mode_of(answer: Answer) -> Mode | None:
    assert answer.kind is AnswerKind.SONGS, answer.text
    assert answer.reply is not None
    assert answer.reply.slate is not None
    return answer.reply.slate.mode


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("응 좋아", Mode.SIMILAR),
        ("네!", Mode.SIMILAR),
        ("yes", Mode.SIMILAR),
        ("sure, please", Mode.SIMILAR),
        ("아무거나", Mode.SIMILAR),
        ("들려줘", Mode.SIMILAR),
        ("비슷한 거", Mode.SIMILAR),
        ("비슷한 걸로 해줘", Mode.SIMILAR),
        ("similar", Mode.SIMILAR),
        ("the similar one", Mode.SIMILAR),
        ("반대로", Mode.OPPOSITE),
        ("반대 노래", Mode.OPPOSITE),
        ("opposite please", Mode.OPPOSITE),
        ("천천히", Mode.PATH),
        ("천천히 밝은 걸로", Mode.PATH),
        ("밝은 쪽으로", Mode.PATH),
        ("신나는 걸로", Mode.SIMILAR),
        ("something happy", Mode.SIMILAR),
        ("잔잔한 거 3곡", Mode.SIMILAR),
    ],
)
async def test_an_offer_of_songs_is_taken_in_words(person: Person, text: str, mode: Mode) -> None:
    await offered(person)
    assert mode_of(await person.says(text)) is mode
    assert await gauge(person) == 0


@pytest.mark.parametrize("text", ["아니", "괜찮아요", "나중에요", "no thanks", "Not now"])
async def test_an_offer_is_declined_in_words_and_not_made_again_soon(
    person: Person, text: str
) -> None:
    await offered(person)
    before = await person.chat.service.people.history(USER, person.now - timedelta(days=1))
    answer = await person.says(text)
    assert answer.text == ("네, 이야기해요. 노래는 원하실 때 말해 주세요.",)
    after = await person.chat.service.people.history(USER, person.now - timedelta(days=1))
    assert len(after) == len(before)
    assert not any([(await person.says("슬픔")).buttons for _ in range(4)])


@pytest.mark.parametrize(
    "text", ["오늘 정말 힘들었어", "비슷한 일이 있었어", "3", "I said yes to him", "반대로 말했어"]
)
async def test_what_does_not_answer_the_offer_is_talk(person: Person, text: str) -> None:
    await offered(person)
    assert is_talk(await person.says(text))


async def test_danger_comes_before_every_question(person: Person) -> None:
    await offered(person)
    assert (await person.says("응 죽고 싶어")).kind is AnswerKind.CRISIS


@pytest.mark.parametrize(
    ("text", "named"),
    [
        *(("3", "분노"), ("3번이요", "분노"), ("화남", "분노"), ("anger", "분노")),
        *(
            ("행복", "행복"),
            ("첫번째", "행복"),
            ("행복이에요", "행복"),
            ("불안에 가까워요", "공포"),
        ),
    ],
)
async def test_the_emotion_that_it_was_is_named_in_words(
    person: Person, text: str, named: str
) -> None:
    await person.says("슬픔")
    assert (await person.says("아니에요")).kind is AnswerKind.CORRECT
    answer = await person.says(text)
    assert answer.kind is AnswerKind.MOOD
    assert answer.text[0].startswith(
        f"알려줘서 고마워요. {PRESENTERS[Language.KOREAN].texts(f'feeling.{named}')}"
    )


@pytest.mark.parametrize("text", ["8", "그냥 속상한 하루였어", "happy birthday"])
async def test_what_names_no_emotion_is_talk(person: Person, text: str) -> None:
    await person.says("슬픔")
    await person.says("아니에요")
    assert is_talk(await person.says(text))


@pytest.mark.parametrize(
    ("text", "removed"),
    [
        *(("네", True), ("yes", True), ("모두 지워줘", True)),
        *(("아니", False), ("no", False), ("지우지 마세요", False), ("취소", False)),
    ],
)
async def test_whether_all_is_to_be_forgotten_is_answered_in_words(
    person: Person, text: str, removed: bool
) -> None:
    await person.says("슬픔")
    await person.says("/잊어줘")
    answer = await person.says(text)
    assert answer.kind is AnswerKind.FORGET
    assert answer.data is not None
    assert ("removed" in answer.data) is removed
    kept = await person.chat.service.people.history(USER, person.now - timedelta(days=1))
    assert bool(kept) is not removed


async def test_a_question_stands_for_one_message_and_ten_minutes(person: Person) -> None:
    await person.says("슬픔")
    await person.says("/잊어줘")
    await person.says("/도움말")
    assert is_talk(await person.says("네"))
    await person.says("/잊어줘")
    person.now += timedelta(minutes=11)
    assert is_talk(await person.says("네"))
    await person.says("/잊어줘")
    await person.says("오늘은 그냥 그래")
    assert is_talk(await person.says("yes"))


async def test_who_kept_everything_is_asked_again(person: Person) -> None:
    await person.says("슬픔")
    await person.says("/잊어줘")
    await person.says("아니")
    assert "removed" not in ((await person.says("/잊어줘 네")).data or {})


async def test_no_one_answers_what_somebody_else_was_asked(person: Person) -> None:
    other = Person(person.chat, OTHER)
    await other.says("슬픔")
    await person.says("슬픔")
    await person.says("/잊어줘")
    assert is_talk(await other.says("네"))
    assert "removed" in ((await person.says("네")).data or {})
