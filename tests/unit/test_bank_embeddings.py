"""The embeddings of the bank, kept between starts."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.dialogue.bank_embeddings import embedding_by
from core.errors import ModelError
from core.models import Reading
from tests.readings import reading

TEXTS = ("배고파", "…", "비가 온다")


class Counting:
    """Embeds a text by its length, and counts the texts it was given."""

    def __init__(self, weight: float = 0.1) -> None:
        self.weight = weight
        self.given = 0

    def read(self, texts: Sequence[str]) -> list[Reading | None]:
        self.given += len(texts)
        return [
            Reading(reading("중립"), np.array([len(text), self.weight], np.float32))
            if text[0].isalnum()
            else None
            for text in texts
        ]


def test_each_text_has_a_row_and_what_cannot_be_read_has_zeros() -> None:
    found = embedding_by(Counting().read)(TEXTS)
    np.testing.assert_array_equal(found, np.array([[3, 0.1], [0, 0], [5, 0.1]], np.float32))


@pytest.mark.parametrize("texts", [("…", "!"), ()])
def test_a_model_that_can_read_nothing_is_refused(tmp_path: Path, texts: Sequence[str]) -> None:
    with pytest.raises(ModelError):
        embedding_by(Counting().read, tmp_path / "bank.npz")(texts)


def test_the_same_texts_are_not_all_embedded_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "bank.npz"
    texts = [f"{number}" * (1 + number % 9) for number in range(1000)]
    first, second = Counting(), Counting()
    read = embedding_by(first.read, file)(texts)
    np.testing.assert_array_equal(embedding_by(second.read, file)(texts), read)
    assert first.given == 1000
    assert 0 < second.given < 100
    assert [each.name for each in file.parent.iterdir()] == ["bank.npz"]


@pytest.mark.parametrize(
    ("weight", "texts"),
    [(0.2, TEXTS), (0.1, TEXTS[:2]), (0.1, TEXTS[::-1]), (0.1, ("배고파\n…", "비가 온다"))],
)
def test_of_another_model_or_other_texts_nothing_is_taken(
    tmp_path: Path, weight: float, texts: Sequence[str]
) -> None:
    file = tmp_path / "bank.npz"
    embedding_by(Counting().read, file)(TEXTS)
    fresh = embedding_by(Counting(weight).read)(texts)
    np.testing.assert_array_equal(embedding_by(Counting(weight).read, file)(texts), fresh)
    np.testing.assert_array_equal(embedding_by(Counting(weight).read, file)(texts), fresh)


def test_whatever_is_damaged_the_right_embeddings_come_of_it(tmp_path: Path) -> None:
    file = tmp_path / "bank.npz"
    read = embedding_by(Counting().read, file)(TEXTS)
    whole = file.read_bytes()
    lot = random.Random(5)
    damaged = [b"", b"no archive", *(whole[:length] for length in range(1, len(whole), 40))]
    for place in range(0, len(whole), 3):  # a bit of a byte
        changed = bytearray(whole)
        changed[place] ^= 1 << lot.randrange(8)
        damaged.append(bytes(changed))
    for content in damaged:
        file.write_bytes(content)
        np.testing.assert_array_equal(embedding_by(Counting().read, file)(TEXTS), read)


@pytest.mark.parametrize("shape", [(), (3,), (2, 2), (3, 1), (3, 2, 1)])
def test_of_embeddings_of_another_shape_none_is_taken(
    tmp_path: Path, shape: tuple[int, ...]
) -> None:
    file = tmp_path / "bank.npz"
    read = embedding_by(Counting().read, file)(TEXTS)
    with np.load(file) as entries:
        of = entries["texts"]
    np.savez(file, texts=of, embeddings=np.ones(shape, np.float32))
    np.testing.assert_array_equal(embedding_by(Counting().read, file)(TEXTS), read)


@pytest.mark.parametrize("place", ["file/bank.npz", "folder"])
def test_where_nothing_can_be_written_the_model_embeds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder").mkdir()
    found = embedding_by(Counting().read, tmp_path / place)(TEXTS)
    assert len(found) == len(TEXTS)
    assert "cannot be written" in caplog.text
