"""Files that are there whole or not at all."""

from pathlib import Path

import pytest

from core.files import replacing


def test_takes_its_place_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "some" / "where" / "numbers.npz"

    with replacing(path) as file:
        file.write(b"old")
    with replacing(path) as file:
        file.write(b"new, and longer")
        file.flush()
        assert path.read_bytes() == b"old"

    assert path.read_bytes() == b"new, and longer"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("before", [b"old", None])
def test_an_error_leaves_what_was_there(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "numbers.npz"
    if before is not None:
        path.write_bytes(before)

    def fail() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == (
        {} if before is None else {path.name: before}
    )


def test_of_two_writers_the_one_who_ends_last_is_read(tmp_path: Path) -> None:
    path = tmp_path / "numbers.npz"

    with replacing(path) as late:
        late.write(b"la")
        with replacing(path) as early:
            early.write(b"early, and longer")
        assert path.read_bytes() == b"early, and longer"
        late.write(b"te")
        late.flush()
        assert path.read_bytes() == b"early, and longer"

    assert path.read_bytes() == b"late"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")

    with pytest.raises(FileExistsError), replacing(tmp_path / "taken" / "numbers.npz"):
        pytest.fail("nothing can be written there")
