"""What is said in words of a song of the last list: as by its buttons, once it is clear which."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.chat.actions import Action
from bot.chat.answers import Answer, AnswerKind, Button
from bot.chat.desk import Desk
from bot.chat.presses import press_in_words
from bot.chat.requests import Command, Request
from bot.chat.songs import named
from bot.chat.talk import talk
from core.records import Verdict
from core.service.votes import Vote

__all__ = ["or_spoken"]

_Handler = Callable[[Desk, Request], Awaitable[Answer]]


def or_spoken(typed: _Handler) -> _Handler:
    """The handler of a command on a song, which hears what was said in words as well."""

    async def answer(desk: Desk, request: Request) -> Answer:
        return await (_spoken(desk, request) if request.spoken else typed(desk, request))

    return answer


async def _spoken(desk: Desk, request: Request) -> Answer:
    """Does it for the song that is meant; without a list of late such words are talk.

    Raises:
        NothingShownError: the list has not that many songs.
    """
    turn, votes = desk.turn, desk.service.votes
    last = await desk.service.songs.latest(turn.user, turn.now)
    if last is None:
        return await talk(desk, request)
    if request.number is not None:
        meant = await votes.of_number(turn.user, request.number)
        # All are looked up first: what names a song that is not there does nothing.
        further = [await votes.of_number(turn.user, number) for number in request.also]
    else:
        further = []
        shown = await votes.list_of(turn.user, last)
        if len(shown) > 1:
            return _which(desk, request, shown)
        meant = last
    said: tuple[str, ...] = ()
    for place, impression in enumerate(further):
        # One message acts once on each of its songs.
        own = replace(desk, turn=replace(turn, key=f"{turn.key}#{place}"))
        said += (await _done(own, request, impression)).text
    answer = await _done(desk, request, meant)
    return replace(answer, text=(*said, *answer.text))


async def _done(desk: Desk, request: Request, impression: str) -> Answer:
    (vote,) = await desk.service.votes.standing(desk.turn.user, [impression])
    return await press_in_words(desk, _action(request, vote))


def _which(desk: Desk, request: Request, shown: Sequence[Vote]) -> Answer:
    """Asks which of the songs is meant; a number is answer enough."""
    labels = [
        f"{number}. {named(vote.song, desk) if vote.song else desk.texts('song.unknown')}"
        for number, vote in enumerate(shown, start=1)
    ]
    rows = tuple(
        (Button(label, _action(request, vote)),) for label, vote in zip(labels, shown, strict=True)
    )
    text = (desk.texts("search.which_listed"), "\n".join(labels))
    return desk.answer(AnswerKind.SEARCH, text, buttons=rows, data={"songs": len(shown)})


def _action(request: Request, vote: Vote) -> Action:
    impression = vote.impression
    if request.command is Command.LIKE_SONG:
        return Action("k", (vote.song.id if vote.song else "",))
    if request.command is Command.WHY:
        return Action("w", (impression,))
    verdict = {
        Command.LIKE: Verdict.UP,
        Command.DISLIKE: Verdict.DOWN,
        Command.NEVER: Verdict.NEVER_ARTIST if request.words else Verdict.NEVER_SONG,
    }[request.command]
    return Action("vs", (verdict, impression))
