"""What a person sees and decides of what is kept: moods, taste, settings, consents, everything."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.chat import pages
from bot.chat.answers import Answer, AnswerKind, Document
from bot.chat.buttons import consent_rows, forget_rows
from bot.chat.commands import Command, Request
from bot.chat.desk import Desk
from bot.chat.exporting import archive, explained
from bot.chat.pictures import history_picture
from bot.chat.settings import SETTING_NAMES, changed, in_force
from bot.errors import UnknownActionError, UsageError
from core.charts.calendar import span_start
from core.models import Language
from core.records import Consent, ConsentKind
from core.service.writing import consent_version

__all__ = [
    "CONSENT_VERSION",
    "consent",
    "export",
    "forget",
    "history",
    "link",
    "press_consent",
    "press_forget",
    "privacy",
    "settings",
    "taste",
]

CONSENT_VERSION: Final = "2026-11-21.2"
"""Of the texts under "consent" in the locales; changes with their meaning."""
_DAYS: Final = 7
_MOST_DAYS: Final = 90
_LIKED: Final = 5
_RECENT: Final = 100
_YES: Final = frozenset({"yes", "네", "예", "확인", "동의"})
_NO: Final = frozenset({"no", "아니요", "아니오", "거절", "철회"})
_KINDS: Final = {
    **dict.fromkeys(("improve", "추천"), ConsentKind.IMPROVE),
    **dict.fromkeys(("utterances", "문장"), ConsentKind.UTTERANCES),
    **dict.fromkeys(("corrections", "바로잡기"), ConsentKind.CORRECTIONS),
    **dict.fromkeys(("replies", "대답"), ConsentKind.REPLIES),
}


async def history(desk: Desk, request: Request) -> Answer:
    """The moods of the last days, and the songs liked in them."""
    days = _days(request)
    turn = desk.turn
    since = span_start(turn.now, desk.zone, days)
    points = await desk.service.people.history(turn.user, since)
    shown = await desk.service.votes.shown(turn.user, _RECENT)
    page = pages.history(desk.presenter, points, shown, desk.zone, days=days, most=_LIKED)
    liked = await desk.service.votes.liked(turn.user)
    picture = await history_picture(desk, points, liked, days)
    return desk.answer(
        AnswerKind.HISTORY, page.text, data=page.data, picture=picture, personal=True
    )


async def taste(desk: Desk, _request: Request) -> Answer:
    """What the person's votes say of the person's taste."""
    page = pages.taste(desk.presenter, await desk.service.votes.taste(desk.turn.user))
    return desk.answer(AnswerKind.TASTE, page.text, data=page.data, personal=True)


async def settings(desk: Desk, request: Request) -> Answer:
    """The person's settings; with a name and a value, changed."""
    people, user = desk.service.people, desk.turn.user
    if not request.words:
        chosen = desk.settings or await people.settings(user)
    elif len(request.words) > 1 and request.words[0] in SETTING_NAMES:
        # A value of several words is a city's: "New York".
        name, value = SETTING_NAMES[request.words[0]], " ".join(request.words[1:])
        chosen = await people.change_settings(
            user, lambda before: changed(before, name, value), now=desk.turn.now
        )
    else:
        raise UsageError(Command.SETTINGS)
    # In the language chosen just now.
    language = chosen.language or desk.turn.language
    usual = desk.service.songs.usual_count
    shown = in_force(chosen, language=language, count=usual, zone=desk.default_zone)
    page = pages.settings(desk.presenters[language], shown)
    answer = desk.answer(
        AnswerKind.SETTINGS, page.text, data=page.data, buttons=page.buttons, personal=True
    )
    return replace(answer, language=language)


async def consent(desk: Desk, request: Request) -> Answer:
    """What the person agreed to; with a kind and an answer, answered."""
    if not request.words:
        answers = _answers(desk, await desk.service.people.consents(desk.turn.user))
        page = pages.consents(desk.presenter, answers, desk.service.writing.place or "")
        return desk.answer(
            AnswerKind.CONSENT,
            page.text,
            data=page.data,
            buttons=consent_rows(desk.texts, answers),
            personal=True,
        )
    kind = _KINDS.get(request.words[0])
    answer = request.words[-1]
    if kind is None or answer not in _YES | _NO:
        raise UsageError(Command.CONSENT)
    if answer in _YES and not _is_asked(desk, kind):
        raise UsageError(Command.CONSENT)
    return await press_consent(desk, kind, given=answer in _YES)


async def press_consent(desk: Desk, kind: ConsentKind, *, given: bool) -> Answer:
    """Keeps the answer to a question.

    Raises:
        UnknownActionError: it is a yes to what is not asked any more.
    """
    turn, place = desk.turn, desk.service.writing.place or ""
    if given and not _is_asked(desk, kind):
        raise UnknownActionError("this is not asked any more")
    version = CONSENT_VERSION
    if kind is ConsentKind.REPLIES:
        version = consent_version(version, place)
    await desk.service.people.consent(
        turn.user, kind, given=given, now=turn.now, text_version=version
    )
    said = "yes" if given else "no"
    data: dict[str, object] = {kind.value: given}
    text = desk.texts(f"consent.{kind}.{said}", place=place)
    return desk.answer(AnswerKind.CONSENT, (text,), data=data, personal=True)


def _is_asked(desk: Desk, kind: ConsentKind) -> bool:
    return kind is not ConsentKind.REPLIES or desk.service.writing.place is not None


def _answers(desk: Desk, given: Mapping[ConsentKind, Consent]) -> dict[ConsentKind, Consent | None]:
    """The answer to each question that is asked; what was agreed to of another place is open."""
    answers = {kind: given.get(kind) for kind in ConsentKind if _is_asked(desk, kind)}
    replies = answers.get(ConsentKind.REPLIES)
    if replies is not None and replies.given and not desk.service.writing.holds(replies):
        answers[ConsentKind.REPLIES] = None
    return answers


async def privacy(desk: Desk, _request: Request) -> Answer:
    """What is kept, why, for how long, and who sees it."""
    kept = await desk.service.people.kept(desk.turn.user)
    page = pages.privacy(desk.presenter, kept, desk.service.writing.place)
    return desk.answer(AnswerKind.PRIVACY, page.text, data=page.data, personal=True)


async def export(desk: Desk, _request: Request) -> Answer:
    """Everything that is kept of the person, as one file."""
    everything: dict[str, Any] = await desk.service.people.export(desk.turn.user)
    rows = sum(len(table) for table in everything.values())
    if not rows:
        return desk.answer(AnswerKind.EXPORT, (desk.texts("export.none"),), data={}, personal=True)
    document = Document("maeum-dj.zip", await asyncio.to_thread(_archive, desk, everything))
    text = desk.texts("export.done", count=rows)
    return desk.answer(
        AnswerKind.EXPORT, (text,), document=document, data=everything, personal=True
    )


async def forget(desk: Desk, request: Request) -> Answer:
    """Asks whether everything is to be removed; removes it where the person was asked and is sure.

    "/forget yes" out of the blue is asked about as "/forget" is: nobody is to lose everything
    without having read that it cannot be undone.
    """
    turn = desk.turn
    if request.words and request.words[0] not in _YES | _NO:
        raise UsageError(Command.FORGET)
    asked = desk.warned.take(turn.user, turn.now)
    if request.words and (asked or request.words[0] in _NO):
        return await press_forget(desk, sure=request.words[0] in _YES)
    desk.warned.add(turn.user, turn.now)
    page = pages.forget(desk.presenter, await desk.service.people.kept(desk.turn.user))
    return desk.answer(
        AnswerKind.FORGET,
        page.text,
        data=page.data,
        buttons=forget_rows(desk.texts) if page.data else (),
        personal=True,
    )


async def press_forget(desk: Desk, *, sure: bool) -> Answer:
    """Removes everything, and proves it by counting."""
    desk.warned.take(desk.turn.user, desk.turn.now)
    if not sure:
        return desk.answer(AnswerKind.FORGET, (desk.texts("forget.kept"),), data={}, personal=True)
    done = await desk.service.people.forget(desk.turn.user, now=desk.turn.now)
    page = pages.forgotten(desk.presenter, done)
    return desk.answer(AnswerKind.FORGET, page.text, data=page.data, personal=True)


async def link(desk: Desk, request: Request) -> Answer:
    """Gives a code for another account; with one from there, makes both the same person's."""
    people, turn = desk.service.people, desk.turn
    if request.words:
        # As it was typed: words are folded, and a code may look like laughter.
        typed = request.text.split()[-1]
        await people.link(turn.user, typed, now=turn.now, delivery=turn.key)
        return desk.answer(
            AnswerKind.LINK, (desk.texts("link.done"),), data={"linked": True}, personal=True
        )
    code = await people.offer_link(turn.user, now=turn.now)
    minutes = round((code.expires_at - turn.now).total_seconds() / 60)
    text = desk.texts("link.code", code=code.code, minutes=minutes)
    data: dict[str, object] = {"code": code.code, "expires_at": code.expires_at.isoformat()}
    return desk.answer(AnswerKind.LINK, (text,), data=data, personal=True)


def _archive(desk: Desk, everything: dict[str, Any]) -> bytes:
    readme = "\n\n".join(explained(desk.presenters[language].texts) for language in Language)
    return archive(everything, desk.turn.now, readme)


def _days(request: Request) -> int:
    if not request.words:
        return _DAYS
    digits = request.words[0].removesuffix("일")
    if not digits.isdecimal() or len(digits) > len(str(_MOST_DAYS)) or int(digits) < 1:
        raise UsageError(Command.HISTORY)
    return min(int(digits), _MOST_DAYS)
