import logging
from pathlib import Path

import numpy as np
import pytest

from core.errors import LearnedModelError
from core.recommend.learned import LearnedModel, ModelFolder
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


ONE, TWO, THREE = (model(number).version for number in (1, 2, 3))


def version(found: LearnedModel | None) -> str | None:
    return None if found is None else found.version


def test_an_empty_folder_has_no_model_and_says_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert folder(tmp_path / "none").load([ONE]) is None
    assert not folder(tmp_path / "none").has(ONE)
    folder(tmp_path / "none").keep([])
    assert not caplog.records


def test_only_a_model_that_is_named_is_used(tmp_path: Path) -> None:
    models = folder(tmp_path / "deep")
    for number in (1, 2, 3):
        models.save(model(number))
    assert version(models.load([THREE, ONE])) == THREE
    assert version(models.load([ONE])) == ONE
    assert models.load([]) is None
    assert models.load(["another"]) is None


@pytest.mark.parametrize("damage", ["cut", "gone", "another"])
def test_the_next_one_is_used_where_the_first_cannot_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    models, path = folder(tmp_path), tmp_path / f"learned-{TWO}.npz"
    models.save(model(1))
    models.save(model(2))
    match damage:
        case "cut":
            path.write_bytes(b"PK")
        case "gone":
            path.unlink()
        case _:
            model(3).save(path)
    with caplog.at_level(logging.WARNING):
        assert version(models.load([TWO, ONE])) == ONE
    assert len(caplog.records) == (1 if damage == "cut" else 0)
    assert models.has(TWO) == (damage != "gone")


def test_what_is_not_kept_is_removed_and_nothing_else_is(tmp_path: Path) -> None:
    models = folder(tmp_path)
    for number in (1, 2, 3):
        models.save(model(number))
    (tmp_path / "notes.txt").write_text("mine")
    models.keep([THREE, ONE])
    assert [models.has(name) for name in (ONE, TWO, THREE)] == [True, False, True]
    models.keep([])
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
