"""Reads the emotion of many texts, one a line, with the bundled model.

    python -m scripts.classify [--json] [--model DIR] [FILE]

One line comes out for each that goes in, in the same order; without FILE they are read from
standard input. Files of any size stream through. A line of output is, separated by tabs,

    line number, leading class, its share, valence, arousal, "ambiguous" where no class is sure
    enough to be named alone

or the number, "error" and what was wrong with the line; with --json an object,

    {"line": 1, "emotion": {class: share}, "fine": {emotion: score}, "valence": v, "arousal": a,
     "ambiguous": true | false}
    {"line": 2, "error": "empty" | "not_utf8" | "too_long"}

The texts themselves are not repeated.
"""

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.config import load_settings
from bot.error_codes import error_code
from bot.records import reading_record
from bot.streams import decode_line, discard, read_lines, utf8
from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE
from core.errors import EmptyMessageError, MaeumError, SetupError
from core.models import EmotionScores

__all__ = ["Reading", "as_json", "as_row", "main", "readings"]

_CHUNK_LINES: Final = 256
_CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, eq=False)
class Reading:
    """What came of one line.

    Attributes:
        number: of the line, from 1.
        scores: None where the line could not be read.
        error: the code of the reason, then.
    """

    number: int
    scores: EmotionScores | None
    error: str | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Classify.

    Returns:
        The exit status: 1 where reading or writing failed on the way, 2 where a file is missing
        or the model damaged.
    """
    given = _parser().parse_args(arguments)
    try:
        _run(given.file, given.model, as_json if given.json else as_row)
    except SetupError as error:
        return _failed(str(error), 2)
    except BrokenPipeError:
        discard(sys.stdout)
        return 0
    except OSError as error:
        if error.filename is not None:
            return _failed(f"{error.filename} cannot be read: {error.strerror}", 2)
        if sys.stdout:
            discard(sys.stdout)
        return _failed(f"reading or writing failed: {error.strerror}", 1)
    except KeyboardInterrupt:
        return 130
    return 0


def _failed(problem: str, status: int) -> int:
    utf8(sys.stderr).write(problem + "\n")
    return status


def readings(
    classify: Callable[[Sequence[str]], list[EmotionScores | None]], lines: Iterable[bytes]
) -> Iterator[Reading]:
    """The reading of each line, in order; holds no more than a chunk of lines at a time."""
    number = 0
    for chunk in _chunks(lines):
        decoded = [_decoded(line) for line in chunk]
        # A line that cannot be decoded is sent as an empty one, to keep its place.
        scored = classify(["" if isinstance(text, MaeumError) else text for text in decoded])
        for text, scores in zip(decoded, scored, strict=True):
            number += 1
            error = text if isinstance(text, MaeumError) else EmptyMessageError()
            yield Reading(number, scores, None if scores else error_code(error))


def as_row(reading: Reading) -> str:
    """The reading as values separated by tabs."""
    scores = reading.scores
    if scores is None:
        return f"{reading.number}\terror\t{reading.error}"
    leading = int(scores.coarse.argmax())
    values = [str(reading.number), COARSE[leading]]
    values += [f"{v:.4f}" for v in (scores.coarse[leading], scores.valence, scores.arousal)]
    return "\t".join([*values, *(["ambiguous"] if scores.ambiguous else [])])


def as_json(reading: Reading) -> str:
    """The reading as an object."""
    result = {"error": reading.error} if reading.scores is None else reading_record(reading.scores)
    return json.dumps({"line": reading.number, **result}, ensure_ascii=False)


def _run(file: Path | None, model: Path | None, write: Callable[[Reading], str]) -> None:
    out = utf8(sys.stdout)
    # A bar and the output on one screen would write over each other.
    hidden = out.isatty() or not sys.stderr.isatty()
    with (
        _opened(file) as stream,
        closing(Classifier.load(model or load_settings().emotion_model)) as classifier,
        _progress(hidden=hidden) as progress,
    ):
        size = file.stat().st_size if file else None
        for reading in readings(classifier.scores, _watched(stream, progress, size)):
            out.write(write(reading) + "\n")
    out.flush()


def _opened(file: Path | None) -> BinaryIO:
    if file is not None:
        return file.open("rb")
    return sys.stdin.buffer if sys.stdin else io.BytesIO()  # none where the caller closed it


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if len(chunk) >= _CHUNK_LINES or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _decoded(line: bytes) -> str | MaeumError:
    try:
        return decode_line(line)
    except MaeumError as error:
        return error


def _progress(*, hidden: bool) -> Progress:
    return Progress(
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[lines]} lines"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=hidden,
    )


def _watched(stream: BinaryIO, progress: Progress, size: int | None) -> Iterator[bytes]:
    """The lines of `stream`, counted on a bar of `size` bytes; None where that is not known."""
    task = progress.add_task("", total=size, lines=0)
    for number, line in enumerate(read_lines(stream), start=1):
        yield line
        progress.update(task, advance=len(line) + 1, lines=number)
    progress.update(task, total=size or 1, completed=size or 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.classify", description="The emotion of texts, one a line."
    )
    parser.add_argument("file", nargs="?", type=Path, help="default: standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--model", type=Path, metavar="DIR", help="default: the bundled model")
    return parser


if __name__ == "__main__":
    sys.exit(main())
