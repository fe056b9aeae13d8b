from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.recommend.arrays import map_arrays, pack_arrays

ARRAYS: dict[str, Any] = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.array([True, False, True]),
    "c": np.array([[1], [-2]], np.int8),
    "d": np.array([0.5], ">f2"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "arrays.bin"
    path.write_bytes(pack_arrays(ARRAYS)[0])
    return path


def test_what_was_packed_is_mapped(file: Path) -> None:
    found = map_arrays(file, pack_arrays(ARRAYS)[1])
    for name, array in ARRAYS.items():
        assert np.array_equal(found[name], array)
        assert found[name].dtype == array.dtype.newbyteorder("<")
        assert not found[name].flags.writeable


def test_every_array_begins_at_a_cache_line() -> None:
    offsets = [entry["offset"] for entry in pack_arrays(ARRAYS)[1].values()]
    assert all(offset % 64 == 0 for offset in offsets)
    assert len(set(offsets)) == len(offsets)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "<f4", "shape": [10**9], "offset": 0},
        {"dtype": "<f4", "shape": [1], "offset": -4},
        {"dtype": "|O", "shape": [1], "offset": 0},
        {"dtype": "nonsense", "shape": [1], "offset": 0},
        {"dtype": "<f4", "shape": [1]},
        {"dtype": "<f4", "shape": ["x"], "offset": 0},
    ],
)
def test_a_layout_that_does_not_fit_is_refused(file: Path, entry: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        map_arrays(file, {"a": entry})


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "arrays.bin").write_bytes(b"")
    with pytest.raises(ValueError, match="empty"):
        map_arrays(tmp_path / "arrays.bin", {})
