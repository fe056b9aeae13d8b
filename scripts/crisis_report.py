"""Writes the figures of the crisis check into docs/crisis.md.

    python -m scripts.crisis_report            write the table
    python -m scripts.crisis_report --check    fail where the table there is stale

For each corpus of `tests/data` and each group of its rows: how many are missed, or fire without
reason, by the floor alone and by the floor with the model. A row is missed when no danger at all is
found in it, of whatever kind. A second table is of the blind corpus, which nothing is learned from.
"""

import argparse
import csv
import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.dialogue.crisis import CrisisDetector
from core.models import CrisisLevel

__all__ = [
    "BLIND",
    "CORPORA",
    "PAGE",
    "Row",
    "blind_table",
    "held",
    "main",
    "page_with",
    "read_corpus",
    "table",
]

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "crisis.md"
_BEGIN: Final = "<!-- figures: begin (python -m scripts.crisis_report) -->"
_END: Final = "<!-- figures: end -->"
_BLIND_MARKS: Final = ("<!-- blind: begin -->", "<!-- blind: end -->")

CORPORA: Final = {
    "first": ROOT / "tests" / "data" / "crisis_ko.tsv",
    "second": ROOT / "tests" / "data" / "crisis_second_ko.tsv",
    "third": ROOT / "tests" / "data" / "crisis_third_ko.tsv",
    "fourth": ROOT / "tests" / "data" / "crisis_fourth_ko.tsv",
    "fifth": ROOT / "tests" / "data" / "crisis_fifth_ko.tsv",
    "sixth": ROOT / "tests" / "data" / "crisis_sixth_ko.tsv",
}
"""The corpora by the name they have on the page."""
BLIND: Final = ROOT / "tests" / "data" / "crisis_blind_ko.tsv"
"""Written by two who knew nothing of the check, and never learned from."""

Predicate = Callable[["Row"], bool]


@dataclass(frozen=True)
class Row:
    """A row of a corpus: `expected` is a kind of danger or "none", `notes` say more."""

    text: str
    expected: str
    notes: tuple[str, ...]


_DANGERS: Final[dict[str, Predicate]] = {
    "direct": lambda row: "direct" in row.notes and "obfuscated" not in row.notes,
    "direct, spelling hidden": lambda row: "direct" in row.notes and "obfuscated" in row.notes,
    "oblique": lambda row: "oblique" in row.notes,
    "violence suffered": lambda row: row.expected == "violence",
    "worry about another": lambda row: row.expected == "third_person",
}
_HARMLESS: Final[dict[str, Predicate]] = {
    "idioms": lambda row: row.expected == "none" and "idiom" in row.notes,
    "titles, news, quotes, denials": lambda row: (
        row.expected == "none" and not {"idiom", "low_mood"} & set(row.notes)
    ),
    "low mood": lambda row: "low_mood" in row.notes,
}


def held(text: str) -> bool:
    """Whether a row of the first corpus is kept from patterns and training: about a third are."""
    return hashlib.sha256(text.encode()).digest()[0] % 3 == 0


def read_corpus(path: Path) -> list[Row]:
    """The rows of a corpus."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Row(row["text"], row["expected"], tuple(row["note"].split(","))) for row in rows]


def table(folder: Path = ROOT / "data" / "crisis") -> str:
    """The figures of the detector in `folder` on all corpora, as Markdown."""
    floor, whole = CrisisDetector.load_floor(folder), CrisisDetector.load(folder)
    lines = [
        "| Corpus | Rows | Wrong is | Floor alone | Floor and model |",
        "|---|---|---|---|---|",
    ]
    for name, path in CORPORA.items():
        lines += _lines_of(name, read_corpus(path), floor, whole)
    return "\n".join(lines)


def blind_table(folder: Path = ROOT / "data" / "crisis") -> str:
    """What the detector in `folder` makes of the blind corpus, as Markdown."""
    detector, rows = CrisisDetector.load(folder), read_corpus(BLIND)
    lines = ["| Group | Rows | Card | At least asked |", "|---|---|---|---|"]
    for group, belongs in (_DANGERS | _HARMLESS).items():
        if not (found := [detector.assess(row.text) for row in rows if belongs(row)]):
            continue
        card = sum(one.kind is not None for one in found)
        asked = card + sum(one.suspected is not None for one in found)
        shares = f"{_share(card, len(found))} | {_share(asked, len(found))}"
        lines.append(f"| {group} | {len(found)} | {shares} |")
    return "\n".join(lines)


def _lines_of(
    name: str, rows: Sequence[Row], floor: CrisisDetector, whole: CrisisDetector
) -> Iterator[str]:
    for groups, wrong in ((_DANGERS, "missed"), (_HARMLESS, "false alarm")):
        for group, belongs in groups.items():
            if not (texts := [row.text for row in rows if belongs(row)]):
                continue
            counts = [
                sum((detector.detect(text) is None) == (wrong == "missed") for text in texts)
                for detector in (floor, whole)
            ]
            cells = " | ".join(_share(count, len(texts)) for count in counts)
            yield f"| {name} | {group} | {wrong} | {cells} |"
    sad = [row.text for row in rows if _HARMLESS["low mood"](row)]
    if not sad:
        return
    unseen = sum(whole.assess(text).level is CrisisLevel.NONE for text in sad)
    yield f"| {name} | low mood | not seen as low | | {_share(unseen, len(sad))} |"


def _share(count: int, total: int) -> str:
    return f"{count} of {total} ({100 * count / max(total, 1):.1f} %)"


def page_with(figures: str, page: str, begin_mark: str = _BEGIN, end_mark: str = _END) -> str:
    """`page` with `figures` between two marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = page.partition(begin_mark)
    _, end, after = rest.partition(end_mark)
    if not (begin and end):
        raise ValueError("the page has no place for the figures")
    return f"{before}{begin}\n\n{figures}\n\n{end}{after}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write or check the page.

    Raises:
        SystemExit: a table in the page is not the present one.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check: bool = parser.parse_args(arguments).check
    page = PAGE.read_text(encoding="utf-8")
    written = page_with(table(), page)
    written = page_with(blind_table(), written, *_BLIND_MARKS)
    if not check:
        PAGE.write_text(written, encoding="utf-8")
    elif written != page:
        sys.exit("The figures in docs/crisis.md are not those of now: run scripts.crisis_report.")


if __name__ == "__main__":
    main()
