"""Which pieces masked-language modelling hides (Devlin et al. 2019, without random pieces)."""

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

__all__ = ["masked_pieces"]

_HIDDEN: Final = 0.8
"""Share of the predicted pieces that [MASK] stands for; the others are left to be seen."""


def masked_pieces(
    ids: Tensor, special: Sequence[int], mask_id: int, share: float
) -> tuple[Tensor, Tensor]:
    """Draw from torch's global generator what is to be predicted.

    Args:
        ids: (batch, length), padding included.
        special: ids that are never predicted ([PAD], [CLS], ...).
        mask_id: of [MASK].
        share: of the other pieces that are predicted, 0 to 1.

    Returns:
        The ids that the encoder is shown, and where it has to predict, (batch, length) each. At
        least one piece is predicted where there is any.
    """
    real = ~torch.isin(ids, torch.tensor(special, device=ids.device))
    chosen = (torch.rand(ids.shape, device=ids.device) < share) & real
    if not chosen.any():
        chosen = real
    hidden = chosen & (torch.rand(ids.shape, device=ids.device) < _HIDDEN)
    return torch.where(hidden, mask_id, ids), chosen
