"""Several arrays in one read-only file, mapped into memory and so shared by all processes.

The file is the arrays' bytes one after the other, C order, little-endian, each beginning at a
multiple of 64. Where each lies, and its type and shape, is said by a layout of JSON types.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["map_arrays", "pack_arrays"]

_ALIGNMENT: Final = 64
"""Bytes of a cache line."""

Array = npt.NDArray[Any]
Layout = Mapping[str, Mapping[str, Any]]


def pack_arrays(arrays: Mapping[str, Array]) -> tuple[bytes, dict[str, dict[str, Any]]]:
    """The content of the file, and its layout: name -> dtype, shape, offset in bytes."""
    data = bytearray()
    layout = {}
    for name, array in arrays.items():
        data.extend(bytes(-len(data) % _ALIGNMENT))
        kind = array.dtype.newbyteorder("<")
        layout[name] = {"dtype": kind.str, "shape": list(array.shape), "offset": len(data)}
        data.extend(np.ascontiguousarray(array, dtype=kind).tobytes())
    return bytes(data), layout


def map_arrays(path: Path, layout: Layout) -> dict[str, Array]:
    """The arrays of a file; nothing is read before it is used.

    Raises:
        OSError: the file cannot be opened.
        ValueError: the layout does not fit it, or is none.
        KeyError: likewise.
        TypeError: likewise.
    """
    # np.memmap refuses an empty file with a ValueError.
    data = np.memmap(path, np.uint8, mode="r")
    return {name: _view(data, **entry) for name, entry in layout.items()}


def _view(data: Array, dtype: str, shape: list[int], offset: int) -> Array:
    kind = np.dtype(dtype)
    size = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
    if kind.hasobject or offset < 0 or offset + size > len(data):
        raise ValueError("an array does not lie inside of the file")
    return data[offset : offset + size].view(kind).reshape(shape)
