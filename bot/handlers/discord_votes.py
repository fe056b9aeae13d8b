"""Votes by reaction."""

from functools import partial
from typing import Final

from bot.chat.buttons import single_rows
from bot.chat.reactions import verdict_of
from bot.handlers.discord_client import MaeumClient
from bot.handlers.discord_context import PLATFORM, Context
from bot.handlers.discord_reactions import Reaction
from bot.handlers.discord_sender import post_key
from bot.patience import persist
from core.models import UserKey, new_id
from core.records import Verdict
from core.service.votes import Vote

__all__ = ["ReactionVotes"]

_REMEMBERED: Final = 10_000


class ReactionVotes:
    """Keeps what reactions say of songs."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # Reactions have no id by which one that comes twice could be known. A new process gets
        # none twice, so memory is enough.
        self._standing: dict[tuple[int, int, str], bool] = {}

    async def take(self, client: MaeumClient, reaction: Reaction) -> None:
        """Keep a reaction that was added or removed, and show it where only the voter sees it."""
        verdict = verdict_of(reaction.emoji)
        if verdict is None:
            return
        user = UserKey(PLATFORM, str(reaction.user))
        # Reactions of one person count in the order in which they came.
        async with self._context.alone(user):
            if not self._changes(reaction):
                return
            try:
                vote = await self._kept(reaction, user, verdict)
            except BaseException:
                # It is not known to stand: the same again is no repetition.
                self._standing.pop(_key(reaction), None)
                raise
            await self._show(client, reaction, user, vote)

    async def _kept(self, reaction: Reaction, user: UserKey, verdict: Verdict) -> Vote | None:
        keep = partial(
            self._context.chat.service.votes.vote_on_post,
            user,
            post_key(reaction.channel, reaction.message),
            verdict if reaction.added else Verdict.RETRACTED,
            key=f"{PLATFORM}:reaction:{new_id()}",
            now=self._context.clock(),
            # Who takes a reaction back does not take back what was said since.
            over=None if reaction.added else verdict,
        )
        return await persist(keep)

    async def _show(
        self, client: MaeumClient, reaction: Reaction, user: UserKey, vote: Vote | None
    ) -> None:
        context = self._context
        service = context.chat.service
        if vote is None or reaction.guild is not None:
            return
        chosen = (await service.people.settings(user)).language
        presenter = context.chat.presenters[chosen or await context.language_for(user)]
        place = client.get_partial_messageable(reaction.channel)
        message = place.get_partial_message(reaction.message)
        await context.sender.edit_rows(message, single_rows(vote, presenter), presenter.texts)

    def _changes(self, reaction: Reaction) -> bool:
        """Whether it is not what was there already."""
        key = _key(reaction)
        if self._standing.get(key) is reaction.added:
            return False
        self._standing[key] = reaction.added
        if len(self._standing) > _REMEMBERED:
            del self._standing[next(iter(self._standing))]
        return True


def _key(reaction: Reaction) -> tuple[int, int, str]:
    return reaction.user, reaction.message, reaction.emoji
