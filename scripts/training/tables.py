"""Rows of cells from the files that labelled texts come in: TSV, CSV, xlsx and parquet.

What a file is is told by what it holds, not by its name.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

__all__ = ["DatasetError", "column_key", "read_table"]

Rows = list[list[str]]

_ENCODINGS: Final = ("utf-8-sig", "cp949")
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
"""May stand in what people write, but in no header."""
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"', re.DOTALL)


class DatasetError(Exception):
    """A file of labelled texts is missing, damaged, or not of a shape that is understood."""


def read_table(path: Path) -> Rows:
    """All rows of `path`, the header among them, as stripped text; empty rows left out.

    TSV and CSV are UTF-8 (with or without a byte order mark) or cp949. Of an xlsx file the first
    sheet is read, of a parquet file all columns, a list in a cell joined by commas.

    Raises:
        DatasetError: there is no such file, it is empty, or it cannot be read.
    """
    if not path.is_file():
        raise DatasetError(f"{path}: there is no such file")
    with path.open("rb") as file:
        start = file.read(4)
    try:
        rows = _reader(start)(path)
    except (OSError, ValueError, csv.Error) as error:
        raise DatasetError(f"{path}: cannot be read ({error})") from error
    rows = [row for row in ([cell.strip() for cell in row] for row in rows) if any(row)]
    if not rows:
        raise DatasetError(f"{path}: the file is empty")
    return rows


def column_key(name: str) -> str:
    """What of a column's name counts: its letters and digits, in lower case."""
    composed = unicodedata.normalize("NFC", name).casefold()
    return "".join(char for char in composed if char.isalnum())


def _reader(start: bytes) -> Callable[[Path], Rows]:
    if start == b"PAR1":
        return _parquet
    if start == b"PK\x03\x04":  # a zip archive, as a workbook is
        return _xlsx
    if start == _OLD_EXCEL:
        raise ValueError("the old Excel format; save it as xlsx")
    return _delimited


def _parquet(path: Path) -> Rows:
    try:
        frame = pd.read_parquet(path)
    except Exception as error:  # of pyarrow, whose messages quote bytes
        raise ValueError("it is a parquet file, and damaged") from error
    return [
        [str(name) for name in frame.columns],
        *([*map(_cell, row)] for row in frame.to_numpy()),
    ]


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple | np.ndarray):
        return ",".join(map(str, value))
    return "" if pd.isna(value) else str(value)


def _xlsx(path: Path) -> Rows:
    # Without the filter "NA" or "null" would be no text.
    options = {"header": None, "dtype": str, "na_filter": False, "engine": "openpyxl"}
    try:
        table = pd.read_excel(path, **options)
    except Exception as error:  # of openpyxl, zipfile, zlib or the XML parser
        raise ValueError("it is a damaged xlsx file, or a zip archive of another kind") from error
    return [[*map(_cell, row)] for row in table.to_numpy()]


def _delimited(path: Path) -> Rows:
    text = _decode(path.read_bytes())
    header = text.lstrip("\r\n").partition("\n")[0]
    if "\t" not in header:
        return list(csv.reader(io.StringIO(text, newline="")))
    return _tabbed(text)


def _decode(content: bytes) -> str:
    if content.startswith(_UTF_16):
        raise ValueError("the text is UTF-16; save it as UTF-8")
    if _CONTROL.search(content.lstrip(b"\r\n").partition(b"\n")[0]):
        raise ValueError("it is no text, and no whole xlsx or parquet file either")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("the text is neither UTF-8 nor cp949")


def _tabbed(text: str) -> Rows:
    """Rows of a TSV, whether it was written with quoting or without.

    A quotation mark at the start of a cell would make the rules of quoting swallow the lines up
    to the next one. So where the lines make a table as they stand, they are split as they stand,
    and a cell that is quoted as a whole loses its quotes. A quoted text that holds tabs and line
    breaks at just the places where a row would have them is taken for rows.
    """
    # Not splitlines(): it also splits at form feeds and U+2028, which stand inside of texts.
    lines = [line for line in re.split(r"\r?\n", text) if line]
    if len({line.count("\t") for line in lines}) == 1:
        return [[*map(_unquote, line.split("\t"))] for line in lines]
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))


def _unquote(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if _QUOTED.fullmatch(cell) else cell
