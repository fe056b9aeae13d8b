"""What is said when a reminder is due, and how it is brought to people."""

import asyncio
import logging
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest

from bot.bootstrap import load_painter, load_presenters
from bot.chat.answers import Answer, AnswerKind, Turn
from bot.chat.chat import Chat
from bot.chat.rounds import Arrival
from core.models import Language, UserKey
from core.reminders import Plan, Rhythm
from tests.services import USER, say, service_over

SEOUL = "Asia/Seoul"
EVENING, MORNING, SUNDAY = Plan(time(21, 30)), Plan(time(8)), Plan(time(20), 6)
DUE = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PRESENTERS = load_presenters()


def chat(*, pictures: bool = False) -> Chat:
    painter = load_painter() if pictures else None
    return Chat(service_over(), PRESENTERS, SEOUL, painter=painter)


def turn(now: datetime = DUE - MINUTE, language: Language = Language.KOREAN) -> Turn:
    return Turn(USER, f"test:{now}", language, now, np.random.default_rng(0))


async def check_ins(talk: Chat, plan: Plan, count: int = 1) -> list[Answer]:
    """What is said the first times after `DUE` minus a minute."""
    kept = await talk.service.reminding.set(
        USER, plan, zone=SEOUL, language=Language.KOREAN, now=DUE - MINUTE
    )
    every = DAY if plan.rhythm is Rhythm.DAILY else 7 * DAY
    return [await talk.check_in(turn(kept.next_at + step * every), kept) for step in range(count)]


def labels(answer: Answer) -> list[str]:
    return [button.label for row in answer.buttons for button in row]


class Carrier:
    """Brings what it can.

    Attributes:
        arrival: of everything, or what goes wrong.
        gate: opens before anything arrives.
    """

    def __init__(self, arrival: Arrival | Exception = Arrival.ARRIVED) -> None:
        self.arrival = arrival
        self.gate = asyncio.Event()
        self.gate.set()
        self.came: list[UserKey] = []
        self.at_once = self.most_at_once = 0
        self.busy = asyncio.Event()

    async def bring(self, user: UserKey, _answer: Answer) -> Arrival:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.at_once == 4:
            self.busy.set()
        await self.gate.wait()
        await asyncio.sleep(0)
        self.at_once -= 1
        self.came.append(user)
        if isinstance(self.arrival, Exception):
            raise self.arrival
        return self.arrival


async def go(talk: Chat, carrier: Carrier, now: datetime = DUE) -> None:
    async with talk.rounds.through("console", carrier, asyncio.Event()):
        await talk.rounds.go(lambda: now, np.random.default_rng(0))


async def wanted(talk: Chat, people: int = 1) -> list[UserKey]:
    users = [UserKey("console", str(number)) for number in range(people)]
    for user in users:
        await talk.service.reminding.set(
            user, EVENING, zone=SEOUL, language=Language.KOREAN, now=DUE - MINUTE
        )
    return users


async def test_each_day_another_line_until_all_were_said() -> None:
    said = [answer.text for answer in await check_ins(chat(), EVENING, 16)]
    assert len(set(said[:8])) == 8
    assert said[8:] == said[:8]
    (morning,) = await check_ins(chat(), MORNING)
    assert morning.text not in said


async def test_a_week_is_asked_for_in_other_words_each_week() -> None:
    said = [answer.text for answer in await check_ins(chat(), SUNDAY, 8)]
    assert len(set(said[:4])) == 4


async def test_a_reminder_offers_to_talk_and_to_stop_and_no_songs() -> None:
    (answer,) = await check_ins(chat(), EVENING)
    assert labels(answer) == ["이야기하기", "알림 끄기"]
    assert answer.kind is AnswerKind.REMIND
    assert answer.reply is None


async def test_english_is_spoken_to_who_speaks_it() -> None:
    talk = chat()
    kept = await talk.service.reminding.set(
        USER, EVENING, zone=SEOUL, language=Language.ENGLISH, now=DUE - MINUTE
    )
    answer = await talk.check_in(turn(DUE, Language.ENGLISH), kept)
    assert labels(answer) == ["Talk", "Stop reminders"]
    assert answer.text[0].isascii()


async def test_the_week_comes_with_its_picture_where_there_was_something_to_draw() -> None:
    talk = chat(pictures=True)
    (bare,) = await check_ins(talk, SUNDAY)
    assert bare.picture is None
    await say(talk.service, "슬픔", now=DUE)
    (whole,) = await check_ins(talk, SUNDAY)
    assert whole.picture is not None
    assert whole.picture.png.startswith(b"\x89PNG")
    assert "슬픔" in whole.picture.alt
    assert whole.text != bare.text
    assert "슬픔" not in whole.text[0]  # it may be read over a shoulder


async def test_what_was_said_long_ago_is_no_week() -> None:
    talk = chat(pictures=True)
    await say(talk.service, "슬픔", now=DUE - 10 * DAY)
    (answer,) = await check_ins(talk, SUNDAY)
    assert answer.picture is None


@pytest.mark.parametrize("plan", [EVENING, SUNDAY])
async def test_who_spoke_of_danger_lately_is_asked_quietly(plan: Plan) -> None:
    talk = chat(pictures=True)
    await say(talk.service, "슬픔", now=DUE - MINUTE)
    (usual,) = await check_ins(talk, plan)
    await say(talk.service, "죽고 싶어", now=DUE)
    (quiet,) = await check_ins(talk, plan)
    assert quiet.text != usual.text
    assert quiet.picture is None
    assert labels(quiet) == ["잠깐 숨 고르기", "이야기하기", "알림 끄기"]
    assert "109" not in quiet.text[0]


async def test_all_who_are_due_are_asked_a_few_at_a_time() -> None:
    talk, carrier = chat(), Carrier()
    users = await wanted(talk, 45)
    await go(talk, carrier)
    assert sorted(carrier.came, key=str) == sorted(users, key=str)
    assert carrier.most_at_once == 4
    await go(talk, carrier)
    assert len(carrier.came) == 45


@pytest.mark.parametrize(
    ("arrival", "again", "left"),
    [
        (Arrival.ARRIVED, 0, 1),
        (Arrival.LATER, 1, 1),
        (Arrival.UNREACHABLE, 0, 0),
        (ValueError("나만 아는 이야기"), 0, 1),
    ],
)
async def test_what_comes_of_it(
    arrival: Arrival | Exception, again: int, left: int, caplog: pytest.LogCaptureFixture
) -> None:
    talk, carrier = chat(), Carrier(arrival)
    (user,) = await wanted(talk)
    await go(talk, carrier)
    later = Carrier()
    await go(talk, later, DUE + 10 * MINUTE)
    assert len(later.came) == again
    assert len(await talk.service.reminding.of(user)) == left
    assert "나만" not in caplog.text


async def test_one_that_fails_does_not_keep_the_others_from_being_asked() -> None:
    talk = chat()
    users = await wanted(talk, 3)

    class Picky(Carrier):
        async def bring(self, user: UserKey, answer: Answer) -> Arrival:
            await super().bring(user, answer)
            if user == users[0]:
                raise RuntimeError
            return Arrival.ARRIVED

    carrier = Picky()
    await go(talk, carrier)
    assert len(carrier.came) == 3


async def test_what_cannot_be_said_is_not_sent_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    talk, carrier = chat(), Carrier()
    await wanted(talk)

    def broken(*_: object, **__: object) -> bool:
        raise RuntimeError

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(talk.service.conversation, "spoke_of_danger", broken)
        await go(talk, carrier)
    assert carrier.came == []
    assert "RuntimeError" in caplog.text
    await go(talk, carrier, DUE + 10 * MINUTE)
    assert len(carrier.came) == 1


async def test_nothing_is_taken_for_a_platform_that_is_not_there_or_ends() -> None:
    talk, carrier, stop = chat(), Carrier(), asyncio.Event()
    await wanted(talk)
    await talk.rounds.go(lambda: DUE, np.random.default_rng(0))
    stop.set()
    async with talk.rounds.through("console", carrier, stop):
        await talk.rounds.go(lambda: DUE, np.random.default_rng(0))
    assert carrier.came == []
    await go(talk, carrier)
    assert len(carrier.came) == 1


async def test_the_end_waits_for_what_is_being_sent() -> None:
    talk, carrier, stop = chat(), Carrier(), asyncio.Event()
    await wanted(talk, 30)
    carrier.gate.clear()
    async with talk.rounds.through("console", carrier, stop):
        going = asyncio.create_task(talk.rounds.go(lambda: DUE, np.random.default_rng(0)))
        await carrier.busy.wait()
        stop.set()
        asyncio.get_running_loop().call_soon(carrier.gate.set)
    assert len(carrier.came) == 20  # what was taken, and nothing more
    await going


async def test_what_a_second_daily_reminder_takes_the_place_of_is_said() -> None:
    talk = chat()
    await talk.answer(turn(), "/알림 매일 오후 9시")
    weekly = await talk.answer(turn(), "/알림 매주 일 20:00")
    told = await talk.answer(turn(), "/알림 매일 밤 10시에 알려줘")
    assert not any("대신했어요" in line for line in weekly.text)
    assert "앞서 정한 매일 21:00 알림을 대신했어요." in told.text


async def test_the_page_tells_how_things_stand_and_what_can_be_changed() -> None:
    talk = chat()
    bare = await talk.answer(turn(), "/알림")
    assert "아직 알림이 없어요" in bare.text[0]
    assert "알림 끄기" not in labels(bare)
    told = await talk.answer(turn(), "/알림 매일 오후 9시")
    assert told.text[0] == "매일 21:00에 안부를 물을게요. 다음은 11월 22일 21:00이에요."
    assert "Asia/Seoul" in told.text[-1]
    assert "/설정 시간대 Asia/Seoul" not in told.text[-1]
    assert "/설정 시간대 런던" in told.text[-1]
    assert "매일 21:00 ✓" in labels(told)
    assert labels(told)[-1] == "알림 끄기"
    assert told.data == {
        "reminders": [
            {
                "rhythm": "daily",
                "weekday": None,
                "time": "21:00",
                "zone": SEOUL,
                "next_at": "2026-11-22T12:00:00+00:00",
            }
        ]
    }
    both = await talk.answer(turn(), "/알림 매주 일 20:00")
    assert len(both.text[0].splitlines()) == 2
    left = await talk.answer(turn(), "/알림 매일 끄기")
    assert left.text == (
        "알림을 껐어요. 다시 필요할 때는 ‘/알림’이라고 적어주세요.",
        (
            "매주 일요일 20:00에 안부를 묻고, 한 주의 마음을 그려드릴게요. "
            "다음은 11월 22일 20:00이에요."
        ),
    )
    assert (await talk.answer(turn(), "알림 꺼줘")).data == {"reminders": []}


async def test_buttons_set_and_stop_and_listen() -> None:
    talk = chat()
    page = await talk.answer(turn(language=Language.ENGLISH), "/remind")
    for row in page.buttons:
        for button in row:
            told = await talk.press(turn(language=Language.ENGLISH), str(button.action))
            assert f"{button.label} ✓" in labels(told)
    assert len(await talk.service.reminding.of(USER)) == 2
    lines = {f"remind.talk.{number}" for number in (1, 2, 3)}
    texts = PRESENTERS[Language.ENGLISH].texts
    listens = await talk.press(turn(language=Language.ENGLISH), "rt")
    assert listens.text[0] in {texts(line) for line in lines}
    await talk.press(turn(), "rs.weekly")
    assert [one.plan.rhythm for one in await talk.service.reminding.of(USER)] == [Rhythm.DAILY]
    stopped = await talk.press(turn(), "rs.all")
    assert stopped.buttons == ()
    assert await talk.service.reminding.of(USER) == []


@pytest.mark.parametrize("carried", ["rm.x-1", "rm.7-60", "rm.d-1440", "rm.d", "rs.monthly"])
async def test_forged_buttons_are_answered_kindly(carried: str) -> None:
    assert (await chat().press(turn(), carried)).error == "unknown_action"


@pytest.mark.parametrize("typed", ["/알림 25:00", "/알림 매주 20:00", "/알림 매일", "/remind soon"])
async def test_bad_times_get_a_kind_sentence_and_lose_nothing(typed: str) -> None:
    talk = chat()
    await talk.answer(turn(), "/알림 매일 21:00")
    answer = await talk.answer(turn(), typed)
    assert answer.error == "reminder_time"
    assert "그대로 있어요" in answer.text[0]
    (kept,) = await talk.service.reminding.of(USER)
    assert kept.plan == Plan(time(21))


async def test_danger_in_place_of_a_time_is_heard() -> None:
    assert (await chat().answer(turn(), "/알림 그냥 죽고 싶어")).kind is AnswerKind.CRISIS


async def test_another_time_zone_moves_what_was_set() -> None:
    talk = chat()
    await talk.answer(turn(), "/알림 매일 21:00")
    await talk.answer(turn(), "/설정 시간대 Europe/London")
    (told, _, how) = (await talk.answer(turn(), "/알림")).text
    assert told.endswith("다음은 11월 21일 21:00이에요.")
    assert "Europe/London" in how


async def test_a_reminder_goes_by_the_time_zone_that_was_chosen_before() -> None:
    talk = chat()
    await talk.answer(turn(), "/설정 시간대 Europe/London")
    told = await talk.answer(turn(), "/알림")
    assert "Europe/London" in told.text[-1]
    kept = (await talk.answer(turn(), "/알림 매일 21:00")).data
    assert kept == {
        "reminders": [
            {
                "rhythm": "daily",
                "weekday": None,
                "time": "21:00",
                "zone": "Europe/London",
                "next_at": "2026-11-21T21:00:00+00:00",
            }
        ]
    }
