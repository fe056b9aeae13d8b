"""What is said of the songs in a list, in words; and that it leaves the mood alone."""

from datetime import timedelta

import pytest

from bot.chat.answers import AnswerKind
from bot.chat.chat import Chat
from bot.chat.commands import Command, parse
from tests.services import USER, service_over
from tests.unit.chat_people import Person
from tests.unit.console_fakes import PRESENTERS


@pytest.fixture
def person() -> Person:
    return Person(Chat(service_over(), PRESENTERS, "Asia/Seoul"))


async def moods(person: Person) -> int:
    since = person.now - timedelta(days=1)
    return len(await person.chat.service.people.history(USER, since))


@pytest.mark.parametrize(
    ("text", "command", "number", "words"),
    [
        ("1번은 왜 골랐어?", Command.WHY, 1, ()),
        *(("like 2", Command.LIKE, 2, ()), ("dislike 3", Command.DISLIKE, 3, ())),
        *(("왜 2", Command.WHY, 2, ()), ("why 3?", Command.WHY, 3, ())),
        ("방금 그 노래 왜 골랐어?", Command.WHY, None, ()),
        ("두번째 노래는 왜 추천했어요?", Command.WHY, 2, ()),
        ("왜 이 노래를 골랐어?", Command.WHY, None, ()),
        ("why did you pick number 3?", Command.WHY, 3, ()),
        ("2번 좋다", Command.LIKE, 2, ()),
        ("첫번째 노래 좋다!", Command.LIKE, 1, ()),
        ("이 노래 너무 좋아요", Command.LIKE, None, ()),
        ("I love this song", Command.LIKE, None, ()),
        ("이 노래 싫어", Command.DISLIKE, None, ()),
        ("1번 별로", Command.DISLIKE, 1, ()),
        ("i don't like the second one", Command.DISLIKE, 2, ()),
        ("다시는 이 노래 추천하지 마", Command.NEVER, None, ()),
        ("다시는 이 가수 추천하지 마", Command.NEVER, None, ("가수",)),
        ("2번 가수는 빼줘", Command.NEVER, 2, ("가수",)),
        ("never play this artist again", Command.NEVER, None, ("가수",)),
        ("1번 같은 노래", Command.LIKE_SONG, 1, ()),
        ("2번이랑 비슷한 노래 틀어줘", Command.LIKE_SONG, 2, ()),
        ("more like number 2", Command.LIKE_SONG, 2, ()),
        *(("1번 이유", Command.WHY, 1, ()), ("1번 왜?", Command.WHY, 1, ())),
        *(("3번은 왜?", Command.WHY, 3, ()), ("왜 2번이야?", Command.WHY, 2, ())),
        *(("왜 이 노래야", Command.WHY, None, ()), ("2번 이유 알려줘", Command.WHY, 2, ())),
        *(("i like 1", Command.LIKE, 1, ()), ("I don't like 3", Command.DISLIKE, 3, ())),
        *(("2번 다시는 듣기 싫어", Command.NEVER, 2, ()),),
        *(("다시는 이 노래 안 들을래", Command.NEVER, None, ()),),
        ("노래 추천하지 마", Command.NO_SONGS, None, ()),
        ("그만 추천해", Command.NO_SONGS, None, ()),
        ("노래 말고 얘기나 하자", Command.NO_SONGS, None, ()),
        ("no more songs please", Command.NO_SONGS, None, ()),
    ],
)
def test_what_is_said_of_songs_is_understood(
    text: str, command: Command, number: int | None, words: tuple[str, ...]
) -> None:
    request = parse(text)
    assert (request.command, request.number, request.words) == (command, number, words)
    assert request.spoken


@pytest.mark.parametrize(
    "text",
    [
        *("1번 버스 놓쳤어", "이 노래 들으면 엄마 생각나", "그 노래 좋아하던 사람이 떠났어"),
        *("이 가수 싫어", "왜 나만 이래", "두번째 이별이야", "이 노래 좋아했는데 이제 싫어"),
        *("I love this song you know, my ex did too", "추천서를 안 써준대", "그 사람 별로야"),
        *("말하지 마", "노래 말고 그림을 배우고 싶어", "3번이나 울었어", "why me"),
        *("왜 2번이나 그랬어", "1번 이유 없이 울었어", "i like 2 girls", "1번이랑 3번 버스 탔어"),
        *("1번이랑 3번 왜?", "너랑 다시는 듣기 싫어", "3번 왜 그랬을까"),
    ],
)
def test_what_only_sounds_like_it_is_talk(text: str) -> None:
    assert parse(text).command is Command.TALK


async def test_a_vote_in_words_counts_as_a_button_does(person: Person) -> None:
    await person.says("슬픔")
    await person.says("/노래 3")
    before = await moods(person)
    liked = await person.says("2번 좋다")
    assert (liked.kind, liked.data and liked.data["verdict"]) == (AnswerKind.VOTE, "up")
    disliked = await person.says("1번 별로")
    assert disliked.data is not None
    assert disliked.data["verdict"] == "down"
    assert (await person.says("3번은 왜 골랐어?")).kind is AnswerKind.WHY
    assert (await person.says("9번 좋다")).error == "nothing_shown"
    alike = await person.says("1번 같은 노래")
    assert alike.kind is AnswerKind.SONGS
    taste = await person.chat.service.votes.taste(USER)
    assert (taste.likes, await moods(person)) == (1, before)


@pytest.mark.parametrize("text", ["1번이랑 3번 좋아", "1번 3번 둘 다 좋아", "i like 1 and 3"])
async def test_the_same_may_be_said_of_several_songs(person: Person, text: str) -> None:
    await person.says("슬픔")
    await person.says("/노래 3")
    assert len((await person.says(text)).text) == 2
    assert (await person.chat.service.votes.taste(USER)).likes == 2
    assert (await person.says("1번이랑 9번 싫어")).error == "nothing_shown"
    assert (await person.chat.service.votes.taste(USER)).likes == 2


async def test_which_song_is_asked_where_it_is_not_clear(person: Person) -> None:
    await person.says("슬픔")
    await person.says("/노래 3")
    asked = await person.says("다시는 이 가수 추천하지 마")
    assert asked.kind is AnswerKind.SEARCH
    assert [row[0].label[:2] for row in asked.buttons] == ["1.", "2.", "3."]
    kept = await person.says("2번이요")
    assert kept.data is not None
    assert kept.data["verdict"] == "never_artist"
    assert await moods(person) == 1


async def test_the_only_song_of_a_list_is_meant(person: Person) -> None:
    await person.says("슬픔")
    await person.says("/노래 1")
    assert (await person.says("방금 그 노래 왜 골랐어?")).kind is AnswerKind.WHY
    answer = await person.says("이 노래 싫어")
    assert (answer.kind, answer.data and answer.data["verdict"]) == (AnswerKind.VOTE, "down")


async def test_where_nothing_was_shown_it_is_talk(person: Person) -> None:
    answer = await person.says("이 노래 싫어")
    assert answer.kind is AnswerKind.TALK or answer.error == "empty"


async def test_who_wants_no_songs_is_offered_none_for_a_while(person: Person) -> None:
    await person.says("슬픔")
    answer = await person.says("노래 말고 얘기나 하자")
    assert answer.text == ("네, 이야기해요. 노래는 원하실 때 말해 주세요.",)
    assert await moods(person) == 1
    assert not any([(await person.says("슬픔")).buttons for _ in range(4)])


@pytest.mark.parametrize("text", ["/language en", "/언어 영어", "/Language English"])
async def test_the_language_has_a_command_of_its_own(person: Person, text: str) -> None:
    assert (await person.says(text)).language == "en"
    assert (await person.says("/language")).kind is AnswerKind.SETTINGS
