"""docs/data.md says of every column why it is kept."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Table

from core.store.tables import Base
from core.store.types import Encrypted

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
TABLES = list(Base.metadata.tables.values())


def section(table: Table) -> str:
    """What the page says of a table in words."""
    found = re.search(rf"^### {table.name}: (.+?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def drawn(table: Table) -> dict[str, str]:
    """The columns of a table in the picture, and their kinds."""
    found = re.search(rf"^    {table.name} {{\n(.+?)\n    }}", PAGE, re.MULTILINE | re.DOTALL)
    lines = found[1].splitlines() if found else []
    return {line.split()[1]: line.split()[0] for line in lines}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_explained(table: Table) -> None:
    rows = [line for line in section(table).splitlines() if line.startswith("| `")]
    explained = {
        name: name in sealed
        for row in rows
        for name in re.findall(r"`(\w+)`", row.split("|")[1])
        for sealed in [re.findall(r"`(\w+)` 🔒", row.split("|")[1])]
    }
    assert explained == {
        column.name: isinstance(column.type, Encrypted)
        for column in table.columns
        if column.name != "person"
    }


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_picture_shows_every_column(table: Table) -> None:
    assert list(drawn(table)) == [column.name for column in table.columns]
    sealed = {name for name, kind in drawn(table).items() if kind == "sealed"}
    assert sealed == {c.name for c in table.columns if isinstance(c.type, Encrypted)}


def test_the_picture_shows_every_reference() -> None:
    lines = set(re.findall(r"^    (\w+) \|\|--\S+ (\w+) : ", PAGE, re.MULTILINE))
    assert lines == {
        (key.column.table.name, table.name) for table in TABLES for key in table.foreign_keys
    }
