"""Lists of songs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.chat.actions import Action
from bot.chat.answers import Answer, AnswerKind, Button, Rows
from bot.chat.awaited import ask_words
from bot.chat.buttons import grounding_rows, mode_rows
from bot.chat.commands import Command, Request, wanted
from bot.chat.desk import Desk
from bot.errors import UnfoundSongError, UsageError
from bot.readable import visible
from core.emotion.feelings import feeling
from core.models import EmotionScores, Mode, Recommendation, Reply, ReplyKind, Song
from core.reasons import ReasonKind
from core.recommend.candidates import match_genres
from core.recommend.query import Refinement, SongFilters, SongQuery
from core.recommend.requests import SongRequest

__all__ = [
    "cared",
    "diary",
    "in_words",
    "like_song",
    "more",
    "named",
    "offer_rows",
    "press_like_song",
    "recommend",
    "recommend_gently",
    "refine",
]

_OFFERED: Final = 8
"""Songs among which is asked, where a name fits several."""
_LONGEST: Final = 60


async def recommend(desk: Desk, request: Request) -> Answer:
    """Songs for the person's mood, or for the feeling that is asked for."""
    if request.asked is not None:
        return await in_words(desk, request.asked)
    query = _query(desk, request)
    mood = None if request.feeling is None else feeling(request.feeling)
    return await _list(desk, query, mood)


async def like_song(desk: Desk, request: Request) -> Answer:
    """Songs like one that is named; asks which one where several may be meant, or it is a guess.

    What may ask for songs as well, "Love Song", is a title only where there is such a song.
    """
    typed = " ".join(request.text.split()[1:])
    if not typed:
        return ask_words(desk, Command.LIKE_SONG)
    found = desk.service.songs.search(typed, _OFFERED)
    asked = request.asked
    if asked and not (found and found[0].whole) and desk.service.asking.resolve(asked):
        return await in_words(desk, asked)
    if not found:
        raise UnfoundSongError("no song of that name is known")
    named = not found[0].guessed
    if named and (len(found) == 1 or found[0].way < found[1].way):
        return await press_like_song(desk, found[0].song.id)
    return _which(desk, [match.song for match in found])


async def in_words(desk: Desk, asked: SongRequest) -> Answer:
    """Songs that were asked for in plain words, which `desk.service.asking` can make out."""
    goes_on = asked.refinement is not None or asked == _further(asked)
    last = await desk.service.songs.latest(desk.turn.user, desk.turn.now) if goes_on else None
    if last is not None and asked.refinement is not None:
        return await refine(desk, last, asked.refinement)
    if last is not None:
        return await more(desk, last, asked.mode, asked.count)
    meant = desk.service.asking.resolve(asked)
    if meant is None:
        raise UnfoundSongError("no song or artist of that name is known")
    query = meant.query
    if meant.among and query.seed_song is None:
        return _which(desk, meant.among)
    if meant.words is not None:
        query = replace(query, aim=await desk.service.songs.read_aim(meant.words))
    answer = await _list(desk, query)
    if answer.reply is None or answer.reply.gentle:
        return answer
    if meant.unknown is None:
        above = (desk.texts("songs.any_singer"),) if asked.singers and answer.reply.slate else ()
        return replace(answer, text=(*above, *answer.text))
    # Songs of others are not passed off as what was asked for.
    told = desk.texts("songs.unknown_artist", name=visible(meant.unknown))
    return replace(answer, text=(told,))


async def more(
    desk: Desk, impression: str, mode: Mode | None = None, count: int | None = None
) -> Answer:
    """Further songs of what the list was asked for in which the impression stands."""
    turn = desk.turn
    reply = await desk.service.songs.more(
        turn.user, impression, mode=mode, count=count, now=turn.now, generator=turn.generator
    )
    return _listed(desk, reply, _said_above(desk, reply))


def _further(asked: SongRequest) -> SongRequest:
    """Nothing but more songs."""
    return SongRequest(
        mode=asked.mode, count=asked.count, asked=asked.asked, told=asked.told, more=True
    )


def _which(desk: Desk, songs: Sequence[Song]) -> Answer:
    """Asks which of several songs is meant."""
    rows = tuple((Button(named(song, desk), Action("k", (song.id,))),) for song in songs)
    data: dict[str, object] = {"songs": [song.id for song in songs]}
    names = (f"♪ {named(song, desk)}" for song in songs)
    text = (desk.texts("search.which"), "\n".join(names))
    return desk.answer(AnswerKind.SEARCH, text, buttons=rows, data=data)


async def press_like_song(desk: Desk, song: str) -> Answer:
    """Songs like this one."""
    return await _list(desk, SongQuery(mode=Mode.LIKE_SONG, seed_song=song))


async def refine(desk: Desk, impression: str, refinement: Refinement) -> Answer:
    """Another list, moved on from the one that the impression stands in."""
    turn = desk.turn
    reply = await desk.service.songs.refine(
        turn.user, impression, refinement, now=turn.now, generator=turn.generator
    )
    text = _said_above(desk, reply)
    if reply.slate is not None and reply.slate.items and not reply.gentle:
        text = (desk.texts(f"refined.{refinement}"),)
    return _listed(desk, reply, text)


async def diary(desk: Desk, request: Request) -> Answer:
    """The mood of a long text, and songs for it."""
    written = request.text.split(maxsplit=1)[1:]
    if not written:
        return ask_words(desk, Command.DIARY, personal=True)
    turn = desk.turn
    reply = await desk.service.songs.diary(
        turn.user,
        written[0],
        now=turn.now,
        generator=turn.generator,
        language=desk.language,
        delivery=turn.key,
    )
    text = desk.presenter.paragraphs(reply)
    if reply.kind is not ReplyKind.SONGS:
        return cared(desk, reply, text)
    return desk.answer(AnswerKind.SONGS, text, reply=reply, personal=True)


async def recommend_gently(desk: Desk, said: tuple[str, ...], count: int | None = None) -> Answer:
    """Songs for somebody who spoke of danger and asks for some; the service picks gentle ones."""
    answer = await _list(desk, SongQuery(count=count))
    above = desk.presenter.paragraphs(answer.reply) if answer.reply else ()
    return replace(answer, text=(*said, *above), personal=True)


def cared(desk: Desk, reply: Reply, text: tuple[str, ...]) -> Answer:
    """What is said to somebody who spoke of danger."""
    kind = AnswerKind.CRISIS if reply.kind is ReplyKind.CRISIS else AnswerKind.CARE
    rows = grounding_rows(desk.texts) if reply.grounding else ()
    return desk.answer(kind, text, reply=reply, buttons=rows, personal=True)


async def _list(desk: Desk, query: SongQuery, mood: EmotionScores | None = None) -> Answer:
    turn = desk.turn
    reply = await desk.service.songs.recommend(
        turn.user, query, now=turn.now, generator=turn.generator, mood=mood
    )
    return _listed(desk, reply, _said_above(desk, reply))


def _listed(desk: Desk, reply: Reply, text: tuple[str, ...]) -> Answer:
    """A list; where others read along no reason tells that its songs are gentle."""
    if reply.slate is not None and not desk.turn.private:
        reply = replace(reply, slate=replace(reply.slate, items=_unexplained(reply.slate.items)))
    return desk.answer(AnswerKind.SONGS, text, reply=reply)


def _unexplained(items: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    # Gentle songs are drawn by chance, so this is true as well.
    return tuple(
        replace(item, reason=replace(item.reason, kind=ReasonKind.NEW))
        if item.reason.kind is ReasonKind.GENTLE
        else item
        for item in items
    )


def _said_above(desk: Desk, reply: Reply) -> tuple[str, ...]:
    """What stands above songs: where others read along, nothing tells that they are gentle."""
    return desk.presenter.paragraphs(reply if desk.turn.private else replace(reply, gentle=False))


def _query(desk: Desk, request: Request) -> SongQuery:
    """What a command and the words after it ask for.

    Raises:
        UsageError: it knows one of the words not.
    """
    query = SongQuery(mode=request.mode, count=request.count)
    genres: list[str] = []
    others: list[str] = []
    for word in request.words:
        known = match_genres(word, desk.service.songs.genres)
        genres += known
        others += [] if known else [word]
    asked = wanted(" ".join(others)) if others else None
    meant = (
        None
        if asked is None
        else desk.service.asking.resolve(replace(asked, asked=False, play=True))
    )
    if others and meant is None:
        raise UsageError(Command.SONGS)
    if meant is not None:
        filters = replace(meant.query.filters, genres=(*meant.query.filters.genres, *genres))
        mode = Mode.SIMILAR if meant.query.wish else request.mode
        return replace(query, mode=mode, wish=meant.query.wish, filters=filters)
    return replace(query, filters=SongFilters(genres=tuple(genres)))


def named(song: Song, desk: Desk) -> str:
    """A song's title and artist, short enough for a button."""
    name = desk.presenter.named(song)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def offer_rows(desk: Desk) -> Rows:
    """Offers songs, of each mode."""
    return mode_rows(desk.texts)
