"""What every store promises of codes, handled updates, leases and markers."""

from datetime import timedelta

import pytest

from core.errors import ConflictError
from tests.keepsakes import KEY, LATER, NOW, OTHER_KEY, OpenWork, person

SECOND = timedelta(seconds=1)


async def offered(open_work: OpenWork, code: str) -> str:
    user = await person(open_work)
    async with open_work() as work:
        await work.links.offer(code, user.person, LATER)
        await work.commit()
    return user.person


async def redeemed(open_work: OpenWork, code: str) -> str | None:
    async with open_work() as work:
        found = await work.links.redeem(code, NOW)
        await work.commit()
        return found


async def test_a_code_leads_to_the_person_once(open_work: OpenWork) -> None:
    someone = await offered(open_work, "AB12")
    assert await redeemed(open_work, "AB13") is None
    assert await redeemed(open_work, "AB12") == someone
    assert await redeemed(open_work, "AB12") is None


async def test_a_code_ends(open_work: OpenWork) -> None:
    someone = await offered(open_work, "AB12")
    async with open_work() as work:
        assert await work.links.redeem("AB12", LATER) is None
        assert await work.links.redeem("AB12", LATER - SECOND) == someone


async def test_a_code_that_was_not_used_up_can_be_used_again(open_work: OpenWork) -> None:
    someone = await offered(open_work, "AB12")
    async with open_work() as work:
        assert await work.links.redeem("AB12", NOW) == someone
    assert await redeemed(open_work, "AB12") == someone


async def test_a_new_code_replaces_the_old_one(open_work: OpenWork) -> None:
    someone = await offered(open_work, "old")
    async with open_work() as work:
        await work.links.offer("new", someone, LATER)
        await work.commit()
    assert await redeemed(open_work, "old") is None
    assert await redeemed(open_work, "new") == someone


async def test_of_two_who_use_a_code_at_once_one_is_refused(open_work: OpenWork) -> None:
    await offered(open_work, "AB12")
    async with open_work() as first, open_work() as second:
        for work in (first, second):
            assert await work.links.redeem("AB12", NOW) is not None
        await first.commit()
        with pytest.raises(ConflictError):
            await second.commit()


async def test_an_update_is_handled_once(open_work: OpenWork) -> None:
    async with open_work() as first, open_work() as second:
        for work in (first, second):
            assert not await work.deliveries.seen("telegram:1")
            await work.deliveries.add("telegram:1", NOW)
        await first.commit()
        with pytest.raises(ConflictError):
            await second.commit()
    async with open_work() as work:
        assert await work.deliveries.seen("telegram:1")
        assert not await work.deliveries.seen("telegram:2")


async def test_old_updates_are_forgotten(open_work: OpenWork) -> None:
    async with open_work() as work:
        await work.deliveries.add("old", NOW)
        await work.deliveries.add("new", LATER)
        await work.commit()
    async with open_work() as work:
        await work.deliveries.prune(LATER)
        await work.commit()
    async with open_work() as work:
        assert not await work.deliveries.seen("old")
        assert await work.deliveries.seen("new")


async def take(open_work: OpenWork, holder: str, now_seconds: int) -> bool:
    now = NOW + now_seconds * SECOND
    async with open_work() as work:
        taken = await work.leases.acquire("learn", holder, now, now + 60 * SECOND)
        await work.commit()
        return taken


async def test_a_lease_has_one_holder_until_it_ends(open_work: OpenWork) -> None:
    assert await take(open_work, "a", 0)
    assert not await take(open_work, "b", 59)
    assert await take(open_work, "a", 59)  # prolonged
    assert not await take(open_work, "b", 61)
    assert await take(open_work, "b", 119)
    assert not await take(open_work, "a", 120)


async def test_a_lease_is_given_back_by_its_holder_only(open_work: OpenWork) -> None:
    assert await take(open_work, "a", 0)
    for holder, free in (("b", False), ("a", True)):
        async with open_work() as work:
            await work.leases.release("learn", holder)
            await work.commit()
        assert await take(open_work, "c", 1) is free


@pytest.mark.parametrize("before", [False, True])
async def test_of_two_who_take_a_lease_at_once_one_is_refused(
    open_work: OpenWork, before: bool
) -> None:
    if before:
        assert await take(open_work, "z", -1000)
    async with open_work() as first, open_work() as second:
        for work, holder in ((first, "a"), (second, "b")):
            assert await work.leases.acquire("learn", holder, NOW, LATER)
        await first.commit()
        with pytest.raises(ConflictError):
            await second.commit()
    assert not await take(open_work, "b", 1)


async def test_a_marker_is_what_was_put_last(open_work: OpenWork) -> None:
    async with open_work() as work:
        assert await work.markers.get("learned_at") is None
    for value in ("어제", "오늘"):
        async with open_work() as work:
            await work.markers.put("learned_at", value)
            await work.commit()
    async with open_work() as work:
        assert await work.markers.get("learned_at") == "오늘"


async def test_other_peoples_codes_stay(open_work: OpenWork) -> None:
    first, second = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    for code, user in (("one", first), ("two", second)):
        async with open_work() as work:
            await work.links.offer(code, user.person, LATER)
            await work.commit()
    assert await redeemed(open_work, "one") == first.person
