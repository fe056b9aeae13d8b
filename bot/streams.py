"""Standard streams and files: lines of bytes that may hold anything in, UTF-8 out."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from bot.errors import UndecodableError

__all__ = ["MAX_LINE_BYTES", "decode_line", "discard", "read_lines", "utf8"]

MAX_LINE_BYTES: Final = 1 << 20
"""A longer line is not read: a file without line ends must not fill the memory."""


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of `stream` as they come, without their ends.

    Of a line longer than `MAX_LINE_BYTES` the first `MAX_LINE_BYTES + 1` bytes are given, which
    `decode_line` shortens.
    """
    while part := stream.readline(MAX_LINE_BYTES + 1):
        rest = part
        while not rest.endswith(b"\n") and (rest := stream.readline(MAX_LINE_BYTES)):
            pass
        yield part.removesuffix(b"\n").removesuffix(b"\r")


def decode_line(line: bytes) -> str:
    """The text of a line.

    Of one that is longer than `MAX_LINE_BYTES` that many bytes: more than any message may have, so
    that it is refused as one, and danger heard in it first.

    Raises:
        UndecodableError: it is not UTF-8.
    """
    if len(line) > MAX_LINE_BYTES:
        return line[:MAX_LINE_BYTES].decode(errors="ignore")  # the cut may go through a letter
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Not chained to its cause, which holds what the person wrote.
        raise UndecodableError("the line is not UTF-8") from None


def utf8(stream: TextIO | None) -> TextIO:
    """The stream in UTF-8, whatever the locale says; nowhere if the caller closed it."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="replace")
    return stream


def discard(stream: TextIO) -> None:
    """Send what is still buffered nowhere: the reader has closed the pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
