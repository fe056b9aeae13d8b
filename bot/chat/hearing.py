"""What a text asks for, and whether it may be asked for now; danger is heard before both."""

import asyncio
from typing import Final

from bot.chat.answers import Turn
from bot.chat.commands import Command, Request, parse
from bot.chat.limits import deed_of, take, weight_of
from bot.errors import HurriedError, TooLongError
from bot.pace import Deed, Pace
from core.errors import MaeumError
from core.recommend.requests import SongRequest
from core.service.maeum import MaeumService

__all__ = ["MAX_CHARACTERS", "Hearing"]

MAX_CHARACTERS: Final = 20_000
"""In one message; some ten pages are more than one mood."""

_LONG: Final = 1_000


class Hearing:
    """Makes a request of what a person wrote."""

    def __init__(self, service: MaeumService, pace: Pace) -> None:
        """Start to listen.

        Args:
            service: hears danger, and knows songs by name.
            pace: how much one person may ask for in a while.
        """
        self._service = service
        self._pace = pace

    async def read(self, turn: Turn, text: str) -> Request:
        """What a text asks for, if it may be asked for now.

        Raises:
            UnknownCommandError: it looks like a command, but there is no such command.
            UsageError: it is a command, with words that the command does not know.
            TooLongError: it has more than `MAX_CHARACTERS`.
            HurriedError: too much is asked for.
        """
        try:
            request = await self._parsed(turn, text)
        except MaeumError:
            take(self._pace, turn, Deed.TALK)  # it is answered as well, by a hint
            raise
        return await self.allowed(turn, request)

    async def allowed(self, turn: Turn, request: Request) -> Request:
        """The request; one that is talk instead where too much is asked for in danger.

        Raises:
            HurriedError: too much is asked for, and nothing in it speaks of danger.
        """
        deed = deed_of(request.command)
        if deed is Deed.TALK and self._cares(turn):
            deed = Deed.CARE
        try:
            take(self._pace, turn, deed, weight_of(request))
        except HurriedError:
            if not await self.danger_in(request.text):
                raise
            return Request(Command.TALK, request.text)
        return request

    async def danger_in(self, text: str) -> bool:
        """Whether the beginning of a text, as much of it as is read, speaks of danger."""
        beginning = text[:MAX_CHARACTERS]
        return bool(text) and await self._service.conversation.hears_danger(beginning)

    async def _parsed(self, turn: Turn, text: str) -> Request:
        try:
            if len(text) > MAX_CHARACTERS:
                raise TooLongError(f"a message of more than {MAX_CHARACTERS} characters")
            # Long texts take long enough to take apart for other people to notice.
            short = len(text) < _LONG
            request = parse(text) if short else await asyncio.to_thread(parse, text)
            if request.asked and await self._is_talk(turn, request.asked, text):
                return Request(Command.TALK, text, count=request.count, asked=request.asked)
            if request.command is Command.FORGET and request.spoken and self._cares(turn):
                return Request(Command.TALK, text)
            return request
        except MaeumError:
            # "/노래 죽고 싶어" is no command, and a hint on usage no answer to it; the same goes
            # for a text that is too long.
            beginning = text[:MAX_CHARACTERS]
            if await self.danger_in(beginning):
                return Request(Command.TALK, text=beginning)
            raise

    def _cares(self, turn: Turn) -> bool:
        return self._service.conversation.in_care(turn.user, turn.now)

    async def _is_talk(self, turn: Turn, asked: SongRequest, text: str) -> bool:
        """Whether what looks like asking for songs is met as talk.

        So it is where no artist has such a name, where danger is heard in it, and where who spoke
        of danger is met with care. After no more than a question of care songs come, gentle ones.
        """
        if self._service.asking.resolve(asked) is None:
            return True
        if asked.told and self._cares(turn):
            return await self._service.conversation.cares(turn.user, text, turn.now)
        # In "livelier" there is no word of the person's own.
        return asked.refinement is None and await self.danger_in(text)
