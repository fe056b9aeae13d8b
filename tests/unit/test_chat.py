"""What the bot says and offers, over the real use cases and a store that forgets."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.actions import Action
from bot.chat.answers import Answer, AnswerKind, Button, Turn
from bot.chat.chat import Chat
from bot.chat.commands import Command, Request, parse
from bot.errors import UnknownActionError
from core.models import Language, User, UserKey
from core.reasons import ReasonKind
from core.recommend.query import Refinement
from core.records import Verdict
from core.store.memory_people import MemoryUsers
from tests.services import OTHER, SONGS, USER, service_over
from tests.unit.chat_people import Person
from tests.unit.console_fakes import PRESENTERS


@pytest.fixture
def person() -> Person:
    return Person(Chat(service_over(), PRESENTERS, "Asia/Seoul"))


def labels(answer: Answer) -> list[str]:
    return [button.label for row in answer.song_rows or () for button in row]


async def test_a_message_looks_for_its_writer_once(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    stored = MemoryUsers.stored

    async def counted(users: MemoryUsers, key: UserKey) -> User | None:
        looks.append(key)
        return await stored(users, key)

    monkeypatch.setattr(MemoryUsers, "stored", counted)
    for _ in range(2):
        await person.says("슬픔")
    assert looks == [USER, USER]


async def test_a_thumb_shows_that_it_is_up_and_is_taken_back_by_another_press(
    person: Person,
) -> None:
    await person.says("슬픔")
    (rows, *_) = await person.rows(await person.says("/노래"), listed=False)
    voted = await person.presses(rows[0][0])
    assert voted.kind is AnswerKind.VOTE
    assert labels(voted)[:2] == ["👍 ✓", "👎"]
    assert voted.song_rows is not None
    assert labels(await person.presses(voted.song_rows[0][1]))[:2] == ["👍", "👎 ✓"]
    taken_back = await person.presses(voted.song_rows[0][0])
    assert labels(taken_back)[:2] == ["👍", "👎"]


async def test_a_double_tap_does_nothing_twice(person: Person) -> None:
    await person.says("슬픔")
    (rows, *_) = await person.rows(await person.says("/노래"), listed=False)
    for key in ("tap 1", "tap 2", "tap 1"):
        assert labels(await person.presses(rows[0][0], key))[:2] == ["👍 ✓", "👎"]
    assert (await person.chat.service.votes.taste(USER)).likes == 1


async def test_a_list_has_a_row_for_each_song(person: Person) -> None:
    await person.says("슬픔")
    (rows,) = await person.rows(await person.says("/노래 3"), listed=True)
    heads = ["1 👍", "2 👍", "3 👍", "더 밝게", "다른 가수로", "비슷한 노래"]
    assert [row[0].label for row in rows] == heads
    voted = await person.presses(rows[1][1])
    thumbs = [label for label in labels(voted) if "👍" in label or "👎" in label]
    assert thumbs == ["1 👍", "1 👎", "2 👍", "2 👎 ✓", "3 👍", "3 👎"]


async def test_what_is_not_to_come_again_is_asked_first(person: Person) -> None:
    await person.says("슬픔")
    (rows, *_) = await person.rows(await person.says("/노래"), listed=False)
    asked = await person.presses(rows[1][1])
    assert [button.label for button in asked.buttons[0]] == ["이 노래만", "이 가수 노래 모두"]
    done = await person.presses(asked.buttons[0][1])
    assert "다시 권하지 않을게요" in done.text[0]
    assert labels(done)[-1] == "추천 제외 ✓"


async def test_why_a_song_was_chosen_is_told(person: Person) -> None:
    await person.says("슬픔")
    (rows, *_) = await person.rows(await person.says("/노래"), listed=False)
    told = await person.presses(rows[1][0])
    assert (told.kind, told.personal) == (AnswerKind.WHY, True)
    assert told.text[1] == (await person.says("/이유 1")).text[1]


@pytest.mark.parametrize(
    "carried",
    [
        *("", "x", "vs.up", "vs.no." + "0" * 32, "s.path2", "f.yes.yes", "c.improve", "t.memory"),
        *("v" * 65, "\ud800", "vs.up.\udfff", "😀", "c.nothing.yes", "nobody"),
    ],
)
async def test_a_button_that_is_not_ours_is_refused_kindly(person: Person, carried: str) -> None:
    answer = await person.chat.press(person.turn(), carried)
    assert (answer.kind, answer.error) == (AnswerKind.ERROR, "unknown_action")


def test_an_action_is_read_as_it_was_written() -> None:
    for name, words in (("vs", ("never_artist", "0" * 32)), ("s", ("similar",))):
        assert Action.parse(str(Action(name, words))) == Action(name, words)
    with pytest.raises(UnknownActionError):
        Action.parse("vs.up.a.b")


async def test_songs_are_offered_with_buttons_that_bring_them(person: Person) -> None:
    await person.says("슬픔")
    offer = await person.says("슬픔")
    assert [button.label for button in offer.buttons[0]] == [
        "비슷한 노래",
        "반대 노래",
        "밝은 쪽으로",
    ]
    assert (await person.presses(offer.buttons[0][1])).kind is AnswerKind.SONGS


async def test_settings_are_changed_by_word_and_by_button(person: Person) -> None:
    assert "길게" in "".join((await person.says("/설정 기억 길게")).text)
    shown = await person.says("/설정")
    assert shown.data is not None
    assert shown.data["memory"] == "long"
    three = next(button for row in shown.buttons for button in row if button.label == "3곡")
    await person.presses(three)
    await person.says("슬픔")
    songs = (await person.says("/노래")).reply
    assert songs is not None
    assert songs.slate is not None
    assert len(songs.slate.items) == 3
    zone = await person.says("/설정 시간대 america/new_york")
    assert zone.data is not None
    assert zone.data["time_zone"] == "America/New_York"


async def test_the_settings_in_force_are_shown_with_what_they_can_be(person: Person) -> None:
    shown = (await person.says("/설정")).text[1].splitlines()
    assert "곡수: 5곡 (/설정 곡수 1~20)" in shown
    assert shown[-1].startswith("시간대: Asia/Seoul ")
    answer = await person.says("/settings songs 3")
    assert answer.data is not None
    assert answer.data["count"] == 3


@pytest.mark.parametrize(
    ("word", "zone"),
    [
        ("서울", "Asia/Seoul"),
        ("도쿄", "Asia/Tokyo"),
        ("뉴욕", "America/New_York"),
        ("런던", "Europe/London"),
        ("london", "Europe/London"),
        ("Paris", "Europe/Paris"),
        ("New York", "America/New_York"),
        ("ho chi minh", "Asia/Ho_Chi_Minh"),
        ("america/new york", "America/New_York"),
    ],
)
async def test_a_time_zone_can_be_named_by_its_city(person: Person, word: str, zone: str) -> None:
    answer = await person.says(f"/설정 시간대 {word}")
    assert answer.data is not None
    assert answer.data["time_zone"] == zone


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("/설정 시간대 달나라", "서울"),
        ("/설정 곡수 100", "20곡까지"),
        ("/설정 모양 카드", "하나씩"),
        ("/설정 기억 오래", "보통"),
        ("/설정 그림 예쁘게", "어둡게"),
        ("/설정 언어 독일어", "한국어"),
    ],
)
async def test_a_value_that_cannot_be_is_answered_with_those_that_can(
    person: Person, line: str, allowed: str
) -> None:
    answer = await person.says(line)
    assert answer.error == "setting_value"
    assert allowed in answer.text[0]


async def test_without_a_language_model_nothing_names_what_it_would_be_asked(
    person: Person,
) -> None:
    for line in ("/동의", "/동의 대답 네", "/도움말"):
        assert "대답 네" not in "".join((await person.says(line)).text)


async def test_the_language_is_changed_at_once(person: Person) -> None:
    answer = await person.says("/설정 언어 영어")
    assert (answer.language, answer.text[0]) == (Language.ENGLISH, "Your settings.")
    assert (await person.says("/xyz")).text[0].isascii()


@pytest.mark.parametrize(
    "line",
    ["/설정 곡수 0", "/설정 곡수 21", "/설정 기억 오래", "/설정 시간대 달나라", "/설정 곡수 ²"],
)
async def test_a_value_that_a_setting_cannot_have_is_explained(person: Person, line: str) -> None:
    answer = await person.says(line)
    assert answer.error == "setting_value"
    assert "/설정" in answer.text[0]


@pytest.mark.parametrize(
    "line", ["/설정 기억", "/설정 색 빨강", "/동의 추천", "/잊어줘 글쎄", "/기록 0"]
)
async def test_a_command_used_wrongly_is_explained(person: Person, line: str) -> None:
    assert (await person.says(line)).error == "usage"


async def test_the_history_is_told_by_days_of_the_persons_time_zone(person: Person) -> None:
    await person.says("슬픔")  # 21:00 in Seoul
    person.now += timedelta(hours=4)  # past midnight there
    await person.says("행복")
    found = await person.says("/기록")
    assert found.data is not None
    days = found.data["days"]
    assert isinstance(days, list)
    assert [(day["date"], day["messages"]) for day in days] == [
        ("2026-11-21", 1),
        ("2026-11-22", 1),
    ]
    assert "11월 22일" in found.text[0]
    assert "없어요" in (await Person(person.chat, OTHER).says("/기록 3")).text[0]


async def test_liked_songs_stand_in_the_history_and_the_taste(person: Person) -> None:
    assert "아직" in (await person.says("/취향")).text[0]
    await person.says("슬픔")
    await person.says("/노래")
    liked = await person.says("/좋아요 2")
    assert "노래" in liked.text[0]
    assert "♪" in (await person.says("/기록")).text[1]
    assert (await person.says("/취향")).text[0] == "지금까지 👍 1번, 👎 0번 알려주셨어요."
    await person.says("/취소 2")
    assert "아직" in (await person.says("/취향")).text[0]


async def test_a_consent_is_open_until_it_is_answered(person: Person) -> None:
    asked = await person.says("/동의")
    assert asked.data == {"improve": None, "utterances": None, "corrections": None}
    await person.presses(asked.buttons[0][0])
    await person.says("/동의 문장 아니요")
    await person.says("/동의 바로잡기 네")
    assert (await person.says("/동의")).data == {
        "improve": True,
        "utterances": False,
        "corrections": True,
    }


class Model:
    """Writes the same to everybody."""

    place = "model.example"

    async def write(self, instructions: str, message: str) -> str:
        return "슬픔이 오래 머물렀네요.\n듣고 있어요."


def with_model(model: Model | None = None) -> Person:
    return Person(Chat(service_over(writer=model or Model()), PRESENTERS, "Asia/Seoul"))


async def test_a_model_answers_after_consent_by_button_and_until_it_is_taken_back() -> None:
    person = with_model()
    before = (await person.says("슬픔")).text
    asked = await person.says("/동의")
    assert asked.data == {"improve": None, "utterances": None, "corrections": None, "replies": None}
    assert any("model.example" in paragraph for paragraph in asked.text)
    yes, no = asked.buttons[-1]
    assert "model.example" in (await person.presses(yes)).text[0]
    assert (await person.says("/동의")).data == {
        "improve": None,
        "utterances": None,
        "corrections": None,
        "replies": True,
    }
    written = ("슬픔이 오래 머물렀네요.", "듣고 있어요.")
    assert before != written
    assert (await person.says("슬픔")).text[:2] == written
    await person.presses(no)
    assert (await person.says("슬픔")).text[:2] != written
    await person.says("/동의 대답 네")
    assert (await person.says("슬픔")).text[:2] == written


async def test_privacy_tells_of_the_model_where_there_is_one(person: Person) -> None:
    told = "\n".join((await with_model().says("/개인정보")).text)
    assert "model.example" in told
    assert "언어 모델" not in "\n".join((await person.says("/개인정보")).text)


async def test_another_model_is_asked_about_anew() -> None:
    model = Model()
    person = with_model(model)
    await person.says("/동의 대답 네")
    model.place = "elsewhere.example"
    assert (await person.says("/동의")).data == {
        "improve": None,
        "utterances": None,
        "corrections": None,
        "replies": None,
    }


async def test_where_there_is_no_model_nobody_can_agree_to_one_and_anybody_refuse(
    person: Person,
) -> None:
    assert (await person.says("/동의 대답 네")).error == "usage"
    button = Button("", Action("c", ("replies", "yes")))
    assert (await person.presses(button)).error == "unknown_action"
    assert (await person.says("/동의 대답 아니요")).error is None


async def test_everything_is_exported_in_one_file(person: Person) -> None:
    assert (await person.says("/내보내기")).document is None
    await person.says("슬픔")
    await person.says("/노래")
    found = await person.says("/내보내기")
    assert found.document is not None
    with zipfile.ZipFile(io.BytesIO(found.document.content)) as whole:
        assert whole.namelist()[0] == "README.txt"
        everything = json.loads(whole.read("everything.json"))
        rows = list(csv.DictReader(io.StringIO(whole.read("impression.csv").decode("utf-8-sig"))))
    assert everything == found.data
    assert [row["song_id"] for row in rows] == [row["song_id"] for row in everything["impression"]]


async def test_forgetting_is_asked_about_and_proved(person: Person) -> None:
    assert (await person.says("/잊어줘")).buttons == ()
    await person.says("슬픔")
    asked = await person.says("/잊어줘")
    yes, no = asked.buttons[0]
    assert (await person.presses(no)).text == ("그대로 둘게요.",)
    done = await person.presses(yes)
    assert done.text == ("기록 3건을 모두 지웠어요. 다시 세어보니 남은 것은 0건이에요.",)


async def test_a_yes_out_of_the_blue_is_asked_about_and_loses_nothing(person: Person) -> None:
    await person.says("슬픔")
    for _ in range(2):  # the first is a warning, answered too late
        asked = await person.says("/잊어줘 네")
        assert "되돌릴 수 없어요" in asked.text[-1]
        assert asked.buttons
        person.now += timedelta(minutes=11)
    assert (await person.says("/잊어줘 아니요")).text == ("그대로 둘게요.",)
    assert "되돌릴 수 없어요" in (await person.says("/잊어줘 네")).text[-1]
    assert "모두 지웠어요" in (await person.says("/잊어줘 네")).text[0]
    await person.says("슬픔")
    assert "되돌릴 수 없어요" in (await person.says("/잊어줘 네")).text[-1]


async def test_a_warning_is_for_who_read_it(person: Person) -> None:
    other = Person(person.chat, OTHER)
    for each in (person, other):
        await each.says("슬픔")
    await person.says("/잊어줘")
    assert "되돌릴 수 없어요" in (await other.says("/잊어줘 네")).text[-1]


@pytest.mark.parametrize("text", ["?", "!!", "...", " ？ ", "!?!?", "…"])
async def test_who_only_calls_is_answered_warmly(person: Person, text: str) -> None:
    answer = await person.says(text)
    assert answer.error == "empty"
    assert "여기 있어요" in answer.text[0]


@pytest.mark.parametrize("text", ["🙂", "\u200b", "ㅁㄴㅇㄹ"])
async def test_what_is_more_than_a_call_and_cannot_be_read_is_said_so(
    person: Person, text: str
) -> None:
    answer = await person.says(text)
    assert answer.error == "empty"
    assert answer.text == (PRESENTERS[Language.KOREAN].texts("error.empty"),)


async def test_accounts_are_linked_by_a_code_typed_elsewhere(person: Person) -> None:
    await person.says("슬픔")
    code = (await person.says("/연결")).data
    assert code is not None
    other = Person(person.chat, OTHER)
    assert (await other.says("/연결 AAAAAAAAAA")).error == "link"
    assert (await other.says(f"/연결 {code['code']}")).data == {"linked": True}
    mood = (await other.says("/기분")).reply
    assert mood is not None
    assert mood.mood is not None


async def test_privacy_is_explained_with_what_is_kept(person: Person) -> None:
    assert "지금 남아 있는 것은 없어요." in (await person.says("/개인정보")).text
    await person.says("슬픔")
    assert "마음 기록 1" in (await person.says("/개인정보")).text[-1]


async def test_an_edit_is_answered_only_where_it_speaks_of_danger(person: Person) -> None:
    turn = person.turn()
    await person.chat.answer(
        Turn(USER, "a", Language.KOREAN, turn.now, turn.generator, message="m1"), "슬픔"
    )
    assert await person.chat.reread(person.turn(), "m1", "행복") is None
    assert await person.chat.reread(person.turn(), "m2", "행복") is None
    danger = await person.chat.reread(person.turn(), "m1", "죽고 싶어")
    assert danger is not None
    assert danger.kind is AnswerKind.CRISIS


async def test_what_is_personal_is_marked(person: Person) -> None:
    await person.says("슬픔")
    for line in ("/기분", "/기록", "/취향", "/설정", "/동의", "/내보내기", "/잊어줘", "/연결"):
        assert (await person.says(line)).personal, line
    assert not (await person.says("/노래")).personal


async def test_every_verdict_has_words(person: Person) -> None:
    await person.says("슬픔")
    await person.says("/노래")
    said = [
        (await person.says(line)).text[0]
        for line in ("/좋아요 1", "/싫어요 1", "/취소 1", "/제외 1", "/제외 2 가수")
    ]
    assert len(set(said)) == len(Verdict)


def songs_of(answer: Answer) -> list[str]:
    assert answer.reply is not None
    assert answer.reply.slate is not None
    return [item.song.id for item in answer.reply.slate.items]


@pytest.mark.parametrize("name", list(Refinement))
async def test_a_list_is_moved_on_from_by_a_tap(person: Person, name: Refinement) -> None:
    await person.says("슬픔")
    answer = await person.says("/노래")
    (rows,) = await person.rows(answer, listed=True)
    label = PRESENTERS[Language.KOREAN].texts(f"refine.{name}")
    button = next(button for row in rows for button in row if button.label == label)
    moved = await person.presses(button)
    # The facts of the small catalogue are few: a list may be short, and holds nothing of before.
    assert moved.kind is AnswerKind.SONGS
    assert not set(songs_of(moved)) & set(songs_of(answer))
    said = f"refined.{name}" if songs_of(moved) else "songs.none"
    assert moved.text == (PRESENTERS[Language.KOREAN].texts(said),)


async def test_songs_like_one_that_is_named(person: Person) -> None:
    found = await person.says("/비슷한노래 노래 12")
    assert found.kind is AnswerKind.SONGS
    assert "melon:12" not in songs_of(found)
    assert found.text == ("‘노래 12 - 가수 12’, 이 노래와 가까운 노래예요.",)
    further = await person.says("다른 노래 들려줘")
    assert further.text == found.text
    which = await person.says("/비슷한노래 가수 1")
    assert which.kind in {AnswerKind.SEARCH, AnswerKind.SONGS}
    assert (await person.says("/비슷한노래 쀍뛟")).error == "unfound_song"


async def test_which_song_is_meant_is_asked_where_several_are(person: Person) -> None:
    asked = await person.says("/비슷한노래 노래")
    assert asked.kind is AnswerKind.SEARCH
    assert len(asked.buttons) > 1
    chosen = await person.presses(asked.buttons[1][0])
    assert len(songs_of(chosen)) == 5


async def test_a_diary_is_read_into_the_mood_and_answered_with_songs(person: Person) -> None:
    answer = await person.says("/일기 오늘은 슬픔이 컸다. 그래도 저녁은 맛있었다.")
    assert (answer.kind, answer.personal) == (AnswerKind.SONGS, True)
    assert len(songs_of(answer)) == 3
    mood = (await person.says("/기분")).reply
    assert mood is not None
    assert mood.mood is not None
    assert await person.chat.service.people.kept(USER) == {
        "person": 1,
        "account": 1,
        "mood_point": 1,
        "impression": 3,
    }
    assert (await person.says("/일기 죽고 싶다")).kind is AnswerKind.CRISIS


async def test_decades_and_genres_narrow_a_list(person: Person) -> None:
    await person.says("슬픔")
    assert songs_of(await person.says("/노래 2010년대")) == []  # none has a year
    assert (await person.says("/노래 없는장르")).error == "usage"


async def test_who_spoke_of_danger_gets_gentle_songs_only(person: Person) -> None:
    await person.says("죽고 싶어")
    answer = await person.says("/노래 반대")
    assert answer.text == (PRESENTERS[Language.KOREAN].texts("songs.gentle"),)
    assert len(songs_of(answer)) == 5


@pytest.mark.parametrize("line", ["/노래 반대", "더 밝은 걸로", "두 곡만 더"])
async def test_where_others_read_along_gentle_songs_are_announced_as_any(
    person: Person, line: str
) -> None:
    await person.says("슬픔")
    await person.says("/노래")
    await person.says("죽고 싶어")
    answer = await person.chat.answer(replace(person.turn(), private=False), line)
    assert answer.text == (PRESENTERS[Language.KOREAN].texts("songs.surprise"),)
    assert songs_of(answer)
    assert answer.reply
    assert answer.reply.slate
    assert {item.reason.kind for item in answer.reply.slate.items} == {ReasonKind.NEW}


@pytest.mark.parametrize(
    "line",
    [
        "/비슷한노래 죽고 싶어",
        "/설정 언어 죽고싶어",
        "/like_song 죽고 싶어 오늘",
        "/노래 죽고 싶어",
    ],
)
async def test_danger_is_heard_in_whatever_command(person: Person, line: str) -> None:
    assert (await person.says(line)).kind is AnswerKind.CRISIS


async def test_danger_is_heard_in_what_a_platform_took_apart(person: Person) -> None:
    request = Request(Command.LIKE_SONG, "/like_song 죽고 싶어")
    assert (await person.chat.run(person.turn(), request)).kind is AnswerKind.CRISIS


@pytest.mark.parametrize("text", ["그만하자", "이제 그만하자"])
async def test_to_have_enough_is_no_goodbye_where_care_is_taken(person: Person, text: str) -> None:
    assert (await person.says(text)).kind is AnswerKind.QUIT
    await person.says("죽고 싶어")
    assert (await person.says(text)).kind in {AnswerKind.CARE, AnswerKind.CRISIS}
    assert (await person.says("끝")).kind is AnswerKind.QUIT


async def test_to_be_forgotten_is_no_command_where_care_is_taken(person: Person) -> None:
    assert (await person.says("다 잊어줘")).kind is AnswerKind.FORGET
    await person.says("죽고 싶어")
    assert (await person.says("다 잊어줘")).kind in {AnswerKind.CARE, AnswerKind.CRISIS}
    assert (await person.says("내 기록 지워줘")).kind is AnswerKind.FORGET


@pytest.mark.parametrize("text", ["신나는 노래 틀어줘", "노래 추천해줘"])
async def test_songs_asked_for_after_no_more_than_a_question_of_care_come(
    person: Person, text: str
) -> None:
    await person.says("슬픔")
    assert (await person.says("폰 잠금 풀어놨으니까 나중에 봐")).kind is AnswerKind.CARE
    answer = await person.says(text)
    assert answer.kind is AnswerKind.SONGS
    assert answer.text[-1] == PRESENTERS[Language.KOREAN].texts("songs.gentle")
    assert len(songs_of(answer)) == 5


async def test_songs_asked_for_in_care_come_with_a_line(person: Person) -> None:
    await person.says("죽고 싶어")
    answer = await person.says("신나는 노래 말고 잔잔한 노래 틀어줘")
    assert answer.kind is AnswerKind.SONGS
    assert len(answer.text) == 2
    assert len(songs_of(answer)) == 5


@pytest.fixture
def singer() -> Person:
    """Somebody where one of the songs is by a singer with a name."""
    songs = (replace(SONGS.songs[0], artist="아이유 (IU)"), *SONGS.songs[1:])
    service = service_over(songs=replace(SONGS, songs=songs))
    return Person(Chat(service, PRESENTERS, "Asia/Seoul"))


async def test_songs_are_asked_for_in_plain_words_before_anything_is_known(
    singer: Person,
) -> None:
    person = singer
    for text in ("아이유 노래 틀어줘", "play songs by IU"):
        answer = await person.says(text)
        assert songs_of(answer) == ["melon:1"]
        assert answer.text == ("아이유 (IU)의 노래예요.",)
    answer = await person.says("신나는 노래 두 곡만 추천해줘")
    assert len(songs_of(answer)) == 2
    assert answer.text == ("신나는 노래예요.",)


async def test_more_and_brighter_in_words_go_on_from_the_last_list(person: Person) -> None:
    await person.says("슬픔")
    first = await person.says("슬픈 노래 세 곡 틀어줘")
    more = await person.says("두 곡만 더")
    assert more.text == ("슬픈 노래예요.",)
    assert len(songs_of(more)) == 2
    assert not set(songs_of(more)) & set(songs_of(first))
    moved = await person.says("다른 가수로")
    assert moved.text == (PRESENTERS[Language.KOREAN].texts("refined.other_artists"),)


async def test_what_only_tells_of_songs_is_talked_about(person: Person) -> None:
    for text in ("노래 부르는 거 좋아해", "모르는가수 노래", "슬픔에 잠겨 노래 들었어"):
        assert (await person.says(text)).kind is not AnswerKind.SONGS


async def test_words_nobody_knows_are_read_for_what_they_feel_like(person: Person) -> None:
    answer = await person.says("슬픔이 밀려오는 하루에 들을 노래 추천해줘")
    assert answer.text == ("말씀하신 느낌에 맞춰 골라봤어요.",)
    assert answer.reply is not None
    assert answer.reply.slate is not None
    assert {item.reason.emotion for item in answer.reply.slate.items} == {"슬픔"}


@pytest.mark.parametrize("text", ["죽고 싶을 때 듣는 노래 추천해줘", "자살하고 싶어 노래 틀어줘"])
async def test_danger_is_heard_where_songs_are_asked_for(person: Person, text: str) -> None:
    assert (await person.says(text)).kind is AnswerKind.CRISIS


async def test_a_command_takes_a_mood_word_and_an_artist(singer: Person) -> None:
    person = singer
    answer = await person.says("/노래 슬픈 2")
    assert (len(songs_of(answer)), answer.text) == (2, ("슬픈 노래예요.",))
    assert songs_of(await person.says("/songs iu")) == ["melon:1"]


async def test_of_two_songs_in_one_list_no_sentence_is_the_same(person: Person) -> None:
    await person.says("슬픔")
    for text in ("신나는 노래 20곡", "/노래 20", "슬픈 노래 20곡 틀어줘", "/노래 깜짝 20"):
        answer = await person.says(text)
        assert answer.reply is not None
        assert answer.reply.slate is not None
        for presenter in PRESENTERS.values():
            whys = presenter.whys(answer.reply.slate)
            assert len(set(whys)) == len(whys) > 0


@pytest.mark.parametrize(
    "line", ["노래", "잔잔한 음악 부탁해", "두 곡만 추천해줘", "비 오는 날 어울리는 노래 추천"]
)
async def test_any_request_for_songs_in_care_gives_gentle_ones(person: Person, line: str) -> None:
    assert parse(line).command is Command.SONGS
    await person.says("죽고 싶어")
    answer = await person.says(line)
    assert answer.kind is AnswerKind.SONGS
    assert answer.reply
    assert answer.reply.slate
    assert answer.reply.slate.items
    assert {item.reason.kind for item in answer.reply.slate.items} == {ReasonKind.GENTLE}
