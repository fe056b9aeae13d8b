"""What people say and ask of the songs they were shown."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from bot.chat.answers import Answer, AnswerKind, Rows
from bot.chat.buttons import list_rows, never_rows, single_rows
from bot.chat.commands import Command, Request
from bot.chat.desk import Desk
from bot.errors import UsageError
from bot.readable import visible
from core.models import Reply
from core.records import Verdict
from core.service.votes import Vote

__all__ = ["ask_never", "never", "press_vote", "press_why", "rows_below", "vote", "why"]

_ARTIST: Final = frozenset({"가수", "artist"})


def vote(verdict: Verdict) -> Callable[[Desk, Request], Awaitable[Answer]]:
    """What keeps this verdict on a song of the last list."""

    async def keep(desk: Desk, request: Request) -> Answer:
        return await _on_number(desk, request.number or 0, verdict)

    return keep


async def never(desk: Desk, request: Request) -> Answer:
    """Keeps a song, or all of its artist, from coming again."""
    if set(request.words) - _ARTIST:
        raise UsageError(Command.NEVER)
    verdict = Verdict.NEVER_ARTIST if request.words else Verdict.NEVER_SONG
    return await _on_number(desk, request.number or 0, verdict)


async def why(desk: Desk, request: Request) -> Answer:
    """Why a song of the last list was chosen."""
    shown = await desk.service.votes.of_number(desk.turn.user, request.number or 0)
    return await press_why(desk, shown)


async def press_why(desk: Desk, impression: str) -> Answer:
    """Why a song was chosen."""
    item = await desk.service.songs.explain(desk.turn.user, impression, now=desk.turn.now)
    (card,) = desk.presenter.cards_of([item])
    text = (desk.presenter.named(item.song), card.why)
    return desk.answer(AnswerKind.WHY, text, personal=True)


async def press_vote(desk: Desk, impression: str, verdict: Verdict, *, listed: bool) -> Answer:
    """Keeps a verdict that was given by a button."""
    turn = desk.turn
    given = await desk.service.votes.vote(
        turn.user, impression, verdict, key=turn.key, now=turn.now
    )
    answer = _thanks(desk, given)
    if not listed:
        return replace(answer, song_rows=single_rows(given, desk.presenter))
    votes = await desk.service.votes.list_of(turn.user, impression)
    return replace(answer, song_rows=list_rows(votes, desk.presenter))


async def ask_never(desk: Desk, impression: str, *, listed: bool) -> Answer:
    """Asks whether the song or its artist is not to come again."""
    rows = never_rows(impression, desk.texts, listed=listed)
    return desk.answer(
        AnswerKind.VOTE, (desk.texts("vote.ask_never"),), buttons=rows, personal=True
    )


async def rows_below(desk: Desk, reply: Reply, *, listed: bool) -> Sequence[Rows]:
    """The buttons of a list of songs: of one message with all, or of a message each."""
    ids = [item.impression for item in reply.slate.items] if reply.slate else []
    votes = await desk.service.votes.standing(desk.turn.user, ids)
    if listed:
        return [list_rows(votes, desk.presenter)]
    return [single_rows(given, desk.presenter) for given in votes]


async def _on_number(desk: Desk, number: int, verdict: Verdict) -> Answer:
    turn = desk.turn
    given = await desk.service.votes.vote_on_number(
        turn.user, number, verdict, key=turn.key, now=turn.now
    )
    return _thanks(desk, given)


def _thanks(desk: Desk, given: Vote) -> Answer:
    stands = given.verdict or Verdict.RETRACTED
    name = given.song.title if given.song else desk.texts("song.unknown")
    artist = given.song.artist if given.song else desk.texts("song.unknown")
    text = desk.texts(f"vote.{stands}", title=visible(name), artist=visible(artist))
    data: dict[str, object] = {
        "song": given.song.id if given.song else None,
        "mode": given.mode.value,
        "verdict": given.verdict.value if given.verdict else None,
    }
    return desk.answer(AnswerKind.VOTE, (text,), data=data, personal=True)
