"""An encoder with its heads as one ONNX graph for packed rows.

Several texts stand in one row of tokens: `segments` numbers the text each token belongs to, and a
block-diagonal mask keeps them apart. There is no padding, so that short messages cost what they
are long. Queries, keys and values come out of one product; where the first token is read out, the
last layer is computed for the first tokens only.

In int8, weights are signed with one scale a column. Activations are unsigned with a fixed range,
measured on sample texts (`activation_ranges`), so that a text's scores do not depend on the texts
that share a run with it, as they would with a range taken from each run.

Two fusions of ONNX Runtime that this graph keeps clear of: its SkipLayerNormalization (for states
of three dimensions) takes three times as long as Add and LayerNormalization, and its
MultiHeadAttention a little longer than the nodes here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from scripts.training.model import MoodEncoder, position_offset

__all__ = ["activation_ranges", "export_float", "export_int8", "packed_graph"]

Range = tuple[float, float]

_OPSET: Final = 20
_CONTRIB: Final = "com.microsoft"
"""ONNX Runtime's own operators, here the int8 product with bias."""
_FAR: Final = -1e4
"""Added to the attention logits between different texts; exp(-1e4) is 0 in fp32."""
_WITHIN: Final = 0.99
"""Of the sample texts stay within an activation's range; what goes beyond it is clipped. Of ranges
at 0.9, 0.99 and 1 this one agreed best with float on texts that were not in the sample."""
_ACTIVATIONS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "gelu": ("Gelu", {}),
    "gelu_new": ("Gelu", {"approximate": "tanh"}),
    "gelu_pytorch_tanh": ("Gelu", {"approximate": "tanh"}),
    "relu": ("Relu", {}),
}
"""Name in a transformers configuration -> operator and its attributes."""


def packed_graph(
    model: MoodEncoder, heads: Sequence[str], ranges: Mapping[nn.Module, Range] | None = None
) -> onnx.ModelProto:
    """The graph of a model: what comes in, and what goes out.

    In, int64 [shape=(tokens,)] each: `ids`; `positions`, which count from 0 in every text; and
    `segments`, the number of the text, from 0 and without a gap. Out, float32: `logits`
    [shape=(texts, n)], of the heads one after another, and `embedding` [shape=(texts, d)], of unit
    length.

    Args:
        model: on the CPU.
        heads: names of the heads whose logits are given, at least one.
        ranges: of what goes into each of the encoder's linear layers, for an int8 graph; None for
            fp32.

    Raises:
        ValueError: there is no such head, or an operator for the encoder's activation function.
    """
    unknown = [name for name in heads if name not in model.heads]
    if unknown or not heads:
        raise ValueError(f"the heads {unknown or 'to be exported'} are not in {list(model.heads)}")
    if model.config.hidden_act not in _ACTIVATIONS:
        raise ValueError(f"no operator is known for the activation {model.config.hidden_act!r}")
    graph = _Graph(ranges)
    pooled = _pooled(graph, model)
    layers: list[Any] = [model.heads[name] for name in heads]
    weight = torch.cat([layer.weight for layer in layers])
    bias = torch.cat([layer.bias for layer in layers])
    graph.name(graph.product(pooled, weight, bias), "logits")
    if model.embedding is not None:
        pooled = graph.product(pooled, model.embedding.weight)
    graph.name(graph.apply("LpNormalization", pooled, axis=-1, p=2), "embedding")
    width = model.config.hidden_size if model.embedding is None else len(model.embedding.weight)
    return graph.finished({"logits": len(bias), "embedding": width})


def export_float(model: MoodEncoder, path: Path, heads: Sequence[str]) -> None:
    """Write `model` to `path` in fp32; see `packed_graph`."""
    onnx.save(packed_graph(model, heads), path)


def export_int8(
    model: MoodEncoder, path: Path, heads: Sequence[str], sample: Sequence[Sequence[int]]
) -> None:
    """Write `model` to `path` with int8 weights, heads and projection in fp32.

    Args:
        model: on the CPU, in evaluation mode.
        path: of the graph.
        heads: see `packed_graph`.
        sample: rows of ids, some hundred such as the model will read.
    """
    onnx.save(packed_graph(model, heads, activation_ranges(model, sample)), path)


@torch.inference_mode()
def activation_ranges(model: MoodEncoder, rows: Sequence[Sequence[int]]) -> dict[nn.Module, Range]:
    """The range in which nearly all texts keep what goes into each linear layer of the encoder.

    Args:
        model: in evaluation mode.
        rows: of ids, one a text.
    """
    seen: dict[nn.Module, list[Range]] = {}

    def note(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        low, high = inputs[0].aminmax()
        seen.setdefault(layer, []).append((float(low), float(high)))

    linear = [module for module in model.encoder.modules() if isinstance(module, nn.Linear)]
    hooks = [layer.register_forward_pre_hook(note) for layer in linear]
    try:
        for row in rows:
            ids = torch.tensor([row])
            model.hidden(ids, torch.ones_like(ids))
    finally:
        for hook in hooks:
            hook.remove()
    ranges = {}
    for layer, found in seen.items():
        lows, highs = np.array(found).T
        low = float(np.quantile(lows, 1 - _WITHIN, method="lower"))
        high = float(np.quantile(highs, _WITHIN, method="higher"))
        ranges[layer] = (min(low, 0.0), max(high, 0.0))  # 0 has to be a step of the scale
    return ranges


class _Graph:
    """Collects nodes and weights; every method returns the name of what it computed."""

    def __init__(self, ranges: Mapping[nn.Module, Range] | None) -> None:
        self.ranges = ranges
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def constant(self, value: npt.ArrayLike | Tensor, dtype: Any = np.float32) -> str:
        array = value.detach().numpy() if isinstance(value, Tensor) else np.asarray(value)
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.asarray(array, dtype, order="C"), name))
        return name

    def apply(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        name = f"{kind.lower()}_{len(self._nodes)}"
        node = helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes)
        self._nodes.append(node)
        return name

    def name(self, value: str, output: str) -> None:
        """Give a value out under a name of its own."""
        self._nodes.append(helper.make_node("Identity", [value], [output]))

    def product(self, x: str, weight: Tensor, bias: Tensor | None = None) -> str:
        """x W^T + b in fp32, for a torch weight [shape=(out, in)]."""
        y = self.apply("MatMul", x, self.constant(weight.T))
        return y if bias is None else self.apply("Add", y, self.constant(bias))

    def linear(self, x: str, *layers: Any) -> str:
        """The encoder's linear layers, side by side where there are several."""
        weight = torch.cat([layer.weight for layer in layers])
        bias = torch.cat([layer.bias for layer in layers])
        if self.ranges is None:
            return self.product(x, weight, bias)
        low, high = self.ranges[layers[0]]
        step = max(high - low, 1e-8) / 255
        scale = self.constant(step)
        zero = self.constant(round(-low / step), np.uint8)
        columns, scales = _quantised(weight.T, axis=0)
        x = self.apply("QuantizeLinear", x, scale, zero)
        weights = self.constant(columns, np.int8), scale, self.constant(scales[0])
        inputs = (x, *weights, zero, "", self.constant(bias))
        return self.apply("MatMulIntegerToFloat", *inputs, domain=_CONTRIB)

    def norm(self, x: str, layer: Any) -> str:
        scale, bias = self.constant(layer.weight), self.constant(layer.bias)
        return self.apply("LayerNormalization", x, scale, bias, epsilon=layer.eps, axis=-1)

    def reshape(self, x: str, *shape: int) -> str:
        return self.apply("Reshape", x, self.constant(shape, np.int64))

    def unsqueeze(self, x: str, axis: int) -> str:
        return self.apply("Unsqueeze", x, self.constant([axis], np.int64))

    def split(self, x: str, count: int) -> list[str]:
        """Equal parts along the first axis."""
        if count == 1:
            return [x]
        names = [f"split_{len(self._nodes)}_{i}" for i in range(count)]
        self._nodes.append(helper.make_node("Split", [x], names, axis=0, num_outputs=count))
        return names

    def embedding(self, ids: str, table: Tensor) -> str:
        """Rows of a table; in int8 each row has a scale of its own."""
        if self.ranges is None:
            return self.apply("Gather", self.constant(table), ids)
        rows, scales = _quantised(table, axis=1)
        x = self.apply("Gather", self.constant(rows, np.int8), ids)
        x = self.apply("Cast", x, to=TensorProto.FLOAT)
        return self.apply("Mul", x, self.apply("Gather", self.constant(scales), ids))

    def finished(self, widths: Mapping[str, int]) -> onnx.ModelProto:
        """The checked model, for outputs of these widths."""
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["tokens"])
            for name in ("ids", "positions", "segments")
        ]
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", width])
            for name, width in widths.items()
        ]
        graph = helper.make_graph(self._nodes, "packed_encoder", inputs, outputs, self._weights)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        onnx.checker.check_model(model)
        return model


def _quantised(table: Tensor, axis: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Whole numbers from -127 to 127, and the scales, one for each slice along `axis`."""
    values = table.detach().numpy()
    scales = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-8) / 127
    return np.round(values / scales), scales


def _pooled(graph: _Graph, model: MoodEncoder) -> str:
    """One vector a text, (texts, width)."""
    x = _embedded(graph, model)
    column, row = graph.unsqueeze("segments", 1), graph.unsqueeze("segments", 0)
    same = graph.apply("Equal", column, row)  # (tokens, tokens)
    mask = graph.apply("Where", same, graph.constant(0.0), graph.constant(_FAR))
    *layers, last = model.encoder.encoder.layer
    for layer in layers:
        x = _layer(graph, model, layer, x, x, mask)
    if model.pooling == "mean":
        return _mean_by_segment(graph, _layer(graph, model, last, x, x, mask), row)
    first = graph.apply("Equal", "positions", graph.constant(0, np.int64))
    queries, mask = (graph.apply("Compress", value, first, axis=0) for value in (x, mask))
    return _layer(graph, model, last, queries, x, mask)


def _embedded(graph: _Graph, model: MoodEncoder) -> str:
    embeddings = model.encoder.embeddings
    x = graph.embedding("ids", embeddings.word_embeddings.weight)
    # All tokens are of the first type: its embedding is part of every position's.
    places = embeddings.position_embeddings.weight[position_offset(model.config) :]
    places = places + embeddings.token_type_embeddings.weight[0]
    x = graph.apply("Add", x, graph.apply("Gather", graph.constant(places), "positions"))
    x = graph.norm(x, embeddings.LayerNorm)
    if hasattr(model.encoder, "embeddings_project"):  # ELECTRA's may be narrower than its states
        x = graph.linear(x, model.encoder.embeddings_project)
    return x


def _layer(graph: _Graph, model: MoodEncoder, layer: Any, x: str, context: str, mask: str) -> str:
    """One layer for the states `x`, (n, width) -> (n, width), which look at `context`."""
    heads = model.config.num_attention_heads
    output = layer.attention.output
    y = graph.linear(_attention(graph, layer.attention.self, heads, x, context, mask), output.dense)
    x = graph.norm(graph.apply("Add", x, y), output.LayerNorm)
    kind, attributes = _ACTIVATIONS[model.config.hidden_act]
    inner = graph.apply(kind, graph.linear(x, layer.intermediate.dense), **attributes)
    y = graph.linear(inner, layer.output.dense)
    return graph.norm(graph.apply("Add", x, y), layer.output.LayerNorm)


def _attention(graph: _Graph, own: Any, heads: int, x: str, context: str, mask: str) -> str:
    """(n, width) and (tokens, width) -> (n, width), with a mask (n, tokens)."""
    width = len(own.query.weight)

    def by_head(mixed: str, count: int) -> list[str]:
        mixed = graph.reshape(mixed, -1, count, heads, width // heads)
        mixed = graph.apply("Transpose", mixed, perm=[1, 2, 0, 3])  # (count, heads, n, width/heads)
        return graph.split(mixed, count)

    if x == context:
        query, key, value = by_head(graph.linear(x, own.query, own.key, own.value), 3)
    else:
        (query,) = by_head(graph.linear(x, own.query), 1)
        key, value = by_head(graph.linear(context, own.key, own.value), 2)
    scores = graph.apply("MatMul", query, graph.apply("Transpose", key, perm=[0, 1, 3, 2]))
    scores = graph.apply("Mul", scores, graph.constant((width // heads) ** -0.5))
    weights = graph.apply("Softmax", graph.apply("Add", scores, mask), axis=-1)
    mixed = graph.apply("Transpose", graph.apply("MatMul", weights, value), perm=[0, 2, 1, 3])
    return graph.reshape(mixed, -1, width)


def _mean_by_segment(graph: _Graph, x: str, row: str) -> str:
    """Mean states of each text, (tokens, width) -> (texts, width)."""
    last = graph.apply("ReduceMax", "segments", keepdims=0)
    one = graph.constant(1, np.int64)
    numbers = graph.apply("Range", graph.constant(0, np.int64), graph.apply("Add", last, one), one)
    same = graph.apply("Equal", graph.unsqueeze(numbers, 1), row)  # (texts, tokens)
    member = graph.apply("Cast", same, to=TensorProto.FLOAT)
    lengths = graph.apply("ReduceSum", member, graph.constant([1], np.int64), keepdims=1)
    return graph.apply("Div", graph.apply("MatMul", member, x), lengths)
