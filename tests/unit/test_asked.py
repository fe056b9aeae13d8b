"""What a list was asked for is kept with its songs, and the next one goes on from it."""

from datetime import timedelta

import numpy as np
import pytest

from core.emotion.feelings import feeling
from core.models import Mode, ReasonKind, Reply, Song, Subject, Wish
from core.recommend.asked import asked_again, asked_for, kept_of
from core.recommend.query import Refinement, SongFilters, SongLanguage, SongQuery
from core.service.maeum import MaeumService
from core.store.memory import MemoryStore
from tests.catalogues import catalogue, distribution, song
from tests.services import NOW, USER, say, service_over

FILTERS = SongFilters(
    genres=("발라드",),
    decades=(1990, 2000),
    language=SongLanguage.KOREAN,
    subjects=(Subject.RAIN, Subject.WINTER),
    artists=("아이유",),
)
# Every other song is a ballad of the nineties by one of three singers.
SONGS = catalogue(
    [distribution(**{name: 0.3 + 0.01 * step}) for name in ("행복", "슬픔") for step in range(40)],
    [
        song(number, "아이유 (IU)" if number % 5 == 0 else None, year=1995, genres=("발라드",))
        if number % 2
        else song(number, year=2015, genres=("댄스",))
        for number in range(1, 81)
    ],
    valence=np.linspace(0.9, -0.9, 80),
    arousal=np.linspace(0.5, -0.5, 80),
)
BY_ID: dict[str, Song] = {each.id: each for each in SONGS.songs}


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def opened(store: MemoryStore) -> MaeumService:
    """The service, as it is after a start of the program."""
    return service_over(store.unit_of_work, songs=SONGS)


def generator() -> np.random.Generator:
    return np.random.default_rng(4)


def shown(reply: Reply) -> list[Song]:
    assert reply.slate is not None
    return [item.song for item in reply.slate.items]


def impression(reply: Reply) -> str:
    assert reply.slate is not None
    return reply.slate.items[0].impression


@pytest.mark.parametrize(
    "query",
    [
        SongQuery(),
        SongQuery(filters=FILTERS),
        SongQuery(Mode.OPPOSITE, 3, FILTERS),
        SongQuery(wish=Wish.SAD, filters=FILTERS),
        SongQuery(Mode.LIKE_SONG, seed_song="melon:1", filters=FILTERS),
        SongQuery(filters=SongFilters(familiarity=-0.5, without_artists=("가수",))),
    ],
)
def test_a_question_comes_back_as_it_was_kept(query: SongQuery) -> None:
    again = asked_again(kept_of(query), query.mode, query.count)
    assert vars(again) == vars(query)


def test_an_aim_comes_back_without_the_words_it_was_read_in() -> None:
    again = asked_again(kept_of(SongQuery(aim=feeling("슬픔"))), Mode.SIMILAR, None)
    assert again.aim is not None
    np.testing.assert_allclose(again.aim.coarse, feeling("슬픔").coarse, atol=1e-3)
    assert again.aim.valence == pytest.approx(feeling("슬픔").valence, abs=1e-3)


def test_another_mode_takes_the_filters_along_and_leaves_the_wish() -> None:
    kept = kept_of(SongQuery(wish=Wish.SAD, filters=FILTERS))
    assert vars(asked_again(kept, Mode.OPPOSITE, 3)) == vars(SongQuery(Mode.OPPOSITE, 3, FILTERS))
    assert asked_for(SongQuery(Mode.OPPOSITE)) is None


@pytest.mark.parametrize("mode", [Mode.SIMILAR, Mode.OPPOSITE, Mode.PATH, Mode.SURPRISE])
@pytest.mark.parametrize("refinement", [Refinement.BRIGHTER, Refinement.OTHER_ARTISTS])
async def test_a_tap_keeps_the_filters_after_a_restart_too(
    store: MemoryStore, mode: Mode, refinement: Refinement
) -> None:
    first = opened(store)
    await say(first, "슬픔")
    query = SongQuery(mode, 5, SongFilters(genres=("발라드",), decades=(1990,)))
    reply = await first.songs.recommend(USER, query, now=NOW, generator=generator())
    for service in (first, opened(store)):
        reply = await service.songs.refine(
            USER, impression(reply), refinement, now=NOW, generator=generator()
        )
        assert shown(reply)
        assert {one.year for one in shown(reply)} == {1995}
        assert reply.slate is not None
        assert reply.slate.asked is not None
        assert reply.slate.asked.genres == ("발라드",)


async def test_more_songs_keep_the_filters_and_none_comes_twice(store: MemoryStore) -> None:
    service = opened(store)
    await say(service, "슬픔")
    query = SongQuery(filters=SongFilters(decades=(1990,)), count=4)
    first = await service.songs.recommend(USER, query, now=NOW, generator=generator())
    last = await service.songs.latest(USER, NOW)
    assert last is not None
    more = await service.songs.more(USER, last, count=3, now=NOW, generator=generator())
    opposite = await opened(store).songs.more(
        USER, last, mode=Mode.OPPOSITE, now=NOW, generator=generator()
    )
    everything = [*shown(first), *shown(more), *shown(opposite)]
    assert len(shown(more)) == 3
    assert {one.year for one in everything} == {1995}
    assert len({one.id for one in everything}) == len(everything)


async def test_a_list_of_yesterday_is_not_meant_by_more(store: MemoryStore) -> None:
    service = opened(store)
    await say(service, "슬픔")
    await service.songs.recommend(USER, SongQuery(), now=NOW, generator=generator())
    assert await service.songs.latest(USER, NOW + timedelta(hours=5)) is not None
    assert await service.songs.latest(USER, NOW + timedelta(hours=7)) is None


async def test_songs_of_an_artist_come_again_where_there_are_no_others(store: MemoryStore) -> None:
    service = opened(store)
    query = SongQuery(filters=SongFilters(artists=("아이유 (IU)",)), count=20)
    first = await service.songs.recommend(USER, query, now=NOW, generator=generator())
    again = await service.songs.recommend(USER, query, now=NOW, generator=generator())
    assert len(shown(first)) == 8
    assert {one.artist for one in shown(first)} == {"아이유 (IU)"}
    assert {one.id for one in shown(again)} == {one.id for one in shown(first)}


async def test_a_wish_is_its_own_reason_and_no_mood_is_learned_from_it(store: MemoryStore) -> None:
    service = opened(store)
    await say(service, "슬픔")
    query = SongQuery(wish=Wish.LIVELY, count=5)
    reply = await service.songs.recommend(USER, query, now=NOW, generator=generator())
    assert reply.slate is not None
    reasons = [item.reason for item in reply.slate.items]
    assert {(reason.kind, reason.wish) for reason in reasons} == {(ReasonKind.ASKED, Wish.LIVELY)}
    valences = [float(SONGS.valence[int(one.id[6:]) - 1]) for one in shown(reply)]
    assert min(valences) > 0
    async with store.unit_of_work() as work:
        kept = await work.impressions.get(impression(reply))
    assert kept is not None
    assert not kept.mood.any()
    explained = await service.songs.explain(USER, kept.id, now=NOW)
    assert (explained.reason.kind, explained.reason.wish) == (ReasonKind.ASKED, Wish.LIVELY)


async def test_no_song_is_said_to_be_as_wished_after_the_list_moved_away(
    store: MemoryStore,
) -> None:
    service = opened(store)
    await say(service, "슬픔")
    query = SongQuery(wish=Wish.SAD, count=5)
    sad = await service.songs.recommend(USER, query, now=NOW, generator=generator())
    assert sad.slate is not None
    assert {item.reason.wish for item in sad.slate.items} == {Wish.SAD}
    livelier = await service.songs.refine(
        USER, impression(sad), Refinement.LIVELIER, now=NOW, generator=generator()
    )
    assert livelier.slate is not None
    assert {item.reason.emotion for item in livelier.slate.items} == {"행복"}
    assert {item.reason.wish for item in livelier.slate.items} == {None}


async def test_nobody_needs_a_mood_to_ask_for_what_has_a_name(store: MemoryStore) -> None:
    query = SongQuery(filters=SongFilters(genres=("발라드",)))
    reply = await opened(store).songs.recommend(USER, query, now=NOW, generator=generator())
    assert len(shown(reply)) == 5
    assert reply.slate is not None
    assert {item.reason.kind for item in reply.slate.items} <= {
        ReasonKind.ASKED,
        ReasonKind.POPULAR,
    }


async def test_songs_for_the_mood_leave_a_wish_where_the_mood_is_known(store: MemoryStore) -> None:
    service = opened(store)
    query = SongQuery(wish=Wish.LIVELY, filters=SongFilters(decades=(1990,)))
    reply = await service.songs.recommend(USER, query, now=NOW, generator=generator())
    for known, wish in ((False, Wish.LIVELY), (True, None)):
        if known:
            await say(service, "슬픔")
        more = await service.songs.more(
            USER, impression(reply), mode=Mode.SIMILAR, now=NOW, generator=generator()
        )
        assert more.slate is not None
        assert more.slate.asked is not None
        assert (more.slate.asked.wish, more.slate.asked.decades) == (wish, (1990,))


async def test_where_no_song_is_about_a_subject_those_of_its_mood_come(store: MemoryStore) -> None:
    titles = ("Last Christmas", "크리스마스니까", "Dear Santa")
    songs = catalogue(
        [distribution(행복=0.6)] * 20,
        [
            song(number, title=titles[number - 1] if number <= len(titles) else f"노래 {number}")
            for number in range(1, 21)
        ],
    )
    service = service_over(store.unit_of_work, songs=songs)
    query = SongQuery(wish=Wish.WARM, filters=SongFilters(subjects=(Subject.CHRISTMAS,)))
    first = await service.songs.recommend(USER, query, now=NOW, generator=generator())
    assert {one.title for one in shown(first)} == set(titles)
    second = await service.songs.more(USER, impression(first), now=NOW, generator=generator())
    assert len(shown(second)) == 5
    asked = [reply.slate.asked for reply in (first, second) if reply.slate and reply.slate.asked]
    assert [(one.wish, one.subjects) for one in asked] == [
        (Wish.WARM, (Subject.CHRISTMAS,)),
        (Wish.WARM, ()),
    ]
