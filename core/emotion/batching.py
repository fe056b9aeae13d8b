"""Micro-batching: many callers, one inference thread.

What queued while the thread was busy is taken together, a round at a time; nothing ever waits for
a timer, and an idle thread begins at once. A round takes one window from each caller in turn until
it holds enough tokens, so that a caller with a thousand texts, or one very long text, keeps a
caller with a short one waiting for no more than a round. Normalising, tokenising and reading out
happen on the thread, too: the event loop only queues and receives.

Whatever is raised on the thread, panics of libraries in Rust among it (they are a BaseException),
goes to the callers whose texts it came of; the thread goes on.
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
            reader: the batcher uses it on the inference thread alone. Who else holds it may use it
                at the same time, as `Classifier.read_now` does from any thread, where it stands
                calls from several threads.
            limit: of texts that wait or are being read. A call of more texts is taken when there
                are none, and then keeps the queue full until it is read.
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
            BusyError: more than the limit would wait, and some do already; nothing of this call
                was queued.
            RuntimeError: the batcher is closed, maybe since the call; or the model failed on the
                texts of this call, and then the model's error is the cause.
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
        """Fail who waits, finish the round under way, and end the thread.

        Who waits gets the same `RuntimeError` as who reads afterwards.
        """
        with self._lock:
            self._closed = True
            waiting = list(self._calls)
            self._calls.clear()
        for call in waiting:
            self._fail(call, _closed())
        self._thread.shutdown()

    def _queue(self, call: "_Call") -> None:
        with self._lock:
            if self._closed:
                raise _closed()
            if self._texts and self._texts + call.size > self._limit:
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
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the caller's
            self._fail(call, _failed(error))
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
            self._fail(call, _closed())
        return window

    def _read(self, windows: "Sequence[_Window]") -> None:
        """Encode a round, and deliver what is complete with it.

        Where a round of several calls fails it is read again call by call, so that only those
        fail that fail alone.
        """
        try:
            done = self._finished(windows)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the callers'
            by_call: dict[_Call, list[_Window]] = {}
            for window in windows:
                by_call.setdefault(window.call, []).append(window)
            if len(by_call) == 1:
                self._fail(windows[0].call, _failed(error))
                return
            for call, its_windows in by_call.items():
                if not call.over:
                    self._read(its_windows)
            return
        for window, reading in done:
            window.call.results[window.text] = reading
            window.call.unread -= 1
            if not window.call.unread:
                self._deliver(window.call)

    def _finished(self, windows: "Sequence[_Window]") -> "list[tuple[_Window, Reading]]":
        """Encode windows; one window, and the reading, of each passage that is now complete.

        No call changes here: what fails can be tried again.
        """
        logits, embeddings = self._reader.encode([window.ids for window in windows])
        for window, *outputs in zip(windows, logits, embeddings, strict=True):
            window.passage.outputs[window.number] = (outputs[0], outputs[1])
        # By passage: several windows of one may be here.
        complete = {window.passage: window for window in windows if window.passage.complete}
        if not complete:
            return []
        return list(zip(complete.values(), self._reader.readings(list(complete)), strict=True))

    def _deliver(self, call: "_Call") -> None:
        self._settle(call, lambda: call.future.set_result(call.results))

    def _fail(self, call: "_Call", error: Exception) -> None:
        self._settle(call, lambda: call.future.set_exception(error))

    def _settle(self, call: "_Call", settle: Callable[[], object]) -> None:
        """Run `settle` on the caller's loop, if the caller is still there."""

        def on_loop() -> None:
            if not call.future.done():
                settle()

        self._release(call)
        # Closed in the meantime: then nobody waits any more.
        with contextlib.suppress(RuntimeError):
            call.loop.call_soon_threadsafe(on_loop)


def _closed() -> RuntimeError:
    return RuntimeError("the emotion model is closed")


def _failed(cause: BaseException) -> RuntimeError:
    """One for each future: a future takes no StopIteration, and callers share no traceback."""
    error = RuntimeError("the emotion model failed")
    error.__cause__ = cause
    return error


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
