"""Votes by reaction: what an emoji below a song says of it.

A reaction is a vote where it says whether the song was liked. Many emoji say how a song felt: tears
below a sad song may be praise. Those are no votes, and neither are custom emoji, whose meaning
nobody can look up, nor stars, which are paid.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from telegram import ReactionType, ReactionTypeEmoji, Update
from telegram.constants import ChatType

from bot.chat.buttons import single_rows
from bot.chat.reactions import MEANINGS, verdict_of
from bot.handlers.telegram_context import Context
from bot.handlers.telegram_sender import post_key
from bot.patience import persist
from core.records import Verdict

__all__ = ["MEANINGS", "change", "on_reaction"]


async def on_reaction(context: Context, update: Update) -> None:
    """Keep what a reaction to a song says, and show it below the song."""
    reaction = update.message_reaction
    if reaction is None or reaction.user is None or reaction.user.is_bot:
        return  # an anonymous administrator's: nobody's vote
    verdict, over = change(_emoji(reaction.old_reaction), _emoji(reaction.new_reaction))
    if verdict is None:
        return
    chat, message = reaction.chat.id, reaction.message_id
    private = reaction.chat.type == ChatType.PRIVATE
    name = f"reaction:{chat}:{message}:{update.update_id}"
    turn = context.turn(reaction.user, name, private=private)
    keep = partial(
        context.chat.service.votes.vote_on_post,
        turn.user,
        post_key(chat, message),
        verdict,
        key=turn.key,
        now=turn.now,
        over=over,
    )
    vote = await persist(keep)
    if vote is not None and vote.changed and private:
        rows = single_rows(vote, await context.presenter_for(reaction.user))
        await context.sender.edit_rows(chat, message, rows)


def change(old: Sequence[str], new: Sequence[str]) -> tuple[Verdict | None, Verdict | None]:
    """What a changed reaction says.

    Args:
        old: the emoji that were there, custom ones left out.
        new: the emoji that are there now.

    Returns:
        The verdict, None where it says nothing of the song; and, where one is taken back, which.
    """
    before = [found for emoji in old if (found := verdict_of(emoji))]
    # What was added last comes last, and says more than what stood there before.
    added = sorted(new, key=lambda emoji: emoji not in old)
    now = [found for emoji in added if (found := verdict_of(emoji))]
    if now:
        return now[-1], None
    return (Verdict.RETRACTED, before[-1]) if before else (None, None)


def _emoji(reactions: Iterable[ReactionType]) -> list[str]:
    return [each.emoji for each in reactions if isinstance(each, ReactionTypeEmoji)]
