"""Ctrl-C during a conversation."""

import signal
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Self, TypeVar

__all__ = ["CtrlC"]

_Line = TypeVar("_Line")


class CtrlC:
    """Ends a conversation at once while a line is waited for, and else after the answer.

    By default Python raises KeyboardInterrupt wherever the program happens to be: in the middle
    of a line of output, or inside of the event loop, which then leaves a task behind that was
    never run. A second Ctrl-C does raise it anywhere.
    """

    def __init__(self) -> None:
        self._waiting = False
        self._pressed = False
        self._ours = False

    def __enter__(self) -> Self:
        """Take over from Python's own handler; a signal that is ignored stays so."""
        self._ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._ours:
            signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        """Hand back to Python's own handler."""
        if self._ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def between(self, lines: Iterable[_Line]) -> Iterator[_Line]:
        """The lines, as long as Ctrl-C is not pressed.

        Raises:
            KeyboardInterrupt: it was, while the last line was answered or the next one waited for.
        """
        following = iter(lines)
        while True:
            self._waiting = True
            try:
                if self._pressed:
                    raise KeyboardInterrupt
                line = next(following)
            except StopIteration:
                return
            finally:
                self._waiting = False
            yield line

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._waiting or self._pressed:
            raise KeyboardInterrupt
        self._pressed = True
