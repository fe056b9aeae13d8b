"""Songs: lists for a mood, and what has to be kept of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from core.emotion.state import StateConfig, after_songs, gauge
from core.errors import EmptyMessageError, UnknownMoodError, UnknownSongError
from core.models import (
    EmotionScores,
    Mode,
    Recommendation,
    Reply,
    ReplyKind,
    Slate,
    UserKey,
    new_id,
)
from core.ports import EmotionReader, UnitOfWork
from core.recommend.personal import PersonalItem, PersonalRecommender
from core.records import Impression
from core.service.conversation import mood_config
from core.service.safety import Safety
from core.service.transactions import Transactions

__all__ = ["SHOWN_KEPT", "Shelf", "Songs"]

SHOWN_KEPT: Final = 50
"""Songs of this many last shown are not shown again."""


@dataclass
class Shelf:
    """Where the recommender in use stands; learning puts a better one there.

    Attributes:
        recommender: the present one. Whoever uses it takes it once and keeps it to the end.
        catalogue_version: of its songs.
    """

    recommender: PersonalRecommender
    catalogue_version: str


class Songs:
    """Lists of songs."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        reader: EmotionReader,
        shelf: Shelf,
        safety: Safety,
        state: StateConfig,
    ) -> None:
        self._transactions = transactions
        self._reader = reader
        self._shelf = shelf
        self._safety = safety
        self._state = state

    async def recommend(
        self,
        user: UserKey,
        *,
        mode: Mode,
        count: int | None,
        now: datetime,
        generator: np.random.Generator,
        mood: EmotionScores | None = None,
    ) -> Reply:
        """Songs for the user's mood, none of which was among the last shown; empties the gauge.

        Args:
            user: who asks.
            mode: how the songs relate to the mood.
            count: how many; None for the user's own number, or the usual one.
            now: aware.
            generator: of the noise that varies the lists, and of what is tried.
            mood: for which the songs are; None for the user's present mood.

        Raises:
            UnknownMoodError: nothing is known of the mood yet.
            InvalidCountError: a list of that many songs is not offered.
        """
        recommender = self._shelf.recommender

        async def choose(work: UnitOfWork) -> Reply:
            person = await work.users.get(user)
            known = person.state.mood if person.state else None
            target = mood or known
            if target is None:
                raise UnknownMoodError("nothing is known of the mood yet")
            items = recommender.recommend(
                target,
                mode,
                person.settings.count if count is None else count,
                person.shown,
                await work.feedback.verdicts(person.person),
                generator,
            )
            shown = (*person.shown, *(item.recommendation.song.id for item in items))[-SHOWN_KEPT:]
            state = after_songs(person.state) if person.state else None
            await work.users.put(replace(person, state=state, shown=shown))
            impressions = self._impressions(items, person.person, mode, target, now)
            await work.impressions.add(impressions)
            full = gauge(state, now, mood_config(self._state, person.settings))
            slate = _slate(mode, items, impressions)
            return Reply(ReplyKind.SONGS, mood=known, gauge=full, slate=slate)

        return await self._transactions.write(user, choose)

    async def preview(
        self, text: str, *, mode: Mode, count: int, generator: np.random.Generator
    ) -> Slate:
        """Songs for the mood of a text that nobody said to the bot; nothing is kept of it.

        Raises:
            EmptyMessageError: nothing in `text` can be read.
            InvalidCountError: a list of that many songs is not offered.
        """
        (reading,) = await self._reader.read([text])
        if reading is None:
            raise EmptyMessageError("nothing in the text can be read")
        items = self._shelf.recommender.recommend(reading.scores, mode, count, (), (), generator)
        return Slate(mode, tuple(item.recommendation for item in items))

    async def explain(self, impression: str) -> Recommendation:
        """A song that was shown, with the reason for it.

        Raises:
            UnknownSongError: there is no such impression any more, or no such song.
        """

        async def find(work: UnitOfWork) -> Impression | None:
            return await work.impressions.get(impression)

        shown = await self._transactions.read(find)
        if shown is None:
            raise UnknownSongError("the song was shown too long ago to be explained")
        return replace(self._shelf.recommender.explain(shown), impression=shown.id)

    def _impressions(
        self,
        items: list[PersonalItem],
        person: str,
        mode: Mode,
        mood: EmotionScores,
        now: datetime,
    ) -> list[Impression]:
        slate = new_id()
        return [
            Impression(
                id=new_id(),
                person=person,
                slate=slate,
                song_id=item.recommendation.song.id,
                artist=item.recommendation.song.artist,
                rank=rank,
                score=item.score,
                parts=item.parts,
                propensity=item.propensity,
                mood=mood.coarse,
                mode=mode,
                model_version=self._shelf.recommender.model_version,
                catalogue_version=self._shelf.catalogue_version,
                shown_at=now,
                choices=item.choices,
            )
            for rank, item in enumerate(items)
        ]


def _slate(mode: Mode, items: list[PersonalItem], impressions: list[Impression]) -> Slate:
    shown: tuple[Recommendation, ...] = tuple(
        replace(item.recommendation, impression=impression.id)
        for item, impression in zip(items, impressions, strict=True)
    )
    return Slate(mode, shown)
