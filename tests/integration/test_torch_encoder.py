"""Models served in torch: checkpoints, and transformers classifiers from a folder or the hub."""

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer as HubVocabulary
from tokenizers import models, pre_tokenizers
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from core.emotion import hub
from core.emotion.bundle import load_bundle
from core.emotion.classifier import Classifier
from core.emotion.label_sets import LABEL_SETS
from core.emotion.labels import COARSE, FINE
from core.emotion.normalise import normalise
from core.emotion.readout import Readout
from core.emotion.torch_encoder import open_checkpoint
from core.errors import ModelError
from scripts.training.checkpoint import load_checkpoint, save_checkpoint
from scripts.training.model import MoodEncoder
from tests.bundles import MAX_LENGTH, PIECES, change_config, write_bundle

LABELS = {"emotions": FINE, "classes": COARSE, "rating": ("stars",)}
TEXTS = ["너무 슬퍼", "정말 행복해 " * 30, "3시에 회의", "화가 나서 미치겠어 진짜"]
KOBERT = Path(__file__).parents[3] / "shared/data/kobert_vocab"


def tiny(kind: Any = BertConfig, **others: Any) -> Any:
    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    lengths = {"intermediate_size": 32, "max_position_embeddings": 40}
    return kind(**{"vocab_size": 12_000, **shape, **lengths, **others})


def write_checkpoint(
    folder: Path,
    pooling: str = "mean",
    embedding: int | None = 4,
    seed: int = 0,
    **labels: tuple[str, ...],
) -> Path:
    torch.manual_seed(seed)
    names = labels or LABELS
    sizes = {name: len(of_head) for name, of_head in names.items()}
    model = MoodEncoder(tiny(), sizes, pooling, embedding).eval()
    save_checkpoint(folder, model, [PIECES], "pieces", MAX_LENGTH, names, precision="fp32")
    return folder


def refused(source: Path | str) -> str:
    """The one sentence with which a model is refused."""
    with pytest.raises(ModelError) as caught:
        load_bundle(source)
    sentence = str(caught.value)
    assert sentence.count("\n") == 0
    return sentence


@pytest.mark.parametrize(("pooling", "embedding"), [("mean", 4), ("cls", None)])
def test_a_checkpoint_is_served_as_it_was_trained(
    tmp_path: Path, pooling: str, embedding: int | None
) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint", pooling, embedding)
    bundle = load_bundle(folder)
    rows = [bundle.tokenizer.windows(normalise(text))[0] for text in TEXTS]
    logits, embeddings = bundle.encoder.encode(rows)
    trained, _ = load_checkpoint(folder)
    for row, found, embedding_of in zip(rows, logits, embeddings, strict=True):
        ids, mask = torch.tensor([row]), torch.ones(1, len(row), dtype=torch.long)
        with torch.no_grad():
            hidden = trained.hidden(ids, mask)
            heads = trained.logits(hidden, mask)
            expected = torch.cat([heads["emotions"], heads["classes"]], 1)[0]
            np.testing.assert_allclose(found, expected, atol=1e-5)
            np.testing.assert_allclose(embedding_of, trained.embed(hidden, mask)[0], atol=1e-5)


def test_a_packed_checkpoint_is_served_as_it_is_loaded(tmp_path: Path) -> None:
    model, _ = load_checkpoint(write_checkpoint(tmp_path / "plain"))
    folder = tmp_path / "packed"
    save_checkpoint(folder, model, [PIECES], "pieces", MAX_LENGTH, LABELS, precision="int8")
    unpacked, _ = load_checkpoint(folder)
    row = [2, 10, 11, 3]
    with torch.no_grad():
        ids, mask = torch.tensor([row]), torch.ones(1, len(row), dtype=torch.long)
        heads = unpacked.logits(unpacked.hidden(ids, mask), mask)
    expected = torch.cat([heads["emotions"], heads["classes"]], 1)
    np.testing.assert_allclose(load_bundle(folder).encoder.encode([row])[0], expected, atol=1e-5)
    (folder / "heads.safetensors").unlink()
    assert "heads.safetensors" in refused(folder)


def test_a_checkpoint_reads_texts_of_any_length_in_any_company(tmp_path: Path) -> None:
    model = Classifier.load(write_checkpoint(tmp_path / "checkpoint"))
    together = model.read_now([*TEXTS, ""] * 40)
    assert together[4] is None
    for text, reading in zip(TEXTS, together, strict=False):
        (alone,) = model.read_now([text])
        assert reading is not None
        assert alone is not None
        np.testing.assert_allclose(reading.scores.fine, alone.scores.fine, atol=1e-5)
        np.testing.assert_allclose(reading.scores.coarse, alone.scores.coarse, atol=1e-5)
        np.testing.assert_allclose(reading.embedding, alone.embedding, atol=1e-5)


def test_a_bundle_without_a_graph_serves_its_checkpoint(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "model")
    (folder / "encoder.onnx").unlink()
    write_checkpoint(folder / "checkpoint")
    change_config(folder)
    bundle = load_bundle(folder)
    assert bundle.config.readout.wide_share == 0.25
    assert bundle.ngrams is not None
    row = [2, 10, 11, 3]
    np.testing.assert_array_equal(
        bundle.encoder.encode([row])[0],
        open_checkpoint(folder / "checkpoint").encoder.encode([row])[0],
    )


def test_the_version_of_a_bundle_without_a_graph_follows_its_checkpoint(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "model")
    (folder / "encoder.onnx").unlink()
    write_checkpoint(folder / "checkpoint")
    change_config(folder)
    before = load_bundle(folder).config.version
    assert load_bundle(folder).config.version == before
    write_checkpoint(folder / "checkpoint", seed=1)
    assert load_bundle(folder).config.version != before


def test_a_checkpoint_of_other_labels_does_not_serve_its_bundle(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "model")
    (folder / "encoder.onnx").unlink()
    write_checkpoint(folder / "checkpoint", emotions=FINE)
    change_config(folder)
    assert "other labels" in refused(folder)


def test_a_bundle_with_neither_graph_nor_checkpoint_is_refused(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "model")
    (folder / "encoder.onnx").unlink()
    change_config(folder)
    assert "checkpoint" in refused(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "heads.safetensors", "pieces.model"])
def test_a_missing_file_of_a_checkpoint_is_named(tmp_path: Path, name: str) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint")
    (folder / name).unlink()
    assert name in refused(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "heads.safetensors", "maeum.json"])
def test_a_damaged_file_of_a_checkpoint_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint")
    (folder / name).write_bytes(b"damaged")
    assert str(folder) in refused(folder)


def test_a_checkpoint_without_a_head_to_serve_is_refused(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint", rating=("stars",))
    assert "emotions or classes" in refused(folder)


def test_heads_of_a_wrong_size_are_refused(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint")
    other = write_checkpoint(tmp_path / "other", emotions=FINE[:-1], classes=COARSE)
    shutil.copyfile(other / "heads.safetensors", folder / "heads.safetensors")
    assert "gives 50 scores, and the configuration names 51" in refused(folder)


def write_classifier(
    folder: Path, names: tuple[str, ...], kind: Any = BertForSequenceClassification, **others: Any
) -> Any:
    """A transformers classifier with a vocabulary of a few words."""
    torch.manual_seed(0)
    roberta = kind is RobertaForSequenceClassification
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    if roberta:
        specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    words = [*specials, "너무", "슬퍼", "정말", "행복해", "화가", "나서"]
    config = tiny(
        RobertaConfig if roberta else BertConfig,
        **{"vocab_size": len(words), "pad_token_id": int(roberta), **others},
        id2label=dict(enumerate(names)),
        label2id={name: i for i, name in enumerate(names)},
    )
    model = kind(config).eval()
    model.save_pretrained(folder)
    unknown = "<unk>" if roberta else "[UNK]"
    vocabulary = models.WordLevel({word: i for i, word in enumerate(words)}, unk_token=unknown)
    tokenizer = HubVocabulary(vocabulary)
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return model


@pytest.mark.parametrize("kind", [BertForSequenceClassification, RobertaForSequenceClassification])
def test_any_classifier_of_a_known_label_set_is_served(tmp_path: Path, kind: Any) -> None:
    names = ("Happiness", "sadness", "ANGER", "fear", "disgust", "surprise", "neutral")
    model = write_classifier(tmp_path, names, kind)
    bundle = load_bundle(tmp_path)
    assert bundle.config.readout.classes == COARSE
    rows = [bundle.tokenizer.windows(normalise(text))[0] for text in TEXTS]
    logits, _ = bundle.encoder.encode(rows)
    for row, found in zip(rows, logits, strict=True):
        with torch.no_grad():
            expected = model(torch.tensor([row])).logits[0]
        np.testing.assert_allclose(found, expected, atol=1e-5)
    (scores,) = Classifier(bundle).scores(["너무 슬퍼"])
    assert scores is not None
    assert scores.coarse.sum() == pytest.approx(1, abs=1e-5)


def test_a_classifier_of_the_44_emotions_in_another_order_is_served(tmp_path: Path) -> None:
    model = write_classifier(tmp_path, FINE[::-1])
    bundle = load_bundle(tmp_path)
    assert bundle.config.readout.emotions == FINE
    row = [2, 5, 6, 3]
    with torch.no_grad():
        expected = model(torch.tensor([row])).logits[0].flip(0)
    np.testing.assert_allclose(bundle.encoder.encode([row])[0][0], expected, atol=1e-5)


def test_a_text_longer_than_its_positions_is_read_in_windows(tmp_path: Path) -> None:
    names = LABEL_SETS["four"].labels
    write_classifier(tmp_path, names, RobertaForSequenceClassification)
    model = Classifier.load(tmp_path)
    (reading,) = model.read_now(["너무 슬퍼 " * 200])
    assert reading is not None
    assert np.isfinite(reading.embedding).all()


@pytest.mark.parametrize(
    "names", [("LABEL_0", "LABEL_1"), ("positive", "negative"), (*COARSE[:-1], "비애"), FINE[:40]]
)
def test_unknown_labels_are_refused_by_name(tmp_path: Path, names: tuple[str, ...]) -> None:
    write_classifier(tmp_path, names)
    assert names[0] in refused(tmp_path)


def test_the_one_label_that_is_not_known_is_named_first(tmp_path: Path) -> None:
    write_classifier(tmp_path, (*COARSE[:-1], "비애"))
    assert "cannot be read: 비애 is not known: its 7 labels" in refused(tmp_path)


def test_a_classifier_whose_head_was_never_trained_is_refused(tmp_path: Path) -> None:
    write_classifier(tmp_path, COARSE)
    BertForMaskedLM(BertConfig.from_pretrained(tmp_path)).save_pretrained(tmp_path)
    assert "classifier" in refused(tmp_path)


def test_a_classifier_without_tokenizer_is_refused(tmp_path: Path) -> None:
    write_classifier(tmp_path, COARSE)
    (tmp_path / "tokenizer.json").unlink()
    assert "tokenizer.json" in refused(tmp_path)


@pytest.mark.skipif(not KOBERT.exists(), reason="KoBERT's vocabulary is not beside the repository")
def test_a_kobert_classifier_reads_with_kobert_s_own_ids(tmp_path: Path) -> None:
    write_classifier(tmp_path, COARSE, vocab_size=8002, pad_token_id=1)
    for file in KOBERT.iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    bundle = load_bundle(tmp_path)
    assert bundle.config.tokenizer == "kobert"
    (row,) = bundle.tokenizer.windows(normalise("한국어 모델을 공유합니다."))
    assert row == [2, 4958, 6855, 2046, 7088, 1050, 7843, 54, 3]
    (scores,) = Classifier(bundle).scores(["한국어 모델을 공유합니다."])
    assert scores is not None


def test_the_version_of_a_torch_model_follows_its_weights(tmp_path: Path) -> None:
    one = load_bundle(write_checkpoint(tmp_path / "one")).config
    same = load_bundle(write_checkpoint(tmp_path / "same")).config
    other = load_bundle(write_checkpoint(tmp_path / "other", seed=1)).config
    meant = load_bundle(write_checkpoint(tmp_path / "meant", pooling="cls")).config
    assert one.version == same.version
    assert len({one.version, other.version, meant.version}) == 3
    plain = Readout.plain(FINE, COARSE)
    np.testing.assert_array_equal(one.readout.thresholds, plain.thresholds)


@pytest.mark.parametrize(
    ("name", "said", "instead"),
    [("config.json", '"gelu"', '"relu"'), ("tokenizer.json", '"너무": 5', '"너무": 6')],
)
def test_the_version_of_a_torch_model_follows_what_reads_its_weights(
    tmp_path: Path, name: str, said: str, instead: str
) -> None:
    write_classifier(tmp_path, COARSE)
    before = load_bundle(tmp_path).config.version
    content = (tmp_path / name).read_text(encoding="utf-8")
    assert said in content
    (tmp_path / name).write_text(content.replace(said, instead), encoding="utf-8")
    assert load_bundle(tmp_path).config.version != before


def test_the_version_of_a_checkpoint_follows_what_it_is_made_of(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path)
    before = load_bundle(folder).config.version
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"gelu"', '"relu"'))
    assert load_bundle(folder).config.version != before


def test_the_version_of_a_model_in_several_files_follows_each(tmp_path: Path) -> None:
    model = write_classifier(tmp_path, COARSE)
    (tmp_path / "model.safetensors").unlink()
    model.save_pretrained(tmp_path, max_shard_size="4KB")
    versions = {load_bundle(tmp_path).config.version}
    parts = [*tmp_path.glob("model-*.safetensors")]
    assert len(parts) > 1
    for part in parts:
        weights = load_file(part)
        save_file({name: value + 0.01 for name, value in weights.items()}, part, {"format": "pt"})
        versions.add(load_bundle(tmp_path).config.version)
    assert len(versions) == 1 + len(parts)


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_a_missing_package_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint")
    monkeypatch.setitem(sys.modules, package, None)
    sentence = refused(folder)
    assert package in sentence
    assert "pip install" in sentence


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def snapshot_download(*args: object, **kwargs: object) -> str:
        raise error

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)


def test_a_hub_that_cannot_be_reached_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, LocalEntryNotFoundError("Got: ConnectError\nand so on"))
    assert "somebody/model" in refused("somebody/model")
    assert "cannot be reached" in refused("somebody/model")


def test_a_model_that_the_hub_does_not_have_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = RepositoryNotFoundError.__new__(RepositoryNotFoundError)
    fail(monkeypatch, error)
    assert "no such model" in refused("somebody/model")


def test_anything_else_that_goes_wrong_on_the_hub_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail(monkeypatch, OSError("disk full\nwhile writing"))
    assert "disk full while writing" in refused("somebody/model")


def test_without_the_hub_s_client_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    sentence = refused("somebody/model")
    assert "huggingface_hub" in sentence
    assert "pip install" in sentence


def test_weights_in_the_old_format_are_fetched_only_where_there_are_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def snapshot_download(name: str, *, allow_patterns: list[str]) -> str:
        asked.append(allow_patterns)
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    assert hub.fetch("somebody/model") == tmp_path
    assert "pytorch_model.bin" in asked[-1]
    (tmp_path / "model.safetensors").touch()
    asked.clear()
    hub.fetch("somebody/model")
    assert not any("bin" in pattern for patterns in asked for pattern in patterns)
