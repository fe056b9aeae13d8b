"""What the bot does for a message, a command or a button, on any platform."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.chat import corrections, people, pictures, reminding, songs, talk, verdicts
from bot.chat.actions import Action
from bot.chat.answers import Answer, AnswerKind, Turn
from bot.chat.awaited import is_told
from bot.chat.commands import Command, Request
from bot.chat.desk import Desk
from bot.chat.hearing import MAX_CHARACTERS, Hearing
from bot.chat.limits import deed_of_press, take
from bot.chat.of_list import or_spoken
from bot.chat.presses import press, press_in_words
from bot.chat.questions import Questions
from bot.chat.rounds import Rounds
from bot.chat.told import Told
from bot.error_codes import error_code
from bot.errors import HurriedError
from bot.faults import places
from bot.pace import UNLIMITED, Pace
from bot.presentation import Presenter
from core.charts.painter import Painter
from core.errors import MaeumError, StoreError, UnknownReadingError
from core.models import Language, Message, User, UserKey
from core.records import Verdict
from core.reminders import Reminder
from core.service.maeum import MaeumService

__all__ = ["HELP_ENTRIES", "Chat"]

_log = logging.getLogger(__name__)

HELP_ENTRIES: Final = (
    Command.SONGS,
    Command.LIKE_SONG,
    Command.DIARY,
    Command.MOOD,
    Command.CORRECT,
    Command.LIKE,
    Command.DISLIKE,
    Command.UNVOTE,
    Command.NEVER,
    Command.WHY,
    Command.HISTORY,
    Command.WEEK,
    Command.TASTE,
    Command.GROUNDING,
    Command.SETTINGS,
    Command.REMIND,
    Command.CONSENT,
    Command.PRIVACY,
    Command.EXPORT,
    Command.FORGET,
    Command.LINK,
    Command.HELP,
)
"""The commands /help explains, in this order."""

_ASKED_AGAIN: Final = timedelta(days=1)
"""Before a question that can be left unanswered is put once more."""

_Handler = Callable[[Desk, Request], Awaitable[Answer]]


class Chat:
    """Answers people. There always is an answer.

    Attributes:
        service: the use cases.
        presenters: one for each language.
        rounds: brings reminders to people.
        pace: how much one person may ask for in a while.
    """

    def __init__(
        self,
        service: MaeumService,
        presenters: Mapping[Language, Presenter],
        time_zone: str,
        entries: tuple[Command, ...] = HELP_ENTRIES,
        painter: Painter | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Start to listen.

        Args:
            service: the use cases.
            presenters: one for each language.
            time_zone: an IANA name, of people who did not choose one.
            entries: the commands that /help explains.
            painter: draws moods; None for no pictures.
            pace: how much one person may ask for in a while; None for as much as there is.
        """
        self._entries = entries
        self._painter = painter
        self.pace = Pace(UNLIMITED) if pace is None else pace
        self.service = service
        self.presenters = presenters
        self._time_zone = time_zone
        self._warned = Told()
        self._asked_consent = Told(_ASKED_AGAIN)
        self._questions = Questions()
        self._hearing = Hearing(service, self.pace)
        self.rounds = Rounds(service.reminding, self.check_in)
        self._handlers: Mapping[Command, _Handler] = {
            Command.TALK: talk.talk,
            Command.SONGS: songs.recommend,
            Command.NO_SONGS: talk.no_songs,
            Command.LIKE_SONG: or_spoken(songs.like_song),
            Command.DIARY: songs.diary,
            Command.MOOD: talk.mood,
            Command.CORRECT: corrections.correct,
            Command.LIKE: or_spoken(verdicts.vote(Verdict.UP)),
            Command.DISLIKE: or_spoken(verdicts.vote(Verdict.DOWN)),
            Command.UNVOTE: verdicts.vote(Verdict.RETRACTED),
            Command.NEVER: or_spoken(verdicts.never),
            Command.WHY: or_spoken(verdicts.why),
            Command.HISTORY: people.history,
            Command.WEEK: pictures.week,
            Command.TASTE: people.taste,
            Command.SETTINGS: people.settings,
            Command.REMIND: reminding.remind,
            Command.CONSENT: people.consent,
            Command.GROUNDING: talk.grounding,
            Command.PRIVACY: people.privacy,
            Command.EXPORT: people.export,
            Command.FORGET: people.forget,
            Command.LINK: people.link,
            Command.HELP: self._help,
            Command.ABOUT: talk.about,
            Command.QUIT: talk.quit_talk,
        }

    async def answer(self, turn: Turn, text: str) -> Answer:
        """The answer to what a person wrote."""

        async def read(desk: Desk) -> Answer:
            asked = self._questions.take(turn)
            chosen = asked.chosen(text) if asked else None
            if chosen is not None:
                return await self._choose(desk, chosen, text)
            request = await self._hearing.read(desk.turn, text)
            try:
                return await self._handlers[request.command](desk, request)
            except StoreError:
                raise
            except MaeumError:
                if request.command is not Command.TALK and await self._hearing.danger_in(text):
                    return await talk.talk(desk, Request(Command.TALK, text))
                raise

        return await self._told(turn, read)

    async def run(self, turn: Turn, request: Request) -> Answer:
        """The answer to a command whose words the platform has taken apart."""

        async def act(desk: Desk) -> Answer:
            if request.command is not Command.TALK and await self._hearing.danger_in(request.text):
                return await talk.talk(desk, Request(Command.TALK, request.text))
            return await self._handle(desk, request)

        return await self._told(turn, act)

    async def press(self, turn: Turn, carried: str) -> Answer:
        """The answer to a button.

        Args:
            turn: whose `key` is that of the press.
            carried: the text of the button's `Action`.
        """

        async def act(desk: Desk) -> Answer:
            action = Action.parse(carried)
            take(self.pace, desk.turn, deed_of_press(action))
            return await press(desk, action)

        return await self._told(turn, act)

    async def reread(self, turn: Turn, message: str, text: str) -> Answer | None:
        """What is said to an edited message: nothing, but for danger in what it says now."""
        answer = await self.misheard(turn, message, text)
        return answer if answer and answer.kind is AnswerKind.CRISIS else None

    async def misheard(self, turn: Turn, message: str, text: str) -> Answer | None:
        """Read a message again, of which only its writer knows what it said.

        Returns:
            Danger in what it says now, or why it was not read again; None where it was.
        """
        text = text[:MAX_CHARACTERS]

        async def again(desk: Desk) -> Answer:
            await self._hearing.allowed(desk.turn, Request(Command.TALK, text))
            reply = await self.service.corrections.reread(
                turn.user, Message(text, message), now=turn.now, language=desk.language
            )
            if reply is None:
                raise UnknownReadingError("it is none of the last messages")
            said = desk.presenter.paragraphs(reply)
            if reply.crisis:
                return replace(songs.cared(desk, reply, said), kind=AnswerKind.CRISIS)
            return desk.answer(AnswerKind.MOOD, said, reply=reply)

        answer = await self._guarded(turn, again)
        if answer.kind is AnswerKind.MOOD:
            return None
        if answer.kind is AnswerKind.CRISIS:
            self._questions.note(turn, answer)  # nothing is waited for any more
        return answer

    async def check_in(self, turn: Turn, reminder: Reminder) -> Answer:
        """What is said when a reminder is due; an answer of the kind ERROR is not for the person.

        Args:
            turn: of the person, though it was the clock that did something.
            reminder: that is due.
        """
        answer = await self._guarded(turn, lambda desk: reminding.check_in(desk, reminder))
        self._questions.interrupt(turn.user)
        return answer

    def failed(self, error: Exception, language: Language) -> Answer:
        """What is said when something went wrong."""
        _note(error)
        return Answer(
            AnswerKind.ERROR,
            (self.presenters[language].error(error),),
            error=error_code(error),
            language=language,
            quiet=isinstance(error, HurriedError) and error.told,
        )

    async def _choose(self, desk: Desk, chosen: Action | Request, text: str) -> Answer:
        """The answer to words that answer what was asked: as to the button that they stand for."""
        if await self._hearing.danger_in(text):
            return await talk.talk(desk, Request(Command.TALK, text))
        if isinstance(chosen, Request):
            if chosen.command is Command.LIKE_SONG and await is_told(desk, text):
                chosen = Request(Command.TALK, text)
            return await self._handle(desk, chosen)
        take(self.pace, desk.turn, deed_of_press(chosen))
        return await press_in_words(desk, chosen)

    async def _handle(self, desk: Desk, request: Request) -> Answer:
        allowed = await self._hearing.allowed(desk.turn, request)
        return await self._handlers[allowed.command](desk, allowed)

    async def _told(self, turn: Turn, act: Callable[[Desk], Awaitable[Answer]]) -> Answer:
        """The answer, and what it asks remembered where the person is to see it."""
        answer = await self._guarded(turn, act)
        self._questions.note(turn, answer)
        return answer

    async def _guarded(self, turn: Turn, act: Callable[[Desk], Awaitable[Answer]]) -> Answer:
        language = turn.language
        try:
            person = await self._person(turn.user)
            language = (person and person.settings.language) or language
            presenter = self.presenters[language]
            return await act(
                Desk(
                    self.service,
                    presenter,
                    self.presenters,
                    turn,
                    person,
                    self._time_zone,
                    self._painter,
                    self._warned,
                    self._asked_consent,
                )
            )
        except Exception as error:  # noqa: BLE001 - a fault of ours ends one answer, not the talk
            return self.failed(error, language)

    async def _person(self, user: UserKey) -> User | None:
        """Who it is; None where that cannot be told, for danger is answered even so."""
        try:
            return await self.service.people.person(user)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look tells of it too
            _note(error)
            return None

    async def _help(self, desk: Desk, _request: Request) -> Answer:
        texts = desk.texts
        entries = (
            f"{texts(f'help.{name}.usage')}: {texts(f'help.{name}.text')}" for name in self._entries
        )
        text = (texts("help.intro"), "\n".join(entries), texts("help.outro"), texts("about.ai"))
        return desk.answer(AnswerKind.HELP, text, reply=await desk.state(), explains=self._entries)


def _note(error: Exception) -> None:
    """Log what is no fault of a person's."""
    if not isinstance(error, MaeumError):
        _log.error("%s", places(error))
    elif isinstance(error, StoreError):
        _log.error("the store failed: %s", type(error.__cause__ or error).__name__)
