"""The use cases over fakes of our ports, with the real domain behind them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.dialogue.crisis import CrisisDetector
from core.dialogue.lines import Lines
from core.emotion.labels import COARSE
from core.emotion.state import StateConfig
from core.errors import ConflictError, EmptyMessageError, InvalidCountError, UnknownMoodError
from core.models import CrisisKind, EmotionScores, Language, Mode, Reply, ReplyKind, UserKey, Vector
from core.recommend.recommender import Recommender, RecommenderConfig
from core.service import MaeumService
from core.store.memory import MemoryStore, MemoryUnitOfWork
from tests.catalogues import catalogue, distribution
from tests.readings import reading

# Twelve songs of each emotion, each with a little more of it than the one before.
SONGS = catalogue(
    [distribution(**{name: 0.4 + 0.04 * step}) for name in COARSE for step in range(12)]
)
DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
USER, OTHER = UserKey("console", "1"), UserKey("console", "2")
SAD, JOY = COARSE.index("슬픔"), COARSE.index("행복")


class OneWordClassifier:
    """Reads a text that names one of the seven emotions; counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def classify(self, texts: Sequence[str]) -> list[EmotionScores | None]:
        self.asked += texts
        await asyncio.sleep(0)  # so that callers interleave
        return [next((reading(name) for name in COARSE if name in text), None) for text in texts]


@pytest.fixture
def classifier() -> OneWordClassifier:
    return OneWordClassifier()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def service(classifier: OneWordClassifier, store: MemoryStore) -> MaeumService:
    return over(store, classifier)


async def say(service: MaeumService, text: str, user: UserKey = USER, now: datetime = NOW) -> Reply:
    return await service.respond(
        user, text, now=now, generator=np.random.default_rng(0), language=Language.KOREAN
    )


async def ask(
    service: MaeumService, mode: Mode = Mode.SIMILAR, count: int | None = None, seed: int = 0
) -> Reply:
    return await service.songs(
        USER, mode=mode, count=count, now=NOW, generator=np.random.default_rng(seed)
    )


async def test_a_message_is_read_remembered_and_answered(service: MaeumService) -> None:
    reply = await say(service, "슬픔")
    assert reply.kind is ReplyKind.TALK
    assert reply.lines
    assert reply.reading is not None
    assert reply.reading.coarse[SAD] == 1
    assert reply.gauge == 50
    assert not reply.offer
    kept = await service.mood(USER, now=NOW)
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
    assert (await service.mood(USER, now=NOW)).mood is None


@pytest.mark.parametrize("count", [0, -1, 21, 10**9])
async def test_a_list_of_an_impossible_length_changes_nothing(
    service: MaeumService, count: int
) -> None:
    await say(service, "슬픔")
    with pytest.raises(InvalidCountError):
        await ask(service, count=count)
    assert (await service.mood(USER, now=NOW)).gauge == 50


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\0\x07", "\ud800", "?!"])
async def test_what_cannot_be_read_is_refused_and_harms_nothing(
    service: MaeumService, text: str
) -> None:
    await say(service, "슬픔")
    with pytest.raises(EmptyMessageError):
        await say(service, text)
    kept = await service.mood(USER, now=NOW)
    assert kept.gauge == 50
    assert kept.mood is not None
    assert kept.mood.coarse[SAD] == 1


async def test_in_a_crisis_nothing_is_read_or_kept(
    service: MaeumService, classifier: OneWordClassifier
) -> None:
    reply = await say(service, "너무 슬픔, 그냥 죽고 싶어")
    assert reply.kind is ReplyKind.CRISIS
    assert reply.crisis is CrisisKind.SELF_HARM
    assert (reply.reading, reply.mood, reply.gauge, reply.slate) == (None, None, None, None)
    assert classifier.asked == []
    assert (await service.mood(USER, now=NOW)).mood is None


async def test_every_person_has_a_mood_of_their_own(service: MaeumService) -> None:
    await say(service, "슬픔", USER)
    await say(service, "행복", OTHER)
    mine, theirs = await service.mood(USER, now=NOW), await service.mood(OTHER, now=NOW)
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


def over(store: MemoryStore, classifier: OneWordClassifier) -> MaeumService:
    return MaeumService(
        classifier=classifier,
        unit_of_work=store.unit_of_work,
        recommender=Recommender(SONGS, RecommenderConfig()),
        lines=Lines.load(DATA / "dialogue"),
        crisis=CrisisDetector.load(DATA / "crisis"),
        state=StateConfig(full_gauge=2.0),
    )


async def test_messages_at_once_lose_none(classifier: OneWordClassifier) -> None:
    service = over(SlowStore(), classifier)
    await asyncio.gather(*(say(service, "중립") for _ in range(9)), say(service, "슬픔"))
    assert (await service.mood(USER, now=NOW)).gauge == round(100 * (9 * 0.1 + 1) / 2)


async def test_processes_at_once_lose_none(classifier: OneWordClassifier) -> None:
    store = SlowStore()
    processes = [over(store, classifier) for _ in range(3)]
    await asyncio.gather(*(say(process, "중립") for process in processes for _ in range(3)))
    assert (await processes[0].mood(USER, now=NOW)).gauge == round(100 * 9 * 0.1 / 2)


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


@pytest.mark.parametrize(("conflicts", "works"), [(4, True), (5, False)])
async def test_a_conflict_is_tried_again_a_few_times(
    classifier: OneWordClassifier, conflicts: int, works: bool
) -> None:
    service = over(AlwaysLate(conflicts), classifier)
    if works:
        assert (await say(service, "슬픔")).gauge == 50
    else:
        with pytest.raises(ConflictError):
            await say(service, "슬픔")
