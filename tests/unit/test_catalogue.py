import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.emotion.labels import COARSE
from core.errors import CatalogueError
from core.recommend.catalogue import Catalogue
from tests.catalogues import catalogue, distribution, song

FILES = ["songs.tsv", "arrays.bin", "catalogue.json"]
ROWS = [distribution(슬픔=0.5), distribution(행복=0.5), distribution(분노=0.5)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catalogue(ROWS).save(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_was_saved_is_loaded(folder: Path) -> None:
    saved, loaded = catalogue(ROWS), Catalogue.load(folder)
    assert loaded.songs == saved.songs
    columns = (
        "coarse fine valence arousal lyric_coarse style_valence top_fine flagged meaning words"
    )
    pairs = [(getattr(saved, name), getattr(loaded, name)) for name in columns.split()]
    pairs += zip(saved.spaces.arrays().values(), loaded.spaces.arrays().values(), strict=True)
    for before, after in pairs:
        assert np.array_equal(before, after)
        assert before.dtype == after.dtype
    assert loaded.version == saved.version
    assert loaded.model_version == saved.model_version == "test"
    assert loaded.calibration == saved.calibration


def test_the_same_content_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    Catalogue.load(folder).save(tmp_path / "again")
    again = contents(tmp_path / "again")
    assert sorted(again) == sorted(FILES)
    assert all((folder / name).read_bytes() == data for name, data in again.items())


def test_a_loaded_catalogue_outlives_the_replacement_of_its_files(folder: Path) -> None:
    loaded = Catalogue.load(folder)
    catalogue(ROWS[::-1]).save(folder)
    assert np.array_equal(loaded.coarse, catalogue(ROWS).coarse)


@pytest.mark.parametrize(
    "other",
    [
        catalogue(ROWS[::-1]),
        catalogue(ROWS, [song(1), song(2), song(3, "다른 가수")]),
        catalogue(ROWS, model="another"),
    ],
    ids=["moods", "facts", "model"],
)
def test_other_content_has_another_version(other: Catalogue) -> None:
    version = catalogue(ROWS).version
    assert len(version) == 16
    assert other.version != version


def test_arrays_are_read_only(folder: Path) -> None:
    for songs in (catalogue(ROWS), Catalogue.load(folder)):
        with pytest.raises(ValueError, match="read-only"):
            songs.coarse[0, 0] = 1


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CatalogueError, match=f"{name} is missing.*build_catalogue"):
        Catalogue.load(folder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-1], lambda data: data + b" x", lambda data: b""],
    ids=["cut", "longer", "empty"],
)
def test_a_damaged_file_is_named(folder: Path, name: str, damage: Callable[[bytes], bytes]) -> None:
    path = folder / name
    # The head ends with a line feed that means nothing.
    path.write_bytes(damage(path.read_bytes().rstrip(b"\n")))
    with pytest.raises(CatalogueError, match=f"{name} is damaged.*build_catalogue"):
        Catalogue.load(folder)


def test_one_changed_number_is_noticed(folder: Path) -> None:
    data = bytearray((folder / "arrays.bin").read_bytes())
    data[-1] ^= 1
    (folder / "arrays.bin").write_bytes(data)
    with pytest.raises(CatalogueError, match=r"arrays\.bin is damaged"):
        Catalogue.load(folder)


def test_files_of_two_catalogues_do_not_mix(folder: Path, tmp_path: Path) -> None:
    catalogue(ROWS[:2]).save(tmp_path / "other")
    (tmp_path / "other/songs.tsv").replace(folder / "songs.tsv")
    with pytest.raises(CatalogueError, match=r"songs\.tsv is damaged"):
        Catalogue.load(folder)


def change_head(folder: Path, **changes: Any) -> None:
    """Change the head and its version, as data/songs/README.md defines it: no damage is seen."""
    head = {**json.loads((folder / "catalogue.json").read_text(encoding="utf-8")), **changes}
    head.pop("version")
    rest = json.dumps(head, ensure_ascii=False, sort_keys=True).encode()
    head["version"] = hashlib.sha256(rest).hexdigest()[:16]
    (folder / "catalogue.json").write_text(json.dumps(head), encoding="utf-8")


def test_a_head_with_the_version_of_its_content_is_whole(folder: Path) -> None:
    change_head(folder, model_version="another")
    assert Catalogue.load(folder).version == catalogue(ROWS, model="another").version


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 1}, "format 1, not 2"),
        ({"labels": [*COARSE, "사랑"]}, "other emotion labels"),
        ({"files": {"../secret": ""}}, "does not name the files"),
        ({"songs": 4}, "3 songs and not 4"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(
    folder: Path, changes: dict[str, Any], message: str
) -> None:
    change_head(folder, **changes)
    with pytest.raises(CatalogueError, match=message):
        Catalogue.load(folder)


def test_whole_files_of_different_lengths_are_refused(folder: Path) -> None:
    catalogue(ROWS[:2]).save(folder / "other")
    (folder / "other/songs.tsv").replace(folder / "songs.tsv")
    head = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((folder / "songs.tsv").read_bytes()).hexdigest()
    change_head(folder, files={**head["files"], "songs.tsv": digest})
    with pytest.raises(CatalogueError, match=r"coarse of the 2 songs should be.*build_catalogue"):
        Catalogue.load(folder)


def test_a_folder_is_not_a_file(folder: Path) -> None:
    (folder / "songs.tsv").unlink()
    (folder / "songs.tsv").mkdir()
    with pytest.raises(CatalogueError, match="cannot be read"):
        Catalogue.load(folder)


def test_rows_must_fit_the_songs() -> None:
    with pytest.raises(CatalogueError, match=r"coarse of the 2 songs should be float32 \(2, 7\)"):
        catalogue(ROWS, [song(1), song(2)])


def test_ids_must_differ() -> None:
    with pytest.raises(CatalogueError, match="same id"):
        catalogue(ROWS, [song(1), song(2), song(1)])


def test_moods_must_be_numbers() -> None:
    with pytest.raises(CatalogueError, match="not a number"):
        catalogue([*ROWS[:2], np.full(7, np.nan)])


def test_a_catalogue_holds_songs() -> None:
    with pytest.raises(CatalogueError, match="no song"):
        catalogue(np.zeros((0, 7)), [])
