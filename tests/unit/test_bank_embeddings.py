"""The embeddings of the bank, kept between starts."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.dialogue.bank_embeddings import embedding_by
from core.models import Reading
from tests.readings import reading

TEXTS = ("배고파", "…", "비가 온다")


class Counting:
    """Embeds a text by its length, and counts how often it was asked."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked = 0

    def read_now(self, texts: Sequence[str]) -> list[Reading | None]:
        self.asked += 1
        return [
            Reading(reading("중립"), np.array([len(text), 0.1], np.float32))
            if text[0].isalnum()
            else None
            for text in texts
        ]


def test_each_text_has_a_row_and_what_cannot_be_read_has_zeros() -> None:
    found = embedding_by(Counting())(TEXTS)
    np.testing.assert_array_equal(found, np.array([[3, 0.1], [0, 0], [5, 0.1]], np.float32))


def test_the_same_texts_are_read_once_by_the_same_model(tmp_path: Path) -> None:
    file = tmp_path / "new" / "bank.npz"
    first, second = Counting(), Counting()
    read = embedding_by(first, file)(TEXTS)
    np.testing.assert_array_equal(embedding_by(second, file)(TEXTS), read)
    assert (first.asked, second.asked) == (1, 0)
    assert [each.name for each in file.parent.iterdir()] == ["bank.npz"]


@pytest.mark.parametrize(
    ("version", "texts"),
    [("2", TEXTS), ("1", TEXTS[:2]), ("1", TEXTS[::-1]), ("1", ("배고파\n…", "비가 온다"))],
)
def test_another_model_or_other_texts_are_read_anew(
    tmp_path: Path, version: str, texts: Sequence[str]
) -> None:
    file = tmp_path / "bank.npz"
    embedding_by(Counting(), file)(TEXTS)
    other = Counting(version)
    found = embedding_by(other, file)(texts)
    assert other.asked == 1
    np.testing.assert_array_equal(found, embedding_by(Counting(version))(texts))
    np.testing.assert_array_equal(embedding_by(Counting(version), file)(texts), found)


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text", "folder"])
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "bank.npz"
    read = embedding_by(Counting(), file)(TEXTS)
    whole = file.read_bytes()
    if damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        middle = whole.index(read.tobytes())
        flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        contents: dict[str, bytes] = {
            "empty": b"",
            "cut": whole[:-40],
            "flipped": flipped,
            "text": b"no archive",
        }
        file.write_bytes(contents[damage])
    model = Counting()
    np.testing.assert_array_equal(embedding_by(model, file)(TEXTS), read)
    assert model.asked == 1
    if damage != "folder":
        again = Counting()
        embedding_by(again, file)(TEXTS)
        assert again.asked == 0


def test_where_nothing_can_be_written_the_model_reads(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    model = Counting()
    with caplog.at_level(logging.INFO):
        found = embedding_by(model, tmp_path / "file" / "bank.npz")(TEXTS)
    assert len(found) == len(TEXTS)
    assert "cannot be written" in caplog.text
