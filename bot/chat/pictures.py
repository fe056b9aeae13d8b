"""Moods in pictures: drawn in a thread, since a picture takes some tenths of a second."""

import asyncio

from bot.chat.answers import Answer, AnswerKind
from bot.chat.commands import Request
from bot.chat.desk import Desk
from core.charts.calendar import span_start
from core.charts.helped import LikedSong
from core.charts.painter import Picture
from core.charts.summary import WEEK_POINTS_DAYS, present_mood
from core.charts.summary import history as history_values
from core.charts.summary import week as week_values
from core.models import EmotionScores
from core.records import MoodPoint

__all__ = ["history_picture", "mood_picture", "week"]


async def mood_picture(desk: Desk, mood: EmotionScores | None) -> Picture | None:
    """The mood now; None where nothing is known of it."""
    painter = desk.painter
    if painter is None or mood is None:
        return None
    shown = present_mood(mood, now=desk.turn.now, zone=desk.zone)
    return await asyncio.to_thread(painter.mood, shown, words=desk.texts, theme=desk.theme)


async def history_picture(
    desk: Desk, points: list[MoodPoint], liked: list[LikedSong], days: int
) -> Picture | None:
    """The moods of the last days; None where there are none."""
    painter = desk.painter
    if painter is None or not points:
        return None
    shown = history_values(points, liked, now=desk.turn.now, zone=desk.zone, days=days)
    return await asyncio.to_thread(painter.history, shown, words=desk.texts, theme=desk.theme)


async def week(desk: Desk, _request: Request | None = None) -> Answer:
    """The weekly report."""
    turn = desk.turn
    since = span_start(turn.now, desk.zone, WEEK_POINTS_DAYS)
    points = await desk.service.people.history(turn.user, since)
    if not points:
        return desk.answer(AnswerKind.WEEK, (desk.texts("week.none"),), data={}, personal=True)
    liked = await desk.service.votes.liked(turn.user)
    shown = week_values(points, liked, now=turn.now, zone=desk.zone)
    picture = None
    if desk.painter is not None:
        picture = await asyncio.to_thread(
            desk.painter.week, shown, words=desk.texts, theme=desk.theme
        )
    return desk.answer(
        AnswerKind.WEEK, (desk.texts("week.title"),), data={}, picture=picture, personal=True
    )
