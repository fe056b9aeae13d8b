"""The torch checkpoint folder: saved, loaded, and refused with one sentence."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModel,
    BertConfig,
    ElectraConfig,
    PreTrainedConfig,
    RobertaConfig,
    logging,
)

from core.errors import ModelError
from scripts.training.checkpoint import (
    CheckpointMeta,
    find_checkpoint,
    load_checkpoint,
    read_meta,
    save_checkpoint,
)
from scripts.training.model import MoodEncoder

LABELS = {"emotions": ("기쁨", "슬픔", "놀람"), "classes": ("행복", "슬픔")}
SIZES = {name: len(labels) for name, labels in LABELS.items()}


def tiny_config(
    kind: Callable[..., PreTrainedConfig] = BertConfig, **others: Any
) -> PreTrainedConfig:
    return kind(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=40,
        **others,
    )


def tiny_model(config: PreTrainedConfig, **others: Any) -> MoodEncoder:
    torch.manual_seed(0)
    return MoodEncoder(config, heads={**SIZES, "rating": 1}, **others).eval()


def outputs(model: MoodEncoder) -> list[torch.Tensor]:
    ids = torch.tensor([[5, 9, 30, 41], [5, 7, 1, 1]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
    with torch.no_grad():
        hidden = model.hidden(ids, mask)
        logits = model.logits(hidden, mask)
        return [logits["emotions"], logits["classes"], model.embed(hidden, mask)]


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    path = tmp_path / "pieces.model"
    path.write_bytes(b"vocabulary")
    return path


@pytest.fixture
def folder(tmp_path: Path, pieces: Path) -> Path:
    path = tmp_path / "checkpoint"
    save_checkpoint(path, tiny_model(tiny_config(), embedding=8), [pieces], "pieces", 32, LABELS)
    return path


CONFIGS = {
    "bert": tiny_config(type_vocab_size=1),
    "roberta": tiny_config(RobertaConfig, pad_token_id=1),
    "electra": tiny_config(ElectraConfig, embedding_size=8),
}


@pytest.mark.parametrize("kind", CONFIGS)
@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("embedding", [None, 8])
def test_what_is_saved_is_loaded(
    kind: str, pooling: str, embedding: int | None, tmp_path: Path, pieces: Path
) -> None:
    model = tiny_model(CONFIGS[kind], pooling=pooling, embedding=embedding)
    save_checkpoint(tmp_path / "c", model, [pieces], "pieces", 32, LABELS, precision="fp32")
    loaded, meta = load_checkpoint(tmp_path / "c")
    assert meta == CheckpointMeta("pieces", pooling, 32, LABELS)
    assert set(loaded.heads) == set(LABELS)  # the rating was not asked for
    assert not loaded.training
    for found, expected in zip(outputs(loaded), outputs(model), strict=True):
        torch.testing.assert_close(found, expected)
    torch.testing.assert_close(loaded.decoder_bias, model.decoder_bias)
    torch.testing.assert_close(loaded.transform[0].weight, model.transform[0].weight)


def test_half_precision_halves_the_file_and_changes_little(tmp_path: Path, pieces: Path) -> None:
    model = tiny_model(tiny_config())
    for name in ("fp16", "fp32"):
        save_checkpoint(tmp_path / name, model, [pieces], "pieces", 32, LABELS, precision=name)
    sizes = [(tmp_path / n / "model.safetensors").stat().st_size for n in ("fp16", "fp32")]
    assert sizes[0] < 0.7 * sizes[1]
    loaded, _ = load_checkpoint(tmp_path / "fp16")
    assert {p.dtype for p in loaded.parameters()} == {torch.float32}
    for found, expected in zip(outputs(loaded), outputs(model), strict=True):
        torch.testing.assert_close(found, expected, atol=2e-3, rtol=0)


@pytest.mark.parametrize("kind", CONFIGS)
def test_int8_changes_little_and_then_nothing(kind: str, tmp_path: Path, pieces: Path) -> None:
    model = tiny_model(CONFIGS[kind], embedding=8)
    save_checkpoint(tmp_path / "one", model, [pieces], "pieces", 32, LABELS, precision="int8")
    once, meta = load_checkpoint(tmp_path / "one")
    assert meta == CheckpointMeta("pieces", "mean", 32, LABELS)
    assert {p.dtype for p in once.parameters()} == {torch.float32}
    for found, expected in zip(outputs(once), outputs(model), strict=True):
        torch.testing.assert_close(found, expected, atol=2e-2, rtol=0)
    exact = dict(model.encoder.named_parameters())
    for name, value in once.encoder.named_parameters():
        step = exact[name].abs().amax(dim=-1, keepdim=True) / 127 if value.ndim == 2 else 2e-3
        assert ((value - exact[name]).abs() <= 0.51 * step + 1e-6).all(), name
    save_checkpoint(tmp_path / "two", once, [pieces], "pieces", 32, LABELS, precision="int8")
    first, second = (load_file(tmp_path / n / "model.int8.safetensors") for n in ("one", "two"))
    assert all(
        (second[name] == value).all() for name, value in first.items() if "scale" not in name
    )
    assert not (tmp_path / "one/model.safetensors").exists()


def test_scales_that_do_not_fit_the_weights_are_refused(tmp_path: Path, pieces: Path) -> None:
    model = tiny_model(tiny_config())
    save_checkpoint(tmp_path / "c", model, [pieces], "pieces", 32, LABELS, precision="int8")
    file = tmp_path / "c/model.int8.safetensors"
    weights = load_file(file)
    weights.pop("embeddings.word_embeddings.weight.scale")
    save_file(weights, file)
    with pytest.raises(ModelError, match="do not belong together"):
        load_checkpoint(tmp_path / "c")


def test_transformers_loads_the_encoder_of_the_folder(folder: Path) -> None:
    logging.disable_progress_bar()
    encoder = AutoModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False)
    loaded, _ = load_checkpoint(folder)
    for name, value in loaded.encoder.state_dict().items():
        torch.testing.assert_close(encoder.state_dict()[name], value)


def test_a_checkpoint_is_found_inside_a_bundle(folder: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    folder.rename(bundle / "checkpoint")
    assert find_checkpoint(bundle) == bundle / "checkpoint"
    _, meta = load_checkpoint(bundle)
    assert read_meta(bundle) == meta


def test_a_checkpoint_without_a_masked_language_head_starts_a_new_one(folder: Path) -> None:
    parts = load_file(folder / "heads.safetensors")
    kept = {n: v for n, v in parts.items() if not n.startswith(("transform", "decoder_bias"))}
    assert len(kept) < len(parts)
    save_file(kept, folder / "heads.safetensors")
    model, _ = load_checkpoint(folder)
    assert model.pieces(torch.zeros(1, 16)).shape == (1, 50)


def test_a_newer_checkpoint_takes_the_place_of_an_older_one(folder: Path, pieces: Path) -> None:
    model = tiny_model(tiny_config(), pooling="cls")
    save_checkpoint(folder, model, [pieces], "pieces", 32, {"classes": LABELS["classes"]})
    _, meta = load_checkpoint(folder)
    assert (meta.pooling, list(meta.heads)) == ("cls", ["classes"])
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_a_folder_of_other_things_is_left_as_it_is(tmp_path: Path, pieces: Path) -> None:
    other = tmp_path / "mine"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    with pytest.raises(ModelError, match="not overwritten"):
        save_checkpoint(other, tiny_model(tiny_config()), [pieces], "pieces", 32, LABELS)
    assert [path.name for path in other.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"head_labels": {"emotions": ("하나",)}}, "'emotions' has 1 labels"),
        ({"head_labels": {"moods": ("하나",)}}, "'moods'"),
        ({"head_labels": {"classes": ("하나", "하나")}}, "twice"),
        ({"max_length": 41}, "40 positions"),
        ({"max_length": 2}, "no text"),
        ({"tokenizer_kind": "words"}, "words"),
    ],
)
def test_what_does_not_fit_the_model_is_not_saved(
    changes: dict[str, Any], sentence: str, tmp_path: Path, pieces: Path
) -> None:
    arguments = {"tokenizer_kind": "pieces", "max_length": 32, "head_labels": LABELS, **changes}
    with pytest.raises((ModelError, ValueError), match=sentence):
        save_checkpoint(tmp_path / "c", tiny_model(tiny_config()), [pieces], **arguments)
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    "name", ["config.json", "model.safetensors", "heads.safetensors", "maeum.json"]
)
def test_a_missing_or_damaged_file_is_one_sentence(folder: Path, name: str) -> None:
    kept = (folder / name).read_bytes()
    (folder / name).write_bytes(b"{ damaged")
    with pytest.raises(ModelError, match=r"^the checkpoint .* cannot be read: [^\n]+$"):
        load_checkpoint(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"no {name}"):
        load_checkpoint(folder)
    (folder / name).write_bytes(kept)
    load_checkpoint(folder)


def test_files_of_different_models_are_refused(folder: Path, tmp_path: Path, pieces: Path) -> None:
    other = tmp_path / "other"
    shallow = tiny_config()
    shallow.num_hidden_layers = 1
    save_checkpoint(other, tiny_model(shallow), [pieces], "pieces", 32, LABELS)
    shutil.copyfile(other / "model.safetensors", folder / "model.safetensors")
    with pytest.raises(ModelError, match=r"encoder\.encoder\.layer\.1\..* missing"):
        load_checkpoint(folder)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("format", 7, "format is 7"),
        ("pooling", "max", "max"),
        ("heads", {"emotions": ["하나"]}, "size mismatch"),
        ("max_length", 1000, "40 positions"),
    ],
)
def test_a_meta_file_that_does_not_fit_is_refused(
    folder: Path, key: str, value: object, sentence: str
) -> None:
    raw = json.loads((folder / "maeum.json").read_text(encoding="utf-8"))
    (folder / "maeum.json").write_text(json.dumps({**raw, key: value}), encoding="utf-8")
    with pytest.raises(ModelError, match=sentence):
        load_checkpoint(folder)
