"""What one person may ask for in a while, over the real use cases and a store that forgets."""

import itertools
from datetime import datetime, timedelta

import numpy as np
import pytest

from bot.chat.answers import Answer, AnswerKind, Turn
from bot.chat.chat import Chat
from bot.chat.commands import COMMAND_NAMES, Command, Request
from bot.chat.hearing import MAX_CHARACTERS
from bot.chat.limits import deed_of
from bot.pace import Deed, Pace, Rate
from core.models import Language, UserKey
from tests.services import NOW, OTHER, USER, OneWordReader, service_over
from tests.unit.console_fakes import PRESENTERS

KEYS = itertools.count()
FEW = {deed: Rate(2, 60) for deed in Deed}
DANGER = "죽고 싶어"


class Fast:
    """Somebody to whom the bot grants two of everything in a minute."""

    def __init__(self, language: Language = Language.KOREAN) -> None:
        self.reader = OneWordReader()
        self.chat = Chat(service_over(reader=self.reader), PRESENTERS, "Asia/Seoul", pace=Pace(FEW))
        self.language = language

    def turn(self, after_s: float = 0, user: UserKey = USER) -> Turn:
        key, now = f"test:{next(KEYS)}", NOW + timedelta(seconds=after_s)
        return Turn(user, key, self.language, now, np.random.default_rng(0), message="1:1")

    async def says(self, text: str, after_s: float = 0, user: UserKey = USER) -> Answer:
        return await self.chat.answer(self.turn(after_s, user), text)

    async def presses(self, carried: str) -> Answer:
        return await self.chat.press(self.turn(), carried)


@pytest.fixture
def fast() -> Fast:
    return Fast()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [(Language.KOREAN, "천천히 해도"), (Language.ENGLISH, "No need to rush")],
)
async def test_who_talks_too_fast_is_told_once_is_not_read_and_then_goes_on(
    language: Language, sentence: str
) -> None:
    fast = Fast(language)
    answers = [await fast.says("슬픔") for _ in range(4)]
    assert [answer.error for answer in answers] == [None, None, "hurried", "hurried"]
    assert [answer.quiet for answer in answers] == [False, False, False, True]
    assert sentence in answers[2].text[0]
    assert len(fast.reader.asked) == 2
    assert (await fast.says("슬픔", after_s=30)).kind is AnswerKind.TALK
    assert (await fast.says("슬픔", user=OTHER)).kind is AnswerKind.TALK


async def test_danger_is_always_answered_however_fast_it_is_said(fast: Fast) -> None:
    for _ in range(3):
        await fast.says("슬픔")
        await fast.says("/노래")
    for text in (DANGER, f"/일기 {DANGER}", f"/노래 {DANGER}", f"/비슷한노래 {DANGER}"):
        assert (await fast.says(text)).kind is AnswerKind.CRISIS
    asked = Request(Command.DIARY, f"/diary {DANGER}")
    assert (await fast.chat.run(fast.turn(), asked)).kind is AnswerKind.CRISIS
    edited = await fast.chat.reread(fast.turn(), "1:1", DANGER)
    assert edited is not None
    assert edited.kind is AnswerKind.CRISIS
    assert edited.buttons
    assert edited.personal


async def test_what_follows_danger_has_a_bucket_of_its_own(fast: Fast) -> None:
    for _ in range(3):
        await fast.says("슬픔")
    assert (await fast.says(DANGER)).kind is AnswerKind.CRISIS
    assert (await fast.says("너무 힘들어")).kind in {AnswerKind.CARE, AnswerKind.CRISIS}


async def test_votes_consents_and_the_way_to_forget_are_never_lost(fast: Fast) -> None:
    await fast.says("슬픔")
    shown = await fast.says("/노래 3곡")
    assert shown.reply is not None
    assert shown.reply.slate is not None
    for _ in range(4):
        await fast.says("슬픔")
    for item in shown.reply.slate.items * 2:
        assert (await fast.presses(f"vs.up.{item.impression}")).kind is AnswerKind.VOTE
    votes = ("/좋아요 1", "/싫어요 2", "/제외 3")
    for text in (*votes, "/동의 추천 네", "/설정", "/숨고르기", "알림 꺼줘"):
        assert (await fast.says(text)).error is None
    assert (await fast.chat.service.votes.taste(USER)).likes == 1
    assert (await fast.presses("f.no")).kind is AnswerKind.FORGET


@pytest.mark.parametrize("carried", ["s.similar", "k.melon:1", "m.similar.gone"])
async def test_buttons_that_make_a_list_are_bounded_as_commands_are(
    fast: Fast, carried: str
) -> None:
    await fast.says("슬픔")
    answers = [await fast.presses(carried) for _ in range(3)]
    assert [answer.error for answer in answers] == [None, None, "hurried"]


@pytest.mark.parametrize("text", ["/기분", "/한주", "/내보내기", "/노레", "/도움말"])
async def test_whatever_makes_work_or_an_answer_is_bounded(fast: Fast, text: str) -> None:
    errors = [(await fast.says(text)).error for _ in range(3)]
    assert errors[0] == errors[1] != "hurried"
    assert errors[2] == "hurried"


async def test_edits_are_read_again_only_so_often(fast: Fast) -> None:
    await fast.says("슬픔")
    for _ in range(5):
        assert await fast.chat.reread(fast.turn(), "1:1", "행복") is None
    assert len(fast.reader.asked) == 2


async def test_a_long_text_counts_for_many_short_ones(fast: Fast) -> None:
    assert (await fast.says("슬픔 " * 5000)).error is None
    assert (await fast.says("슬픔")).error == "hurried"


@pytest.mark.parametrize("length", [10_000, MAX_CHARACTERS + 1, 1_000_000])
async def test_very_long_texts_are_bounded_in_work_and_danger_is_heard_in_them(
    monkeypatch: pytest.MonkeyPatch, fast: Fast, length: int
) -> None:
    heard: list[int] = []
    hears_danger = fast.chat.service.conversation.hears_danger

    async def counted(text: str) -> bool:
        heard.append(len(text))
        return await hears_danger(text)

    monkeypatch.setattr(fast.chat.service.conversation, "hears_danger", counted)
    long = await fast.says(("행복" * length)[:length])
    assert long.error == (None if length <= MAX_CHARACTERS else "too_long")
    danger = await fast.says(f"{DANGER}. {'행복' * (length // 2)}", user=OTHER)
    assert danger.kind is AnswerKind.CRISIS
    request = Request(Command.SONGS, f"{DANGER}. {'행복' * (length // 2)}")
    assert (await fast.chat.run(fast.turn(), request)).kind is AnswerKind.CRISIS
    assert all(len(text) <= MAX_CHARACTERS for text in fast.reader.asked)
    assert max(heard) <= MAX_CHARACTERS


def test_every_command_but_the_free_ones_takes_from_a_bucket() -> None:
    free = {command for command in COMMAND_NAMES if deed_of(command) is None}
    assert {Command.LIKE, Command.FORGET, Command.CONSENT} < free
    assert not free & {Command.SONGS, Command.DIARY, Command.WEEK, Command.EXPORT, Command.HELP}


async def test_a_clock_of_another_day_is_no_trouble(fast: Fast) -> None:
    for _ in range(3):
        await fast.says("슬픔")
    turn = Turn(
        USER, "x", Language.KOREAN, datetime(2030, 1, 1, tzinfo=NOW.tzinfo), fast.turn().generator
    )
    assert (await fast.chat.answer(turn, "슬픔")).error is None
