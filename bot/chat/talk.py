"""The answer to what a person tells."""

from bot.chat import songs
from bot.chat.answers import Answer, AnswerKind
from bot.chat.commands import Request
from bot.chat.desk import Desk
from core.models import Message, ReplyKind

__all__ = ["talk"]


async def talk(desk: Desk, request: Request) -> Answer:
    """Reads a message into the mood, and answers it; danger before anything else."""
    turn = desk.turn
    reply = await desk.service.conversation.respond(
        turn.user,
        Message(request.text, turn.message, turn.key),
        now=turn.now,
        generator=turn.generator,
        language=desk.language,
    )
    reply = await desk.service.writing.improve(
        turn.user, request.text, reply, now=turn.now, language=desk.language
    )
    text = desk.presenter.paragraphs(reply)
    if reply.kind in {ReplyKind.CRISIS, ReplyKind.CARE}:
        if reply.gentle:
            return await songs.recommend_gently(desk, text)
        return songs.cared(desk, reply, text)
    if not reply.offer:
        return desk.answer(AnswerKind.TALK, text, reply=reply)
    offer = str(turn.generator.choice(desk.texts.variants("songs.offer")))
    text = (*text, desk.texts(offer))
    return desk.answer(AnswerKind.TALK, text, reply=reply, buttons=songs.offer_rows(desk))
