"""The bundled encoder's tokenizer: SentencePiece pieces, and windows over long texts."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import sentencepiece

__all__ = ["SPECIAL_PIECES", "Tokenizer"]

SPECIAL_PIECES: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
"""In the order of their ids, 0 to 4."""


class Tokenizer:
    """Turns normalised text into rows of piece ids, `[CLS] ... [SEP]`, of bounded length."""

    def __init__(self, path: Path, max_length: int) -> None:
        """Load a SentencePiece model.

        Args:
            path: the `.model` file.
            max_length: the most ids in one row, with [CLS] and [SEP].

        Raises:
            OSError: the file cannot be read.
            RuntimeError: it is no SentencePiece model.
        """
        self._model = sentencepiece.SentencePieceProcessor(model_proto=path.read_bytes())
        self._cls, self._sep = (self._model.piece_to_id(p) for p in ("[CLS]", "[SEP]"))
        self._content = max_length - 2

    @property
    def size(self) -> int:
        """The number of pieces."""
        return int(self._model.get_piece_size())

    def windows(self, text: str) -> list[list[int]]:
        """The rows that cover `text` whole, without overlap; at least one.

        Windows differ in length by at most one piece, so that no stub is read out of context.
        """
        pieces: list[int] = self._model.encode(text)
        count = max(1, -(-len(pieces) // self._content))
        bounds = [len(pieces) * i // count for i in range(count + 1)]
        return [[self._cls, *pieces[start:end], self._sep] for start, end in pairwise(bounds)]
