"""Talk itself, and what is said about the bot and the mood."""

import unicodedata
from dataclasses import replace

from bot.chat import corrections, pictures, songs
from bot.chat.answers import Answer, AnswerKind
from bot.chat.commands import Request
from bot.chat.desk import Desk
from bot.chat.presses import ground
from bot.errors import WordlessError
from core.errors import EmptyMessageError
from core.models import Message, ReplyKind

__all__ = ["about", "grounding", "mood", "no_songs", "quit_talk", "talk"]


async def talk(desk: Desk, request: Request) -> Answer:
    """The answer to a message: words, an offer of songs, or care."""
    turn = desk.turn
    try:
        reply = await desk.service.conversation.respond(
            turn.user,
            Message(request.text, turn.message, turn.key, asks_songs=_asks_songs(desk, request)),
            now=turn.now,
            generator=turn.generator,
            language=desk.language,
            base=desk.person,
        )
    except EmptyMessageError as error:
        if _calls(request.text):
            raise WordlessError("nothing but punctuation") from error
        raise
    reply = await desk.service.writing.improve(
        turn.user, request.text, reply, now=turn.now, language=desk.language
    )
    text = desk.presenter.paragraphs(reply)
    if reply.kind in {ReplyKind.CRISIS, ReplyKind.CARE}:
        if reply.gentle:
            return await songs.recommend_gently(desk, text, request.count)
        return songs.cared(desk, reply, text)
    if not reply.offer:
        return desk.answer(AnswerKind.TALK, text, reply=reply)
    offer = str(turn.generator.choice(desk.texts.variants("songs.offer")))
    text = (*text, desk.texts(offer))
    return desk.answer(AnswerKind.TALK, text, reply=reply, buttons=songs.offer_rows(desk))


async def no_songs(desk: Desk, request: Request) -> Answer:
    """Takes it that no songs are wanted now; talk to who is met with care."""
    turn = desk.turn
    if desk.service.conversation.in_care(turn.user, turn.now):
        return await talk(desk, request)
    await desk.service.conversation.rest(turn.user)
    return desk.answer(AnswerKind.TALK, (desk.texts("songs.none_wanted"),))


async def grounding(desk: Desk, _request: Request) -> Answer:
    """The exercise for the senses."""
    return await ground(desk)


async def mood(desk: Desk, _request: Request) -> Answer:
    """The mood as it is, and a picture of it."""
    reply = await desk.state()
    return desk.answer(
        AnswerKind.MOOD,
        desk.presenter.paragraphs(reply),
        reply=reply,
        picture=await pictures.mood_picture(desk, reply.mood),
        buttons=corrections.rows_below(desk, reply),
        personal=True,
    )


async def about(desk: Desk, _request: Request) -> Answer:
    """Who the bot is."""
    text = (desk.texts("about.hello"), desk.texts("about.ai"))
    return desk.answer(AnswerKind.HELP, text, reply=await desk.state())


async def quit_talk(desk: Desk, request: Request) -> Answer:
    """Goodbye; words that may mean more than the talk are talk to who is met with care."""
    turn = desk.turn
    if request.spoken and desk.service.conversation.in_care(turn.user, turn.now):
        return await talk(desk, request)
    return replace(
        desk.answer(AnswerKind.QUIT, (desk.texts("console.goodbye"),)), reply=await desk.state()
    )


def _calls(text: str) -> bool:
    """Whether somebody only calls: "?", "!!", "..."."""
    marks = text.split()
    return bool(marks) and all(unicodedata.category(char)[0] == "P" for char in "".join(marks))


def _asks_songs(desk: Desk, request: Request) -> bool:
    """Whether talk, as far as it is, was understood as asking for songs."""
    asked = request.asked
    return asked is not None and (asked.asked or desk.service.asking.resolve(asked) is not None)
