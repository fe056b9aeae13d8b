"""The figures in docs/crisis.md."""

import pytest

from scripts.crisis_report import CORPORA, main, page_with, read_corpus, table


@pytest.fixture(scope="module")
def figures() -> str:
    return table()


def test_the_figures_on_the_page_are_those_of_now(
    figures: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.crisis_report.table", lambda: figures)
    main(["--check"])  # otherwise: python -m scripts.crisis_report


def test_a_stale_page_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.crisis_report.table", lambda: "| other |")
    with pytest.raises(SystemExit, match=r"run scripts\.crisis_report"):
        main(["--check"])


def test_a_page_without_a_place_for_them_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        page_with("| 1 |", "# A page\n")


def test_every_row_counts_once(figures: str) -> None:
    for name, path in CORPORA.items():
        lines = [line.split("|") for line in figures.splitlines() if line.startswith(f"| {name} ")]
        counted = [line for line in lines if line[3].strip() != "not seen as low"]
        totals = [int(line[5].split(" of ")[1].split()[0]) for line in counted]
        assert sum(totals) == len(read_corpus(path))


def test_no_text_stands_in_two_corpora() -> None:
    texts = [row.text for path in CORPORA.values() for row in read_corpus(path)]
    assert len(set(texts)) == len(texts)
