"""/remind: when the bot asks how it goes, and what it says then."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.chat.actions import Action
from bot.chat.answers import Answer, AnswerKind, Button, Rows
from bot.chat.buttons import grounding_rows
from bot.chat.commands import Request
from bot.chat.desk import Desk
from bot.chat.pictures import week
from bot.chat.when import read_plan, stops
from bot.readable import visible
from bot.texts import Texts
from core.charts.painter import Picture
from core.reminders import Plan, Reminder, Rhythm, clock_of

__all__ = ["ALL", "check_in", "plan_of", "press_set", "press_stop", "remind", "talk"]

ALL: Final = "all"
"""What the button carries that stops every reminder."""
_OFFERED: Final = (
    (Plan.of(8 * 60), Plan.of(21 * 60), Plan.of(22 * 60)),
    (Plan.of(20 * 60, 4), Plan.of(20 * 60, 6)),
)
"""Times that are a tap away: daily ones, and the evenings of Friday and Sunday."""
_EVERY_DAY: Final = "d"
_SEOUL: Final = "Asia/Seoul"
_MORNING: Final = range(4, 12)
_WEEK: Final = timedelta(days=7)


async def remind(desk: Desk, request: Request) -> Answer:
    """The reminders; with words, set or stopped.

    Raises:
        ReminderTimeError: the words name no time; what was set stays.
    """
    if not request.words:
        return await _page(desk)
    stop, rhythm = stops(request.words)
    if stop:
        return await press_stop(desk, rhythm)
    return await press_set(desk, read_plan(request.words))


async def press_set(desk: Desk, plan: Plan) -> Answer:
    """Sets a reminder, in place of the one of the same rhythm, and shows how things stand."""
    before = await desk.service.reminding.of(desk.turn.user)
    await desk.service.reminding.set(
        desk.turn.user,
        plan,
        zone=desk.zone.key,
        language=desk.turn.language,
        now=desk.turn.now,
    )
    replaced = (one.plan for one in before if one.plan.rhythm is plan.rhythm and one.plan != plan)
    return await _page(desk, next(replaced, None))


async def press_stop(desk: Desk, rhythm: Rhythm | None) -> Answer:
    """Stops the reminders of a rhythm, or all; no question is asked."""
    await desk.service.reminding.stop(desk.turn.user, rhythm)
    left = await desk.service.reminding.of(desk.turn.user)
    text = (desk.texts("remind.stopped"), *(_told(desk.texts, one) for one in left))
    return desk.answer(AnswerKind.REMIND, text, data=_data(left), personal=True)


def plan_of(word: str) -> Plan:
    """The plan that a button carries.

    Raises:
        ValueError: it carries none.
    """
    day, _, minute = word.partition("-")
    return Plan.of(int(minute), None if day == _EVERY_DAY else int(day))


async def talk(desk: Desk) -> Answer:
    """Listens."""
    line = str(desk.turn.generator.choice(desk.texts.variants("remind.talk")))
    return desk.answer(AnswerKind.REMIND, (desk.texts(line),), data={}, personal=True)


async def check_in(desk: Desk, reminder: Reminder) -> Answer:
    """What the bot says when a reminder is due.

    Nothing in it tells of the person: others may read it where it arrives. No songs are offered.
    Who spoke of danger in the last days is asked more quietly, without the report on the week, and
    is offered the exercise.
    """
    texts, turn, rhythm = desk.texts, desk.turn, reminder.plan.rhythm
    clock = turn.now.astimezone(clock_of(reminder.zone))
    buttons: Rows = (
        (
            Button(texts("button.remind.talk"), Action("rt", ())),
            Button(texts("button.remind.stop"), Action("rs", (rhythm,))),
        ),
    )
    picture: Picture | None = None
    if desk.service.conversation.spoke_of_danger(turn.user, now=turn.now):
        kind = "gentle"
        buttons = (*grounding_rows(texts), *buttons)
    elif rhythm is Rhythm.WEEKLY:
        picture = await _report(desk)
        kind = "weekly" if picture is None else "report"
    else:
        kind = "morning" if clock.hour in _MORNING else "evening"
    line = texts(_line(texts.variants(f"remind.say.{kind}"), rhythm, clock))
    return desk.answer(
        AnswerKind.REMIND,
        (line,),
        buttons=buttons,
        picture=picture,
        data={"rhythm": rhythm.value},
        personal=True,
    )


def _line(lines: Sequence[str], rhythm: Rhythm, clock: datetime) -> str:
    """Another line each time, until all were said."""
    day = clock.date().toordinal()
    return lines[(day if rhythm is Rhythm.DAILY else day // 7) % len(lines)]


async def _report(desk: Desk) -> Picture | None:
    """The picture of the week; None where there is nothing to show."""
    turn = desk.turn
    if not await desk.service.people.history(turn.user, turn.now - _WEEK):
        return None
    return (await week(desk)).picture


async def _page(desk: Desk, replaced: Plan | None = None) -> Answer:
    """How things stand, and buttons to change it; `replaced` is what was set in place of."""
    texts, found = desk.texts, await desk.service.reminding.of(desk.turn.user)
    zone = found[0].zone if found else desk.zone.key
    platforms = dict.fromkeys(one.key.platform for one in found) or (desk.turn.user.platform,)
    text = (
        "\n".join(_told(texts, one) for one in found) or texts("remind.none"),
        *(() if replaced is None else (texts("remind.replaced", when=_named(texts, replaced)),)),
        *(texts(f"remind.where.{platform}") for platform in platforms),
        texts("remind.how", zone=visible(zone), place=_another_place(texts, zone)),
    )
    return desk.answer(
        AnswerKind.REMIND, text, data=_data(found), buttons=_rows(texts, found), personal=True
    )


def _another_place(texts: Texts, zone: str) -> str:
    """An example of a time zone that is not the present one."""
    return texts("remind.place.elsewhere" if zone == _SEOUL else "remind.place.seoul")


def _told(texts: Texts, reminder: Reminder) -> str:
    plan = reminder.plan
    following = reminder.next_at.astimezone(clock_of(reminder.zone))
    return texts(
        f"remind.{plan.rhythm}",
        when=_named(texts, plan),
        date=texts("history.date", month=following.month, day=following.day),
        time=f"{following:%H:%M}",
    )


def _named(texts: Texts, plan: Plan) -> str:
    """When, in words."""
    at = f"{plan.at:%H:%M}"
    if plan.weekday is None:
        return texts("remind.every.day", time=at)
    return texts("remind.every.week", day=texts(f"remind.day.{plan.weekday + 1}"), time=at)


def _rows(texts: Texts, found: Sequence[Reminder]) -> Rows:
    chosen = {one.plan for one in found}
    rows = tuple(
        tuple(
            Button(
                _named(texts, plan) + (" ✓" if plan in chosen else ""),
                Action("rm", (f"{_day(plan)}-{plan.minute}",)),
            )
            for plan in offered
        )
        for offered in _OFFERED
    )
    if not found:
        return rows
    return (*rows, (Button(texts("button.remind.stop"), Action("rs", (ALL,))),))


def _day(plan: Plan) -> str:
    return _EVERY_DAY if plan.weekday is None else str(plan.weekday)


def _data(found: Sequence[Reminder]) -> dict[str, object]:
    return {
        "reminders": [
            {
                "rhythm": one.plan.rhythm.value,
                "weekday": one.plan.weekday,
                "time": f"{one.plan.at:%H:%M}",
                "zone": one.zone,
                "next_at": one.next_at.isoformat(timespec="seconds"),
            }
            for one in found
        ]
    }
