"""One process that listens, from its beginning to its end, and the two ways to it."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from core.dialogue.wire import received
from core.errors import ModelError

__all__ = ["PATIENCE_S", "Link", "Place"]

PATIENCE_S: Final = 60.0
"""Until a process listens, and for an answer; one that takes longer is stuck."""
_ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Place:
    """What a listening process works with.

    Attributes:
        model: the emotion model, a folder or as a string the id of one on the hub.
        bank: the folder of the bank.
        environment: the variables of the process.
        kept: the file in which the bank's embeddings stay; see `bank_embeddings`.
        worker: the module that is run.
    """

    model: Path | str
    bank: Path
    environment: Mapping[str, str]
    kept: Path | None = None
    worker: str = "core.dialogue.listening_worker"


class Link:
    """A process, and the two ways to it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        incoming: asyncio.StreamReader,
        outgoing: asyncio.StreamWriter,
    ) -> None:
        """Use a process that was begun; see `begin`."""
        self._process = process
        self._incoming = incoming
        self._outgoing = outgoing

    @classmethod
    async def begin(cls, place: Place) -> Self:
        """Begin a process; it loads for a few seconds, see `greeting`.

        Raises:
            ModelError: the system lets none begin.
        """
        try:
            ours, theirs = socket.socketpair()
        except OSError as error:
            raise _none_can_begin(error) from error
        try:
            with theirs:
                process = await _begun(place, theirs.fileno())
            return cls(process, *await asyncio.open_connection(sock=ours))
        except BaseException as error:
            ours.close()  # a process that began ends with this
            if isinstance(error, OSError):
                raise _none_can_begin(error) from error
            raise

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    async def greeting(self) -> str:
        """Wait until the process listens; the version of its model.

        Raises:
            ModelError: it cannot, as it is set up; the message says why.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                able, told = await received(self._incoming)
        except (EOFError, OSError) as error:  # a TimeoutError is an OSError
            raise ModelError("the process that listens ended while it began") from error
        if not able:
            raise ModelError(told)
        return str(told)

    def tell(self, content: bytes) -> None:
        """Send what was packed."""
        self._outgoing.write(content)

    async def told(self) -> Any:
        """What the process says next.

        Raises:
            EOFError: it is gone.
            OSError: likewise.
        """
        return await received(self._incoming)

    def kill(self) -> None:
        """End the process; no harm where it has ended."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """End the process, which has nothing to finish, and wait until it is gone."""
        self._outgoing.transport.abort()
        self.kill()
        await self._process.wait()


async def _begun(place: Place, end: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", place.worker, str(end), str(place.model), str(place.bank)),
        *(() if place.kept is None else (str(place.kept),)),
        cwd=_ROOT,
        env=dict(place.environment),
        pass_fds=(end,),
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the bot
    )


def _none_can_begin(error: OSError) -> ModelError:
    return ModelError(f"no process can begin that listens: {error.strerror}")
