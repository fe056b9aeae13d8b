"""What the buttons do, by the name of their action."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.chat import corrections, people, reminding, songs, verdicts
from bot.chat.actions import Action
from bot.chat.answers import Answer, AnswerKind
from bot.chat.commands import Command, Request
from bot.chat.desk import Desk
from bot.chat.feelings import FEELINGS
from bot.errors import UnknownActionError
from core.models import Mode
from core.recommend.query import Refinement
from core.records import ConsentKind, Verdict
from core.reminders import Rhythm

__all__ = ["PAGES", "ground", "press", "press_in_words"]

PAGES: Final[Mapping[str, Command]] = {"c": Command.CONSENT, "t": Command.SETTINGS}
"""What shows how things stand after one of its buttons was pressed."""

_Press = Callable[[Desk, Action], Awaitable[Answer]]


async def press(desk: Desk, action: Action) -> Answer:
    """Do what a button does.

    Raises:
        UnknownActionError: it carries a word that is not in use any more.
    """
    try:
        act = _PRESSES[action.name](desk, action)
    except (KeyError, ValueError) as error:
        raise UnknownActionError("no button does this any more") from error
    return await act


async def press_in_words(desk: Desk, action: Action) -> Answer:
    """Do what a button does for somebody who said so, and touched no message of songs."""
    return replace(await press(desk, action), song_rows=None)  # no buttons of one can change


def _vote(desk: Desk, action: Action) -> Awaitable[Answer]:
    verdict, impression = action.words
    return verdicts.press_vote(desk, impression, Verdict(verdict), listed=action.listed)


def _ask_never(desk: Desk, action: Action) -> Awaitable[Answer]:
    return verdicts.ask_never(desk, action.words[0], listed=action.listed)


def _why(desk: Desk, action: Action) -> Awaitable[Answer]:
    return verdicts.press_why(desk, action.words[0])


def _songs(desk: Desk, action: Action) -> Awaitable[Answer]:
    return songs.recommend(desk, Request(Command.SONGS, "", mode=Mode(action.words[0])))


def _more(desk: Desk, action: Action) -> Awaitable[Answer]:
    mode, impression = action.words
    return songs.more(desk, impression, Mode(mode))


def _refine(desk: Desk, action: Action) -> Awaitable[Answer]:
    refinement, impression = action.words
    return songs.refine(desk, impression, Refinement(refinement))


def _like_song(desk: Desk, action: Action) -> Awaitable[Answer]:
    return songs.press_like_song(desk, action.words[0])


def _forget(desk: Desk, action: Action) -> Awaitable[Answer]:
    return people.press_forget(desk, sure=action.words[0] == "yes")


def _consent(desk: Desk, action: Action) -> Awaitable[Answer]:
    kind, answer = action.words
    return people.press_consent(desk, ConsentKind(kind), given=answer == "yes")


def _set(desk: Desk, action: Action) -> Awaitable[Answer]:
    return people.settings(desk, Request(Command.SETTINGS, "", words=action.words))


def _grounding(desk: Desk, _action: Action) -> Awaitable[Answer]:
    return ground(desk)


def _ask_emotion(desk: Desk, action: Action) -> Awaitable[Answer]:
    return corrections.ask(desk, action.words[0])


def _correct(desk: Desk, action: Action) -> Awaitable[Answer]:
    emotion, reading = action.words
    return corrections.press_correct(desk, reading, FEELINGS[emotion])


def _remind(desk: Desk, action: Action) -> Awaitable[Answer]:
    return reminding.press_set(desk, reminding.plan_of(action.words[0]))


def _stop_reminding(desk: Desk, action: Action) -> Awaitable[Answer]:
    word = action.words[0]
    return reminding.press_stop(desk, None if word == reminding.ALL else Rhythm(word))


def _talk(desk: Desk, _action: Action) -> Awaitable[Answer]:
    return reminding.talk(desk)


async def ground(desk: Desk) -> Answer:
    """The exercise for the senses."""
    lines = desk.service.conversation.grounding(desk.language)
    return desk.answer(AnswerKind.GROUNDING, lines, personal=True)


_PRESSES: Final[Mapping[str, _Press]] = {
    "vs": _vote,
    "vl": _vote,
    "ns": _ask_never,
    "nl": _ask_never,
    "w": _why,
    "s": _songs,
    "m": _more,
    "r": _refine,
    "k": _like_song,
    "f": _forget,
    "c": _consent,
    "t": _set,
    "g": _grounding,
    "e": _ask_emotion,
    "ec": _correct,
    "rm": _remind,
    "rs": _stop_reminding,
    "rt": _talk,
}
