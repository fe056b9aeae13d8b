"""The encoder's weights in a checkpoint: as transformers keeps them, or packed in int8.

model.safetensors        `AutoModel.from_pretrained(folder)` loads it, too
model.int8.safetensors   half the size of fp16: each matrix "<name>" [shape=(rows, columns)] in int8
                         with "<name>.scale" [shape=(rows, 1)] in fp32; all else in fp16

The rows of a matrix are the outputs of a linear layer, or the pieces of an embedding. The int8
graph that is served has the same scales, so one exported from packed weights has the same numbers.
torch and safetensors are imported only when weights are read: the bot runs without them otherwise.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["PACKED", "PLAIN", "packed", "read_weights", "weights_file"]

PLAIN: Final = "model.safetensors"
PACKED: Final = "model.int8.safetensors"

_SCALE: Final = ".scale"
_KEPT: Final = ("position_embeddings", "token_type_embeddings")
"""Small tables, which the served graph does not round either."""


def weights_file(folder: Path) -> Path | None:
    """The file of a checkpoint that holds the encoder's weights; None where there is none."""
    return next((folder / name for name in (PLAIN, PACKED) if (folder / name).is_file()), None)


def packed(weights: "Mapping[str, Tensor]") -> "dict[str, Tensor]":
    """Weights as they stand in the packed file; see the head of this module."""
    import torch  # noqa: PLC0415 - see the head of this module

    result: dict[str, Tensor] = {}
    for name, value in weights.items():
        if value.ndim == 2 and not any(kept in name for kept in _KEPT):
            scale = value.float().abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
            result[name] = (value.float() / scale).round().to(torch.int8)
            result[name + _SCALE] = scale
        else:
            result[name] = value.to(torch.float16)
    return result


def read_weights(file: Path) -> "dict[str, Tensor]":
    """The weights in a file, in fp32 where they were packed, else as they are.

    Args:
        file: see `weights_file`.

    Raises:
        OSError: it cannot be read.
        ValueError: a scale is missing, or there is one of nothing.
    """
    from safetensors.torch import load_file  # noqa: PLC0415 - see the head of this module

    weights: dict[str, Tensor] = load_file(file)
    if file.name != PACKED:
        return weights
    scales = {name: weights.pop(name) for name in [*weights] if name.endswith(_SCALE)}
    whole = {name for name, value in weights.items() if not value.is_floating_point()}
    if {name + _SCALE for name in whole} != scales.keys():
        raise ValueError(f"the weights and scales in {file.name} do not belong together")
    return {
        name: value.float() * scales[name + _SCALE] if name in whole else value.float()
        for name, value in weights.items()
    }
