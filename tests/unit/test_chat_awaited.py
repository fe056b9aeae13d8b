"""A command that came without its words: they are asked for, and the next message is they."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.chat.answers import Answer, AnswerKind
from bot.chat.chat import Chat
from bot.chat.requests import Command
from core.errors import BusyError
from core.models import Language, Mode
from core.reminders import Plan
from tests.catalogues import song
from tests.services import OTHER, SONGS, USER, service_over
from tests.unit.chat_people import Person
from tests.unit.console_fakes import PRESENTERS

DAY = "오늘은 슬픔이 컸다. 그래도 저녁은 맛있었다.\n노래 추천해줘"
ASKED = [
    ("/비슷한노래", Command.LIKE_SONG),
    ("/like_song", Command.LIKE_SONG),
    ("/일기", Command.DIARY),
    ("/diary ", Command.DIARY),
]


@pytest.fixture
def person() -> Person:
    return Person(Chat(service_over(), PRESENTERS, "Asia/Seoul"))


def mode_of(answer: Answer) -> Mode:
    assert answer.kind is AnswerKind.SONGS, answer.text
    assert answer.reply is not None
    assert answer.reply.slate is not None
    return answer.reply.slate.mode


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("typed", "command"), ASKED)
async def test_the_words_are_asked_for(
    person: Person, typed: str, command: Command, language: Language
) -> None:
    person.language = language
    answer = await person.says(typed)
    assert (answer.kind, answer.asks, answer.error) == (AnswerKind.ASK, command, None)
    assert answer.text == (PRESENTERS[language].texts(f"ask.{command}"),)
    assert answer.personal is (command is Command.DIARY)


@pytest.mark.parametrize("title", ["노래 12", "노래 12!", "노래 12 - 가수 12"])
async def test_the_next_message_is_the_title(person: Person, title: str) -> None:
    await person.says("/비슷한노래")
    assert mode_of(await person.says(title)) is Mode.LIKE_SONG
    assert (await person.says(title)).kind is not AnswerKind.SONGS


async def test_which_song_is_asked_further(person: Person) -> None:
    await person.says("/비슷한노래")
    assert (await person.says("가수")).kind is AnswerKind.SEARCH
    assert mode_of(await person.says("2번")) is Mode.LIKE_SONG


@pytest.mark.parametrize("day", [DAY, "슬픔", "행복한 하루였는데 슬픔이 밀려왔다 " * 200])
async def test_the_next_message_is_the_day(person: Person, day: str) -> None:
    await person.says("/일기")
    assert mode_of(await person.says(day)) is Mode.DIARY


async def test_what_names_songs_is_a_title_where_there_is_one(person: Person) -> None:
    songs = (replace(song(1), title="Love Song"), *SONGS.songs[1:])
    service = service_over(songs=replace(SONGS, songs=songs))
    person = Person(Chat(service, PRESENTERS, "Asia/Seoul"))
    await person.says("/비슷한노래")
    assert mode_of(await person.says("Love Song")) is Mode.LIKE_SONG
    await person.says("/비슷한노래")
    assert mode_of(await person.says("신나는 노래")) is Mode.SIMILAR


@pytest.mark.parametrize("typed", ["/비슷한노래", "/일기"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("그만", AnswerKind.TALK),
        ("그만할래요", AnswerKind.TALK),
        ("됐어 안 쓸래", AnswerKind.TALK),
        ("취소", AnswerKind.TALK),
        ("never mind", AnswerKind.TALK),
        ("/help", AnswerKind.HELP),
        ("도움말", AnswerKind.HELP),
        ("/기분", AnswerKind.MOOD),
        ("내 기분 어때", AnswerKind.MOOD),
        ("내 기록 지워줘", AnswerKind.FORGET),
        ("죽고 싶어", AnswerKind.CRISIS),
        ("오늘 정말 힘들었어. 죽고 싶다는 생각만 들어", AnswerKind.CRISIS),
    ],
)
async def test_what_is_something_else_is_taken_as_it(
    person: Person, typed: str, text: str, kind: AnswerKind
) -> None:
    await person.says(typed)
    assert (await person.says(text)).kind is kind
    answer = await person.says("노래 12")
    assert answer.kind is not AnswerKind.SONGS


@pytest.mark.parametrize("typed", ["/비슷한노래", "/일기"])
async def test_a_request_for_songs_is_taken_as_it(person: Person, typed: str) -> None:
    await person.says("슬픔")
    await person.says(typed)
    assert mode_of(await person.says("노래 추천해줘")) is Mode.SIMILAR


@pytest.mark.parametrize("text", ["무서워", "응", "이제 괜찮아요 정말"])
async def test_who_is_met_with_care_is_not_told_of_songs(person: Person, text: str) -> None:
    await person.says("죽고 싶어")
    met = (await person.says(text)).kind
    other = Person(Chat(service_over(), PRESENTERS, "Asia/Seoul"))
    await other.says("죽고 싶어")
    await other.says("/비슷한노래")
    assert (await other.says(text)).kind is met


async def test_who_was_not_understood_for_the_bots_own_sake_may_say_it_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object, **__: object) -> None:
        raise BusyError("too many wait")

    await person.says("/일기")
    with monkeypatch.context() as patch:
        patch.setattr(type(person.chat.service.songs), "diary", busy)
        assert (await person.says("슬픔")).error == "busy"
    assert mode_of(await person.says("슬픔")) is Mode.DIARY


async def test_a_reminder_in_between_keeps_nobody_from_telling(person: Person) -> None:
    reminding = person.chat.service.reminding
    await reminding.set(
        USER, Plan(time(21)), zone="Asia/Seoul", language=Language.KOREAN, now=person.now
    )
    (reminder,) = await reminding.of(USER)
    await person.says("/일기")
    assert (await person.chat.check_in(person.turn(), reminder)).error is None
    assert mode_of(await person.says("슬픔")) is Mode.DIARY


@pytest.mark.parametrize(
    ("nothing", "error"),
    [("", "empty"), ("  ", "empty"), ("?", "empty"), ("슬픔" * 10_001, "too_long")],
)
async def test_who_says_nothing_yet_may_still_say_it(
    person: Person, nothing: str, error: str
) -> None:
    await person.says("/일기")
    assert (await person.says(nothing)).error == error
    assert mode_of(await person.says("슬픔")) is Mode.DIARY


async def test_it_is_forgotten_after_a_while_and_with_everything(person: Person) -> None:
    await person.says("/일기")
    person.now += timedelta(minutes=11)
    assert (await person.says("슬픔")).kind is AnswerKind.TALK
    await person.says("/일기")
    await person.says("/잊어줘")
    await person.says("네")
    assert (await person.says("슬픔")).kind is AnswerKind.TALK


@pytest.mark.parametrize(
    "text",
    [
        "오늘 슬픔이 너무 컸어",
        "오늘은 정말 슬픔뿐이네요ㅠㅠ",
        "오늘 너무 슬픔이 슬퍼",
        "너무 슬픔이야",
        "나도 슬픔 잘 몰라",
        "오늘은 진짜 슬픔의 최악이야",
        "나 너무 슬픔에 아파~",
        "I feel only 슬픔 today.",
    ],
)
async def test_who_tells_something_instead_of_a_title_is_heard(person: Person, text: str) -> None:
    await person.says("/비슷한노래")
    answer = await person.says(text)
    assert answer.kind is AnswerKind.TALK
    assert answer.reply is not None
    assert answer.reply.reading is not None


@pytest.mark.parametrize("title", ["쀍뛟", "쀍뛟 둙 뷁", "쀍뛟 둙해", "qzxk vwqj"])
async def test_a_title_that_is_not_known_is_said_so(person: Person, title: str) -> None:
    await person.says("/비슷한노래")
    assert (await person.says(title)).error == "unfound_song"
    assert mode_of(await person.says("노래 12")) is Mode.LIKE_SONG  # as the hint says to try


async def test_a_title_may_be_a_sentence(person: Person) -> None:
    songs = (replace(song(1), title="내가 너의 곁에 있어"), *SONGS.songs[1:])
    person = Person(Chat(service_over(songs=replace(SONGS, songs=songs)), PRESENTERS, "Asia/Seoul"))
    await person.says("/비슷한노래")
    assert mode_of(await person.says("내가 너의 곁에 있어")) is Mode.LIKE_SONG


async def test_a_guess_is_asked_for_and_not_stated(person: Person) -> None:
    songs = (replace(song(1), title="밤편지"), *SONGS.songs[1:])
    person = Person(Chat(service_over(songs=replace(SONGS, songs=songs)), PRESENTERS, "Asia/Seoul"))
    answer = await person.says("/비슷한노래 밤펀지")
    assert answer.kind is AnswerKind.SEARCH
    assert "밤편지" in answer.text[1]
    assert mode_of(await person.says("1번")) is Mode.LIKE_SONG


async def test_in_a_group_a_reply_is_asked_for(person: Person) -> None:
    group = replace(person.turn(), private=False)
    asked = await person.chat.answer(group, "/비슷한노래")
    assert asked.text[1:] == (PRESENTERS[Language.KOREAN].texts("ask.reply"),)
    assert (await person.says("/비슷한노래")).text[1:] == ()


async def test_danger_in_an_edited_message_ends_the_question(person: Person) -> None:
    await person.says("/비슷한노래")
    card = await person.chat.reread(person.turn(), "1:1", "죽고 싶어")
    assert card is not None
    assert (await person.says("노래 12")).kind is not AnswerKind.SONGS


async def test_nobody_answers_what_somebody_else_was_asked(person: Person) -> None:
    other = Person(person.chat, OTHER)
    await person.says("/일기")
    assert (await other.says("슬픔")).kind is AnswerKind.TALK
    assert mode_of(await person.says("슬픔")) is Mode.DIARY


async def test_a_day_is_not_waited_for_where_others_read_along(person: Person) -> None:
    group = replace(person.turn(), private=False)
    assert (await person.chat.answer(group, "/일기")).personal
    group = replace(person.turn(), private=False)
    assert (await person.chat.answer(group, "슬픔")).kind is AnswerKind.TALK
    await person.chat.answer(replace(person.turn(), private=False), "/일기")
    assert mode_of(await person.says("슬픔")) is Mode.DIARY


async def test_a_title_is_waited_for_where_it_was_asked_for(person: Person) -> None:
    await person.chat.answer(replace(person.turn(), private=False), "/비슷한노래")
    near = await person.chat.answer(replace(person.turn(), private=False), "노래 12")
    assert mode_of(near) is Mode.LIKE_SONG
    await person.chat.answer(replace(person.turn(), private=False), "/비슷한노래")
    assert (await person.says("노래 12")).kind is not AnswerKind.SONGS
