import logging

import pytest

from bot.chat.answers import Answer, AnswerKind
from bot.chat.hearing import MAX_CHARACTERS
from bot.handlers.console_turns import ConsoleTalk
from bot.streams import MAX_LINE_BYTES
from core.errors import EmptyMessageError, InvalidCountError, UnknownMoodError
from core.models import CrisisKind, Language, Mode, Reply, ReplyKind
from tests.unit.console_fakes import (
    HELP_LINES,
    NOW,
    SAD,
    FakeConversation,
    console,
    offered,
    reading,
    song,
)


def chat(service: FakeConversation, language: Language = Language.KOREAN) -> ConsoleTalk:
    return console(service, language)


async def answer(line: bytes | str, *replies: Reply | Exception) -> Answer:
    return await chat(FakeConversation(list(replies))).answer(line)


async def test_talk_goes_to_the_service_as_it_was_typed() -> None:
    service = FakeConversation([reading()])
    found = await chat(service, Language.ENGLISH).answer("  시험에 떨어졌어 ㅠ ")
    (call,) = service.calls
    assert (call.name, call.text, call.now) == ("respond", "  시험에 떨어졌어 ㅠ ", NOW)
    assert call.language is Language.ENGLISH
    assert found.kind is AnswerKind.TALK
    assert found.text == ("많이 속상했겠어요.", "무슨 일이 있었어요?")
    assert found.error is None


async def test_bytes_are_read_as_utf_8() -> None:
    service = FakeConversation([reading()])
    await chat(service).answer("안녕".encode())
    assert service.calls[0].text == "안녕"


async def test_bytes_that_are_not_utf_8_do_not_reach_the_service() -> None:
    service = FakeConversation([])
    found = await chat(service).answer(b"\xff\xfe")
    assert (found.kind, found.error) == (AnswerKind.ERROR, "not_utf8")
    assert "UTF-8" in found.text[0]
    assert service.calls == []


@pytest.mark.parametrize(
    "line",
    [
        "아" * (MAX_CHARACTERS + 1),
        b"a" * (MAX_CHARACTERS + 1),
        "아".encode() * MAX_LINE_BYTES,  # cut in the middle of a letter
    ],
)
async def test_what_is_too_long_does_not_reach_the_service(line: bytes | str) -> None:
    service = FakeConversation([])
    assert (await chat(service).answer(line)).error == "too_long"
    assert service.calls == []


async def test_the_longest_message_is_read() -> None:
    assert (await answer("아" * MAX_CHARACTERS, reading())).kind is AnswerKind.TALK


async def test_a_full_gauge_offers_songs() -> None:
    full = Reply(ReplyKind.TALK, lines=("네.",), reading=SAD, mood=SAD, gauge=100, offer=True)
    found = await answer("응", full)
    assert found.text[0] == "네."
    assert [button.label for row in found.buttons for button in row] == [
        *("비슷한 노래", "반대 노래", "밝은 쪽으로")
    ]


async def test_a_crisis_shows_the_help_lines() -> None:
    found = await answer("...", Reply(ReplyKind.CRISIS, crisis=CrisisKind.SELF_HARM, card=True))
    assert found.kind is AnswerKind.CRISIS
    assert found.text == HELP_LINES.card(CrisisKind.SELF_HARM, Language.KOREAN)


async def test_a_crisis_in_a_malformed_command_is_heard() -> None:
    service = FakeConversation([Reply(ReplyKind.CRISIS, crisis=CrisisKind.SELF_HARM, card=True)])
    found = await chat(service).answer("/노래 죽고 싶어")
    assert found.kind is AnswerKind.CRISIS
    assert [(call.name, call.text) for call in service.calls] == [("respond", "/노래 죽고 싶어")]


async def test_a_crisis_in_an_unknown_command_is_heard() -> None:
    service = FakeConversation([Reply(ReplyKind.CRISIS, crisis=CrisisKind.SELF_HARM, card=True)])
    assert (await chat(service).answer("/죽고 싶어")).kind is AnswerKind.CRISIS


async def test_a_crisis_in_a_text_that_is_too_long_is_heard() -> None:
    service = FakeConversation([Reply(ReplyKind.CRISIS, crisis=CrisisKind.SELF_HARM, card=True)])
    found = await chat(service).answer("죽고 싶어. " + "아" * MAX_CHARACTERS)
    assert found.kind is AnswerKind.CRISIS


async def test_songs_are_asked_for_with_mode_and_count() -> None:
    service = FakeConversation([offered(song())])
    found = await chat(service).answer("/노래 반대 3")
    (call,) = service.calls
    assert (call.name, call.mode, call.count) == ("songs", Mode.OPPOSITE, 3)
    assert found.kind is AnswerKind.SONGS


async def test_the_same_generator_serves_the_whole_conversation() -> None:
    service = FakeConversation([reading(), offered(song()), reading()])
    conversation = chat(service)
    for line in ("하나", "/노래", "둘"):
        await conversation.answer(line)
    assert len({id(call.generator) for call in service.calls}) == 1
    assert len({call.user for call in service.calls}) == 1


async def test_the_mood_is_shown() -> None:
    service = FakeConversation([], known=Reply(ReplyKind.MOOD, mood=SAD, gauge=47))
    found = await chat(service).answer("/기분")
    assert found.kind is AnswerKind.MOOD
    assert found.reply is service.known


@pytest.mark.parametrize(("line", "kind"), [("/help", AnswerKind.HELP), ("/끝", AnswerKind.QUIT)])
async def test_help_and_goodbye_carry_the_mood_for_programs(line: str, kind: AnswerKind) -> None:
    service = FakeConversation([], known=Reply(ReplyKind.MOOD, mood=SAD, gauge=47))
    found = await chat(service).answer(line)
    assert found.kind is kind
    assert found.reply is service.known


async def test_who_asks_who_it_is_hears_of_an_ai() -> None:
    service = FakeConversation([])
    found = await chat(service).answer("너 누구야?")
    assert (found.kind, found.explains) == (AnswerKind.HELP, ())
    assert "AI" in found.text[1]
    assert [call.name for call in service.calls] == ["mood"]


async def test_help_names_every_command() -> None:
    text = "\n".join((await answer("/도움말")).text)
    assert all(
        f"/{name}" in text for name in ("노래", "기분", "좋아요", "잊어줘", "도움말", "끝", "songs")
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EmptyMessageError(), "empty"),
        (UnknownMoodError(), "unknown_mood"),
        (InvalidCountError(20), "invalid_count"),
        (RuntimeError("비밀"), "internal"),
    ],
)
async def test_what_goes_wrong_is_said_kindly(error: Exception, code: str) -> None:
    for line in ("안녕", "/노래"):
        found = await answer(line, error)
        assert (found.kind, found.error, found.reply) == (AnswerKind.ERROR, code, None)
        assert found.text[0].endswith("요.")


@pytest.mark.parametrize(
    ("line", "code"), [("/노레", "unknown_command"), ("/노래 슬픈거", "usage")]
)
async def test_a_slip_of_a_command_does_not_reach_the_service(line: str, code: str) -> None:
    assert (await answer(line)).error == code


async def test_a_fault_is_logged_by_its_place_without_what_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        await answer("아무도 모르는 이야기", RuntimeError("아무도 모르는 이야기"))
    (record,) = caplog.records
    assert "RuntimeError" in record.getMessage()
    assert "console_fakes.py" in record.getMessage()
    assert record.exc_info is None
    assert "이야기" not in caplog.text
