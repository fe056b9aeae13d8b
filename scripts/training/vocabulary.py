"""Trains the SentencePiece vocabulary of the bundled encoder."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import sentencepiece

from core.emotion.tokenizer import SPECIAL_PIECES

__all__ = ["train_vocabulary"]

SIZE: Final = 12_000
# A unigram model keeps frequent endings and stems whole ("재밌", "네요"); the pieces for rare
# syllables beyond this coverage would never be seen often enough to be learned.
COVERAGE: Final = 0.9997


def train_vocabulary(texts: Iterable[str], path: Path, size: int = SIZE) -> None:
    """Write a unigram SentencePiece model over normalised `texts` to `path`."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        model_type="unigram",
        vocab_size=size,
        character_coverage=COVERAGE,
        pad_id=0,
        unk_id=1,
        bos_id=-1,
        eos_id=-1,
        pad_piece=SPECIAL_PIECES[0],
        unk_piece=SPECIAL_PIECES[1],
        control_symbols=list(SPECIAL_PIECES[2:]),
        normalization_rule_name="identity",
        input_sentence_size=400_000,
        shuffle_input_sentence=True,
        max_sentence_length=2_000,
        num_threads=2,
        minloglevel=2,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.getvalue())
