"""Talk and songs over fakes of our ports, with the real domain behind them."""

import asyncio
from datetime import timedelta
from functools import partial

import numpy as np
import pytest

from core.emotion.labels import COARSE
from core.errors import ConflictError, EmptyMessageError, InvalidCountError, UnknownMoodError
from core.models import (
    AccountSettings,
    CrisisKind,
    Memory,
    Mode,
    Reply,
    ReplyKind,
    User,
    UserKey,
    Vector,
)
from core.recommend.query import SongQuery
from core.records import ConsentKind
from core.service.maeum import MaeumService
from core.store.memory import MemoryStore, MemoryUnitOfWork
from core.store.memory_people import MemoryUsers
from tests.services import NOW, OTHER, SONGS, USER, OneWordReader, ask, say, service_over

SAD, JOY = COARSE.index("슬픔"), COARSE.index("행복")


@pytest.fixture
def reader() -> OneWordReader:
    return OneWordReader()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def service(reader: OneWordReader, store: MemoryStore) -> MaeumService:
    return over(store, reader)


def over(store: MemoryStore, reader: OneWordReader) -> MaeumService:
    return service_over(store.unit_of_work, reader)


async def test_a_message_is_read_remembered_and_answered(service: MaeumService) -> None:
    reply = await say(service, "슬픔")
    assert reply.kind is ReplyKind.TALK
    assert reply.lines
    assert reply.reading is not None
    assert reply.reading.coarse[SAD] == 1
    assert reply.gauge == 50
    assert not reply.offer
    kept = await service.conversation.mood(USER, now=NOW)
    assert kept.mood is not None
    np.testing.assert_array_equal(kept.mood.coarse, reply.reading.coarse)


async def test_songs_are_offered_once_when_the_gauge_is_full(service: MaeumService) -> None:
    await say(service, "슬픔")
    filling = await say(service, "슬픔")
    assert filling.offer
    assert len(filling.lines) == 1  # no question beside an offer
    after = await say(service, "슬픔")
    assert (after.gauge, after.offer, len(after.lines)) == (100, False, 2)
    assert (await ask(service)).gauge == 0
    await say(service, "슬픔")
    assert (await say(service, "슬픔")).offer


async def test_similar_songs_are_sad_and_opposite_ones_bright(service: MaeumService) -> None:
    await say(service, "슬픔")
    similar, opposite = await ask(service), await ask(service, Mode.OPPOSITE)
    rows = {song.id: row for row, song in enumerate(SONGS.songs)}

    def mean(reply: Reply) -> Vector:
        assert reply.slate is not None
        shown = [rows[item.song.id] for item in reply.slate.items]
        return np.asarray(SONGS.coarse[shown].mean(axis=0))

    assert mean(similar)[SAD] > mean(opposite)[SAD]
    assert mean(opposite)[JOY] > mean(similar)[JOY]


async def test_songs_of_the_last_fifty_shown_are_not_shown_again(service: MaeumService) -> None:
    await say(service, "슬픔")
    seen: list[str] = []
    for seed in range(12):
        slate = (await ask(service, count=5, seed=seed)).slate
        assert slate is not None
        ids = [item.song.id for item in slate.items]
        assert len(set(ids)) == 5
        assert not set(ids) & set(seen[-50:])
        seen += ids
    assert len(set(seen)) < len(seen)  # what was shown longer ago comes back


async def test_no_songs_before_anything_is_known(service: MaeumService) -> None:
    with pytest.raises(UnknownMoodError):
        await ask(service)
    assert (await service.conversation.mood(USER, now=NOW)).mood is None


@pytest.mark.parametrize("count", [0, -1, 21, 10**9])
async def test_a_list_of_an_impossible_length_changes_nothing(
    service: MaeumService, count: int
) -> None:
    await say(service, "슬픔")
    with pytest.raises(InvalidCountError):
        await ask(service, count=count)
    assert (await service.conversation.mood(USER, now=NOW)).gauge == 50


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\0\x07", "\ud800", "?!"])
async def test_what_cannot_be_read_is_refused_and_harms_nothing(
    service: MaeumService, text: str
) -> None:
    await say(service, "슬픔")
    with pytest.raises(EmptyMessageError):
        await say(service, text)
    kept = await service.conversation.mood(USER, now=NOW)
    assert kept.gauge == 50
    assert kept.mood is not None
    assert kept.mood.coarse[SAD] == 1


async def test_in_a_crisis_nothing_is_read_or_kept(
    service: MaeumService, reader: OneWordReader
) -> None:
    reply = await say(service, "너무 슬픔, 그냥 죽고 싶어")
    assert reply.kind is ReplyKind.CRISIS
    assert reply.crisis is CrisisKind.SELF_HARM
    assert (reply.reading, reply.mood, reply.gauge, reply.slate) == (None, None, None, None)
    assert reader.asked == []
    assert (await service.conversation.mood(USER, now=NOW)).mood is None


async def test_every_person_has_a_mood_of_their_own(service: MaeumService) -> None:
    await say(service, "슬픔", USER)
    await say(service, "행복", OTHER)
    mine, theirs = (
        await service.conversation.mood(USER, now=NOW),
        await service.conversation.mood(OTHER, now=NOW),
    )
    assert mine.mood is not None
    assert theirs.mood is not None
    assert (mine.mood.coarse[SAD], theirs.mood.coarse[JOY]) == (1, 1)


async def test_no_line_is_said_again_within_the_last_twenty(service: MaeumService) -> None:
    said: list[str] = []
    for turn in range(8):
        said += (await say(service, "슬픔", now=NOW + timedelta(minutes=turn))).lines
    assert len(said) == len(set(said))


class SlowStore(MemoryStore):
    """Lets others in between reading and writing, as a database does."""

    def unit_of_work(self) -> MemoryUnitOfWork:
        work = super().unit_of_work()
        commit = work.commit

        async def later() -> None:
            await asyncio.sleep(0)
            await commit()

        work.commit = later  # type: ignore[method-assign]
        return work


async def test_messages_at_once_lose_none(reader: OneWordReader) -> None:
    service = over(SlowStore(), reader)
    await asyncio.gather(*(say(service, "중립") for _ in range(9)), say(service, "슬픔"))
    assert (await service.conversation.mood(USER, now=NOW)).gauge == round(100 * (9 * 0.1 + 1) / 2)


async def test_processes_at_once_lose_none(reader: OneWordReader) -> None:
    store = SlowStore()
    processes = [over(store, reader) for _ in range(3)]
    await asyncio.gather(*(say(process, "중립") for process in processes for _ in range(3)))
    assert (await processes[0].conversation.mood(USER, now=NOW)).gauge == round(100 * 9 * 0.1 / 2)


class AlwaysLate(MemoryStore):
    """Somebody else is always faster, a given number of times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def unit_of_work(self) -> MemoryUnitOfWork:
        work = super().unit_of_work()
        commit = work.commit

        async def late() -> None:
            self.left -= 1
            if self.left >= 0:
                raise ConflictError("changed by somebody else")
            await commit()

        work.commit = late  # type: ignore[method-assign]
        return work


@pytest.mark.parametrize(("conflicts", "works"), [(9, True), (10, False)])
async def test_a_conflict_is_tried_again_a_few_times(
    reader: OneWordReader, conflicts: int, works: bool
) -> None:
    service = over(AlwaysLate(conflicts), reader)
    if works:
        assert (await say(service, "슬픔")).gauge == 50
    else:
        with pytest.raises(ConflictError):
            await say(service, "슬픔")


async def test_an_update_that_comes_again_is_answered_and_not_read_again(
    service: MaeumService,
) -> None:
    first = await say(service, "슬픔", delivery="telegram:1:7")
    again = await say(service, "슬픔", delivery="telegram:1:7")
    assert (first.gauge, again.gauge) == (50, 50)
    assert again.lines
    assert len(await service.people.history(USER, NOW - timedelta(days=1))) == 1


@pytest.mark.parametrize("talked", [0, 1])
async def test_a_person_read_before_a_message_is_not_read_again(
    service: MaeumService, monkeypatch: pytest.MonkeyPatch, talked: int
) -> None:
    for _ in range(talked):
        await say(service, "슬픔")
    base = await service.people.person(USER)

    async def read(users: MemoryUsers, key: UserKey) -> User:
        pytest.fail("read again")

    with monkeypatch.context() as patch:
        patch.setattr(MemoryUsers, "stored", read)
        reply = await say(service, "슬픔", base=base)
    assert reply.gauge == 50 * (talked + 1)
    assert (await service.people.person(USER)).version == talked + 1


@pytest.mark.parametrize("talked", [0, 1])
async def test_a_person_changed_since_is_read_again(service: MaeumService, talked: int) -> None:
    for _ in range(talked):
        await say(service, "슬픔")
    base = await service.people.person(USER)
    await say(service, "행복")
    await say(service, "슬픔", base=base)
    person = await service.people.person(USER)
    assert person.version == talked + 2
    assert person.state is not None
    assert len(person.state.recent) == talked + 2
    assert len(await service.people.history(USER, NOW - timedelta(days=1))) == talked + 2


async def test_a_person_forgotten_since_is_a_new_one(service: MaeumService) -> None:
    await say(service, "슬픔")
    base = await service.people.person(USER)
    await service.people.forget(USER, now=NOW)
    reply = await say(service, "슬픔", base=base)
    assert (reply.gauge, reply.first) == (50, True)
    assert (await service.people.person(USER)).person != base.person


async def test_an_update_that_comes_again_is_answered_from_what_is_kept(
    service: MaeumService,
) -> None:
    base = await service.people.person(USER)
    first = await say(service, "슬픔", delivery="telegram:1:7", base=base)
    again = await say(service, "슬픔", delivery="telegram:1:7", base=base)
    assert again.lines
    assert (first.gauge, again.gauge) == (50, 50)


async def test_only_the_first_talk_is_the_first_whatever_came_before(
    service: MaeumService,
) -> None:
    await service.people.change_settings(USER, partial(_remembering, Memory.LONG), now=NOW)
    await service.people.consent(USER, ConsentKind.IMPROVE, given=True, now=NOW, text_version="1")
    assert (await service.conversation.mood(USER, now=NOW)).first
    assert [(await say(service, "슬픔")).first for _ in range(2)] == [True, False]
    assert not (await service.conversation.mood(USER, now=NOW)).first


async def test_songs_offered_in_vain_are_not_offered_again_for_a_while(
    service: MaeumService,
) -> None:
    offers = [(await say(service, "슬픔")).offer for _ in range(2)]
    for turn in range(1, 9):
        # In between the gauge falls below full, and each of these fills it anew.
        now = NOW + turn * timedelta(hours=1.75)
        assert (await service.conversation.mood(USER, now=now)).gauge in range(90, 100)
        offers.append((await say(service, "중립", now=now)).offer)
    assert offers == [False, True, *[False] * 5, True, False, False]


async def test_songs_that_were_taken_are_offered_again_as_soon_as_the_gauge_is_full(
    service: MaeumService,
) -> None:
    for _ in range(3):
        assert [(await say(service, "슬픔")).offer for _ in range(2)] == [False, True]
        await ask(service)


def _remembering(memory: Memory, _: AccountSettings) -> AccountSettings:
    return AccountSettings(memory=memory)


async def test_a_short_memory_forgets_sooner(service: MaeumService) -> None:
    for user, memory in ((USER, Memory.SHORT), (OTHER, Memory.LONG)):
        await service.people.change_settings(user, partial(_remembering, memory), now=NOW)
        await say(service, "슬픔", user)
        await say(service, "행복", user, NOW + timedelta(hours=12))
    moods = [
        (await service.conversation.mood(user, now=NOW + timedelta(hours=12))).mood
        for user in (USER, OTHER)
    ]
    assert moods[0] is not None
    assert moods[1] is not None
    assert moods[0].coarse[SAD] < moods[1].coarse[SAD]


async def test_songs_for_the_mood_of_a_text_leave_no_trace(service: MaeumService) -> None:
    slate = await service.songs.preview(
        "슬픔", SongQuery(count=3), generator=np.random.default_rng(0)
    )
    assert len(slate.items) == 3
    assert {item.reason.emotion for item in slate.items} == {"슬픔"}
    assert await service.people.kept(USER) == {}
    with pytest.raises(EmptyMessageError):
        await service.songs.preview("?", SongQuery(count=3), generator=np.random.default_rng(0))


async def test_a_song_that_was_shown_is_explained_as_it_was(service: MaeumService) -> None:
    await say(service, "슬픔")
    slate = (await ask(service)).slate
    assert slate is not None
    for item in slate.items:
        assert await service.songs.explain(USER, item.impression, now=NOW) == item
