"""Writes the bundled model: its checkpoint, what is served of it, and what is chosen for it."""

import shutil
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, FINE
from core.emotion.ngrams import NgramModel
from core.emotion.normalise import has_words
from scripts.training.agreement import Agreement
from scripts.training.checkpoint import save_checkpoint
from scripts.training.corpus import EVERYDAY, GOEMOTIONS, read_kote
from scripts.training.export import write_bundle, write_config
from scripts.training.model import MoodEncoder
from scripts.training.sources import everyday_split
from scripts.training.tune import UNTUNED, tuned

__all__ = ["write_bundled"]


_LABELS: Final = {
    "emotions": FINE,
    "classes": COARSE,
    "goemotions": tuple(GOEMOTIONS),
    "rating": ("rating",),
}


def write_bundled(
    folder: Path,
    model: MoodEncoder,
    vocabulary: Path,
    wide: NgramModel,
    data: Path,
    everyday: Path = EVERYDAY,
) -> Agreement:
    """Write a trained model to `folder`, tuned on the validation rows as it is served.

    Args:
        folder: of the bundle.
        model: with the heads of `stages.HEADS`.
        vocabulary: its SentencePiece model.
        wide: the n-gram part: the 44 emotions, then the seven classes.
        data: the folder of the training data.
        everyday: the file of our own sentences.

    Returns:
        How far what is served agrees with the model as it was trained.
    """
    with tempfile.TemporaryDirectory() as temporary:
        checkpoint, pieces = Path(temporary) / "checkpoint", Path(temporary) / "pieces.model"
        shutil.copyfile(vocabulary, pieces)
        positions = model.config.max_position_embeddings
        save_checkpoint(checkpoint, model, [pieces], "pieces", positions, _LABELS, precision="fp32")
        # Exported and checked as it was trained; kept, to be fine-tuned on, in a quarter of that.
        agreement = write_bundle(folder, checkpoint, UNTUNED, wide)
        kept = folder / "checkpoint"
        save_checkpoint(kept, model, [pieces], "pieces", positions, _LABELS, precision="int8")
    _, kote = read_kote(data).split()
    _, (own, classes) = everyday_split(everyday)
    read = np.array([has_words(text) for text in kote.texts])
    kote = kote.where(read)
    served = Classifier.load(folder)
    readout = tuned(served, kote.texts, kote.labels, own.texts, classes)
    served.close()
    write_config(folder, kept, readout)
    return agreement
