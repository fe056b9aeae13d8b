"""What every store of users promises, run against each of them."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from core.corrections import Correction
from core.errors import ConflictError
from core.models import AccountSettings, Language, User, UserKey
from core.records import Consent, ConsentKind, MoodPoint
from core.utterances import Utterance
from tests.keepsakes import (
    KEY,
    LATER,
    NOW,
    OTHER_KEY,
    OpenWork,
    impression,
    mood_state,
    person,
    say,
    shown_to,
    vote,
)


async def stored(open_work: OpenWork, key: UserKey = KEY) -> User:
    async with open_work() as work:
        return await work.users.get(key)


async def test_somebody_unknown_is_new(open_work: OpenWork) -> None:
    user = await stored(open_work)
    assert (user.key, user.version, user.state) == (KEY, 0, None)


async def test_the_accounts_of_a_person_are_known(open_work: OpenWork) -> None:
    third = UserKey("telegram", "3")
    async with open_work() as work:
        assert await work.users.accounts(KEY) == [KEY]
        await work.users.put(await work.users.get(KEY))
        await work.users.put(await work.users.get(third))
        await work.commit()
    async with open_work() as work:
        await work.users.merge(await work.users.get(KEY), await work.users.get(OTHER_KEY))
        await work.commit()
    async with open_work() as work:
        both = {KEY, OTHER_KEY}
        assert set(await work.users.accounts(KEY)) == both
        assert set(await work.users.accounts(OTHER_KEY)) == both
        assert await work.users.accounts(third) == [third]


async def test_what_is_committed_stays(open_work: OpenWork) -> None:
    async with open_work() as work:
        await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
        await work.commit()
    assert (await stored(open_work)).shown == ("a",)
    assert (await stored(open_work)).version == 1


async def test_what_is_not_committed_is_gone(open_work: OpenWork) -> None:
    async with open_work() as work:
        await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
    assert (await stored(open_work)).shown == ()


async def test_an_error_rolls_back(open_work: OpenWork) -> None:
    async def fail() -> None:
        async with open_work() as work:
            await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await stored(open_work)).version == 0


async def test_a_change_is_seen_inside_its_own_work(open_work: OpenWork) -> None:
    async with open_work() as work:
        await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
        assert (await work.users.get(KEY)).shown == ("a",)
    assert (await stored(open_work)).shown == ()


async def test_an_outdated_version_is_refused(open_work: OpenWork) -> None:
    async with open_work() as work:
        old = await work.users.get(KEY)
        await work.users.put(old)
        await work.commit()

    async def put_old() -> None:
        async with open_work() as work:
            await work.users.put(old)
            await work.commit()

    with pytest.raises(ConflictError):
        await put_old()


async def test_a_commit_is_all_or_nothing(open_work: OpenWork) -> None:
    other = UserKey("console", "2")
    async with open_work() as slow, open_work() as fast:
        for key in (other, KEY):
            await slow.users.put(replace(await slow.users.get(key), shown=("slow",)))
        await fast.users.put(replace(await fast.users.get(KEY), shown=("fast",)))
        await fast.commit()
        with pytest.raises(ConflictError):
            await slow.commit()
    async with open_work() as work:
        assert (await work.users.get(other)).shown == ()
        assert (await work.users.get(KEY)).shown == ("fast",)


async def test_of_two_at_once_the_later_commit_is_refused(open_work: OpenWork) -> None:
    async with open_work() as first, open_work() as second:
        for work, song in ((first, "a"), (second, "b")):
            user = await work.users.get(KEY)
            await work.users.put(replace(user, shown=(song,)))
            # Twice in one work, so that counting versions alone would not notice.
            await work.users.put(await work.users.get(KEY))
        await first.commit()
        with pytest.raises(ConflictError):
            await second.commit()
    assert (await stored(open_work)).shown == ("a",)


async def test_of_two_who_open_the_same_account_the_later_is_refused(open_work: OpenWork) -> None:
    async with open_work() as first, open_work() as second:
        for work in (first, second):
            await work.users.put(await work.users.get(KEY))
        await first.commit()
        with pytest.raises(ConflictError):
            await second.commit()
    assert (await stored(open_work)).version == 1


async def test_all_of_a_user_comes_back_to_the_last_digit(open_work: OpenWork) -> None:
    state = mood_state()
    async with open_work() as work:
        user = replace(
            await work.users.get(KEY),
            state=state,
            shown=("melon:1", "멜론:2"),
            said=("안녕.1",),
            settings=AccountSettings(language=Language.ENGLISH),
        )
        await work.users.put(user)
        await work.commit()
    found = await stored(open_work)
    assert found.state is not None
    np.testing.assert_array_equal(found.state.mood.coarse, state.mood.coarse)
    np.testing.assert_array_equal(found.state.mood.fine, state.mood.fine)
    assert found.state.mood.coarse.dtype == np.float32
    assert not found.state.mood.coarse.flags.writeable
    assert (found.state.mood.valence, found.state.mood.arousal) == (-1 / 3, 0.1)
    assert (found.state.evidence, found.state.since_songs) == (1.5, 0.7)
    assert found.state.updated_at == NOW
    (kept,), (recent,) = state.recent, found.state.recent
    assert (recent.reading, recent.at, recent.model) == (kept.reading, NOW, "m1")
    assert (recent.weight, recent.left, recent.counted) == (0.9, 1 / 3, False)
    assert (recent.scores.valence, recent.scores.ambiguous) == (0.3, True)
    np.testing.assert_array_equal(recent.scores.fine, kept.scores.fine)
    np.testing.assert_array_equal(recent.read, kept.read)
    assert found.state.quiet == 3
    assert found.state.updated_at.utcoffset() == timedelta(0)
    assert (found.shown, found.said) == (user.shown, user.said)
    assert (found.settings, found.person) == (user.settings, user.person)


async def test_what_a_user_chose_is_known_by_the_account(open_work: OpenWork) -> None:
    chosen = AccountSettings(language=Language.ENGLISH, count=7)
    async with open_work() as work:
        await work.users.put(replace(await work.users.get(KEY), settings=chosen))
        await work.commit()
    async with open_work() as work:
        assert (await work.users.get(KEY)).settings == chosen
        assert (await work.users.get(OTHER_KEY)).settings == AccountSettings()


async def test_the_same_id_on_two_platforms_is_two_people(open_work: OpenWork) -> None:
    first, second = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    assert first.person != second.person


async def test_a_person_is_found_by_its_id(open_work: OpenWork) -> None:
    known = await person(open_work)
    async with open_work() as work:
        found = await work.users.of(known.person)
        assert found is not None
        assert (found.key, found.version) == (KEY, 1)
        assert await work.users.of("0" * 32) is None


async def test_what_belongs_to_nobody_is_refused_with_all_else(open_work: OpenWork) -> None:
    async with open_work() as work:
        await work.deliveries.add("telegram:1", NOW)
        await work.impressions.add([impression("0" * 32)])
        with pytest.raises(ConflictError):
            await work.commit()
    async with open_work() as work:
        assert not await work.deliveries.seen("telegram:1")


async def test_a_new_person_may_own_what_comes_with_it(open_work: OpenWork) -> None:
    async with open_work() as work:
        user = await work.users.get(KEY)
        shown = impression(user.person)
        await work.impressions.add([shown])
        await work.feedback.add(vote(shown))
        await work.users.put(user)
        await work.commit()
    async with open_work() as work:
        assert len(await work.feedback.verdicts(user.person)) == 1


async def test_two_people_become_one_who_has_all_of_both(open_work: OpenWork) -> None:
    kept, gone = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    for user in (kept, gone):
        shown = impression(user.person, song=f"song of {user.key.platform}")
        await shown_to(open_work, shown)
        await say(open_work, vote(shown))
        async with open_work() as work:
            await work.history.add(MoodPoint(user.person, NOW, shown.mood, 0.5, 0.5))
            await work.consents.add(Consent(user.person, ConsentKind.IMPROVE, True, NOW, "1"))
            await work.utterances.add(Utterance(user.person, "무슨 말인지", NOW))
            await work.corrections.put(
                Correction(user.key.platform, user.person, NOW, shown.mood, "m1", "슬픔")
            )
            await work.links.offer(f"code of {user.key.platform}", user.person, LATER)
            await work.commit()
    async with open_work() as work:
        await work.users.merge(replace(kept, shown=("a", "b")), gone)
        await work.commit()
    one, other = await stored(open_work, KEY), await stored(open_work, OTHER_KEY)
    assert one.person == other.person == kept.person
    assert one.shown == other.shown == ("a", "b")
    assert (one.key, other.key, one.version) == (KEY, OTHER_KEY, 2)
    async with open_work() as work:
        counts = await work.records.count(kept.person)
        twice = ("account", "link_code", "mood_point", "impression", "feedback", "consent")
        assert counts == {"person": 1, "post": 0, "reminder": 0} | dict.fromkeys(
            (*twice, "utterance", "correction"), 2
        )
        assert set((await work.records.count(gone.person)).values()) == {0}
        assert await work.links.redeem("code of discord", NOW) == kept.person


async def test_a_new_account_joins_a_person(open_work: OpenWork) -> None:
    kept = await person(open_work, KEY)
    async with open_work() as work:
        await work.users.merge(kept, await work.users.get(OTHER_KEY))
        await work.commit()
    assert (await stored(open_work, OTHER_KEY)).person == kept.person


async def test_a_merge_that_missed_a_change_is_refused(open_work: OpenWork) -> None:
    kept, gone = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    async with open_work() as work:
        await work.users.merge(kept, gone)
        async with open_work() as faster:
            await faster.users.put(replace(gone, shown=("news",)))
            await faster.commit()
        with pytest.raises(ConflictError):
            await work.commit()
    assert (await stored(open_work, OTHER_KEY)).shown == ("news",)
    assert (await stored(open_work, KEY)).version == 1


async def test_a_change_through_one_account_is_seen_through_the_other(open_work: OpenWork) -> None:
    kept = await person(open_work, KEY)
    async with open_work() as work:
        await work.users.merge(kept, await work.users.get(OTHER_KEY))
        await work.commit()
    async with open_work() as work:
        await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
        assert (await work.users.get(OTHER_KEY)).shown == ("a",)
        await work.users.put(replace(await work.users.get(OTHER_KEY), shown=("a", "b")))
        await work.commit()
    assert (await stored(open_work, KEY)).shown == ("a", "b")
