"""The encoder as one ONNX graph for packed rows.

Several texts stand in one row of tokens: `segments` numbers the text each token belongs to, and a
block-diagonal mask keeps them apart. There is no padding, so that short messages cost what they
are long. Queries, keys and values come out of one product. Weights are int8, signed, one scale a
column; activations are quantised as they come (dynamic quantisation).
"""

import tempfile
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from scripts.training.corpus import GOEMOTIONS
from scripts.training.model import MoodEncoder

__all__ = ["export_int8", "packed_graph"]

_OPSET: Final = 20
_FAR: Final = -1e4
"""Added to the attention logits between different texts; exp(-1e4) is 0 in fp32."""


class _Graph:
    """Collects nodes and weights; every method returns the name of what it computed."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, value: npt.ArrayLike | Tensor, dtype: Any = np.float32) -> str:
        array = value.detach().numpy() if isinstance(value, Tensor) else np.asarray(value)
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array, dtype, order="C"), name))
        return name

    def apply(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def linear(self, x: str, weight: Tensor, bias: Tensor) -> str:
        """x W^T + b, for a torch weight [shape=(out, in)]."""
        return self.apply(
            "Add", self.apply("MatMul", x, self.constant(weight.T)), self.constant(bias)
        )

    def norm(self, x: str, layer: Any) -> str:
        scale, bias = self.constant(layer.weight), self.constant(layer.bias)
        return self.apply("LayerNormalization", x, scale, bias, epsilon=layer.eps, axis=-1)

    def reshape(self, x: str, *shape: int) -> str:
        return self.apply("Reshape", x, self.constant(shape, np.int64))

    def embedding(self, ids: str, table: Tensor) -> str:
        """Rows of an int8 table, each with its own scale."""
        values = table.detach().numpy()
        scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-8) / 127
        rows = self.apply("Gather", self.constant(np.round(values / scale), np.int8), ids)
        scales = self.apply("Gather", self.constant(scale), ids)
        return self.apply("Mul", self.apply("Cast", rows, to=TensorProto.FLOAT), scales)


def packed_graph(model: MoodEncoder) -> onnx.ModelProto:
    """The graph `ids, positions, segments [shape=(tokens,)] -> logits [shape=(texts, 45)]`.

    The 45 logits are the fine emotions and GoEmotions' "neutral".
    """
    graph = _Graph()
    embeddings = model.encoder.embeddings
    x = graph.embedding("ids", embeddings.word_embeddings.weight)
    # There is one token type: its embedding is part of every position's.
    places = embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
    x = graph.apply("Add", x, graph.apply("Gather", graph.constant(places), "positions"))
    x = graph.norm(x, embeddings.LayerNorm)
    column = graph.apply("Unsqueeze", "segments", graph.constant([1], np.int64))
    row = graph.apply("Unsqueeze", "segments", graph.constant([0], np.int64))
    same = graph.apply("Equal", column, row)  # (tokens, tokens)
    mask = graph.apply("Where", same, graph.constant(0.0), graph.constant(_FAR))
    for layer in model.encoder.encoder.layer:
        x = _layer(graph, x, mask, layer, model.config.num_attention_heads)
    pooled = _mean_by_segment(graph, x, row)
    heads = [cast(torch.nn.Linear, model.heads[name]) for name in ("fine", "goemotions")]
    neutral = GOEMOTIONS.index("neutral")
    weight = torch.cat([heads[0].weight, heads[1].weight[neutral, None]])
    bias = torch.cat([heads[0].bias, heads[1].bias[neutral, None]])
    logits = graph.linear(pooled, weight, bias)
    graph.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["tokens"])
        for name in ("ids", "positions", "segments")
    ]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", len(bias)])
    proto = helper.make_graph(graph.nodes, "packed_encoder", inputs, [output], graph.weights)
    opset = [helper.make_opsetid("", _OPSET)]
    onnx_model = helper.make_model(proto, opset_imports=opset, ir_version=9)
    onnx.checker.check_model(onnx_model)
    return onnx_model


def export_int8(model: MoodEncoder, path: Path) -> None:
    """Write `model` to `path` with int8 weights."""
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "float.onnx"
        onnx.save(packed_graph(model), full)
        quantize_dynamic(
            full,
            path,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )


def _layer(graph: _Graph, x: str, mask: str, layer: Any, heads: int) -> str:
    attention = layer.attention
    own = attention.self
    weight = torch.cat([own.query.weight, own.key.weight, own.value.weight])  # (3 width, width)
    bias = torch.cat([own.query.bias, own.key.bias, own.value.bias])
    width = own.query.weight.shape[0]
    mixed = graph.reshape(graph.linear(x, weight, bias), -1, 3, heads, width // heads)
    mixed = graph.apply("Transpose", mixed, perm=[1, 2, 0, 3])  # (3, heads, tokens, width/heads)
    query, key, value = (
        graph.apply("Gather", mixed, graph.constant(i, np.int64), axis=0) for i in range(3)
    )
    key = graph.apply("Transpose", key, perm=[0, 2, 1])
    scores = graph.apply("MatMul", query, key)  # (heads, tokens, tokens)
    scores = graph.apply("Mul", scores, graph.constant((width // heads) ** -0.5))
    weights = graph.apply("Softmax", graph.apply("Add", scores, mask), axis=-1)
    context = graph.apply("Transpose", graph.apply("MatMul", weights, value), perm=[1, 0, 2])
    context = graph.reshape(context, -1, width)  # (tokens, width)
    output = attention.output
    y = graph.linear(context, output.dense.weight, output.dense.bias)
    x = graph.norm(graph.apply("Add", x, y), output.LayerNorm)
    inner = graph.linear(x, layer.intermediate.dense.weight, layer.intermediate.dense.bias)
    inner = graph.apply("Gelu", inner)
    y = graph.linear(inner, layer.output.dense.weight, layer.output.dense.bias)
    return graph.norm(graph.apply("Add", x, y), layer.output.LayerNorm)


def _mean_by_segment(graph: _Graph, x: str, row: str) -> str:
    """Mean states of each text, (tokens, width) -> (texts, width)."""
    last = graph.apply("ReduceMax", "segments", keepdims=0)
    count = graph.apply("Add", last, graph.constant(1, np.int64))
    numbers = graph.apply("Range", graph.constant(0, np.int64), count, graph.constant(1, np.int64))
    numbers = graph.apply("Unsqueeze", numbers, graph.constant([1], np.int64))
    member = graph.apply("Cast", graph.apply("Equal", numbers, row), to=TensorProto.FLOAT)
    lengths = graph.apply("ReduceSum", member, graph.constant([1], np.int64), keepdims=1)
    return graph.apply("Div", graph.apply("MatMul", member, x), lengths)
