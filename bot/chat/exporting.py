"""Everything that is kept of a person, as one file: JSON whole, a CSV for each table, and what the
columns mean, in every language.
"""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.texts import Texts
from core.emotion.labels import COARSE, FINE

__all__ = ["archive", "explained"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def archive(tables: Mapping[str, Sequence[Mapping[str, Any]]], now: datetime, readme: str) -> bytes:
    """A zip file with `README.txt`, `everything.json` and `<table>.csv`.

    Args:
        tables: rows by table, as values JSON knows.
        now: when the files were made; after 1980.
        readme: what the columns mean.
    """
    stamp = (now.year, now.month, now.day, now.hour, now.minute, now.second)
    files = {
        "README.txt": readme,
        "everything.json": json.dumps(tables, ensure_ascii=False, indent=1),
    }
    files |= {f"{name}.csv": _csv(rows) for name, rows in tables.items() if rows}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Spreadsheets and editors take a text without the mark for another encoding than UTF-8.
            mark = "" if name.endswith(".json") else "\ufeff"
            whole.writestr(entry, (mark + text).encode("utf-8", "surrogatepass"))
    return out.getvalue()


def explained(texts: Texts) -> str:
    """What each table and column of an export means, with its unit and range, in one language."""
    coarse = ", ".join(texts(f"emotion.{label}") for label in COARSE)
    fine = ", ".join(texts(f"fine.{label}") for label in FINE)
    return "\n".join(
        texts(key, coarse=coarse, fine=fine) for key in texts.variants("export.readme")
    )


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"  # a spreadsheet would compute it
    return value
