"""What training runs on."""

import ctypes
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import torch

__all__ = ["autocast", "best_attention", "best_device", "keep_freed_memory", "precision_of"]

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_MAX: Final = -4
"""Parameters of glibc's `mallopt`, from its malloc.h."""


def best_device() -> torch.device:
    """The GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def best_attention(device: torch.device) -> str:
    """The transformers implementation that trains faster: for our short rows, on a CPU, "eager".

    The backward pass of torch's fused attention takes a quarter of a step there, the plain one a
    twentieth.
    """
    return "sdpa" if device.type == "cuda" else "eager"


def keep_freed_memory() -> None:
    """Have the C library keep what is freed, where it is glibc.

    By default each large tensor is mapped anew and zeroed by the kernel: a third of a step on a
    CPU. What is kept goes to the next step.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # not glibc: nothing to set
        return
    mallopt(_M_MMAP_MAX, 0)
    mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)


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
