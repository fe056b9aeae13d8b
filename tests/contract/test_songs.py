"""What every store promises of songs that were shown and what people said of them."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ConflictError
from core.models import Mode, UserKey, new_id
from core.records import Consent, ConsentKind, Outcome, StandingVerdict, Verdict
from tests.keepsakes import (
    KEY,
    LATER,
    NOW,
    OTHER_KEY,
    OpenWork,
    impression,
    person,
    say,
    shown_to,
    vote,
)


async def standing(open_work: OpenWork, someone: str) -> list[StandingVerdict]:
    async with open_work() as work:
        return await work.feedback.verdicts(someone)


async def said(open_work: OpenWork, someone: str) -> dict[tuple[str, Mode], Verdict]:
    return {(v.song_id, v.mode): v.verdict for v in await standing(open_work, someone)}


async def answer(open_work: OpenWork, someone: str, yes: bool, at: datetime = NOW) -> None:
    async with open_work() as work:
        await work.consents.add(Consent(someone, ConsentKind.IMPROVE, yes, at, "1"))
        await work.commit()


async def test_an_impression_comes_back_whole(open_work: OpenWork) -> None:
    user = await person(open_work)
    asked = {"decades": [1990], "genres": ["발라드"], "wish": "sad", "familiarity": 0.5}
    shown = impression(user.person, mode=Mode.OPPOSITE, asked=asked)
    await shown_to(open_work, shown)
    async with open_work() as work:
        found = await work.impressions.get(shown.id)
        assert await work.impressions.get("0" * 32) is None
    assert found is not None
    np.testing.assert_array_equal(found.mood, shown.mood)
    assert not found.mood.flags.writeable
    assert vars(found) | {"mood": None} == vars(shown) | {"mood": None}


async def test_a_slate_comes_in_its_order(open_work: OpenWork) -> None:
    user, slate = await person(open_work), new_id()
    shown = [impression(user.person, str(rank), slate=slate, rank=rank) for rank in range(3)]
    await shown_to(open_work, *reversed(shown))
    async with open_work() as work:
        assert [row.id for row in await work.impressions.slate(slate)] == [s.id for s in shown]
        assert await work.impressions.slate(new_id()) == []


async def test_the_latest_slate_comes_first(open_work: OpenWork) -> None:
    user, other = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    old, new = new_id(), new_id()
    for slate, at in ((new, LATER), (old, NOW)):
        await shown_to(
            open_work,
            *(impression(user.person, slate=slate, rank=rank, shown_at=at) for rank in (0, 1)),
        )
    await shown_to(open_work, impression(other.person))
    async with open_work() as work:
        latest = await work.impressions.latest(user.person, 3)
    assert [(row.slate, row.rank) for row in latest] == [(new, 0), (new, 1), (old, 0)]


async def test_an_impression_is_kept_once(open_work: OpenWork) -> None:
    shown = impression((await person(open_work)).person)
    await shown_to(open_work, shown)
    with pytest.raises(ConflictError):
        await shown_to(open_work, shown)


async def test_a_message_leads_to_what_it_shows_last(open_work: OpenWork) -> None:
    user = await person(open_work)
    first, second = impression(user.person), impression(user.person)
    await shown_to(open_work, first, second)
    for shown in (first, second):
        async with open_work() as work:
            await work.posts.add("telegram:7:42", shown.id)
            await work.commit()
    async with open_work() as work:
        found = await work.posts.impression("telegram:7:42")
        assert found is not None
        assert found.id == second.id
        assert await work.posts.impression("telegram:74:2") is None


async def test_a_vote_belongs_to_song_and_mode(open_work: OpenWork) -> None:
    user = await person(open_work)
    similar = impression(user.person, "a")
    opposite = impression(user.person, "a", mode=Mode.OPPOSITE)
    await shown_to(open_work, similar, opposite)
    await say(open_work, vote(similar, Verdict.DOWN), vote(opposite, Verdict.UP))
    assert await said(open_work, user.person) == {
        ("a", Mode.SIMILAR): Verdict.DOWN,
        ("a", Mode.OPPOSITE): Verdict.UP,
    }
    found = await standing(open_work, user.person)
    assert {(verdict.artist, verdict.at) for verdict in found} == {("아이유", NOW)}


async def test_the_last_verdict_wins_in_whatever_order_they_come(open_work: OpenWork) -> None:
    user = await person(open_work)
    shown = impression(user.person, "a")
    await shown_to(open_work, shown)
    late = vote(shown, Verdict.DOWN, at=LATER)
    await say(open_work, late, vote(shown, Verdict.UP, at=NOW))
    assert await said(open_work, user.person) == {("a", Mode.SIMILAR): Verdict.DOWN}


async def test_a_retracted_verdict_does_not_stand(open_work: OpenWork) -> None:
    user = await person(open_work)
    shown = impression(user.person, "a")
    await shown_to(open_work, shown)
    await say(open_work, vote(shown), vote(shown, Verdict.RETRACTED, at=LATER))
    assert await said(open_work, user.person) == {}
    await say(open_work, vote(shown, Verdict.NEVER_ARTIST, at=LATER + timedelta(seconds=1)))
    assert await said(open_work, user.person) == {("a", Mode.SIMILAR): Verdict.NEVER_ARTIST}


async def test_the_same_event_counts_once_even_with_another_content(open_work: OpenWork) -> None:
    user = await person(open_work)
    shown = impression(user.person, "a")
    await shown_to(open_work, shown)
    await say(open_work, vote(shown, key="telegram:1"))
    await say(open_work, vote(shown, Verdict.DOWN, key="telegram:1", at=LATER))
    assert await said(open_work, user.person) == {("a", Mode.SIMILAR): Verdict.UP}
    async with open_work() as work:
        assert await work.feedback.count_since(NOW) == 1
        assert await work.feedback.count_since(NOW + timedelta(microseconds=1)) == 0


async def test_a_vote_in_a_group_counts_for_the_voter(open_work: OpenWork) -> None:
    asker, voter = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    shown = impression(asker.person, "a")
    await shown_to(open_work, shown)
    await say(open_work, vote(shown, person=voter.person))
    assert await said(open_work, asker.person) == {}
    assert await said(open_work, voter.person) == {("a", Mode.SIMILAR): Verdict.UP}


async def test_a_vote_on_what_is_gone_is_refused(open_work: OpenWork) -> None:
    user = await person(open_work)
    with pytest.raises(ConflictError):
        await say(open_work, vote(impression(user.person)))


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_replaying_all_events_twice_in_any_order_changes_nothing(
    open_work: OpenWork, data: st.DataObject
) -> None:
    user = await person(open_work, UserKey("console", new_id()))
    songs = [impression(user.person, song, mode=mode) for song in ("a", "b") for mode in Mode]
    await shown_to(open_work, *songs)
    events = [
        # Few moments, so that some events are equally late.
        vote(shown, verdict, at=NOW + timedelta(seconds=second))
        for shown, verdict, second in data.draw(
            st.lists(
                st.tuples(st.sampled_from(songs), st.sampled_from(Verdict), st.integers(0, 3)),
                max_size=8,
            )
        )
    ]
    await say(open_work, *events)
    once = await standing(open_work, user.person)
    await say(open_work, *data.draw(st.permutations(events + events)))
    assert await standing(open_work, user.person) == once

    # The same events, first seen in another order.
    again = await person(open_work, UserKey("console", new_id()))
    copies = {shown.id: impression(again.person, shown.song_id, mode=shown.mode) for shown in songs}
    await shown_to(open_work, *copies.values())
    distinct = [event for event in events if sum(e.at == event.at for e in events) == 1]
    for event in data.draw(st.permutations(distinct)):
        copy = copies[event.impression or ""]
        await say(open_work, vote(copy, event.verdict, at=event.at))
    if len(distinct) == len(events):
        assert await standing(open_work, again.person) == once


async def test_only_those_who_agreed_last_are_learned_from(open_work: OpenWork) -> None:
    for name, answers in {"yes": [True], "no": [False], "left": [True, False], "none": []}.items():
        user = await person(open_work, UserKey("console", name))
        shown = impression(user.person, name)
        await shown_to(open_work, shown)
        await say(open_work, vote(shown))
        for number, yes in enumerate(answers):
            await answer(open_work, user.person, yes, NOW + timedelta(hours=number))
    async with open_work() as work:
        assert [event.song_id for event in await work.feedback.agreed()] == ["yes"]


async def test_learning_sees_the_last_outcome_of_each_song_and_mode(open_work: OpenWork) -> None:
    user = await person(open_work)
    await answer(open_work, user.person, True)
    verdicts = {"a": Verdict.UP, "b": Verdict.DOWN, "c": Verdict.RETRACTED, "d": Verdict.NEVER_SONG}
    shown = [impression(user.person, song) for song in (*verdicts, "e", "e")]
    await shown_to(open_work, *shown)
    await say(open_work, *(vote(row, Verdict.DOWN) for row in shown[:4]))
    events = zip(shown[:4], verdicts.values(), strict=True)
    await say(open_work, *(vote(row, verdict, at=LATER) for row, verdict in events))
    async with open_work() as work:
        found = await work.feedback.agreed()
    assert {event.song_id: event.outcome for event in found} == {
        "a": Outcome.UP,
        "b": Outcome.DOWN,
        "c": Outcome.SHOWN,
        "d": Outcome.DOWN,
        "e": Outcome.SHOWN,
    }
    assert len(found) == 5
    assert [event.at for event in found] == [NOW, NOW, LATER, LATER, LATER]
    for event in found:
        assert event.mood is not None
        np.testing.assert_array_equal(event.mood, shown[0].mood)


async def test_a_voters_mood_is_not_that_of_who_asked(open_work: OpenWork) -> None:
    asker, voter = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    shown = impression(asker.person, "a")
    await shown_to(open_work, shown)
    await say(open_work, vote(shown, person=voter.person))
    await answer(open_work, voter.person, True)
    async with open_work() as work:
        (event,) = await work.feedback.agreed()
    assert (event.person, event.outcome, event.mood) == (voter.person, Outcome.UP, None)
