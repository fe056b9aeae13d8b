"""Chooses songs for a person, inside of a unit of work, and keeps what was shown of them."""

from dataclasses import replace
from datetime import datetime
from typing import Final

import numpy as np

from core.emotion.state import StateConfig, after_songs, gauge
from core.models import EmotionScores, Mode, Reply, ReplyKind, User, UserKey
from core.ports import UnitOfWork
from core.recommend.gentle import GENTLE_MOOD
from core.recommend.query import SongFilters, SongQuery
from core.service.moods import mood_config
from core.service.safety import Safety
from core.service.shelf import Shelf
from core.service.showing import Shown, impressions_of, slate_of

__all__ = ["SHOWN_KEPT", "Choosing"]

SHOWN_KEPT: Final = 50
"""Songs of this many last shown are not shown again."""


class Choosing:
    """Chooses songs that were not among the last shown; gentle ones for who spoke of danger."""

    def __init__(self, shelf: Shelf, safety: Safety, state: StateConfig) -> None:
        self._shelf = shelf
        self._safety = safety
        self._state = state

    def gently(
        self, user: UserKey, query: SongQuery, mood: EmotionScores | None, now: datetime
    ) -> tuple[SongQuery, EmotionScores | None, bool]:
        """What is asked for; gentle songs instead for who spoke of danger, and whether it is so.

        They are drawn as surprises are: what is kept of the list does not tell why. A named artist
        counts, as far as there are gentle songs of theirs (`choose`).
        """
        if not self._safety.gentle_only(user, now):
            return query, mood, False
        filters = SongFilters(artists=query.filters.artists)
        return SongQuery(Mode.SURPRISE, query.count, filters, gentle=True), GENTLE_MOOD, True

    async def choose(
        self,
        work: UnitOfWork,
        person: User,
        query: SongQuery,
        mood: EmotionScores | None,
        now: datetime,
        generator: np.random.Generator,
    ) -> Reply:
        """Choose, and keep what was shown; empties the gauge.

        Args:
            work: in which the person is put, and what was shown added.
            person: as the work sees it, or with a mood of just now.
            query: what for, as of `gently`.
            mood: for which the songs are; None for the person's.
            now: aware.
            generator: of the noise that varies the lists, and of what is tried.

        Raises:
            UnknownMoodError: nothing is known of the mood yet, and the mode goes by it.
            InvalidCountError: a list of that many songs is not offered.
            UnknownSongError: the catalogue does not have the song that was named.
        """
        recommender = self._shelf.recommender
        known = person.state.mood if person.state else None
        target = mood or known
        if query.count is None and query.mode is not Mode.DIARY:
            query = replace(query, count=person.settings.count)
        verdicts = await work.feedback.verdicts(person.person)
        barred = () if query.filters.songs else person.shown
        items = recommender.answer(target, query, barred, verdicts, generator)
        if not items and (query.filters.artists or query.gentle):
            # An artist has only so many songs: those heard already are better than none.
            items = recommender.answer(target, query, (), verdicts, generator)
        if not items and query.filters.subjects:
            # There are few songs about a subject: then those of its mood are the nearest thing.
            query = replace(query, filters=replace(query.filters, subjects=()))
            items = recommender.answer(target, query, barred, verdicts, generator)
        if not items and query.gentle and query.filters.artists:
            query = replace(query, filters=SongFilters())
            items = recommender.answer(target, query, barred, verdicts, generator)
        shown = (*person.shown, *(item.recommendation.song.id for item in items))[-SHOWN_KEPT:]
        state = after_songs(person.state) if person.state else None
        await work.users.put(replace(person, state=state, shown=shown))
        made = Shown(
            person=person.person,
            mood=known,
            model=recommender.model_version,
            catalogue=self._shelf.catalogue_version,
            at=now,
        )
        impressions = impressions_of(items, query, made)
        await work.impressions.add(impressions)
        full = gauge(state, now, mood_config(self._state, person.settings))
        slate = slate_of(query, items, impressions, recommender.near(query))
        mood_now = state.mood if state else None
        return Reply(ReplyKind.SONGS, mood=mood_now, gauge=full, slate=slate, first=person.is_new)
