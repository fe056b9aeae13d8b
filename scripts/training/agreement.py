"""Holds an exported model against the torch model it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from core.emotion.bundle import ModelBundle
from scripts.training.model import MoodEncoder

__all__ = ["Agreement", "Limits", "measure_agreement"]


@dataclass(frozen=True)
class Limits:
    """What an export has to keep.

    Attributes:
        same_top: the least share of texts with the same top class as in torch, 0 to 1.
        mean_difference: the largest mean difference of a probability, 0 to 1.
        max_difference: the largest difference of any probability, 0 to 1.
        texts: on how many texts that is measured.
    """

    same_top: float = 0.97
    mean_difference: float = 0.02
    max_difference: float = 0.25
    texts: int = 500


@dataclass(frozen=True)
class Agreement:
    """How an exported encoder's probabilities differ from torch's.

    Attributes:
        texts: on how many texts.
        same_top: share of them with the same top class, 0 to 1.
        mean_difference, max_difference: of a probability, 0 to 1.
    """

    texts: int
    same_top: float
    mean_difference: float
    max_difference: float

    def within(self, limits: Limits) -> bool:
        """Whether the limits are kept; not where a difference is no number."""
        return (
            self.same_top >= limits.same_top
            and self.mean_difference <= limits.mean_difference
            and self.max_difference <= limits.max_difference
        )

    def __str__(self) -> str:
        """One line for a person."""
        return (
            f"on {self.texts} texts the top class is torch's for {self.same_top:.1%}, and a "
            f"probability differs by {self.mean_difference:.4f} on average and "
            f"{self.max_difference:.3f} at most"
        )


@torch.inference_mode()
def measure_agreement(
    model: MoodEncoder, heads: Sequence[str], bundle: ModelBundle, texts: Sequence[str]
) -> Agreement:
    """How a bundle's encoder differs from the torch model, which reads every text alone.

    Args:
        model: in evaluation mode.
        heads: whose logits the bundle gives, in their order.
        bundle: what was made of the model.
        texts: normalised; of each its first window is read.
    """
    readout = bundle.config.readout
    rows = [bundle.tokenizer.windows(text)[0] for text in texts]
    logits = []
    for row in rows:
        ids = torch.tensor([row])
        mask = torch.ones_like(ids)
        by_head = model.logits(model.hidden(ids, mask), mask)
        logits.append(torch.cat([by_head[name] for name in heads], dim=1))
    expected = readout.activated(torch.cat(logits).numpy())
    found = readout.activated(bundle.encoder.encode(rows)[0])
    tops = [readout.distribution(each).argmax(axis=1) for each in (expected, found)]
    differences = np.abs(found - expected)
    return Agreement(
        texts=len(rows),
        same_top=float((tops[0] == tops[1]).mean()),
        mean_difference=float(differences.mean()),
        max_difference=float(differences.max()),
    )
