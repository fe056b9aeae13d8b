"""Which folder of a model is meant, and the JSON in it."""

from pathlib import Path

import pytest

from core.emotion import bundle as bundles
from core.emotion.bundle import load_bundle
from core.emotion.folders import local_folder, read_object
from core.errors import ModelError


def test_a_folder_that_is_there_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "owner/name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert local_folder("owner/name") == Path("owner/name")
    assert local_folder("~/owner") == tmp_path / "owner"
    assert local_folder(tmp_path) == tmp_path


@pytest.mark.parametrize(
    "source",
    [
        *("/no/such", "/nosuch", "./no/such", "../nosuch", "~/nosuch", "~nobody-at-all/model"),
        *("owner/nosuch", "no/such/folder", "nosuch", "no such/model", Path("owner/nosuch")),
        Path("somebody/model"),
    ],
)
def test_what_looks_like_a_path_is_never_asked_of_the_hub(
    source: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(name: str) -> Path:
        raise AssertionError(f"{name} looked up on the hub")

    (tmp_path / "owner").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bundles, "fetch", fetch)
    with pytest.raises(ModelError, match=f"^there is no folder {source}"):
        load_bundle(source)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").touch()
    with pytest.raises(ModelError, match="is a file, and not the folder of a model"):
        local_folder(str(tmp_path / "model.onnx"))


def test_an_id_of_the_hub_is_no_folder() -> None:
    assert local_folder("skt/kobert-base-v1") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"secret": 1,\n', r"config\.json is damaged: it stops being JSON at line 2, column 1$"),
        (b"", r"at line 1, column 1$"),
        (b"\xff{}", r"config\.json is no UTF-8 text$"),
        (b"[]", r"config\.json holds no JSON object$"),
    ],
)
def test_a_broken_configuration_is_told_in_plain_words(
    content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(ValueError, match=said):
        read_object(tmp_path / "config.json")
    with pytest.raises(ModelError, match=said):
        load_bundle(tmp_path)
