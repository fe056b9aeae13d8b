"""What was misread is put right, over a store that forgets, with the real domain behind it."""

from datetime import timedelta

import numpy as np
import pytest

from core.emotion.labels import COARSE
from core.errors import UnknownReadingError
from core.models import CrisisKind, Language, Message, Reply, UserKey
from core.records import ConsentKind
from core.service.maeum import MaeumService
from core.store.memory import MemoryStore
from tests.services import NOW, OTHER, USER, ask, say, service_over

SAD, JOY, ANGER = (COARSE.index(label) for label in ("슬픔", "행복", "분노"))
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def service(store: MemoryStore) -> MaeumService:
    return service_over(store.unit_of_work)


async def correct(
    service: MaeumService,
    emotion: str,
    *,
    reading: str | None = None,
    key: str = "press 1",
    user: UserKey = USER,
    hours: float = 0,
) -> Reply:
    now = NOW + hours * HOUR
    return await service.corrections.correct(user, emotion, reading=reading, key=key, now=now)


async def edit(service: MaeumService, text: str, message: str = "m1") -> Reply | None:
    return await service.corrections.reread(
        USER, Message(text, message), now=NOW + HOUR, language=Language.KOREAN
    )


async def curve(service: MaeumService, user: UserKey = USER) -> list[tuple[float, list[float]]]:
    """Hours after `NOW`, and the shares of sadness, joy and anger."""
    return [
        ((point.at - NOW) / HOUR, np.round(point.coarse[[SAD, JOY, ANGER]], 4).tolist())
        for point in await service.people.history(user, NOW - HOUR)
    ]


async def agree(service: MaeumService, *, given: bool = True) -> None:
    await service.people.consent(
        USER, ConsentKind.CORRECTIONS, given=given, now=NOW, text_version="1"
    )


async def test_the_last_message_counts_as_what_its_writer_says(service: MaeumService) -> None:
    await say(service, "슬픔")
    reply = await correct(service, "분노", hours=1)
    assert reply.mood is not None
    assert reply.mood.coarse[ANGER] == 1
    assert await curve(service) == [(0, [0, 0, 1])]
    assert (await service.conversation.mood(USER, now=NOW)).gauge == 50
    assert (await correct(service, "중립", key="press 2")).gauge == 5


async def test_it_is_as_if_it_had_been_read_so_whatever_came_since(service: MaeumService) -> None:
    for user, first in ((USER, "슬픔"), (OTHER, "분노")):
        await say(service, first, user)
        await say(service, "행복", user, NOW + 5 * HOUR)
    told = (await service.conversation.mood(USER, now=NOW)).correctable
    assert told is not None
    states = (await service.people.export(USER))["person"][0]["state"]["recent"]
    first = states[0]["reading"]
    assert states[1]["reading"] == told
    await correct(service, "분노", reading=first, hours=6)
    mine = await service.conversation.mood(USER, now=NOW + 6 * HOUR)
    theirs = await service.conversation.mood(OTHER, now=NOW + 6 * HOUR)
    assert mine.mood is not None
    assert theirs.mood is not None
    np.testing.assert_allclose(mine.mood.coarse, theirs.mood.coarse, atol=1e-6)
    assert mine.gauge == theirs.gauge
    assert await curve(service) == await curve(service, OTHER)


async def test_a_correction_that_comes_twice_counts_once(
    store: MemoryStore, service: MaeumService
) -> None:
    await agree(service)
    await say(service, "슬픔")
    await correct(service, "분노")
    await say(service, "행복", now=NOW + HOUR)
    moods = await curve(service)
    again = await correct(service_over(store.unit_of_work), "분노", hours=2)  # after a restart
    assert again.mood is not None
    assert await curve(service) == moods
    assert len((await service.people.export(USER))["correction"]) == 1


async def test_what_is_known_no_more_cannot_be_corrected(service: MaeumService) -> None:
    for reading in (None, "0" * 32, ""):
        with pytest.raises(UnknownReadingError):
            await correct(service, "분노", reading=reading)
    assert await service.people.kept(USER) == {}
    await say(service, "슬픔")
    theirs = (await service.conversation.mood(USER, now=NOW)).correctable
    await say(service, "슬픔", OTHER)
    with pytest.raises(UnknownReadingError):
        await correct(service, "분노", reading=theirs, user=OTHER)


async def test_corrections_are_kept_only_with_consent_and_without_the_message(
    service: MaeumService,
) -> None:
    await say(service, "비밀 이야기 슬픔")
    await correct(service, "분노")
    assert "correction" not in await service.people.kept(USER)
    await agree(service)
    await correct(service, "공포", key="press 2", hours=1)
    await correct(service, "분노", key="press 3", hours=2)
    exported = await service.people.export(USER)
    (kept,) = exported["correction"]  # of the same reading the last one
    assert kept["read"][SAD] == 1
    assert (kept["chosen"], kept["model_version"]) == ("분노", "words 1")
    assert kept["at"] == (NOW + 2 * HOUR).isoformat()
    assert "비밀" not in str(exported)
    await agree(service, given=False)
    assert "correction" not in await service.people.kept(USER)
    await correct(service, "슬픔", key="press 4")
    assert "correction" not in await service.people.kept(USER)


async def test_who_is_forgotten_leaves_no_correction(service: MaeumService) -> None:
    await agree(service)
    await say(service, "슬픔")
    await correct(service, "분노")
    done = await service.people.forget(USER, now=NOW)
    assert (done.removed["correction"], done.left) == (1, {})
    with pytest.raises(UnknownReadingError):
        await correct(service, "분노", key="press 2")


async def test_no_is_an_answer_to_a_reading_for_a_while(service: MaeumService) -> None:
    async def read(minutes: int = 0) -> str | None:
        return await service.corrections.just_read(USER, now=NOW + minutes * HOUR / 60)

    assert await read() is None
    await say(service, "슬픔")
    assert await read(29) == (await service.conversation.mood(USER, now=NOW)).correctable
    assert await read(31) is None
    await ask(service)
    assert await read() is None  # it may be said of the songs


async def test_no_is_no_answer_to_a_reading_where_care_is_taken(service: MaeumService) -> None:
    await say(service, "슬픔")
    await say(service, "죽고 싶어", now=NOW + SECOND)
    assert await service.corrections.just_read(USER, now=NOW + 2 * SECOND) is None


async def test_an_edited_message_counts_as_it_is_now(service: MaeumService) -> None:
    await say(service, "슬픔", message="m1")
    edited = await edit(service, "행복")
    assert edited is not None
    assert edited.reading is not None
    kept = await service.conversation.mood(USER, now=NOW)
    assert kept.mood is not None
    assert (kept.mood.coarse[JOY], kept.gauge) == (1, 50)
    assert await curve(service) == [(0, [0, 1, 0])]


async def test_an_edit_counts_though_others_came_since_and_after_a_restart(
    store: MemoryStore, service: MaeumService
) -> None:
    await say(service, "슬픔", message="m1")
    await say(service, "슬픔", message="m2")
    assert await edit(service_over(store.unit_of_work), "행복") is not None
    assert await curve(service) == [(0, [0, 1, 0]), (0, [0.5, 0.5, 0])]


async def test_a_message_of_long_before_is_not_read_again(service: MaeumService) -> None:
    for number in range(4):
        await say(service, "슬픔", message=f"m{number}")
    moods = await curve(service)
    assert await edit(service, "행복", "m0") is None
    assert await edit(service, "행복", "nothing") is None
    assert await curve(service) == moods


async def test_an_edit_counts_in_place_of_what_was_corrected(service: MaeumService) -> None:
    await say(service, "슬픔", message="m1")
    await correct(service, "분노")
    await edit(service, "행복")
    assert await curve(service) == [(0, [0, 1, 0])]


async def test_an_edit_leaves_the_gauge_empty_where_songs_came_since(service: MaeumService) -> None:
    await say(service, "중립", message="m1")
    await ask(service)
    edited = await edit(service, "행복")
    assert edited is not None
    assert edited.gauge == 0


async def test_an_edit_that_speaks_of_danger_is_met_as_such(service: MaeumService) -> None:
    await say(service, "슬픔", message="m1")
    reply = await edit(service, "죽고 싶어")
    assert reply is not None
    assert reply.crisis is CrisisKind.SELF_HARM
    assert await curve(service) == [(0, [1, 0, 0])]
