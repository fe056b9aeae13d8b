"""The conversation in the terminal: a line in, an answer out; how it looks is a view's matter."""

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np

from bot.errors import TooLongError
from bot.handlers.console_commands import Command, Request, parse
from bot.presentation import Presenter, error_code
from bot.streams import decode_line
from core.errors import MaeumError
from core.models import Reply, ReplyKind, UserKey
from core.service import MaeumService

__all__ = ["HELP_ENTRIES", "MAX_CHARACTERS", "Answer", "AnswerKind", "Chat"]

_log = logging.getLogger(__name__)

USER: Final = UserKey("console", "local")

MAX_CHARACTERS: Final = 20_000
"""In one message; some ten pages are more than one mood."""

HELP_ENTRIES: Final = (Command.SONGS, Command.MOOD, Command.HELP, Command.QUIT)
"""The commands /help explains, in this order."""


class AnswerKind(StrEnum):
    """What an answer is about."""

    TALK = "talk"
    SONGS = "songs"
    MOOD = "mood"
    HELP = "help"
    CRISIS = "crisis"
    QUIT = "quit"
    ERROR = "error"


@dataclass(frozen=True)
class Answer:
    """What the bot says to one line.

    Attributes:
        text: paragraphs in the user's language; songs, bars and the like are not in it.
        reply: the service's answer behind it; None for an error.
        error: the code of what was wrong, for programs.
        explains: the commands that `text` explains, for a view that lays them out itself.
    """

    kind: AnswerKind
    text: tuple[str, ...]
    reply: Reply | None = None
    error: str | None = None
    explains: tuple[Command, ...] = ()


class Chat:
    """Answers the lines of the one person at this terminal."""

    def __init__(
        self,
        service: MaeumService,
        presenter: Presenter,
        generator: np.random.Generator,
        clock: Callable[[], datetime],
    ) -> None:
        """Start a conversation.

        Args:
            service: answers.
            presenter: finds the words; its language is the conversation's.
            generator: of all that varies.
            clock: the time now, aware, UTC.
        """
        self._service = service
        self._presenter = presenter
        self._texts = presenter.texts
        self._generator = generator
        self._clock = clock
        self._handlers: Mapping[Command, Callable[[Request], Awaitable[Answer]]] = {
            Command.TALK: self._talk,
            Command.SONGS: self._songs,
            Command.MOOD: self._mood,
            Command.HELP: self._help,
            Command.ABOUT: self._about,
            Command.QUIT: self._quit,
        }

    async def answer(self, line: bytes | str) -> Answer:
        """The answer to what was typed, or sent as bytes; there always is one."""
        try:
            text = decode_line(line) if isinstance(line, bytes) else line
            request = await self._parsed(text)
            return await self._handlers[request.command](request)
        except MaeumError as error:
            return self.failed(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours ends one answer, not the talk
            # The places, but not the message, which may hold what the person wrote.
            frames = traceback.extract_tb(error.__traceback__)
            places = " > ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
            _log.error("%s at %s", type(error).__name__, places)
            return self.failed(error)

    async def _parsed(self, text: str) -> Request:
        try:
            if len(text) > MAX_CHARACTERS:
                raise TooLongError(f"a message of more than {MAX_CHARACTERS} characters")
            return parse(text)
        except MaeumError:
            # "/노래 죽고 싶어" is no command, and a hint on usage no answer to it; the same goes
            # for a text that is too long.
            beginning = text[:MAX_CHARACTERS]
            if await self._service.crisis_reply(beginning):
                return Request(Command.TALK, text=beginning)
            raise

    def failed(self, error: Exception) -> Answer:
        """What is said when something went wrong."""
        return Answer(
            AnswerKind.ERROR,
            (self._presenter.error(error),),
            error=error_code(error),
        )

    async def _talk(self, request: Request) -> Answer:
        reply = await self._service.respond(
            USER,
            request.text,
            now=self._clock(),
            generator=self._generator,
            language=self._texts.language,
        )
        text = self._presenter.paragraphs(reply)
        if reply.offer:
            text = (*text, self._texts("console.offer"))
        crisis = reply.kind is ReplyKind.CRISIS
        return Answer(AnswerKind.CRISIS if crisis else AnswerKind.TALK, text, reply)

    async def _songs(self, request: Request) -> Answer:
        reply = await self._service.songs(
            USER,
            mode=request.mode,
            count=request.count,
            now=self._clock(),
            generator=self._generator,
        )
        return Answer(AnswerKind.SONGS, self._presenter.paragraphs(reply), reply)

    async def _mood(self, _request: Request) -> Answer:
        reply = await self._state()
        return Answer(AnswerKind.MOOD, self._presenter.paragraphs(reply), reply)

    async def _help(self, _request: Request) -> Answer:
        entries = (
            f"{self._texts(f'help.{name}.usage')}: {self._texts(f'help.{name}.text')}"
            for name in HELP_ENTRIES
        )
        text = (self._texts("help.intro"), "\n".join(entries), self._texts("help.outro"))
        return Answer(AnswerKind.HELP, text, await self._state(), explains=HELP_ENTRIES)

    async def _about(self, _request: Request) -> Answer:
        text = (self._texts("console.greeting.1"), self._texts("console.greeting.2"))
        return Answer(AnswerKind.HELP, text, await self._state())

    async def _quit(self, _request: Request) -> Answer:
        return Answer(AnswerKind.QUIT, (self._texts("console.goodbye"),), await self._state())

    async def _state(self) -> Reply:
        return await self._service.mood(USER, now=self._clock())
