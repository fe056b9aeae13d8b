"""Tiny random models in the folder that `core.emotion.bundle` reads, written in milliseconds."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from core.emotion.bundle import FORMAT, config_version, file_digests
from core.emotion.labels import COARSE, FINE
from core.emotion.ngrams import ngram_keys
from core.emotion.tokenizer import Tokenizer

PIECES = Path(__file__).parents[1] / "data/models/emotion/pieces.model"
MAX_LENGTH = 16
WIDTH = 8

Floats = npt.NDArray[np.float32]


def write_bundle(
    folder: Path,
    *,
    emotions: tuple[str, ...] = FINE,
    classes: tuple[str, ...] = COARSE,
    wide: bool = True,
    int8: bool = False,
    seed: int = 0,
) -> Path:
    """Write a model with random weights; returns `folder`."""
    generator = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PIECES, folder / "pieces.model")
    outputs = len(emotions) + len(classes)
    vocabulary = Tokenizer(PIECES, MAX_LENGTH).size
    onnx.save(tiny_graph(generator, vocabulary, outputs), folder / "encoder.onnx")
    if int8:
        path = folder / "encoder.onnx"
        quantize_dynamic(path, path, per_channel=True, weight_type=QuantType.QInt8)
    if wide:
        _write_ngrams(folder / "ngrams.npz", generator, outputs)
    k = len(classes) or len(COARSE)
    config: dict[str, Any] = {
        "format": FORMAT,
        "tokenizer": "pieces",
        "max_length": MAX_LENGTH,
        "emotions": list(emotions),
        "classes": list(classes),
        "wide_share": 0.25 if wide else 0.0,
        "calibration": {
            "weights": (np.eye(k) + generator.normal(0, 0.1, (k, k))).tolist(),
            "bias": generator.normal(0, 0.1, k).tolist(),
        },
        "ambiguous_below": 0.2,
    }
    if emotions:
        config["thresholds"] = generator.uniform(0.1, 0.5, len(emotions)).tolist()
        config["neutral_threshold"] = 0.4
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    change_config(folder)
    return folder


def change_config(folder: Path, **changes: Any) -> None:
    """Set values of `config.json`, and the digests and the version to what fits then.

    A value of None takes the key out.
    """
    path = folder / "config.json"
    raw = {**json.loads(path.read_text("utf-8")), **changes}
    raw = {key: value for key, value in raw.items() if value is not None}
    if raw["tokenizer"] == "pieces":
        raw["files"] = file_digests(folder, "pieces")
    raw["version"] = config_version(raw)
    path.write_text(json.dumps(raw, ensure_ascii=False), "utf-8")


def tiny_graph(generator: np.random.Generator, vocabulary: int, outputs: int) -> onnx.ModelProto:
    """The mean of token and position embeddings, a tanh layer, and linear outputs."""
    weights = {
        "table": generator.normal(0, 1, (vocabulary, WIDTH)),
        "places": generator.normal(0, 0.5, (MAX_LENGTH, WIDTH)),
        "dense": generator.normal(0, 1, (WIDTH, WIDTH)),
        "head": generator.normal(0, 1, (WIDTH, outputs)),
        "projection": generator.normal(0, 1, (WIDTH, 4)),
    }
    constants = [
        numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()
    ]
    numbers = {"zero": 0, "one": 1, "rows": [0], "columns": [1]}
    constants += [
        numpy_helper.from_array(np.array(value, np.int64), name) for name, value in numbers.items()
    ]
    steps = """
        Gather table ids -> tokens
        Gather places positions -> places_of
        Add tokens places_of -> x
        MatMul x dense -> mixed
        Tanh mixed -> states
        ReduceMax segments -> last
        Add last one -> count
        Range zero count one -> numbers
        Unsqueeze numbers columns -> column
        Unsqueeze segments rows -> row
        Equal column row -> member_of
        Cast member_of -> member
        ReduceSum member columns -> lengths
        MatMul member states -> sums
        Div sums lengths -> pooled
        MatMul pooled head -> logits
        MatMul pooled projection -> sentence
        ReduceL2 sentence columns -> norm
        Div sentence norm -> embedding
    """
    options = {"ReduceMax": ("keepdims", 0), "Cast": ("to", TensorProto.FLOAT)}
    nodes = []
    for step in steps.strip().splitlines():
        inputs, output = step.split("->")
        kind, *names = inputs.split()
        nodes.append(helper.make_node(kind, names, [output.strip()]))
        if kind in options:
            nodes[-1].attribute.append(helper.make_attribute(*options[kind]))
    feeds = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["tokens"])
        for name in ("ids", "positions", "segments")
    ]
    results = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", outputs]),
        helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", 4]),
    ]
    graph = helper.make_graph(nodes, "tiny", feeds, results, constants)
    opset = [helper.make_opsetid("", 20)]
    return helper.make_model(graph, opset_imports=opset, ir_version=9)


def _write_ngrams(path: Path, generator: np.random.Generator, outputs: int) -> None:
    keys = np.unique(ngram_keys("슬퍼 기뻐 오늘 너무 행복해 화가 나"))
    np.savez_compressed(
        path,
        keys=keys,
        idf=generator.uniform(1, 5, len(keys)).astype(np.float16),
        weights=generator.integers(-127, 128, (len(keys), outputs), np.int8),
        bias=generator.normal(0, 1, outputs).astype(np.float32),
        scale=np.full(outputs, 0.02, np.float32),
    )
