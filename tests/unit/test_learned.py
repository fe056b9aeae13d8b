import logging
from pathlib import Path

import numpy as np
import pytest

from core.errors import LearnedModelError
from core.recommend.learned import CURRENT, PREVIOUS, LearnedModel, ModelFolder
from tests.catalogues import catalogue, distribution
from tests.votes import learned

SONGS = catalogue([distribution(슬픔=share) for share in (0.2, 0.4, 0.6)])


def model(number: float = 1.0) -> LearnedModel:
    return learned(SONGS, np.full((3, 2), number, np.float32))


def folder(path: Path) -> ModelFolder:
    return ModelFolder(path, SONGS.version)


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


def test_what_is_loaded_is_what_was_saved(tmp_path: Path) -> None:
    model().save(tmp_path / "a.npz")
    again = LearnedModel.load(tmp_path / "a.npz", SONGS.version)
    assert again.version == model().version != model(2).version
    assert np.array_equal(again.factors.items, model().factors.items)
    assert (again.votes, again.fitted_until) == (model().votes, model().fitted_until)
    assert not again.factors.items.flags.writeable


def test_any_damage_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    model().save(path)
    whole = path.read_bytes()
    generator = np.random.default_rng(0)
    for place in generator.integers(len(whole), size=60):
        path.write_bytes(whole)
        flip(path, int(place))
        try:
            again = LearnedModel.load(path, SONGS.version)
        except LearnedModelError:
            continue
        # Some bytes of a zip archive, such as dates, say nothing of what is in it.
        assert again.version == model().version


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    model().save(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(LearnedModelError, match="damaged"):
        LearnedModel.load(path, SONGS.version)


def test_changed_numbers_are_found_though_the_archive_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    model().save(path)
    with np.load(path) as entries:
        arrays = {name: entries[name] for name in entries.files}
    np.savez(path, **{**arrays, "items": arrays["items"] + 1})
    with pytest.raises(LearnedModelError, match="damaged"):
        LearnedModel.load(path, SONGS.version)


def test_pickled_objects_are_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, head=np.array([{"format": 1}], object))
    with pytest.raises(LearnedModelError, match="damaged"):
        LearnedModel.load(path, SONGS.version)


def test_a_model_of_another_catalogue_is_refused(tmp_path: Path) -> None:
    model().save(tmp_path / "a.npz")
    with pytest.raises(LearnedModelError, match="another song catalogue"):
        LearnedModel.load(tmp_path / "a.npz", "0123456789abcdef")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LearnedModelError, match=r"a\.npz is missing"):
        LearnedModel.load(tmp_path / "a.npz", SONGS.version)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_make_no_model(number: float) -> None:
    with pytest.raises(LearnedModelError, match="finite"):
        model(number)


def test_an_empty_folder_has_no_model_and_says_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert folder(tmp_path).load() is None
    assert not caplog.records


def test_the_newest_model_is_used(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        folder(tmp_path / "deep").install(model(number))
    found = folder(tmp_path / "deep").load()
    assert found is not None
    assert found.version == model(3).version


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_the_previous_model_is_used_where_the_current_cannot_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    models = folder(tmp_path)
    models.install(model(1))
    models.install(model(2))
    if damage == "cut":
        (tmp_path / CURRENT).write_bytes(b"PK")
    else:
        (tmp_path / CURRENT).unlink()
    with caplog.at_level(logging.WARNING):
        found = models.load()
    assert found is not None
    assert found.version == model(1).version
    assert len(caplog.records) == (1 if damage == "cut" else 0)


def test_a_damaged_model_does_not_become_the_previous_one(tmp_path: Path) -> None:
    models = folder(tmp_path)
    models.install(model(1))
    models.install(model(2))
    (tmp_path / CURRENT).write_bytes(b"PK")
    models.install(model(3))
    (tmp_path / CURRENT).write_bytes(b"PK")
    found = models.load()
    assert found is not None
    assert found.version == model(1).version


def test_after_a_withdrawn_consent_no_older_model_stays(tmp_path: Path) -> None:
    models = folder(tmp_path)
    models.install(model(1))
    models.install(model(2))
    models.install(model(3), keep_previous=False)
    assert not (tmp_path / PREVIOUS).exists()
    models.discard()
    assert models.load() is None
