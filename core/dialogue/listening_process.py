"""Listening in a process of its own, beside the bot's.

The model and the search for utterances read some megabytes for each message. On the event loop
that takes the caches from everything else that is done, and Python runs one thread at a time: with
two cores a second process about doubles the messages that are answered.
"""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from core.dialogue.bank import Intent
from core.dialogue.listening import Heard
from core.dialogue.listening_link import PATIENCE_S, Link, Place
from core.dialogue.wire import heard, packed, reading
from core.errors import BusyError, ModelError
from core.models import Reading

__all__ = ["ListenerProcess", "listening_apart"]

_LONGEST_PAUSE_S: Final = 8.0
_MOST_CALLS: Final = 2048
_FAILURES: Final = 2
"""In a row, after which who waits is told, and there is a pause."""
_ATTEMPTS: Final = 2
"""A call is told to this many processes at most: it may be what they die of."""

_log: Final = logging.getLogger(__name__)


@dataclass(eq=False)
class _Call:
    """What is asked, as it is sent, and who waits for it."""

    content: bytes
    answer: asyncio.Future[Any]
    attempts: int = 0


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
        self._link: Link | None = None
        self._ready = False
        self._resting = False
        self._failures = 0
        self._listening: asyncio.Task[None] | None = None

    @property
    def version(self) -> str:
        """Of the model; empty before `ready`."""
        return self._version

    @property
    def pid(self) -> int | None:
        """Of the process; None where there is none at the moment."""
        return self._link.pid if self._link else None

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        """What each text says of its writer's emotion; see `core.ports.EmotionReader`."""
        return [reading(parts) for parts in await self._ask("read", list(texts))]

    async def hear(self, text: str) -> Heard | None:
        """What a message says; see `core.ports.MessageReader`."""
        return heard(await self._ask("hear", text), self._intents)

    async def start(self) -> None:
        """Start the process; it loads for a few seconds, see `ready`.

        Raises:
            ModelError: the system lets none begin.
        """
        self._link = await Link.begin(self._place)

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

    async def _greeted(self) -> None:
        if self._link is None:
            raise RuntimeError("start comes first")
        self._version = await self._link.greeting()
        self._ready = True

    async def _listen(self) -> None:
        while True:
            try:
                if self._link is None:
                    await self._begin_again()
                await self._take_answers()
            except ModelError as error:
                _log.error("%s", error)
            except Exception as error:  # noqa: BLE001 - or nobody would be heard any more
                # Its end, or an answer that cannot be read: of another version, say.
                _log.error(
                    "the process that listens is gone (%s); another one begins",
                    type(error).__name__,
                )
            self._ready = False
            await self._end()
            self._failures += 1
            if self._failures > _FAILURES:
                await self._rest()

    async def _take_answers(self) -> NoReturn:
        while self._link is not None:
            number, outcome, value = await self._link.told()
            self._failures = 0
            if call := self._calls.pop(number, None):
                _settle(call.answer, outcome, value)
        raise EOFError

    async def _rest(self) -> None:
        """Pause, where one process after the other fails; meanwhile nobody waits for an answer."""
        self._fail_all()
        self._resting = True
        try:
            exponent = self._failures - _FAILURES - 1
            await self._sleep(min(2.0**exponent, _LONGEST_PAUSE_S))
        finally:
            self._resting = False

    async def _begin_again(self) -> None:
        """Start another process, and tell it what is to be answered."""
        await self.start()
        await self._greeted()
        for number, call in list(self._calls.items()):
            if call.attempts < _ATTEMPTS:
                self._tell(call)
            else:
                del self._calls[number]
                _settle(call.answer, "failed", "it ended")

    async def _ask(self, method: str, given: object) -> Any:
        if self._listening is None or self._listening.done():
            raise RuntimeError("the process that listens is closed")
        if self._resting:
            raise RuntimeError("there is no process that listens")
        if len(self._calls) >= _MOST_CALLS:
            raise BusyError(f"{len(self._calls)} messages wait to be heard")
        number = next(self._numbers)
        call = _Call(packed((number, method, given)), asyncio.get_running_loop().create_future())
        self._calls[number] = call
        if self._ready:
            self._tell(call)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await call.answer
        except TimeoutError as error:
            if self._link is not None:
                self._link.kill()
            raise RuntimeError("the process that listens is stuck") from error
        finally:
            self._calls.pop(number, None)

    def _tell(self, call: _Call) -> None:
        if self._link is not None:
            call.attempts += 1
            self._link.tell(call.content)

    def _fail_all(self) -> None:
        for call in self._calls.values():
            _settle(call.answer, "failed", "it ended")
        self._calls.clear()

    async def _end(self) -> None:
        if self._link is not None:
            link, self._link = self._link, None
            await link.end()


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
