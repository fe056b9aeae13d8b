"""What people say of songs, over a store that forgets."""

import itertools
from datetime import timedelta

import numpy as np
import pytest

from core.errors import NothingShownError, UnknownSongError
from core.models import Mode, Slate
from core.records import Verdict
from core.service.maeum import MaeumService
from tests.services import NOW, OTHER, USER, ask, say, service_over


@pytest.fixture
async def service() -> MaeumService:
    made = service_over()
    await say(made, "슬픔")
    return made


async def shown(service: MaeumService, mode: Mode = Mode.SIMILAR) -> Slate:
    slate = (await ask(service, mode)).slate
    assert slate is not None
    return slate


async def test_a_vote_is_of_the_mode_the_song_was_shown_in(service: MaeumService) -> None:
    item = (await shown(service, Mode.OPPOSITE)).items[0]
    vote = await service.votes.vote(USER, item.impression, Verdict.UP, key="1", now=NOW)
    assert (vote.song, vote.mode, vote.verdict) == (item.song, Mode.OPPOSITE, Verdict.UP)


async def test_the_last_verdict_stands_and_can_be_taken_back(service: MaeumService) -> None:
    id_ = (await shown(service)).items[0].impression
    stands = []
    for turn, verdict in enumerate((Verdict.UP, Verdict.DOWN, Verdict.RETRACTED)):
        at = NOW + timedelta(seconds=turn)
        vote = await service.votes.vote(USER, id_, verdict, key=f"k{turn}", now=at)
        stands.append(vote.verdict)
    assert stands == [Verdict.UP, Verdict.DOWN, None]


async def test_events_that_come_twice_and_out_of_order_come_to_the_same(
    service: MaeumService,
) -> None:
    slate = await shown(service)
    events = [
        (item.impression, verdict, f"{item.impression} {turn}", NOW + timedelta(seconds=turn))
        for turn, (item, verdict) in enumerate(
            itertools.product(slate.items, (Verdict.UP, Verdict.RETRACTED, Verdict.DOWN))
        )
    ]
    for id_, verdict, key, at in events:
        await service.votes.vote(USER, id_, verdict, key=key, now=at)
    ids = [item.impression for item in slate.items]
    before = await service.votes.standing(USER, ids)
    shuffled = [
        events[place]
        for place in np.random.default_rng(3).permutation(2 * len(events)) % len(events)
    ]
    for id_, verdict, key, at in shuffled:
        await service.votes.vote(USER, id_, verdict, key=key, now=at)
    assert await service.votes.standing(USER, ids) == before
    assert {vote.verdict for vote in before} == {Verdict.DOWN}


async def test_a_vote_is_the_voters_own_and_not_of_who_asked(service: MaeumService) -> None:
    id_ = (await shown(service)).items[0].impression
    await service.votes.vote(OTHER, id_, Verdict.UP, key="1", now=NOW)
    (mine,) = await service.votes.standing(USER, [id_])
    (theirs,) = await service.votes.standing(OTHER, [id_])
    assert (mine.verdict, theirs.verdict) == (None, Verdict.UP)
    assert (await service.votes.taste(OTHER)).likes == 1


async def test_a_song_is_voted_on_by_the_message_that_shows_it(service: MaeumService) -> None:
    item = (await shown(service)).items[1]
    await service.votes.posted({"telegram:5:9": item.impression})
    vote = await service.votes.vote_on_post(USER, "telegram:5:9", Verdict.DOWN, key="1", now=NOW)
    assert vote is not None
    assert (vote.song, vote.verdict) == (item.song, Verdict.DOWN)
    other = await service.votes.vote_on_post(USER, "telegram:5:8", Verdict.UP, key="2", now=NOW)
    assert other is None


async def test_a_song_is_voted_on_by_its_number_in_the_last_list(service: MaeumService) -> None:
    await shown(service)
    last = (await ask(service, now=NOW + timedelta(seconds=1))).slate
    assert last is not None
    vote = await service.votes.vote_on_number(USER, 2, Verdict.UP, key="1", now=NOW)
    assert vote.song == last.items[1].song
    for number in (0, 6, 10**9):
        with pytest.raises(NothingShownError) as caught:
            await service.votes.vote_on_number(USER, number, Verdict.UP, key="2", now=NOW)
        assert caught.value.count == 5


async def test_nothing_can_be_voted_on_that_was_not_shown(service: MaeumService) -> None:
    with pytest.raises(NothingShownError):
        await service.votes.vote_on_number(USER, 1, Verdict.UP, key="1", now=NOW)
    with pytest.raises(UnknownSongError):
        await service.votes.vote(USER, "0" * 32, Verdict.UP, key="1", now=NOW)
    with pytest.raises(UnknownSongError):
        await service.songs.explain(USER, "0" * 32, now=NOW)


async def test_what_is_never_to_come_again_does_not(service: MaeumService) -> None:
    item = (await shown(service)).items[0]
    await service.votes.vote(USER, item.impression, Verdict.NEVER_SONG, key="1", now=NOW)
    seen = [song.song.id for turn in range(20) for song in (await shown(service)).items]
    assert len(seen) > 84  # more than the catalogue has: others came back
    assert item.song.id not in seen


async def test_the_whole_list_is_known_by_any_of_its_songs(service: MaeumService) -> None:
    slate = await shown(service)
    await service.votes.vote(USER, slate.items[3].impression, Verdict.UP, key="1", now=NOW)
    found = await service.votes.list_of(USER, slate.items[1].impression)
    assert [vote.song for vote in found] == [item.song for item in slate.items]
    assert [vote.verdict for vote in found] == [None, None, None, Verdict.UP, None]
    assert await service.votes.list_of(USER, "0" * 32) == []


async def test_songs_shown_are_told_newest_list_first(service: MaeumService) -> None:
    first = await shown(service)
    second = (await ask(service, now=NOW + timedelta(seconds=1))).slate
    assert second is not None
    found = await service.votes.shown(USER, 10)
    songs = [item.song for slate in (second, first) for item in slate.items]
    assert [song.song for song in found] == songs
    assert [song.number for song in found] == [1, 2, 3, 4, 5] * 2


async def test_why_a_song_was_chosen_is_told_to_its_person_only(service: MaeumService) -> None:
    id_ = (await shown(service)).items[0].impression
    with pytest.raises(UnknownSongError):
        await service.songs.explain(OTHER, id_, now=NOW)
