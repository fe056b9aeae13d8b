"""Readings that were wrong: asks what the message was, and lets it count as that."""

from bot.chat.answers import Answer, AnswerKind, Rows
from bot.chat.buttons import consent_row, correct_rows, emotion_rows
from bot.chat.commands import Request
from bot.chat.desk import Desk
from bot.chat.talk import talk
from core.emotion.labels import COARSE
from core.errors import UnknownReadingError
from core.models import Reply
from core.records import ConsentKind

__all__ = ["ask", "correct", "press_correct", "rows_below"]


async def correct(desk: Desk, request: Request) -> Answer:
    """Asks what the last message was, or lets it count as what is named.

    Words that may be talk as well are that where no reading was just made.
    """
    turn, reading = desk.turn, None
    if request.spoken:
        reading = await desk.service.corrections.just_read(turn.user, now=turn.now)
        if reading is None:
            return await talk(desk, request)
    if request.feeling is not None:
        return await press_correct(desk, reading, request.feeling)
    return await ask(desk, reading)


async def ask(desk: Desk, reading: str | None) -> Answer:
    """Asks what the message of a reading was, or the last message.

    Raises:
        UnknownReadingError: it is too long ago, or there was none.
    """
    known = await desk.service.corrections.readings(desk.turn.user)
    if not known or (reading is not None and reading not in known):
        raise UnknownReadingError("there is no such reading any more")
    data: dict[str, object] = {"emotions": list(COARSE)}
    return desk.answer(
        AnswerKind.CORRECT,
        (desk.texts("correct.ask"),),
        buttons=emotion_rows(reading or known[-1], desk.texts),
        data=data,
        personal=True,
    )


async def press_correct(desk: Desk, reading: str | None, emotion: str) -> Answer:
    """Lets a message count as what its writer says it was, and shows the mood now."""
    turn, texts = desk.turn, desk.texts
    reply = await desk.service.corrections.correct(
        turn.user, emotion, reading=reading, key=turn.key, now=turn.now
    )
    text = [
        texts("correct.done", emotion=texts(f"feeling.{emotion}")),
        *desk.presenter.paragraphs(reply),
    ]
    rows: Rows = ()
    # Asked where it matters, only of who never answered, and not below each of several.
    asked = desk.asked_consent.stands(turn.user, turn.now)
    if not asked and ConsentKind.CORRECTIONS not in await desk.service.people.consents(turn.user):
        desk.asked_consent.add(turn.user, turn.now)
        text.append(texts("correct.consent"))
        rows = (consent_row(ConsentKind.CORRECTIONS, texts),)
    return desk.answer(AnswerKind.MOOD, tuple(text), reply=reply, buttons=rows, personal=True)


def rows_below(desk: Desk, reply: Reply) -> Rows:
    """Offers to say that the last reading was wrong; nothing where there is none."""
    return () if reply.correctable is None else correct_rows(reply.correctable, desk.texts)
