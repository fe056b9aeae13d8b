"""The model's folder: what belongs together is read, and every mistake is one clear sentence."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from core.emotion import bundle as bundles
from core.emotion.bundle import config_version, file_digests, load_bundle, read_config
from core.emotion.classifier import Classifier
from core.emotion.label_sets import LABEL_SETS
from core.emotion.labels import COARSE, FINE
from core.errors import ModelError
from tests.bundles import MAX_LENGTH, change_config, tiny_graph, write_bundle

ROOT = Path(__file__).parents[2]
SIX = LABEL_SETS["six"].labels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "model")


def refused(source: Path | str) -> str:
    """The one sentence with which a model is refused."""
    with pytest.raises(ModelError) as caught:
        load_bundle(source)
    sentence = str(caught.value)
    assert sentence.count("\n") == 0
    return sentence


def test_a_bundle_is_read_as_it_was_written(folder: Path) -> None:
    raw = json.loads((folder / "config.json").read_text("utf-8"))
    found = load_bundle(folder)
    readout = found.config.readout
    assert (readout.emotions, readout.classes) == (FINE, COARSE)
    np.testing.assert_allclose(readout.thresholds, raw["thresholds"], rtol=1e-6)
    np.testing.assert_allclose(readout.weights, raw["calibration"]["weights"], rtol=1e-6)
    np.testing.assert_allclose(readout.bias, raw["calibration"]["bias"], rtol=1e-6)
    assert readout.wide_share == 0.25
    assert found.config.max_length == found.tokenizer.max_length == MAX_LENGTH
    assert found.config.version == raw["version"]
    assert found.ngrams is not None


@pytest.mark.parametrize(
    ("emotions", "classes", "wide"),
    [(FINE, (), True), ((), COARSE, True), ((), SIX, False), (FINE, COARSE, False)],
)
def test_a_model_may_lack_emotions_or_classes_or_ngrams(
    tmp_path: Path, emotions: tuple[str, ...], classes: tuple[str, ...], wide: bool
) -> None:
    model = Classifier.load(write_bundle(tmp_path, emotions=emotions, classes=classes, wide=wide))
    (reading,) = model.read_now(["너무 슬퍼"])
    assert reading is not None
    assert reading.scores.coarse.sum() == pytest.approx(1, abs=1e-5)
    assert reading.scores.fine.any() == bool(emotions)
    assert model.thresholds.shape == (len(emotions),)


@pytest.mark.parametrize("name", ["config.json", "encoder.onnx", "ngrams.npz", "pieces.model"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in refused(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in refused(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["encoder.onnx", "ngrams.npz", "pieces.model"])
def test_a_file_of_another_model_is_noticed(folder: Path, tmp_path: Path, name: str) -> None:
    other = write_bundle(tmp_path / "other", seed=1)
    content = (other / name).read_bytes()
    (folder / name).write_bytes(content if name != "pieces.model" else content + b"\0")
    assert "mixed from two models" in refused(folder)


def test_a_file_that_the_configuration_does_not_know_is_noticed(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "model", wide=False)
    other = write_bundle(tmp_path / "other")
    (folder / "ngrams.npz").write_bytes((other / "ngrams.npz").read_bytes())
    assert "mixed from two models" in refused(folder)


def test_a_value_changed_by_hand_is_noticed(folder: Path) -> None:
    path = folder / "config.json"
    path.write_text(path.read_text("utf-8").replace('"wide_share": 0.25', '"wide_share": 0.5'))
    assert "mixed from two models" in refused(folder)


def test_the_version_follows_every_value_and_every_file(folder: Path) -> None:
    before = read_config(folder).version
    change_config(folder)
    assert read_config(folder).version == before
    change_config(folder, wide_share=0.5)
    assert read_config(folder).version != before
    raw = json.loads((folder / "config.json").read_text("utf-8"))
    assert raw["files"] == file_digests(folder, "pieces")
    assert raw["version"] == config_version(raw)
    assert set(raw["files"]) == {"encoder.onnx", "ngrams.npz", "pieces.model"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"format": 1}, "format 1"),
        ({"format": None, "model_type": None}, "format None"),
        ({"max_length": 2}, "hold no text"),
        ({"max_length": "long"}, "'long'"),
        ({"max_length": MAX_LENGTH + 1}, f"does not read {MAX_LENGTH + 1} ids"),
        ({"max_length": None}, "no max_length"),
        ({"emotions": list(FINE[:-1])}, "not the 44"),
        ({"emotions": list(FINE[::-1])}, "in their order"),
        ({"emotions": None}, "no emotions"),
        ({"classes": ["행복", "비애"]}, "no known label set"),
        ({"emotions": [], "classes": []}, "neither emotions nor classes"),
        ({"thresholds": [0.5] * 43}, "shapes"),
        ({"thresholds": [0.0] * 44}, "above 0"),
        ({"thresholds": ["high"] * 44}, "more than numbers"),
        ({"thresholds": [0.5] * 43 + [float("nan")]}, "above 0"),
        ({"thresholds": None}, "no thresholds"),
        ({"neutral_threshold": 0}, "above 0"),
        ({"wide_share": 1.1}, "wide_share"),
        ({"calibration": {"weights": np.eye(6).tolist(), "bias": [0] * 7}}, "shapes"),
        ({"calibration": {"weights": [[1], [1, 2]], "bias": [0] * 7}}, "more than numbers"),
        ({"calibration": {"weights": np.eye(7).tolist()}}, "no bias"),
        ({"calibration": None}, "no calibration"),
        ({"ambiguous_below": 7}, "ambiguous_below"),
    ],
)
def test_a_wrong_value_is_named(folder: Path, changes: dict[str, Any], problem: str) -> None:
    change_config(folder, **changes)
    assert problem in refused(folder)


def test_a_tokenizer_of_a_kind_that_there_is_not_is_named(folder: Path) -> None:
    change_config(folder, tokenizer="words")
    assert "words" in refused(folder)


@pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"format": 2, "files": 7}'])
def test_a_configuration_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    assert str(folder) in refused(folder)


@pytest.mark.parametrize("outputs", [44, 45, 52])
def test_a_wrong_label_count_of_the_encoder_is_refused(folder: Path, outputs: int) -> None:
    graph = tiny_graph(np.random.default_rng(0), 12_000, outputs)
    onnx.save(graph, folder / "encoder.onnx")
    change_config(folder)
    assert f"gives {outputs} scores, and the configuration names 51" in refused(folder)


def test_a_wrong_label_count_of_the_ngrams_is_refused(folder: Path, tmp_path: Path) -> None:
    other = write_bundle(tmp_path / "other", classes=())
    (folder / "ngrams.npz").write_bytes((other / "ngrams.npz").read_bytes())
    change_config(folder)
    assert "ngrams.npz gives 44 scores" in refused(folder)


def test_a_share_of_ngrams_that_are_not_there_is_refused(folder: Path) -> None:
    (folder / "ngrams.npz").unlink()
    change_config(folder)
    assert "there is no ngrams.npz" in refused(folder)


def test_a_vocabulary_larger_than_the_encoder_s_is_refused(folder: Path) -> None:
    onnx.save(tiny_graph(np.random.default_rng(0), 11_999, 51), folder / "encoder.onnx")
    change_config(folder)
    assert "vocabulary of 12000" in refused(folder)


def test_an_encoder_that_gives_no_numbers_is_refused(folder: Path) -> None:
    graph = tiny_graph(np.random.default_rng(0), 12_000, 51)
    (head,) = (tensor for tensor in graph.graph.initializer if tensor.name == "head")
    broken = onnx.numpy_helper.to_array(head) * np.float32("nan")
    head.CopyFrom(onnx.numpy_helper.from_array(broken, "head"))
    onnx.save(graph, folder / "encoder.onnx")
    change_config(folder)
    assert "no scores" in refused(folder)


@pytest.mark.parametrize("name", ["encoder.onnx", "ngrams.npz", "pieces.model"])
def test_a_damaged_file_is_refused_even_if_its_digest_fits(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"damaged")
    change_config(folder)
    assert str(folder) in refused(folder)


def test_a_string_is_a_folder_where_there_is_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(name: str) -> Path:
        raise AssertionError(f"{name} looked up on the hub")

    monkeypatch.setattr(bundles, "fetch", fetch)
    assert load_bundle(str(folder)).config.version == load_bundle(folder).config.version


def test_any_other_string_is_looked_up_on_the_hub(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "fetch", {"somebody/model": folder}.__getitem__)
    assert load_bundle("somebody/model").config.version == load_bundle(folder).config.version


def test_serving_a_bundle_imports_none_of_the_libraries_of_training(folder: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from core.emotion.classifier import Classifier\n"
        f"Classifier.load(Path({str(folder)!r})).scores(['슬퍼'])\n"
        "print({'torch', 'transformers', 'tokenizers', 'huggingface_hub', 'safetensors',"
        " 'sklearn', 'pandas', 'scipy', 'onnx'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
