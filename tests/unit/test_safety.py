"""Danger is met with care, and leaves nothing behind."""

from datetime import timedelta
from typing import Self

import numpy as np
import pytest

from core.errors import StoreError
from core.models import CrisisKind, Language, Mode, Reply, ReplyKind, UserKey
from core.records import ConsentKind
from core.service.maeum import MaeumService
from core.service.people import UNMATCHED_VALID
from core.store.memory import MemoryUnitOfWork
from core.store.memory_tables import MemoryTables
from tests.services import NOW, OTHER, USER, OneWordReader, ask, say, service_over


@pytest.fixture
def reader() -> OneWordReader:
    return OneWordReader()


@pytest.fixture
def service(reader: OneWordReader) -> MaeumService:
    return service_over(reader=reader)


async def after_danger(service: MaeumService) -> Reply:
    return await say(service, "너무 슬픔, 그냥 죽고 싶어")


async def test_danger_is_met_with_the_card_and_an_exercise(service: MaeumService) -> None:
    reply = await after_danger(service)
    assert (reply.kind, reply.crisis) == (ReplyKind.CRISIS, CrisisKind.SELF_HARM)
    assert reply.card
    assert reply.grounding
    assert service.conversation.grounding(Language.KOREAN)


async def test_the_card_is_not_repeated_at_every_message(service: MaeumService) -> None:
    await after_danger(service)
    again = await say(service, "죽고 싶다고", now=NOW + timedelta(minutes=1))
    assert again.kind is ReplyKind.CRISIS
    assert not again.card
    assert again.lines


async def test_the_next_message_is_met_with_care_and_not_read(
    service: MaeumService, reader: OneWordReader
) -> None:
    await after_danger(service)
    reply = await say(service, "그냥 슬픔이 커", now=NOW + timedelta(minutes=1))
    assert reply.kind is ReplyKind.CARE
    assert reader.asked == []
    assert await service.people.kept(USER) == {}


async def test_what_is_told_then_is_answered_and_nothing_is_offered_or_cheered_at(
    service: MaeumService,
) -> None:
    await after_danger(service)
    for minute in range(1, 12):
        reply = await say(service, "슬픔", now=NOW + timedelta(minutes=minute))
        assert reply.kind is (ReplyKind.CARE if minute % 3 == 1 else ReplyKind.TALK)
        assert not reply.offer


async def test_the_usual_talk_comes_back(service: MaeumService) -> None:
    await after_danger(service)
    kinds = [
        (await say(service, "슬픔", now=NOW + timedelta(minutes=minute))).kind
        for minute in range(1, 30)
    ]
    assert kinds[0] is ReplyKind.CARE
    assert set(kinds[-6:]) == {ReplyKind.TALK}


async def test_others_are_not_met_so(service: MaeumService) -> None:
    await after_danger(service)
    assert (await say(service, "슬픔", OTHER)).kind is ReplyKind.TALK


async def test_songs_come_when_they_are_asked_for(service: MaeumService) -> None:
    await say(service, "슬픔", now=NOW - timedelta(minutes=1))
    await after_danger(service)
    reply = await ask(service, now=NOW + timedelta(minutes=1))
    assert reply.slate is not None
    assert reply.gentle


async def test_what_no_reply_fitted_is_kept_masked_and_only_with_consent(
    service: MaeumService,
) -> None:
    said = "슬픔 제 번호는 010-1234-5678 이에요 쿠쿠루삥뽕"
    await say(service, said)
    assert "utterance" not in await service.people.kept(USER)
    await service.people.consent(
        USER, ConsentKind.UTTERANCES, given=True, now=NOW, text_version="1"
    )
    await say(service, said)
    (kept,) = (await service.people.export(USER))["utterance"]
    assert "쿠쿠루삥뽕" in kept["text"]
    assert "1234" not in kept["text"]
    await service.people.consent(
        USER, ConsentKind.UTTERANCES, given=False, now=NOW + timedelta(1), text_version="1"
    )
    assert "utterance" not in await service.people.kept(USER)


async def test_of_what_no_reply_fitted_only_the_newest_are_kept_and_none_for_long(
    service: MaeumService,
) -> None:
    await service.people.consent(
        USER, ConsentKind.UTTERANCES, given=True, now=NOW, text_version="1"
    )
    for number in range(203):
        await say(service, f"슬픔 쿠쿠루삥뽕 {number}번", now=NOW + timedelta(seconds=number))
    kept = (await service.people.export(USER))["utterance"]
    assert len(kept) == 200
    assert "3번" in kept[0]["text"]
    await service.people.prune(now=NOW + timedelta(seconds=201) + UNMATCHED_VALID)
    kept = (await service.people.export(USER))["utterance"]
    assert ["201번" in kept[0]["text"], len(kept)] == [True, 2]


async def test_who_asks_for_songs_in_care_is_not_read_either(
    service: MaeumService, reader: OneWordReader
) -> None:
    await after_danger(service)
    reply = await say(service, "노래 듣고 싶어 너무 슬픔", now=NOW + timedelta(minutes=1))
    assert (reply.kind, reply.gentle) == (ReplyKind.CARE, True)
    assert reply.lines
    assert reader.asked == []
    assert await service.people.kept(USER) == {}


async def test_songs_in_care_are_gentle_and_what_is_kept_does_not_tell(
    service: MaeumService,
) -> None:
    await say(service, "분노", now=NOW - timedelta(minutes=1))
    await after_danger(service)
    reply = await ask(service, Mode.OPPOSITE, now=NOW + timedelta(minutes=1))
    assert reply.gentle
    exported = (await service.people.export(USER))["impression"]
    mood = await service.conversation.mood(USER, now=NOW)
    assert mood.mood is not None
    for row in exported:
        assert row["mood"] == pytest.approx(mood.mood.coarse.tolist())
        assert row["mode"] == Mode.SURPRISE


async def test_a_diary_in_care_brings_gentle_songs_too(service: MaeumService) -> None:
    await after_danger(service)
    for minute in range(1, 10):
        await say(service, "슬픔", now=NOW + timedelta(minutes=minute))
    reply = await service.songs.diary(
        USER,
        "오늘은 슬픔이 컸다",
        now=NOW + timedelta(minutes=20),
        generator=np.random.default_rng(0),
        language=Language.KOREAN,
    )
    assert reply.gentle
    assert reply.slate is not None
    assert reply.slate.mode is Mode.SURPRISE


ELSEWHERE = UserKey("discord", "7")


async def link(service: MaeumService, asking: UserKey, other: UserKey) -> None:
    code = await service.people.offer_link(asking, now=NOW)
    await service.people.link(other, code.code, now=NOW)


@pytest.mark.parametrize("danger", ["before", "between", "after"])
@pytest.mark.parametrize("speaks", [USER, ELSEWHERE])
@pytest.mark.parametrize("known", [True, False])
async def test_danger_through_one_account_is_met_with_care_through_all(
    service: MaeumService, danger: str, speaks: UserKey, known: bool
) -> None:
    other = ELSEWHERE if speaks is USER else USER
    if known:
        for user in (USER, ELSEWHERE):
            await say(service, "행복", user)
    if danger == "before":
        await say(service, "죽고 싶어", speaks)
    code = await service.people.offer_link(USER, now=NOW)
    if danger == "between":
        await say(service, "죽고 싶어", speaks)
    await service.people.link(ELSEWHERE, code.code, now=NOW)
    if danger == "after":
        await say(service, "죽고 싶어", speaks)
    kept = await service.people.kept(USER)
    reply = await say(service, "그냥 슬픔이 커", other, NOW + timedelta(minutes=1))
    assert reply.kind is ReplyKind.CARE
    assert await service.people.kept(USER) == kept
    await say(service, "행복", OTHER)
    assert (await ask(service, user=OTHER)).gentle is False
    assert (await ask(service, user=other, now=NOW + timedelta(minutes=2))).gentle


async def test_care_goes_on_where_it_was_through_another_account(service: MaeumService) -> None:
    await link(service, USER, ELSEWHERE)
    await after_danger(service)
    lines: list[str] = []
    for minute, user in enumerate((USER, ELSEWHERE, USER, ELSEWHERE), start=1):
        lines += (await say(service, "음", user, NOW + timedelta(minutes=minute))).lines
    assert len(set(lines)) == len(lines) == 4
    again = await say(service, "죽고 싶어", ELSEWHERE, NOW + timedelta(minutes=6))
    assert (again.kind, again.card) == (ReplyKind.CRISIS, False)


async def test_care_lasts_when_a_stranger_becomes_known(service: MaeumService) -> None:
    await after_danger(service)
    await service.people.consent(USER, ConsentKind.IMPROVE, given=True, now=NOW, text_version="1")
    assert (await say(service, "슬픔", now=NOW + timedelta(minutes=1))).kind is ReplyKind.CARE


@pytest.mark.parametrize("known", [True, False])
async def test_who_is_forgotten_is_forgotten_by_care_too(
    service: MaeumService, known: bool
) -> None:
    if known:
        await say(service, "슬픔")
    await after_danger(service)
    assert service.conversation.spoke_of_danger(USER, now=NOW)
    await service.people.forget(USER, now=NOW)
    assert not service.conversation.in_care(USER, NOW)
    assert not service.conversation.spoke_of_danger(USER, now=NOW)
    assert (await say(service, "슬픔", now=NOW + timedelta(minutes=1))).kind is ReplyKind.TALK
    again = await say(service, "죽고 싶어", now=NOW + timedelta(minutes=2))
    assert again.card


async def test_danger_is_answered_where_the_store_is_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Away(MemoryUnitOfWork):
        async def __aenter__(self) -> Self:
            raise StoreError("away")

    service = service_over(lambda: Away(MemoryTables()))
    assert (await after_danger(service)).card
    assert (await say(service, "슬픔", now=NOW + timedelta(minutes=1))).kind is ReplyKind.CARE
    assert "the store failed" in caplog.text
