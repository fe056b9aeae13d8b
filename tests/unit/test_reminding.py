"""Who is asked when, over a store that forgets."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from core.models import Language, UserKey
from core.reminders import Plan, Reminder, Rhythm
from core.service.maeum import MaeumService
from core.service.reminding import BATCH
from core.store.memory import MemoryStore
from tests.services import NOW, OTHER, USER, say, service_over

SEOUL = "Asia/Seoul"
EVENING, SUNDAY = Plan(time(21, 30)), Plan(time(20), 6)
DUE = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
"""When it is half past nine in Seoul."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BEFORE = DUE - 2 * MINUTE


async def wants(
    service: MaeumService, plan: Plan = EVENING, user: UserKey = USER, zone: str = SEOUL
) -> Reminder:
    return await service.reminding.set(user, plan, zone=zone, language=Language.KOREAN, now=BEFORE)


async def asked(service: MaeumService, now: datetime) -> list[Reminder]:
    return list((await service.reminding.take("console", now=now)).due)


async def test_who_wants_to_be_asked_is_asked_once_each_day() -> None:
    service = service_over()
    kept = await wants(service)
    assert kept.next_at == DUE
    assert await asked(service, DUE - MINUTE) == []
    assert await asked(service, DUE) == [replace(kept, next_at=DUE + DAY)]
    assert await asked(service, DUE) == []
    assert await asked(service, DUE + DAY) == [replace(kept, next_at=DUE + 2 * DAY)]


async def test_after_ten_days_away_nobody_is_flooded() -> None:
    service = service_over()
    await wants(service)
    await wants(service, SUNDAY)
    late = DUE + 10 * DAY + 20 * MINUTE  # ten minutes to ten in the evening of a Tuesday
    (one,) = await asked(service, late)
    assert one.plan == EVENING
    assert await asked(service, late) == []


async def test_what_is_too_late_is_moved_on_in_silence() -> None:
    service = service_over()
    await wants(service)
    assert await asked(service, DUE + timedelta(hours=13)) == []
    (kept,) = await service.reminding.of(USER)
    assert kept.next_at == DUE + DAY


async def test_people_are_taken_in_batches() -> None:
    service = service_over()
    people = [UserKey("console", str(number)) for number in range(BATCH + 3)]
    for user in people:
        await wants(service, user=user)
    first = await service.reminding.take("console", now=DUE)
    second = await service.reminding.take("console", now=DUE)
    assert (len(first.due), first.more) == (BATCH, True)
    assert (len(second.due), second.more) == (3, False)
    assert {one.key for one in (*first.due, *second.due)} == set(people)


async def test_only_people_of_the_platform_are_taken() -> None:
    service = service_over()
    await wants(service, user=UserKey("telegram", "1"))
    assert await asked(service, DUE) == []


async def test_two_processes_never_take_the_same() -> None:
    store = MemoryStore()
    first, second = service_over(store.unit_of_work), service_over(store.unit_of_work)
    await wants(first)
    assert len(await asked(first, DUE)) == 1
    assert await asked(second, DUE) == []


async def test_a_new_plan_takes_the_place_of_the_one_before() -> None:
    service = service_over()
    await wants(service)
    await wants(service, SUNDAY)
    await wants(service, Plan(time(22)))
    assert [one.plan for one in await service.reminding.of(USER)] == [Plan(time(22)), SUNDAY]
    assert await asked(service, DUE) == []


async def test_one_rhythm_or_all_are_stopped() -> None:
    service = service_over()
    await wants(service)
    await wants(service, SUNDAY)
    await service.reminding.stop(USER, Rhythm.DAILY)
    assert [one.plan for one in await service.reminding.of(USER)] == [SUNDAY]
    await service.reminding.stop(USER)
    assert await service.reminding.of(USER) == []
    await service.reminding.stop(OTHER)
    assert await service.people.kept(OTHER) == {}


async def test_what_could_not_be_sent_is_tried_again_soon_but_not_for_ever() -> None:
    service = service_over()
    await wants(service)
    now, tries = DUE, 0
    while found := await asked(service, now):
        tries += 1
        await service.reminding.try_again(found[0], now=now)
        assert await asked(service, now + 9 * MINUTE) == []
        now += 10 * MINUTE
    assert 2 < tries < 6  # until it is night
    (kept,) = await service.reminding.of(USER)
    assert kept.next_at == DUE + DAY


async def test_what_was_stopped_or_changed_meanwhile_is_not_tried_again() -> None:
    service = service_over()
    await wants(service)
    (taken,) = await asked(service, DUE)
    later = await wants(service, Plan(time(23)))
    await service.reminding.try_again(taken, now=DUE)
    await service.reminding.unreachable(taken)
    assert await service.reminding.of(USER) == [later]
    await service.reminding.stop(USER)
    await service.reminding.try_again(taken, now=DUE)
    assert await service.reminding.of(USER) == []


async def test_who_cannot_be_reached_is_not_asked_any_more() -> None:
    service = service_over()
    await wants(service)
    await wants(service, SUNDAY)
    (taken,) = await asked(service, DUE)
    await service.reminding.unreachable(taken)
    assert [one.plan for one in await service.reminding.of(USER)] == [SUNDAY]


async def test_who_moves_to_another_zone_is_asked_by_the_clock_there() -> None:
    service = service_over()
    await wants(service)
    await wants(service, SUNDAY)
    await service.people.change_settings(
        USER, lambda chosen: replace(chosen, time_zone="Europe/London"), now=BEFORE
    )
    daily, weekly = await service.reminding.of(USER)
    assert daily.zone == weekly.zone == "Europe/London"
    assert daily.next_at == datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
    assert weekly.next_at == datetime(2026, 11, 22, 20, tzinfo=UTC)
    assert await asked(service, DUE) == []
    await service.people.change_settings(
        USER, lambda chosen: replace(chosen, count=3), now=BEFORE + DAY
    )
    assert await service.reminding.of(USER) == [daily, weekly]


async def test_linked_accounts_have_one_of_each_rhythm() -> None:
    service = service_over()
    await wants(service)
    await wants(service, Plan(time(7)), OTHER)
    await wants(service, SUNDAY, OTHER)
    code = await service.people.offer_link(USER, now=NOW)
    await service.people.link(OTHER, code.code, now=NOW)
    for account in (USER, OTHER):
        found = await service.reminding.of(account)
        assert [(one.plan, one.key) for one in found] == [(EVENING, USER), (SUNDAY, OTHER)]


async def test_who_is_forgotten_is_not_asked() -> None:
    service = service_over()
    await wants(service)
    assert (await service.people.kept(USER))["reminder"] == 1
    (row,) = (await service.people.export(USER))["reminder"]
    assert (row["rhythm"], row["minute"], row["zone"]) == ("daily", 1290, SEOUL)
    done = await service.people.forget(USER, now=NOW)
    assert done.left == {}
    assert await asked(service, DUE) == []


async def test_danger_is_remembered_for_days_and_then_not() -> None:
    service = service_over()
    heard = service.conversation.spoke_of_danger
    assert not heard(USER, now=NOW)
    await say(service, "죽고 싶어")
    await say(service, "행복", now=NOW + DAY)
    assert heard(USER, now=NOW + DAY)
    assert heard(USER, now=NOW + 2 * DAY)
    assert not heard(OTHER, now=NOW)
    assert not heard(USER, now=NOW + 4 * DAY)
