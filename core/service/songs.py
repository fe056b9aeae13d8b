"""Songs: lists for a mood, for a song or for a diary, and what has to be kept of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from core.emotion.state import StateConfig, observe
from core.errors import EmptyMessageError, UnknownSongError
from core.models import (
    EmotionScores,
    Language,
    Mode,
    Recommendation,
    Reply,
    Slate,
    UserKey,
)
from core.ports import EmotionReader, UnitOfWork
from core.recommend.asked import asked_again, asked_for
from core.recommend.diary import diary_parts, read_diary
from core.recommend.query import Refinement, SongQuery
from core.recommend.search import SongMatch, SongSearch
from core.records import Impression
from core.service.choosing import Choosing
from core.service.moods import mood_config, mood_point, reading_id
from core.service.safety import Safety
from core.service.shelf import Shelf
from core.service.transactions import Transactions

__all__ = ["Songs"]

_STILL_MEANT: Final = timedelta(hours=6)
"""After which "more songs" means no list of before."""


class Songs:
    """Lists of songs."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        reader: EmotionReader,
        shelf: Shelf,
        search: SongSearch,
        safety: Safety,
        state: StateConfig,
    ) -> None:
        self._transactions = transactions
        self._reader = reader
        self._shelf = shelf
        self._search = search
        self._safety = safety
        self._state = state
        self._choosing = Choosing(shelf, safety, state)

    @property
    def genres(self) -> tuple[str, ...]:
        """Of the catalogue, by which lists can be filtered."""
        return self._shelf.recommender.genres

    @property
    def usual_count(self) -> int:
        """Songs in a list where nobody said how many."""
        return self._shelf.recommender.usual_count

    async def recommend(
        self,
        user: UserKey,
        query: SongQuery,
        *,
        now: datetime,
        generator: np.random.Generator,
        mood: EmotionScores | None = None,
    ) -> Reply:
        """Songs for the user, none of which was among the last shown; empties the gauge.

        Who spoke of danger gets gentle ones, whatever is asked for.

        Args:
            user: who asks.
            query: what for; its count may be None for the user's own number.
            now: aware.
            generator: of the noise that varies the lists, and of what is tried.
            mood: for which the songs are; None for the user's present mood.

        Raises:
            UnknownMoodError: nothing is known of the mood yet, and the mode goes by it.
            InvalidCountError: a list of that many songs is not offered.
            UnknownSongError: the catalogue does not have the song that was named.
        """
        query, mood, gentle = self._choosing.gently(user, query, mood, now)

        async def choose(work: UnitOfWork) -> Reply:
            person = await work.users.get(user)
            reply = await self._choosing.choose(work, person, query, mood, now, generator)
            return replace(reply, gentle=gentle)

        return await self._transactions.write(user, choose)

    async def refine(
        self,
        user: UserKey,
        impression: str,
        refinement: Refinement,
        *,
        now: datetime,
        generator: np.random.Generator,
    ) -> Reply:
        """Another list, moved in a direction away from the one that the impression stands in.

        Raises:
            UnknownSongError: there is no such impression any more.
            UnknownMoodError: nothing is known of the mood any more.
        """
        slate = await self._slate(impression)
        if not slate:
            raise UnknownSongError("the list was shown too long ago to be moved on from")
        asked = asked_again(slate[0].asked, slate[0].mode, len(slate))
        if refinement is Refinement.OTHER_ARTISTS:
            asked = replace(asked, filters=replace(asked.filters, artists=()))
        elif asked.filters.artists:
            # A short list may have been all that an artist had left; nobody asked for so few.
            asked = replace(asked, count=None)
        anchor = tuple(shown.song_id for shown in slate)
        query = replace(asked, refinements=(refinement,), anchor=anchor)
        return await self.recommend(user, query, now=now, generator=generator)

    async def more(
        self,
        user: UserKey,
        impression: str,
        *,
        mode: Mode | None = None,
        count: int | None = None,
        now: datetime,
        generator: np.random.Generator,
    ) -> Reply:
        """Further songs of what the list was asked for in which the impression stands.

        Args:
            user: who asks.
            impression: one that is not known any more names nothing to go on from.
            mode: that was named. Songs for the mood then are for no wish, as far as the mood is
                known; None for the list's own.
            count: None for the user's own number.
            now: aware.
            generator: as of `recommend`.

        Raises:
            UnknownMoodError: nothing is known of the mood, and the mode goes by it.
            InvalidCountError: a list of that many songs is not offered.
        """
        slate = await self._slate(impression)
        query = SongQuery(mode or Mode.SIMILAR, count)
        if slate:
            query = asked_again(slate[0].asked, mode or slate[0].mode, count)
        person = await self._transactions.person(user)
        if mode is not None and person.state is not None:
            query = replace(query, wish=None, aim=None)
        return await self.recommend(user, query, now=now, generator=generator)

    async def latest(self, user: UserKey, now: datetime) -> str | None:
        """An impression of the last list, by which it can be gone on from; None after a while."""

        async def find(work: UnitOfWork) -> list[Impression]:
            person = await work.users.get(user)
            return await work.impressions.latest(person.person, 1)

        shown = await self._transactions.read(find)
        fresh = bool(shown) and now - shown[0].shown_at <= _STILL_MEANT
        return shown[0].id if fresh else None

    async def read_aim(self, words: str) -> EmotionScores | None:
        """What songs for such words are to be like; None where nothing can be read in them."""
        (reading,) = await self._reader.read([words])
        return None if reading is None else reading.scores

    async def diary(
        self,
        user: UserKey,
        text: str,
        *,
        now: datetime,
        generator: np.random.Generator,
        language: Language,
        delivery: str | None = None,
    ) -> Reply:
        """The mood of a long text, and songs that fit it and what it tells of.

        It counts for the user's mood as a message does, once for each `delivery`. The text is not
        kept.

        Raises:
            EmptyMessageError: nothing in `text` can be read.
            BusyError: too many messages wait to be read.
        """
        # Whoever writes one asks for songs: in care it is read, too, and the songs are gentle.
        care = await self._safety.reply(user, text, language, now, songs=True)
        if care is not None and not care.gentle:
            return care
        parts = diary_parts(text)
        readings = await self._reader.read([text, *parts])
        whole = readings[0]
        diary = read_diary(text, readings, parts)
        if whole is None or diary is None:
            raise EmptyMessageError("nothing in the diary can be read")
        asked = SongQuery(mode=Mode.DIARY, diary=diary)
        query, mood, gentle = self._choosing.gently(user, asked, whole.scores, now)
        name = reading_id(user, delivery)

        async def choose(work: UnitOfWork) -> Reply:
            person = await work.users.get(user)
            felt = person
            if delivery is None or not await work.deliveries.seen(delivery):
                config = mood_config(self._state, person.settings)
                version = self._reader.version
                state = observe(person.state, whole.scores, now, config, name, version)
                await work.history.add(mood_point(person, state.mood, now, name))
                felt = replace(person, state=state)
                if delivery is not None:
                    await work.deliveries.add(delivery, now)
            reply = await self._choosing.choose(work, felt, query, mood, now, generator)
            return replace(reply, reading=whole.scores, first=person.is_new, gentle=gentle)

        return await self._transactions.write(user, choose)

    async def preview(
        self, words: str | None, query: SongQuery, *, generator: np.random.Generator
    ) -> Slate:
        """Songs for words that nobody said to the bot; nothing is kept of them.

        Args:
            words: whose mood is meant; None where the query says all.
            query: what for.
            generator: of the noise that varies the lists.

        Raises:
            EmptyMessageError: nothing in `words` can be read.
            InvalidCountError: a list of that many songs is not offered.
        """
        mood = None if words is None else await self.read_aim(words)
        if words is not None and mood is None:
            raise EmptyMessageError("nothing in the text can be read")
        recommender = self._shelf.recommender
        items = recommender.answer(mood, query, (), (), generator)
        shown = tuple(item.recommendation for item in items)
        return Slate(query.mode, shown, asked_for(query), recommender.near(query))

    def search(self, text: str, limit: int = 10) -> list[SongMatch]:
        """Songs by title, artist or both, best first; takes milliseconds."""
        return self._search.find(text, limit)

    async def explain(
        self, user: UserKey, impression: str, *, now: datetime, private: bool = True
    ) -> Recommendation:
        """A song that the user was shown, with the reason for it, which tells of the user's mood.

        Who spoke of danger hears that a song is gentle, if nobody reads along (`private`).

        Raises:
            UnknownSongError: there is no such impression of the user's any more, or no such song.
        """

        async def find(work: UnitOfWork) -> Impression | None:
            found = await work.impressions.get(impression)
            person = await work.users.get(user)
            return found if found is not None and found.person == person.person else None

        shown = await self._transactions.read(find)
        if shown is None:
            raise UnknownSongError("the song was shown too long ago to be explained")
        gently = private and self._safety.gentle_only(user, now)
        item = self._shelf.recommender.explain(shown, gently=gently)
        return replace(item, impression=shown.id)

    async def _slate(self, impression: str) -> list[Impression]:
        """The list that the impression stands in; empty where it is not known."""

        async def find(work: UnitOfWork) -> list[Impression]:
            one = await work.impressions.get(impression)
            return [] if one is None else await work.impressions.slate(one.slate)

        return await self._transactions.read(find)
