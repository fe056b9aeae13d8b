"""What every store promises of reminders."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from core.errors import ConflictError
from core.models import User, UserKey
from core.reminders import Plan, Reminder, Rhythm
from tests.keepsakes import DAILY, KEY, LATER, NOW, OTHER_KEY, OpenWork, person, reminder

MINUTE = timedelta(minutes=1)
WEEKLY = Plan(time(20), 6)


async def put(open_work: OpenWork, *reminders: Reminder) -> None:
    async with open_work() as work:
        for one in reminders:
            await work.reminders.put(one)
        await work.commit()


async def of(open_work: OpenWork, user: User) -> list[Reminder]:
    async with open_work() as work:
        return await work.reminders.of(user.person)


async def due(open_work: OpenWork, platform: str = "console", limit: int = 9) -> list[Reminder]:
    async with open_work() as work:
        return await work.reminders.due(platform, NOW, limit)


async def test_reminders_come_back_as_they_were_put_the_daily_one_first(
    open_work: OpenWork,
) -> None:
    user = await person(open_work)
    daily, weekly = reminder(user, DAILY), reminder(user, WEEKLY, next_at=NOW)
    await put(open_work, weekly, daily)
    assert await of(open_work, user) == [daily, weekly]


async def test_another_of_the_same_rhythm_takes_the_place(open_work: OpenWork) -> None:
    user = await person(open_work)
    weekly, later = reminder(user, WEEKLY), reminder(user, Plan(time(22)))
    await put(open_work, reminder(user, DAILY), weekly)
    await put(open_work, later)
    assert await of(open_work, user) == [later, weekly]


async def test_one_rhythm_or_all_are_removed_and_of_nobody_else(open_work: OpenWork) -> None:
    user, other = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    weekly, others = reminder(user, WEEKLY), reminder(other)
    await put(open_work, reminder(user, DAILY), weekly, others)
    for rhythm, left in ((Rhythm.DAILY, [weekly]), (None, [])):
        async with open_work() as work:
            await work.reminders.remove(user.person, rhythm)
            await work.commit()
        assert await of(open_work, user) == left
    assert await of(open_work, other) == [others]


async def test_what_is_due_on_a_platform_comes_oldest_first(open_work: OpenWork) -> None:
    people = [await person(open_work, UserKey("console", str(number))) for number in range(4)]
    ages = (1, 3, 0, -1)
    kept = [
        reminder(user, next_at=NOW - age * MINUTE) for user, age in zip(people, ages, strict=True)
    ]
    stranger = await person(open_work, OTHER_KEY)
    await put(open_work, *kept, reminder(stranger, next_at=NOW - MINUTE))
    assert await due(open_work) == [kept[1], kept[0], kept[2]]
    assert await due(open_work, limit=2) == [kept[1], kept[0]]


async def test_what_was_advanced_is_due_later(open_work: OpenWork) -> None:
    user = await person(open_work)
    kept = reminder(user, next_at=NOW)
    await put(open_work, kept)
    async with open_work() as work:
        await work.reminders.advance(kept, LATER)
        await work.commit()
    assert await due(open_work) == []
    assert await of(open_work, user) == [replace(kept, next_at=LATER)]


async def test_of_two_who_advance_at_once_one_is_refused_whole(open_work: OpenWork) -> None:
    first, second = await person(open_work, KEY), await person(open_work, UserKey("console", "2"))
    both, one = reminder(first, next_at=NOW), reminder(second, next_at=NOW)
    await put(open_work, both, one)
    async with open_work() as fast, open_work() as slow:
        await fast.reminders.advance(both, LATER)
        for taken in (one, both):
            await slow.reminders.advance(taken, LATER)
        await fast.commit()
        with pytest.raises(ConflictError):
            await slow.commit()
    assert await due(open_work) == [one]


@pytest.mark.parametrize("change", ["replaced", "removed"])
async def test_what_the_person_changed_meanwhile_is_not_advanced(
    open_work: OpenWork, change: str
) -> None:
    user = await person(open_work)
    kept, other = reminder(user, next_at=NOW), reminder(user, Plan(time(7)), next_at=LATER)
    await put(open_work, kept)
    async with open_work() as work:
        await work.reminders.advance(kept, LATER)
        async with open_work() as persons:
            await persons.reminders.remove(user.person)
            if change == "replaced":
                await persons.reminders.put(other)
            await persons.commit()
        with pytest.raises(ConflictError):
            await work.commit()
    assert await of(open_work, user) == ([other] if change == "replaced" else [])


async def test_nobody_is_reminded_who_is_not_known(open_work: OpenWork) -> None:
    async with open_work() as work:
        await work.reminders.put(reminder(User(KEY)))
        with pytest.raises(ConflictError):
            await work.commit()


async def test_who_turns_out_to_be_one_person_keeps_one_of_each_rhythm(
    open_work: OpenWork,
) -> None:
    kept, absorbed = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    daily = reminder(kept, DAILY)
    also_daily, weekly = reminder(absorbed, Plan(time(7))), reminder(absorbed, WEEKLY)
    await put(open_work, daily, also_daily, weekly)
    async with open_work() as work:
        await work.users.merge(kept, absorbed)
        await work.commit()
    assert await of(open_work, kept) == [daily, replace(weekly, person=kept.person)]
    assert await of(open_work, absorbed) == []
