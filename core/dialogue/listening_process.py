"""Listening in a process of its own, beside the bot's.

The model and the search for utterances read some ten megabytes for each message. On the event loop
that takes the caches from everything else that is done, and Python runs one thread at a time: with
two cores a second process about doubles the messages that are answered.
"""

import asyncio
import contextlib
import itertools
import logging
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core.dialogue.bank import Intent
from core.dialogue.listening import Heard
from core.dialogue.wire import heard, packed, reading, received
from core.errors import BusyError, ModelError
from core.models import Reading

__all__ = ["ListenerProcess", "Place", "listening_apart"]

_ROOT: Final = Path(__file__).parents[2]
_WORKER: Final = "core.dialogue.listening_worker"
_ENDS_WITHIN_S: Final = 5.0
_LONGEST_PAUSE_S: Final = 30.0
_ATTEMPTS: Final = 2
"""A call is told to this many processes at most: it may be what they die of."""

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """What a listening process works with.

    Attributes:
        model: the emotion model, a folder or as a string the id of one on the hub.
        bank: the folder of the bank.
        environment: the variables of the process.
        worker: the module that is run.
    """

    model: Path | str
    bank: Path
    environment: Mapping[str, str]
    worker: str = _WORKER


@dataclass(eq=False)
class _Call:
    """What is asked, as it is sent, and who waits for it."""

    content: bytes
    answer: asyncio.Future[Any]
    attempts: int = 0


@dataclass(frozen=True, eq=False)
class _Link:
    """A process, and the two ways to it."""

    process: asyncio.subprocess.Process
    incoming: asyncio.StreamReader
    outgoing: asyncio.StreamWriter


class ListenerProcess:
    """Listens in another process; implements `core.ports.MessageReader`.

    Where the process dies another takes its place, and is told what the last one left unanswered.
    """

    def __init__(
        self,
        place: Place,
        intents: Sequence[Intent],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Make one, of the intents in the bank; `listening_apart` starts and ends it.

        Args:
            place: what the process works with.
            intents: of the bank.
            sleep: waits for so many seconds.
        """
        self._place = place
        self._intents = {intent.name: intent for intent in intents}
        self._sleep = sleep
        self._version = ""
        self._numbers = itertools.count()
        self._calls: dict[int, _Call] = {}
        self._link: _Link | None = None
        self._ready = False
        self._listening: asyncio.Task[None] | None = None

    @property
    def version(self) -> str:
        """Of the model; empty before `ready`."""
        return self._version

    @property
    def pid(self) -> int | None:
        """Of the process; None where there is none at the moment."""
        return self._link.process.pid if self._link else None

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        """What each text says of its writer's emotion; see `core.ports.EmotionReader`."""
        return [reading(parts) for parts in await self._ask("read", list(texts))]

    async def hear(self, text: str) -> Heard | None:
        """What a message says; see `core.ports.MessageReader`."""
        return heard(await self._ask("hear", text), self._intents)

    async def start(self) -> None:
        """Start the process; it loads for a second or two, see `ready`.

        Raises:
            ModelError: the system lets none begin.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = await self._begun(theirs.fileno())
            self._link = _Link(process, *await asyncio.open_connection(sock=ours))
        except BaseException as error:
            ours.close()  # a process that began ends with this
            if isinstance(error, OSError):
                raise ModelError(f"no process can begin that listens: {error.strerror}") from error
            raise

    async def ready(self) -> None:
        """Wait until the process listens.

        Raises:
            ModelError: it cannot, as it is set up; the message says why.
        """
        await self._greeted()
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Fail who waits with a RuntimeError, and end the process."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        self._ready = False
        self._fail_all()
        await self._end()

    async def _begun(self, end: int) -> asyncio.subprocess.Process:
        place = self._place
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", place.worker, str(end), str(place.model), str(place.bank)),
            cwd=_ROOT,
            env=dict(place.environment),
            pass_fds=(end,),
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the bot
        )

    async def _greeted(self) -> None:
        if self._link is None:
            raise RuntimeError("start comes first")
        try:
            able, told = await received(self._link.incoming)
        except (EOFError, OSError) as error:
            await self._end()
            raise ModelError("the process that listens ended while it began") from error
        if not able:
            await self._end()
            raise ModelError(told)
        self._version = told
        self._ready = True

    async def _listen(self) -> None:
        while self._link is not None:
            try:
                number, outcome, value = await received(self._link.incoming)
            except (EOFError, OSError):
                await self._begin_again()
            else:
                if call := self._calls.pop(number, None):
                    _settle(call.answer, outcome, value)

    async def _begin_again(self) -> None:
        """Start another process, however often that fails, and tell it what is to be answered."""
        self._ready = False
        _log.error("the process that listens is gone; another one begins")
        await self._end()
        for attempt in itertools.count():
            try:
                await self.start()
                await self._greeted()
                break
            except ModelError as error:
                _log.error("%s", error)
            self._fail_all()
            await self._sleep(min(2.0**attempt, _LONGEST_PAUSE_S))
        for number, call in list(self._calls.items()):
            if call.attempts < _ATTEMPTS:
                self._tell(call)
            else:
                del self._calls[number]
                _settle(call.answer, "failed", "it ended")

    async def _ask(self, method: str, given: object) -> Any:
        number = next(self._numbers)
        call = _Call(packed((number, method, given)), asyncio.get_running_loop().create_future())
        self._calls[number] = call
        if self._ready:
            self._tell(call)
        elif self._listening is None or self._listening.done():
            raise RuntimeError("the process that listens is closed")
        try:
            return await call.answer
        finally:
            self._calls.pop(number, None)

    def _tell(self, call: _Call) -> None:
        if self._link is not None:
            call.attempts += 1
            self._link.outgoing.write(call.content)

    def _fail_all(self) -> None:
        for call in self._calls.values():
            _settle(call.answer, "failed", "it ended")
        self._calls.clear()

    async def _end(self) -> None:
        """End the process: it goes when the socket is closed, or else is killed."""
        if self._link is None:
            return
        link, self._link = self._link, None
        link.outgoing.close()
        with contextlib.suppress(OSError):
            await link.outgoing.wait_closed()
        try:
            await asyncio.wait_for(link.process.wait(), _ENDS_WITHIN_S)
        except TimeoutError:
            link.process.kill()
            await link.process.wait()


def _settle(answer: asyncio.Future[Any], outcome: str, value: Any) -> None:
    if answer.done():
        return  # cancelled
    if outcome == "done":
        answer.set_result(value)
    elif outcome == "busy":
        answer.set_exception(BusyError(value))
    else:
        answer.set_exception(RuntimeError(f"the process that listens failed: {value}"))


@asynccontextmanager
async def listening_apart(
    place: Place, intents: Sequence[Intent]
) -> AsyncIterator[ListenerProcess]:
    """A process that was started, and is ended at the end."""
    process = ListenerProcess(place, intents)
    try:
        await process.start()
        yield process
    finally:
        await process.close()
