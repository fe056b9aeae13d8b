"""What training runs on."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

__all__ = ["autocast", "best_device", "precision_of"]


def best_device() -> torch.device:
    """The GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def precision_of(device: torch.device) -> str:
    """What `device` multiplies in: "bf16" where that is faster than fp32, else "fp32"."""
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    capabilities = torch.cpu.get_capabilities()
    return "bf16" if capabilities.get("avx512_bf16") or capabilities.get("amx_bf16") else "fp32"


def autocast(device: torch.device) -> AbstractContextManager[Any]:
    """Computes in bf16 where that is faster (see `precision_of`)."""
    if precision_of(device) == "fp32":
        return nullcontext()
    return torch.autocast(device.type, torch.bfloat16)
