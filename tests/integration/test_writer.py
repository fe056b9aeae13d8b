"""The adapter of language models, against a local server that misbehaves."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.secret import Secret
from bot.writer import open_writer
from bot.writer_settings import WriterSettings
from core.errors import WriterError
from core.models import Language, Reply
from core.ports import ReplyWriter
from core.records import ConsentKind
from core.service.writing import WritingLimits, consent_version
from tests.llm import LlmServer, running_llm, said
from tests.services import NOW, USER, say, service_over

WARM = "슬픔이 컸겠어요. 언제 제일 힘들었어요?"


@pytest.fixture
async def server() -> AsyncIterator[LlmServer]:
    async with running_llm() as server:
        yield server


@pytest.fixture
async def writer(server: LlmServer) -> AsyncIterator[ReplyWriter]:
    settings = WriterSettings(server.url, "gemma", Secret("sk-test"))
    async with open_writer(settings) as writer:
        yield writer


async def improved(writer: ReplyWriter, limits: WritingLimits | None = None) -> tuple[Reply, Reply]:
    """The bank's answer, and what is said, to somebody who agreed."""
    service = service_over(writer=writer, limits=limits)
    await service.people.consent(
        USER,
        ConsentKind.REPLIES,
        given=True,
        now=NOW,
        text_version=consent_version("1", writer.place),
    )
    reply = await say(service, "슬픔")
    improve = service.writing.improve
    return reply, await improve(USER, "슬픔", reply, now=NOW, language=Language.KOREAN)


async def test_the_model_is_asked_as_its_api_wants_it(
    server: LlmServer, writer: ReplyWriter
) -> None:
    assert await writer.write("be kind", "슬픔") == WARM
    (asked,) = server.asked
    assert asked["model"] == "gemma"
    assert asked["messages"] == [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": "슬픔"},
    ]
    assert asked["stream"] is False
    assert "user" not in asked
    assert server.keys == ["Bearer sk-test"]
    assert writer.place == server.place


async def test_without_a_key_none_is_sent(server: LlmServer) -> None:
    async with open_writer(WriterSettings(server.url, "gemma")) as writer:
        await writer.write("", "슬픔")
    assert server.keys == [None]


async def test_what_it_wrote_is_said(writer: ReplyWriter) -> None:
    _, heard = await improved(writer)
    assert heard.lines == (WARM,)


async def _error(_: web.Request) -> web.StreamResponse:
    return web.json_response({"error": "out of memory"}, status=500)


async def _limited(_: web.Request) -> web.StreamResponse:
    return web.Response(status=429, headers={"Retry-After": "60"})


async def _hung_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def _page(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>Bad gateway</html>", content_type="text/html")


async def _cut(_: web.Request) -> web.StreamResponse:
    return web.Response(text='{"choices": [{"mess', content_type="application/json")


async def _no_choice(_: web.Request) -> web.StreamResponse:
    return web.json_response({"choices": []})


async def _list(_: web.Request) -> web.StreamResponse:
    return web.json_response([1, 2])


async def _no_text(_: web.Request) -> web.StreamResponse:
    return web.json_response(said(None))


async def _unfinished(_: web.Request) -> web.StreamResponse:
    return web.json_response(said(WARM, finish_reason="length"))


async def _endless(_: web.Request) -> web.StreamResponse:
    return web.json_response(said("슬픔이 컸겠어요. " * 10_000))


async def _deep(_: web.Request) -> web.StreamResponse:
    return web.Response(text="[" * 50_000, content_type="application/json")


async def _not_utf8(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b'{"choices": "\xff\xfe"}', content_type="application/json")


@pytest.mark.parametrize(
    "answer",
    [
        *(_error, _limited, _hung_up, _page, _cut, _no_choice, _list, _no_text, _unfinished),
        *(_endless, _deep, _not_utf8),
    ],
)
async def test_a_broken_answer_is_none_and_the_bank_answers(
    server: LlmServer,
    writer: ReplyWriter,
    answer: object,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert callable(answer)
    server.says = answer
    with pytest.raises(WriterError):
        await writer.write("", "슬픔")
    reply, heard = await improved(writer)
    assert heard is reply
    assert "슬픔" not in caplog.text


@pytest.mark.parametrize(
    "says",
    ["", "   ", "슬픔 같은 소리 하지 마. 꺼져.", "Sorry, I can't do that.", "<b>슬픔</b>이 커요."],
)
async def test_what_is_empty_or_rude_is_not_said(
    server: LlmServer, writer: ReplyWriter, says: str
) -> None:
    server.says = says
    reply, heard = await improved(writer)
    assert len(server.asked) == 1
    assert heard is reply


async def test_it_is_not_sent_on_to_another_place(server: LlmServer, writer: ReplyWriter) -> None:
    async def elsewhere(_: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect(f"{server.url}/chat/completions")

    server.says = elsewhere
    with pytest.raises(WriterError):
        await writer.write("", "슬픔")
    assert len(server.asked) == 1


async def test_nobody_at_the_address_is_no_answer(server: LlmServer) -> None:
    async with running_llm() as gone:
        url = gone.url
    async with open_writer(WriterSettings(url, "gemma")) as writer:
        reply, heard = await improved(writer)
        assert heard is reply


async def test_a_slow_one_is_given_up(server: LlmServer, writer: ReplyWriter) -> None:
    server.gate = asyncio.Event()
    reply, heard = await improved(writer, WritingLimits(timeout_s=0.2))
    assert heard is reply
    server.gate.set()
    server.gate = None
    assert (await improved(writer))[1].lines == (WARM,)
