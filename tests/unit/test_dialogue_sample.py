"""The labelled sample: how it is read, and how a search is judged by it."""

import hashlib
from pathlib import Path

import pytest

from core.dialogue.bank import load_bank
from core.dialogue.retrieval import Match
from scripts.dialogue_sample import SAMPLE, Labelled, judge, read_sample, read_utterances

BANK = load_bank(Path(__file__).parents[2] / "data/dialogue/bank")
BY_NAME = {intent.name: intent for intent in BANK}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_shares_are_of_all_sentences() -> None:
    sample = [
        Labelled("", "test", frozenset(names)) for names in (["bored"], ["bored"], ["sad"], [])
    ]
    found = [Match(BY_NAME["bored"], 0.9, ""), None, Match(BY_NAME["bored"], 0.9, ""), None]
    outcome = judge(sample, found)
    assert (outcome.fitting, outcome.wrong, outcome.none, outcome.general) == (0.25, 0.25, 0.5, 0)


def test_a_fitting_general_intent_is_counted_in_both() -> None:
    outcome = judge(
        [Labelled("", "test", frozenset(["crush_any"]))], [Match(BY_NAME["crush_any"], 0.5, "")]
    )
    assert (outcome.fitting, outcome.general) == (1, 1)


def test_a_row_is_read_with_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "sample.tsv"
    path.write_text(
        f"split\trow\tdigest\tintents\ntest\t1\t{digest('안녕')}\tgreeting,goodbye\n"
        f"tune\t0\t{digest('음')}\t\n",
        encoding="utf-8",
    )
    first, second = read_sample(["음", "안녕"], path)
    assert first == Labelled("안녕", "test", frozenset({"greeting", "goodbye"}))
    assert second.intents == frozenset()


def test_another_edition_of_the_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sample.tsv"
    path.write_text(
        f"split\trow\tdigest\tintents\ntest\t0\t{digest('안녕')}\tgreeting\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="row 0"):
        read_sample(["반가워"], path)


def test_the_shared_file_is_read_without_its_header(tmp_path: Path) -> None:
    folder = tmp_path / "dialogue"
    folder.mkdir()
    (folder / "user_utterances.tsv").write_text(
        'text\ttopic\n"따옴표\tdaily\n안녕\tdaily\n', encoding="utf-8"
    )
    assert read_utterances(tmp_path) == ['"따옴표', "안녕"]


def test_the_kept_sample_holds_no_sentence_and_only_intents_of_the_bank() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()[1:]
    assert sum(line.startswith("test\t") for line in lines) == 200
    for line in lines:
        split, row, digits, intents = line.split("\t")
        assert split in ("tune", "test")
        assert row.isdigit()
        assert len(digits) == 16
        assert int(digits, 16) >= 0
        assert not intents or set(intents.split(",")) <= BY_NAME.keys()
