"""The real tokenizer: windows cover a text whole."""

from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.normalise import normalise
from core.emotion.tokenizer import SPECIAL_PIECES, Tokenizer

PIECES = Path(__file__).parents[2] / "data/models/emotion/pieces.model"
MODEL = sentencepiece.SentencePieceProcessor(model_file=str(PIECES))
WINDOW = 10
TOKENIZER = Tokenizer(PIECES, WINDOW)
CLS, SEP = SPECIAL_PIECES.index("[CLS]"), SPECIAL_PIECES.index("[SEP]")

texts = st.text(st.sampled_from("가나다슬퍼행복해 .!abㅋㅠ1"), max_size=200).map(normalise)


@given(texts)
def test_the_windows_together_are_the_text(text: str) -> None:
    inner = [piece for row in TOKENIZER.windows(text) for piece in row[1:-1]]
    assert inner == MODEL.encode(text)


@given(texts)
def test_windows_are_bounded_and_of_like_length(text: str) -> None:
    rows = TOKENIZER.windows(text)
    lengths = [len(row) for row in rows]
    assert max(lengths) <= WINDOW
    assert max(lengths) - min(lengths) <= 1
    assert len(rows) == max(1, -(-(sum(lengths) - 2 * len(rows)) // (WINDOW - 2)))
    assert all((row[0], row[-1]) == (CLS, SEP) for row in rows)


def test_an_empty_text_is_one_empty_window() -> None:
    assert TOKENIZER.windows("") == [[CLS, SEP]]


def test_special_pieces_cannot_be_typed() -> None:
    (row,) = Tokenizer(PIECES, 128).windows("[mask] [CLS] [PAD]")
    assert not set(row[1:-1]) & {0, CLS, SEP, SPECIAL_PIECES.index("[MASK]")}


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pieces.model").write_bytes(b"no model")
    with pytest.raises(RuntimeError):
        Tokenizer(tmp_path / "pieces.model", 128)
