"""Replies of a language model, with a model that says what it is told to."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.errors import StoreError, WriterError
from core.models import Language, Reply, ReplyKind, UserKey
from core.ports import UnitOfWork
from core.records import ConsentKind
from core.service.maeum import MaeumService
from core.service.writing import WritingLimits, consent_version
from core.store.memory import MemoryStore
from tests.services import NOW, OTHER, USER, say, service_over

PLACE = "model.example"
WARM = "슬픔이 컸겠어요. 언제 제일 힘들었어요?"
QUICK = WritingLimits(failures=2, pause=timedelta(minutes=1), calls=2)


class Model:
    """Answers with `says`, or fails with it; remembers what it was told."""

    place = PLACE

    def __init__(self, says: str | Exception = WARM) -> None:
        self.says = says
        self.told: list[tuple[str, str]] = []
        self.gate: asyncio.Event | None = None
        self.asked = asyncio.Event()

    async def write(self, instructions: str, message: str) -> str:
        self.told.append((instructions, message))
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def service(model: Model) -> MaeumService:
    return service_over(writer=model, limits=QUICK)


async def agree(
    service: MaeumService,
    user: UserKey = USER,
    *,
    given: bool = True,
    place: str = PLACE,
    seconds: int = 0,
) -> None:
    await service.people.consent(
        user,
        ConsentKind.REPLIES,
        given=given,
        now=NOW + timedelta(seconds=seconds),
        text_version=consent_version("1", place),
    )


async def talk(
    service: MaeumService, text: str = "슬픔", user: UserKey = USER, seconds: int = 0
) -> tuple[Reply, Reply]:
    """The answer of the bank, and what is said."""
    now = NOW + timedelta(seconds=seconds)
    reply = await say(service, text, user, now)
    said = await service.writing.improve(user, text, reply, now=now, language=Language.KOREAN)
    return reply, said


async def test_who_agreed_is_answered_by_the_model(service: MaeumService, model: Model) -> None:
    await agree(service)
    reply, said = await talk(service)
    assert said.lines == (WARM,)
    assert reply.lines != said.lines
    assert (said.mood, said.gauge, said.offer) == (reply.mood, reply.gauge, reply.offer)
    ((told, message),) = model.told
    assert " ".join(reply.lines) in told
    assert message == "슬픔"


async def test_who_did_not_is_not_spoken_of(service: MaeumService, model: Model) -> None:
    reply, said = await talk(service)
    assert said is reply
    await agree(service)
    await agree(service, given=False, seconds=1)
    reply, said = await talk(service)
    assert said is reply
    assert model.told == []


async def test_a_consent_holds_for_the_place_it_named(service: MaeumService, model: Model) -> None:
    await agree(service, place="elsewhere.example")
    reply, said = await talk(service)
    assert said is reply
    assert model.told == []


async def test_without_a_model_the_bank_answers() -> None:
    service = service_over()
    await agree(service)
    reply, said = await talk(service)
    assert said is reply
    assert service.writing.place is None


async def test_it_hears_neither_danger_nor_what_comes_after(
    service: MaeumService, model: Model
) -> None:
    await agree(service)
    for seconds, text in enumerate(("죽고 싶어 슬픔", "슬픔뿐이야")):
        reply, said = await talk(service, text, seconds=seconds)
        assert said is reply
        assert reply.kind in {ReplyKind.CRISIS, ReplyKind.CARE}
    assert model.told == []


async def test_it_is_told_no_number_no_name_and_no_more_than_a_part(
    service: MaeumService, model: Model
) -> None:
    await agree(service)
    await talk(service, "슬픔 제 이름은 김민수예요. 010-1234-5678 " + "정말 " * 1000)
    ((told, message),) = model.told
    for secret in ("김민수", "1234", USER.id + "@", USER.platform):
        assert secret not in message + told
    assert len(message) <= 1000


@pytest.mark.parametrize(
    "says",
    [
        WriterError("broken"),
        RuntimeError("the model is closed"),
        "",
        "꺼져요.",
        "저도 사람이라 슬픔을 알아요.",
        "슬픔이 크면 사라지고 싶고 죽고 싶어지죠.",
        "행복한 하루였네요.",
        "아무 마음도 읽히지 않는 말이에요.",
        "<html><body>502</body></html>",
        "That sounds hard.",
    ],
)
async def test_whatever_is_wrong_with_it_the_bank_answers(
    service: MaeumService, model: Model, says: str | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model.says = says
    await agree(service)
    reply, said = await talk(service, "슬픔 비밀이야")
    assert len(model.told) == 1
    assert said is reply
    assert "비밀" not in caplog.text
    if says and isinstance(says, str):
        assert says not in caplog.text


async def test_one_that_never_answers_is_given_up(model: Model) -> None:
    service = service_over(writer=model, limits=WritingLimits(timeout_s=0.0))
    model.gate = asyncio.Event()
    await agree(service)
    reply, said = await talk(service)
    assert said is reply


async def test_while_it_thinks_nobody_waits_and_nothing_is_locked(
    service: MaeumService, model: Model
) -> None:
    model.gate = asyncio.Event()
    await agree(service)
    thinking = asyncio.create_task(talk(service))
    await model.asked.wait()
    # The same person's mood can be written, and another one is answered.
    assert (await say(service, "행복", now=NOW + timedelta(seconds=1))).lines
    assert (await talk(service, user=OTHER))[1].lines
    model.gate.set()
    assert (await thinking)[1].lines == (WARM,)


async def test_it_is_asked_by_so_many_at_a_time_and_the_others_are_not_kept_waiting(
    service: MaeumService, model: Model
) -> None:
    model.gate = asyncio.Event()
    people = [UserKey("console", f"many {number}") for number in range(3)]
    for user in people:
        await agree(service, user)
    waiting = []
    for user in people[:2]:
        model.asked.clear()
        waiting.append(asyncio.create_task(talk(service, user=user)))
        await model.asked.wait()
    reply, said = await talk(service, user=people[2])
    assert said is reply
    model.gate.set()
    assert [found[1].lines for found in await asyncio.gather(*waiting)] == [(WARM,)] * 2
    model.says = "슬픔이 오래 머물렀네요."
    assert (await talk(service, user=people[2]))[1].lines == (model.says,)


async def test_one_that_keeps_failing_is_left_alone_for_a_while_and_the_operator_told_once(
    service: MaeumService, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    await agree(service)
    model.says = WriterError("broken")
    for seconds in range(5):
        await talk(service, seconds=seconds)
    assert len(model.told) == QUICK.failures
    assert [each.levelname for each in caplog.records] == ["WARNING"]
    model.says = WARM
    reply, said = await talk(service, seconds=30)
    assert said is reply
    assert (await talk(service, seconds=90))[1].lines == (WARM,)
    assert (await talk(service, seconds=91))[1].lines == (WARM,)


async def test_a_store_that_is_away_is_no_reason_to_say_nothing(model: Model) -> None:
    store = MemoryStore()
    away = False

    def open_work() -> UnitOfWork:
        if away:
            raise StoreError("away")
        return store.unit_of_work()

    opened: Callable[[], UnitOfWork] = open_work
    service = service_over(opened, writer=model)
    await agree(service)
    reply = await say(service, "슬픔")
    away = True
    said = await service.writing.improve(USER, "슬픔", reply, now=NOW, language=Language.KOREAN)
    assert said is reply
    assert model.told == []


async def test_a_message_that_fills_the_gauge_is_answered_without_a_question(
    service: MaeumService, model: Model
) -> None:
    await agree(service)
    found = [await talk(service, seconds=seconds) for seconds in range(4)]
    offering = [said for reply, said in found if reply.offer]
    assert offering
    assert all(said.lines != (WARM,) for said in offering)
    model.says = "슬픔이 오래 머물렀네요."
    service = service_over(writer=model, limits=QUICK)
    await agree(service)
    found = [await talk(service, seconds=seconds) for seconds in range(4)]
    assert all(said.lines == (model.says,) for _, said in found)
