"""Votes: what people say of the songs they were shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from core.charts.helped import LikedSong
from core.errors import NothingShownError, UnknownSongError
from core.models import Mode, Song, UserKey
from core.ports import UnitOfWork
from core.recommend.taste import Taste, describe_taste
from core.records import FeedbackEvent, Impression, StandingVerdict, Verdict
from core.service.transactions import Transactions

__all__ = ["ShownSong", "Vote", "Votes"]

_NEVER: Final = frozenset({Verdict.NEVER_SONG, Verdict.NEVER_ARTIST})
_NAMED_SHOWN: Final = 20


@dataclass(frozen=True)
class Vote:
    """What stands after a vote.

    Attributes:
        impression: of the song.
        song: its facts; None where the catalogue has it no more.
        mode: in which it was shown.
        verdict: what the voter says of the song in this mode now; None where nothing.
        changed: whether that is something else than before the vote.
    """

    impression: str
    song: Song | None
    mode: Mode
    verdict: Verdict | None
    changed: bool = False


@dataclass(frozen=True)
class ShownSong:
    """A song that was shown, as its person sees it.

    Attributes:
        number: its place in its list, from 1.
        verdict: what the person says of it now; None where nothing.
    """

    impression: str
    song: Song
    mode: Mode
    number: int
    shown_at: datetime
    verdict: Verdict | None


class Votes:
    """What people say of songs. A vote is the voter's own, whoever was shown the song."""

    def __init__(self, transactions: Transactions, songs: Mapping[str, Song]) -> None:
        """Prepare to listen.

        Args:
            transactions: of the store.
            songs: the catalogue by song id.
        """
        self._transactions = transactions
        self._songs = songs

    async def vote(
        self, user: UserKey, impression: str, verdict: Verdict, *, key: str, now: datetime
    ) -> Vote:
        """Keep a verdict on a song that was shown to anybody; the last one stands.

        Args:
            user: who votes.
            impression: the id the song was shown with.
            verdict: RETRACTED takes back what was said.
            key: the platform's id of the event; the same key counts once.
            now: aware.

        Raises:
            UnknownSongError: there is no such impression any more.
        """

        async def find(work: UnitOfWork) -> Impression | None:
            return await work.impressions.get(impression)

        shown = await self._transactions.read(find)
        if shown is None:
            raise UnknownSongError("the song was shown too long ago to be voted on")
        return await self._keep(user, shown, verdict, key, now)

    async def vote_on_post(
        self,
        user: UserKey,
        post: str,
        verdict: Verdict,
        *,
        key: str,
        now: datetime,
        over: Verdict | None = None,
    ) -> Vote | None:
        """As `vote`, by the message that shows the song; None where it shows none.

        Args:
            user: who votes.
            post: the platform's key of the message.
            verdict: as in `vote`.
            key: as in `vote`.
            now: aware.
            over: what has to stand for the vote to count: who takes a reaction back takes back
                what it said, and not what a button said since. None where it always counts.
        """

        async def find(work: UnitOfWork) -> Impression | None:
            return await work.posts.impression(post)

        shown = await self._transactions.read(find)
        if shown is None:
            return None
        return await self._keep(user, shown, verdict, key, now, over)

    async def vote_on_number(
        self, user: UserKey, number: int, verdict: Verdict, *, key: str, now: datetime
    ) -> Vote:
        """As `vote`, by the place in the list the user was shown last, from 1.

        Raises:
            NothingShownError: nothing was shown yet, or the list has not that many songs.
        """
        return await self._keep(user, await self._numbered(user, number), verdict, key, now)

    async def of_number(self, user: UserKey, number: int) -> str:
        """The impression at this place of the list the user was shown last, from 1.

        Raises:
            NothingShownError: nothing was shown yet, or the list has not that many songs.
        """
        return (await self._numbered(user, number)).id

    async def list_of(self, user: UserKey, impression: str) -> list[Vote]:
        """What the user says now of the songs of the list that the impression stands in."""

        async def look(work: UnitOfWork) -> list[Vote]:
            person = await work.users.get(user)
            verdicts = await work.feedback.verdicts(person.person)
            one = await work.impressions.get(impression)
            slate = [] if one is None else await work.impressions.slate(one.slate)
            return [self._vote(shown, verdicts) for shown in slate]

        return await self._transactions.read(look)

    async def posted(self, posts: Mapping[str, str]) -> None:
        """Remember which message shows which impression, for votes by reaction.

        Args:
            posts: impression ids by the platform's key of the message.
        """

        async def keep(work: UnitOfWork) -> None:
            for post, impression in posts.items():
                await work.posts.add(post, impression)

        await self._transactions.write(None, keep)

    async def standing(self, user: UserKey, impressions: Sequence[str]) -> list[Vote]:
        """What the user says of these songs now; those not known any more are left out."""

        async def look(work: UnitOfWork) -> list[Vote]:
            person = await work.users.get(user)
            verdicts = await work.feedback.verdicts(person.person)
            found = [await work.impressions.get(id_) for id_ in impressions]
            return [self._vote(shown, verdicts) for shown in found if shown is not None]

        return await self._transactions.read(look)

    async def shown(self, user: UserKey, limit: int) -> list[ShownSong]:
        """The songs the user was shown last: newest list first, within a list the first first."""

        async def look(work: UnitOfWork) -> list[ShownSong]:
            person = await work.users.get(user)
            verdicts = await work.feedback.verdicts(person.person)
            return [
                ShownSong(
                    impression=shown.id,
                    song=self._songs[shown.song_id],
                    mode=shown.mode,
                    number=shown.rank + 1,
                    shown_at=shown.shown_at,
                    verdict=_standing(shown, verdicts),
                )
                for shown in await work.impressions.latest(person.person, limit)
                if shown.song_id in self._songs
            ]

        return await self._transactions.read(look)

    async def liked(self, user: UserKey) -> list[LikedSong]:
        """The songs the user likes now, and since when, oldest first."""

        async def look(work: UnitOfWork) -> list[StandingVerdict]:
            return await work.feedback.verdicts((await work.users.get(user)).person)

        return [
            LikedSong(song.id, song.title, song.artist, verdict.at)
            for verdict in await self._transactions.read(look)
            if verdict.verdict is Verdict.UP
            and (song := self._songs.get(verdict.song_id)) is not None
        ]

    async def taste(self, user: UserKey) -> Taste:
        """What the user's votes say of the user's taste."""

        async def look(work: UnitOfWork) -> Taste:
            person = await work.users.get(user)
            return describe_taste(await work.feedback.verdicts(person.person), self._songs)

        return await self._transactions.read(look)

    async def _numbered(self, user: UserKey, number: int) -> Impression:
        async def find(work: UnitOfWork) -> Sequence[Impression]:
            person = await work.users.get(user)
            latest = await work.impressions.latest(person.person, _NAMED_SHOWN)
            return [shown for shown in latest if shown.slate == latest[0].slate]

        slate = await self._transactions.read(find)
        found = next((shown for shown in slate if shown.rank == number - 1), None)
        if found is None:
            raise NothingShownError(len(slate))
        return found

    async def _keep(
        self,
        user: UserKey,
        shown: Impression,
        verdict: Verdict,
        key: str,
        now: datetime,
        over: Verdict | None = None,
    ) -> Vote:
        async def keep(work: UnitOfWork) -> tuple[str, Verdict | None]:
            if await work.impressions.get(shown.id) is None:  # forgotten in the meantime
                raise UnknownSongError("the song was shown too long ago to be voted on")
            person = await work.users.get(user)
            before = _standing(shown, await work.feedback.verdicts(person.person))
            if over is not None and before is not over:
                return person.person, before
            if person.version == 0:
                await work.users.put(person)
            await work.feedback.add(
                FeedbackEvent.on(shown, key=key, person=person.person, verdict=verdict, at=now)
            )
            return person.person, before

        person, before = await self._transactions.write(user, keep)

        async def look(work: UnitOfWork) -> list[StandingVerdict]:
            return await work.feedback.verdicts(person)

        # Read after it is kept: an event that came twice, or late, may not be what stands.
        vote = self._vote(shown, await self._transactions.read(look))
        return replace(vote, changed=vote.verdict is not before)

    def _vote(self, shown: Impression, verdicts: Sequence[StandingVerdict]) -> Vote:
        return Vote(
            shown.id, self._songs.get(shown.song_id), shown.mode, _standing(shown, verdicts)
        )


def _standing(shown: Impression, verdicts: Sequence[StandingVerdict]) -> Verdict | None:
    """The last verdict on the song in its mode; what is never to come again counts in all."""
    for verdict in reversed(verdicts):
        same = verdict.song_id == shown.song_id
        if same and (verdict.mode is shown.mode or verdict.verdict in _NEVER):
            return verdict.verdict
    return None
