"""The process that listens: `python -m core.dialogue.listening_worker SOCKET MODEL BANK [KEPT]`.

`core.dialogue.listening_link` begins it, and says what it is asked. It ends when the bot closes
the socket, or is gone; a signal to all processes of the bot is not for it: the bot finishes what
runs first.
"""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from core.dialogue.bank import load_bank
from core.dialogue.bank_embeddings import embedding_by
from core.dialogue.listening import Listener
from core.dialogue.retrieval import Retriever
from core.dialogue.wire import packed, parts_of_heard, parts_of_reading, received
from core.emotion.classifier import Classifier
from core.errors import BusyError, SetupError
from core.models import Reading

__all__ = ["main"]

_SHORT: Final = 200
"""Characters."""
_log: Final = logging.getLogger(__name__)


def main(arguments: list[str]) -> None:
    """Serve until the socket is closed.

    Args:
        arguments: the number of the open socket, the emotion model (a folder, or the id of one on
            the hub), the folder of the bank, and the file in which its embeddings stay, if any.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    end, model, bank, *kept = arguments
    folder, file = Path(bank), Path(kept[0]) if kept else None
    asyncio.run(_talk(socket.socket(fileno=int(end)), model, folder, file))


class _ShortAtOnce:
    """Reads short texts in place: nothing else is done here, and the way to a thread is longer.

    Long ones are read window by window beside others.
    """

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    @property
    def version(self) -> str:
        return self._classifier.version

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        if sum(map(len, texts)) <= _SHORT:
            return self._classifier.read_now(texts)
        return await self._classifier.read(texts)


async def _talk(end: socket.socket, model: str, bank: Path, kept: Path | None) -> None:
    incoming, outgoing = await asyncio.open_connection(sock=end)
    try:
        classifier = Classifier.load(model)
        retriever = Retriever(load_bank(bank), embedding_by(classifier.read_now, kept))
        listener = Listener(_ShortAtOnce(classifier), retriever)
    except SetupError as error:
        outgoing.write(packed((False, str(error))))
    else:
        # What was loaded stays to the end: the collector need not look through it.
        gc.collect()
        gc.freeze()
        outgoing.write(packed((True, listener.version)))
        await _serve(listener, incoming, outgoing)
        classifier.close()
    outgoing.close()
    with suppress(OSError):  # the bot may be gone
        await outgoing.wait_closed()


async def _serve(
    listener: Listener, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter
) -> None:
    """Answer side by side, so that a long text keeps no short one waiting, until the end."""
    answering: set[asyncio.Task[None]] = set()
    while True:
        try:
            asked = await received(incoming)
        except (EOFError, OSError):
            break
        task = asyncio.create_task(_answer(listener, asked, outgoing))
        answering.add(task)
        task.add_done_callback(answering.discard)
    for task in answering:
        task.cancel()


async def _answer(
    listener: Listener, asked: tuple[int, str, Any], outgoing: asyncio.StreamWriter
) -> None:
    number, method, given = asked
    try:
        outcome, value = "done", await _made(listener, method, given)
    except BusyError as error:
        outcome, value = "busy", str(error)
    except Exception as error:  # noqa: BLE001 - it is the caller's, who has other calls
        # Its kind alone: the message may hold what somebody wrote.
        _log.error("%s: %s", method, type(error).__name__)
        outcome, value = "failed", type(error).__name__
    outgoing.write(packed((number, outcome, value)))


async def _made(listener: Listener, method: str, given: Any) -> Any:
    if method == "hear":
        return parts_of_heard(await listener.hear(given))
    return [parts_of_reading(one) for one in await listener.read(given)]


if __name__ == "__main__":
    main(sys.argv[1:])
