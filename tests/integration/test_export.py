"""From a torch checkpoint to a served folder: the packed graph, the bundle, and the command."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from transformers import BertConfig, ElectraConfig, PreTrainedConfig, RobertaConfig

from core.emotion.bundle import load_bundle
from core.emotion.classifier import Classifier
from core.emotion.encoders import OnnxEncoder
from core.emotion.labels import COARSE, FINE
from core.emotion.ngrams import NgramModel, ngram_keys
from core.emotion.readout import Readout, softmax
from core.emotion.tokenizer import KoBertTokenizer
from core.errors import ModelError
from scripts import export_emotion
from scripts.training.agreement import Limits
from scripts.training.checkpoint import find_checkpoint, load_checkpoint, save_checkpoint
from scripts.training.export import quantised, write_bundle, write_config
from scripts.training.graph import activation_ranges, export_float, export_int8, packed_graph
from scripts.training.model import MoodEncoder

PIECES = Path(__file__).parents[2] / "data/models/emotion/pieces.model"
KOBERT = Path(__file__).parents[3] / "shared/data/kobert_vocab"
HEADS = {"emotions": len(FINE), "classes": len(COARSE)}
LABELS = {"emotions": FINE, "classes": COARSE}
PIECES_SIZE = 12_000
KOBERT_SIZE = 8_002
TEXTS = [f"{who} {what}" for who in ("나는", "엄마가", "친구랑") for what in ("슬퍼", "기뻐 너무")]
ANY = Limits(same_top=0, mean_difference=1, max_difference=1)
LOOSE: dict[str, Any] = {"texts": TEXTS, "limits": ANY}
"""A quick export, whatever comes of it."""

Array = npt.NDArray[np.float32]


def config_of(kind: str, vocabulary: int = 200, **others: Any) -> PreTrainedConfig:
    """Two layers, 32 wide, of an encoder with all its peculiarities."""
    sizes: dict[str, Any] = {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "max_position_embeddings": 40,
        **others,
    }
    if kind == "roberta":
        return RobertaConfig(**sizes, pad_token_id=1, type_vocab_size=1)
    if kind == "electra":
        return ElectraConfig(**sizes, embedding_size=16)
    return BertConfig(**sizes)


def model_of(config: PreTrainedConfig, heads: dict[str, int] = HEADS, **others: Any) -> MoodEncoder:
    """A random model that is far from indifferent, with every bias and norm at work."""
    torch.manual_seed(0)
    model = MoodEncoder(config, heads, **others).eval()
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name.endswith("bias") or "LayerNorm.weight" in name:
                value.add_(0.3 * torch.randn_like(value))
            elif name.startswith("heads.") or "token_type" in name:
                value.mul_(8)
    return model


def rows_of(count: int, vocabulary: int = 200, longest: int = 30) -> list[list[int]]:
    generator = np.random.default_rng(0)
    lengths = generator.integers(3, longest, count)
    return [generator.integers(5, vocabulary, length).tolist() for length in lengths]


def torch_outputs(model: MoodEncoder, rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Logits and embeddings of transformers' own forward pass, padded to the longest row."""
    padding = model.config.pad_token_id or 0
    ids = torch.full((len(rows), max(map(len, rows))), padding)
    mask = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)], mask[i, : len(row)] = torch.tensor(row), 1
    with torch.no_grad():
        hidden = model.hidden(ids, mask)
        logits = torch.cat(list(model.logits(hidden, mask).values()), dim=1)
        return logits.numpy(), model.embed(hidden, mask).numpy()


def run(graph: onnx.ModelProto, rows: Sequence[Sequence[int]], *names: str) -> list[Array]:
    """Outputs of all rows in one run."""
    lengths = [len(row) for row in rows]
    feeds = {
        "ids": np.concatenate(rows).astype(np.int64),
        "positions": np.concatenate([np.arange(length) for length in lengths]),
        "segments": np.repeat(np.arange(len(rows)), lengths),
    }
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    outputs: list[Array] = session.run(list(names or ("logits", "embedding")), feeds)
    return outputs


@pytest.mark.parametrize("kind", ["bert", "roberta", "electra"])
@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("embedding", [None, 24])
def test_in_fp32_the_packed_graph_equals_transformers(
    kind: str, pooling: str, embedding: int | None
) -> None:
    model = model_of(config_of(kind), pooling=pooling, embedding=embedding)
    rows = rows_of(7)
    found = run(packed_graph(model, list(HEADS)), rows)
    for value, expected in zip(found, torch_outputs(model, rows), strict=True):
        np.testing.assert_allclose(value, expected, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found[1], axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_in_fp32_the_packed_graph_of_a_kobert_equals_transformers(
    pooling: str, tmp_path: Path
) -> None:
    config = BertConfig(
        vocab_size=KOBERT_SIZE,
        hidden_size=768,
        num_hidden_layers=2,
        num_attention_heads=12,
        intermediate_size=3072,
        pad_token_id=1,
    )
    torch.manual_seed(0)
    model = MoodEncoder(config, {"classes": 7}, pooling).eval()
    rows = rows_of(6, KOBERT_SIZE, longest=50)
    export_float(model, tmp_path / "encoder.onnx", ["classes"])
    found = OnnxEncoder(tmp_path / "encoder.onnx").encode(rows)
    for value, expected in zip(found, torch_outputs(model, rows), strict=True):
        np.testing.assert_allclose(value, expected, atol=1e-5)


def test_the_heads_stand_in_the_order_asked_for() -> None:
    model = model_of(config_of("bert"), {"a": 2, "b": 3, "c": 4})
    (all_three,) = run(packed_graph(model, ["a", "b", "c"]), rows_of(3), "logits")
    (two,) = run(packed_graph(model, ["c", "a"]), rows_of(3), "logits")
    np.testing.assert_allclose(two, all_three[:, [5, 6, 7, 8, 0, 1]], atol=1e-6)


def test_with_cls_pooling_the_last_layer_is_computed_for_the_first_tokens_only() -> None:
    graph = packed_graph(model_of(config_of("bert"), pooling="cls"), list(HEADS))
    widened = [node.output[0] for node in graph.graph.node if node.op_type == "Gelu"]
    for name in widened:
        graph.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    rows = rows_of(5)
    shapes = [value.shape for value in run(graph, rows, *widened)]
    assert shapes == [(sum(map(len, rows)), 64), (5, 64)]


@pytest.mark.parametrize(
    ("changes", "heads", "sentence"),
    [({}, ["moods"], "moods"), ({}, [], "heads"), ({"hidden_act": "silu"}, ["classes"], "silu")],
)
def test_what_cannot_be_exported_is_named(
    changes: dict[str, Any], heads: list[str], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        packed_graph(model_of(config_of("bert", **changes)), heads)


@pytest.mark.parametrize("activation", ["gelu", "gelu_new", "relu"])
def test_every_activation_function_is_transformers_own(activation: str) -> None:
    model = model_of(config_of("bert", hidden_act=activation))
    found = run(packed_graph(model, list(HEADS)), rows_of(4))
    np.testing.assert_allclose(found[0], torch_outputs(model, rows_of(4))[0], atol=1e-5)


def test_int8_is_close_and_small(tmp_path: Path) -> None:
    model = model_of(config_of("electra", vocabulary=3000))
    rows = rows_of(40, 3000)
    export_int8(model, tmp_path / "int8.onnx", list(HEADS), rows[:20])
    export_float(model, tmp_path / "float.onnx", list(HEADS))
    sizes = [(tmp_path / name).stat().st_size for name in ("int8.onnx", "float.onnx")]
    assert sizes[0] < 0.5 * sizes[1]
    logits, embeddings = OnnxEncoder(tmp_path / "int8.onnx").encode(rows[20:])
    expected = torch_outputs(model, rows[20:])
    assert np.abs(softmax(logits) - softmax(expected[0])).mean() < 0.005
    assert (embeddings * expected[1]).sum(axis=1).min() > 0.99


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_in_int8_a_text_reads_the_same_alone_and_in_company(pooling: str) -> None:
    model = model_of(config_of("bert"), pooling=pooling)
    rows = rows_of(8)
    graph = packed_graph(model, list(HEADS), activation_ranges(model, rows))
    together = run(graph, rows)
    for i, row in enumerate(rows):
        for alone, packed in zip(run(graph, [row]), together, strict=True):
            np.testing.assert_allclose(alone[0], packed[i], atol=1e-4)


def test_the_range_of_an_activation_leaves_out_a_rare_text() -> None:
    model = model_of(config_of("bert"))
    first = model.encoder.encoder.layer[0].attention.self.query
    usual = activation_ranges(model, [[5, 6, 7]] * 200)[first]
    with torch.no_grad():
        model.encoder.embeddings.word_embeddings.weight[9, 0] = 1e4  # norms to a spike
    assert activation_ranges(model, [[5, 6, 7]] * 200 + [[5, 9, 7]])[first] == usual
    assert activation_ranges(model, [[5, 6, 7]] * 20 + [[5, 9, 7]] * 20)[first][1] > usual[1]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained") / "checkpoint"
    model = model_of(config_of("bert", PIECES_SIZE), embedding=8)
    save_checkpoint(folder, model, [PIECES], "pieces", 40, LABELS)
    return folder


def wide_of(outputs: int) -> NgramModel:
    keys = np.unique(ngram_keys("슬퍼 기뻐 너무"))
    generator = np.random.default_rng(0)
    weights = generator.normal(0, 1, (len(keys), outputs)).astype(np.float32)
    ones = np.ones(max(len(keys), outputs), np.float32)
    return NgramModel(keys, ones[: len(keys)], weights, 0 * ones[:outputs], ones[:outputs])


def chosen() -> Readout:
    return Readout(
        emotions=FINE,
        classes=COARSE,
        thresholds=np.linspace(0.1, 0.9, len(FINE), dtype=np.float32),
        neutral_threshold=0.3,
        wide_share=0.25,
        weights=np.eye(7, dtype=np.float32) * 0.8,
        bias=np.linspace(-0.1, 0.1, 7, dtype=np.float32),
        ambiguous_below=0.35,
    )


def test_a_bundle_serves_what_torch_computes(checkpoint: Path, tmp_path: Path) -> None:
    agreement = write_bundle(tmp_path / "bundle", checkpoint)
    assert agreement.texts == Limits.texts
    model, _ = load_checkpoint(checkpoint)
    bundle = load_bundle(tmp_path / "bundle")
    rows = [bundle.tokenizer.windows(text)[0] for text in TEXTS]
    readout = bundle.config.readout
    expected = readout.activated(torch_outputs(model, rows)[0])
    classifier = Classifier(bundle)
    deep, wide = classifier.parts(TEXTS)
    classifier.close()
    assert wide is None
    assert np.abs(deep - expected).max() < 0.1
    assert np.abs(deep - expected).mean() < Limits.mean_difference


def test_a_packed_checkpoint_is_exported_with_the_same_weights(
    checkpoint: Path, tmp_path: Path
) -> None:
    model, _ = load_checkpoint(checkpoint)
    packed = tmp_path / "packed"
    save_checkpoint(packed, model, [PIECES], "pieces", 40, LABELS, precision="int8")
    graphs = []
    for name, source in (("one", checkpoint), ("two", packed)):
        write_bundle(tmp_path / name, source, **LOOSE)
        graphs.append(onnx.load(tmp_path / name / "encoder.onnx").graph.initializer)
    whole = [
        [onnx.numpy_helper.to_array(tensor) for tensor in graph if tensor.data_type == 3]
        for graph in graphs
    ]
    assert len(whole[0]) > 8
    for one, other in zip(*whole, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_was_chosen_comes_back(checkpoint: Path, tmp_path: Path) -> None:
    write_bundle(tmp_path, checkpoint, chosen(), wide_of(51), **LOOSE)
    bundle = load_bundle(tmp_path)
    readout = bundle.config.readout
    for name in ("thresholds", "weights", "bias"):
        np.testing.assert_allclose(getattr(readout, name), getattr(chosen(), name), atol=1e-5)
    kept = (readout.neutral_threshold, readout.wide_share, readout.ambiguous_below)
    assert kept == pytest.approx((0.3, 0.25, 0.35))
    assert bundle.ngrams is not None
    np.testing.assert_allclose(
        bundle.ngrams.logits("너무 슬퍼"), wide_of(51).logits("너무 슬퍼"), atol=0.05
    )
    version = bundle.config.version
    write_config(tmp_path, tmp_path / "checkpoint", Readout.plain(FINE, COARSE))
    again = load_bundle(tmp_path)
    assert again.config.readout.wide_share == 0
    assert again.config.version != version


def test_ngrams_without_a_share_are_not_shipped(checkpoint: Path, tmp_path: Path) -> None:
    readout = replace(chosen(), wide_share=0.0)
    write_bundle(tmp_path, checkpoint, readout, wide_of(51), **LOOSE)
    assert not (tmp_path / "ngrams.npz").exists()
    assert load_bundle(tmp_path).ngrams is None


def test_an_export_that_is_off_is_not_written(checkpoint: Path, tmp_path: Path) -> None:
    sentence = r"^the export of .* is off, and nothing was written: on 3 texts [^\n]+$"
    strict: dict[str, Any] = {"texts": TEXTS, "limits": Limits(mean_difference=1e-9)}
    with pytest.raises(ModelError, match=sentence):
        write_bundle(tmp_path / "new", checkpoint, **strict)
    assert list(tmp_path.iterdir()) == []
    write_bundle(tmp_path / "old", checkpoint, chosen(), wide_of(51), **LOOSE)
    before = load_bundle(tmp_path / "old").config.version
    with pytest.raises(ModelError, match="is off"):
        write_bundle(tmp_path / "old", checkpoint, **strict)
    assert load_bundle(tmp_path / "old").config.version == before


def test_a_newer_bundle_takes_the_place_of_an_older_one(checkpoint: Path, tmp_path: Path) -> None:
    write_bundle(tmp_path, checkpoint, chosen(), wide_of(51), **LOOSE)
    (tmp_path / "README.md").write_text("a model")
    other = tmp_path / "work"
    model = model_of(config_of("bert", PIECES_SIZE), {"classes": 7}, pooling="cls")
    save_checkpoint(other, model, [PIECES], "pieces", 20, {"classes": COARSE})
    write_bundle(tmp_path, other, **LOOSE)
    bundle = load_bundle(tmp_path)
    assert bundle.ngrams is None
    assert bundle.config.readout.emotions == ()
    assert bundle.config.max_length == 20
    assert (tmp_path / "README.md").read_text() == "a model"
    assert load_checkpoint(tmp_path)[1].pooling == "cls"


def test_a_checkpoint_inside_the_bundle_stays_where_it_is(checkpoint: Path, tmp_path: Path) -> None:
    model, _ = load_checkpoint(checkpoint)
    save_checkpoint(tmp_path / "checkpoint", model, [PIECES], "pieces", 40, LABELS)
    before = (tmp_path / "checkpoint/model.safetensors").stat().st_ino
    write_bundle(tmp_path, tmp_path / "checkpoint", **LOOSE)
    assert (tmp_path / "checkpoint/model.safetensors").stat().st_ino == before
    assert find_checkpoint(tmp_path) == tmp_path / "checkpoint"
    load_bundle(tmp_path)


def test_what_does_not_fit_is_refused_in_one_sentence(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has 7 outputs, the encoder 51"):
        write_bundle(tmp_path / "a", checkpoint, wide=wide_of(7))
    with pytest.raises(ModelError, match="other labels"):
        write_bundle(tmp_path / "a", checkpoint, Readout.plain((), COARSE))
    with pytest.raises(ModelError, match="at least two texts"):
        write_bundle(tmp_path / "a", checkpoint, texts=["하나"])
    with pytest.raises(ModelError, match=r"no ngrams\.npz"):
        write_bundle(tmp_path / "a", checkpoint, chosen())
    strange = tmp_path / "strange"
    model = model_of(config_of("bert", PIECES_SIZE), {"classes": 2})
    save_checkpoint(strange, model, [PIECES], "pieces", 40, {"classes": ("맑음", "흐림")})
    with pytest.raises(ModelError, match="cannot be served"):
        write_bundle(tmp_path / "a", strange)
    assert not (tmp_path / "a").exists()
    hub = tmp_path / "hub"
    hub.mkdir()
    (hub / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(ModelError, match="another model, which is not overwritten"):
        write_bundle(hub, checkpoint)


def test_a_checkpoint_without_its_tokenizer_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    model, _ = load_checkpoint(checkpoint)
    save_checkpoint(tmp_path / "c", model, [], "pieces", 40, LABELS)
    with pytest.raises(ModelError, match=r"pieces\.model"):
        write_bundle(tmp_path / "a", tmp_path / "c")
    assert not (tmp_path / "a").exists()


def test_quantised_ngrams_are_the_same_when_quantised_again() -> None:
    once = quantised(wide_of(3))
    again = quantised(once)
    np.testing.assert_array_equal(once.weights, again.weights)
    np.testing.assert_allclose(once.scale, again.scale)


@pytest.mark.skipif(not KOBERT.is_dir(), reason="../shared/data/kobert_vocab is not there")
def test_a_kobert_folder_is_saved_exported_loaded_and_served(tmp_path: Path) -> None:
    config = config_of("bert", KOBERT_SIZE, hidden_size=64, intermediate_size=128, pad_token_id=1)
    model = model_of(config, {"classes": 7}, pooling="cls")
    files = [KOBERT / "tokenizer_78b3253a26.model", KOBERT / "kobertvocab_f38b8a4d6d.json"]
    save_checkpoint(tmp_path / "c", model, files, "kobert", 40, {"classes": COARSE})
    write_bundle(tmp_path / "bundle", tmp_path / "c")
    bundle = load_bundle(tmp_path / "bundle")
    assert isinstance(bundle.tokenizer, KoBertTokenizer)
    (row,) = bundle.tokenizer.windows("한국어 모델을 공유합니다.")
    assert row == [2, 4958, 6855, 2046, 7088, 1050, 7843, 54, 3]
    classifier = Classifier(bundle)
    scores, nothing = classifier.scores(["한국어 모델을 공유합니다.", "   "])
    classifier.close()
    assert nothing is None
    assert scores is not None
    expected = softmax(torch_outputs(model, [row])[0])[0]
    np.testing.assert_allclose(scores.coarse, expected, atol=0.1)
    assert scores.coarse.argmax() == expected.argmax()


def command(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["export_emotion", *map(str, arguments)])
    export_emotion.main()


def test_the_command_exports_and_says_how_well(
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sample = tmp_path / "sample.txt"
    sample.write_text("\n".join(TEXTS), encoding="utf-8")
    out = tmp_path / "bundle"
    loose = ("--same-top", 0, "--mean-difference", 1)
    command(monkeypatch, checkpoint, "--out", out, "--sample", sample, *loose)
    assert "on 3 texts" in capsys.readouterr().out
    assert load_bundle(out).config.readout.classes == COARSE
    assert not (out / "checkpoint").exists()


def test_the_command_keeps_what_was_chosen_for_a_bundle(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(tmp_path / "int8", checkpoint, chosen(), wide_of(51), **LOOSE)
    command(monkeypatch, tmp_path / "int8", "--out", tmp_path / "float", "--float", "--texts", 50)
    first, second = (load_bundle(tmp_path / name) for name in ("int8", "float"))
    np.testing.assert_array_equal(first.config.readout.thresholds, second.config.readout.thresholds)
    assert first.ngrams is not None
    assert second.ngrams is not None
    np.testing.assert_array_equal(first.ngrams.weights, second.ngrams.weights)
    rows = [first.tokenizer.windows(text)[0] for text in TEXTS]
    model, _ = load_checkpoint(checkpoint)
    np.testing.assert_allclose(
        second.encoder.encode(rows)[0], torch_outputs(model, rows)[0], atol=1e-4
    )


def test_the_command_says_in_one_sentence_what_is_wrong(
    tmp_path: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match=r"^there is no folder .*nothing$"):
        command(monkeypatch, tmp_path / "nothing", "--out", tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SystemExit, match=r"^.* is no checkpoint: it has no maeum\.json$"):
        command(monkeypatch, tmp_path / "empty", "--out", tmp_path / "out")
    config_of("bert").save_pretrained(tmp_path / "classifier")
    with pytest.raises(SystemExit, match=r"served as it is but not exported: .*train_emotion"):
        command(monkeypatch, tmp_path / "classifier", "--out", tmp_path / "out")
    with pytest.raises(SystemExit, match="is off, and nothing was written"):
        command(monkeypatch, checkpoint, "--out", tmp_path / "out", "--texts", 9, "--same-top", 2)
    with pytest.raises(SystemExit, match=r"sample\.txt"):
        command(
            monkeypatch, checkpoint, "--out", tmp_path / "out", "--sample", tmp_path / "sample.txt"
        )
    assert not (tmp_path / "out").exists()


def test_the_configuration_is_what_the_readme_says(checkpoint: Path, tmp_path: Path) -> None:
    write_bundle(tmp_path, checkpoint, chosen(), wide_of(51), **LOOSE)
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert config["format"] == 2
    assert sorted(config["files"]) == ["encoder.onnx", "ngrams.npz", "pieces.model"]
    assert set(config) == {
        *("version", "format", "tokenizer", "max_length", "emotions", "classes", "wide_share"),
        *("calibration", "ambiguous_below", "files", "thresholds", "neutral_threshold"),
    }
