"""Micro-batching: many callers, one inference thread.

What queued while the thread was busy is taken together, a round at a time; nothing ever waits for
a timer, and an idle thread begins at once. A round takes one window from each caller in turn until
it holds enough tokens, so that a caller with a thousand texts, or one very long text, keeps a
caller with a short one waiting for no more than a round. Normalising, tokenising and reading out
happen on the thread, too: the event loop only queues and receives.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from core.errors import BusyError
from core.models import Reading

__all__ = ["QUEUE_TEXTS", "ROUND_TOKENS", "Batcher", "Passage", "Reader"]

Array = npt.NDArray[np.float32]

QUEUE_TEXTS: Final = 2048
"""Texts that may wait; the bundled model reads about as many in a second."""
ROUND_TOKENS: Final = 384
"""After which a round is full: 10 ms of the bundled model on one core."""


@dataclass(eq=False)
class Passage:
    """One text on its way through the model.

    Attributes:
        text: normalised.
        rows: its windows; none where nothing can be read.
        outputs: logits [shape=(outputs,)] and embedding [shape=(d,)] of each window that was
            encoded, by the index of its row.
    """

    text: str
    rows: Sequence[list[int]]
    outputs: dict[int, tuple[Array, Array]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether all windows were encoded."""
        return len(self.outputs) == len(self.rows)


class Reader(Protocol):
    """A model, as a batcher uses it: on one thread, one call after the other."""

    def prepare(self, text: str) -> Passage:
        """The windows of a text as it came."""
        ...

    def encode(self, rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
        """Logits and embeddings of each row; see `encoders.Encoder`."""
        ...

    def readings(self, passages: Sequence[Passage]) -> list[Reading]:
        """A reading of each passage, all of them complete."""
        ...


class Batcher:
    """Shares one inference thread among callers on any event loop."""

    def __init__(
        self, reader: Reader, *, limit: int = QUEUE_TEXTS, round_tokens: int = ROUND_TOKENS
    ) -> None:
        """Serve `reader`; the thread starts with the first caller.

        Args:
            reader: used by the inference thread alone.
            limit: of texts that wait or are being read.
            round_tokens: after which a round is full.
        """
        self._reader = reader
        self._limit = limit
        self._round_tokens = round_tokens
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="emotion")
        # Guards everything below. Reentrant: garbage collection can end a forgotten caller, and
        # so come to `_release`, in the middle of anything.
        self._lock = threading.RLock()
        self._calls: deque[_Call] = deque()
        self._texts = 0
        self._working = False
        self._closed = False

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        """The reading of each text, None where nothing can be read.

        Raises:
            BusyError: more than the limit would wait; nothing of this call was queued.
            RuntimeError: the batcher is closed.
        """
        if not texts:
            return []
        call = _Call(texts, asyncio.get_running_loop())
        self._queue(call)
        try:
            return await call.future
        finally:
            self._release(call)

    def close(self) -> None:
        """Cancel who waits, finish the round under way, and end the thread."""
        with self._lock:
            self._closed = True
            waiting = list(self._calls)
            self._calls.clear()
        for call in waiting:
            self._cancel(call)
        self._thread.shutdown()

    def _queue(self, call: "_Call") -> None:
        with self._lock:
            if self._closed:
                raise RuntimeError("the emotion model is closed")
            if self._texts + call.size > self._limit:
                raise BusyError(f"{self._texts} texts wait to be read, {self._limit} may")
            self._texts += call.size
            self._calls.append(call)
            if not self._working:
                self._working = True
                self._thread.submit(self._work)

    def _release(self, call: "_Call") -> None:
        """Give the call's room in the queue to others; what is left of it will be skipped."""
        with self._lock:
            if not call.over:
                call.over = True
                self._texts -= call.size

    def _work(self) -> None:
        while windows := self._take():
            self._read(windows)

    def _take(self) -> "list[_Window]":
        """The windows of a round; none when nobody waits, and then the thread has stopped."""
        taken: list[_Window] = []
        tokens = 0
        while tokens < self._round_tokens:
            with self._lock:
                if not self._calls:
                    self._working = bool(taken)
                    break
                call = self._calls.popleft()
            window = self._next(call)
            if window is not None:
                taken.append(window)
                tokens += len(window.ids)
        return taken

    def _next(self, call: "_Call") -> "_Window | None":
        """The next window of a call, which goes to the end of the line if it has more."""
        if call.over or call.loop.is_closed():
            self._release(call)
            return None
        try:
            window = call.next_window(self._reader)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's
            self._fail(call, error)
            return None
        if call.exhausted:
            if not call.unread:
                self._deliver(call)
            return window
        with self._lock:
            closed = self._closed
            if not closed:
                self._calls.append(call)
        if closed:
            self._cancel(call)
        return window

    def _read(self, windows: "Sequence[_Window]") -> None:
        """Encode a round, and deliver what is complete with it."""
        try:
            logits, embeddings = self._reader.encode([window.ids for window in windows])
            done: list[_Window] = []
            for window, *outputs in zip(windows, logits, embeddings, strict=True):
                window.passage.outputs[window.number] = (outputs[0], outputs[1])
                if window.passage.complete:
                    done.append(window)
            readings = self._reader.readings([window.passage for window in done]) if done else []
            for window, reading in zip(done, readings, strict=True):
                window.call.results[window.text] = reading
                window.call.unread -= 1
                if not window.call.unread:
                    self._deliver(window.call)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the callers'
            for call in dict.fromkeys(window.call for window in windows):
                self._fail(call, error)

    def _deliver(self, call: "_Call") -> None:
        self._settle(call, lambda: call.future.set_result(call.results))

    def _fail(self, call: "_Call", error: Exception) -> None:
        self._settle(call, lambda: call.future.set_exception(error))

    def _cancel(self, call: "_Call") -> None:
        self._settle(call, call.future.cancel)

    def _settle(self, call: "_Call", settle: Callable[[], object]) -> None:
        """Run `settle` on the caller's loop, if the caller is still there."""

        def on_loop() -> None:
            if not call.future.done():
                settle()

        self._release(call)
        # Closed in the meantime: then nobody waits any more.
        with contextlib.suppress(RuntimeError):
            call.loop.call_soon_threadsafe(on_loop)


class _Call:
    """The texts of one caller, and how far they are.

    Attributes:
        results: by the index of the text.
        unread: texts without a result.
        over: whether there is nothing more to do for it: delivered, failed or given up.
    """

    def __init__(self, texts: Sequence[str], loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.future: asyncio.Future[list[Reading | None]] = loop.create_future()
        self.results: list[Reading | None] = [None] * len(texts)
        self.unread = self.size = len(texts)
        self.over = False
        self._texts = deque(enumerate(texts))
        self._windows: deque[_Window] = deque()

    @property
    def exhausted(self) -> bool:
        """Whether all windows have been taken."""
        return not (self._texts or self._windows)

    def next_window(self, reader: Reader) -> "_Window | None":
        """The next window; None where the next text has none, and so no reading."""
        if not self._windows:
            index, text = self._texts.popleft()
            passage = reader.prepare(text)
            if not passage.rows:
                self.unread -= 1
                return None
            self._windows.extend(
                _Window(self, index, passage, number) for number in range(len(passage.rows))
            )
        return self._windows.popleft()


@dataclass(frozen=True, eq=False)
class _Window:
    """One row of a passage.

    Attributes:
        text: the index of its text in the call.
        number: its index in the passage.
    """

    call: _Call
    text: int
    passage: Passage
    number: int

    @property
    def ids(self) -> list[int]:
        return self.passage.rows[self.number]
