"""From a torch checkpoint to the folder that `core.emotion.bundle` serves.

The folder is written only where the exported graph agrees with torch on real texts.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.emotion.bundle import FORMAT, config_version, file_digests, load_bundle
from core.emotion.ngrams import NgramModel
from core.emotion.readout import Readout
from core.emotion.tokenizer import load_tokenizer, tokenizer_files
from core.errors import ModelError
from core.files import replacing
from scripts.training.agreement import Agreement, Limits, measure_agreement
from scripts.training.checkpoint import find_checkpoint, load_checkpoint, read_meta
from scripts.training.corpus import read_everyday
from scripts.training.graph import export_float, export_int8
from scripts.training.model import MoodEncoder

__all__ = ["SERVED", "quantised", "write_bundle", "write_config"]

SERVED: Final = ("emotions", "classes")
"""The heads that are served, in the order of their logits."""

_RANGE_TEXTS: Final = 300
"""Texts on which the ranges of activations are measured."""

Array = npt.NDArray[np.float32]


def write_bundle(  # noqa: PLR0913 - the parts of one folder
    folder: Path,
    checkpoint: Path,
    readout: Readout | None = None,
    wide: NgramModel | None = None,
    *,
    texts: Sequence[str] | None = None,
    int8: bool = True,
    with_checkpoint: bool = True,
    limits: Limits | None = None,
) -> Agreement:
    """Export a checkpoint; on any error `folder` is left as it was.

    Args:
        folder: of the bundle. Other files in it stay; those of an older bundle are replaced.
        checkpoint: of the model (see `find_checkpoint`). It may be `folder / "checkpoint"`.
        readout: what the outputs mean; None takes thresholds of 0.5 and no calibration, for a
            model about which nothing was chosen yet (`write_config` can follow).
        wide: the n-gram part, of the same outputs; written as int8, unless `readout` gives it a
            share of 0.
        texts: normalised, such as the model will read: one half for the ranges of activations, the
            other for the check; None takes our everyday sentences.
        int8: whether the encoder's weights are quantised; else they are fp32.
        with_checkpoint: whether the checkpoint is copied into the bundle, to be fine-tuned.
        limits: what the export has to keep.

    Raises:
        ModelError: the checkpoint is damaged or has no heads that can be served, what is given
            does not fit it, the export does not agree with torch, or `folder` holds another
            model. The message is one sentence.
    """
    source, limits, given = find_checkpoint(checkpoint), limits or Limits(), readout
    readout = _readout(source, given)
    if wide is not None and len(wide.bias) != readout.outputs:
        raise ModelError(
            f"the n-gram part has {len(wide.bias)} outputs, the encoder {readout.outputs}"
        )
    if given is not None and not given.wide_share:
        wide = None
    known = read_everyday()[0].texts if texts is None else texts
    if len(known) < 2:
        raise ModelError("an export is checked on at least two texts")
    stale = _replaced(folder, source, with_checkpoint)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
        new = Path(temporary)
        model, heads = _write_parts(new, source, wide, known[::2] if int8 else None)
        write_config(new, source, readout)
        checked = _spread(known[1::2], limits.texts)
        agreement = measure_agreement(model, heads, load_bundle(new), checked)
        if not agreement.within(limits):
            raise ModelError(
                f"the export of {source} is off, and nothing was written: {agreement}; "
                f"{limits.same_top:.1%}, {limits.mean_difference} and {limits.max_difference} are "
                "asked for"
            )
        if with_checkpoint and (folder / "checkpoint").resolve() != source.resolve():
            shutil.copytree(source, new / "checkpoint")
        _publish(new, folder, stale)
    return agreement


def write_config(folder: Path, checkpoint: Path, readout: Readout | None = None) -> None:
    """Write `config.json` for the other files in `folder`.

    Args:
        folder: of a bundle.
        checkpoint: of the model.
        readout: what the outputs mean; None takes thresholds of 0.5 and no calibration.

    Raises:
        ModelError: the labels are not those of the checkpoint, or cannot be served.
    """
    meta, readout = read_meta(checkpoint), _readout(checkpoint, readout)
    config: dict[str, Any] = {
        "format": FORMAT,
        "tokenizer": meta.tokenizer,
        "max_length": meta.max_length,
        "emotions": list(readout.emotions),
        "classes": list(readout.classes),
        "wide_share": round(readout.wide_share, 4),
        "calibration": {
            "weights": [_rounded(row) for row in readout.weights],
            "bias": _rounded(readout.bias),
        },
        "ambiguous_below": round(readout.ambiguous_below, 4),
        "files": file_digests(folder, meta.tokenizer),
    }
    if readout.emotions:
        config["thresholds"] = _rounded(readout.thresholds)
        config["neutral_threshold"] = round(readout.neutral_threshold, 4)
    config = {"version": config_version(config), **config}
    text = json.dumps(config, ensure_ascii=False, indent=2)
    with replacing(folder / "config.json") as file:
        file.write(f"{text}\n".encode())


def quantised(wide: NgramModel) -> NgramModel:
    """The same model with int8 weights and one scale a label."""
    weights = wide.weights.astype(np.float32) * wide.scale
    scale = np.maximum(np.abs(weights).max(axis=0) / 127, 1e-8).astype(np.float32)
    return NgramModel(
        keys=wide.keys,
        idf=wide.idf.astype(np.float16).astype(np.float32),
        weights=np.round(weights / scale).astype(np.int8),
        bias=wide.bias,
        scale=scale,
    )


def _readout(checkpoint: Path, chosen: Readout | None) -> Readout:
    """What was chosen, or else what is plain, for the labels of the checkpoint."""
    heads = read_meta(checkpoint).heads
    emotions, classes = (heads.get(name, ()) for name in SERVED)
    try:
        readout = chosen or Readout.plain(emotions, classes)
    except ValueError as error:
        raise ModelError(f"the model in {checkpoint} cannot be served: {error}") from error
    if (readout.emotions, readout.classes) != (emotions, classes):
        raise ModelError(f"the model in {checkpoint} has other labels than what was chosen for it")
    return readout


def _write_parts(
    folder: Path, source: Path, wide: NgramModel | None, sample: Sequence[str] | None
) -> tuple[MoodEncoder, list[str]]:
    """Write all but the configuration; the graph is in int8 where there is a sample.

    Returns:
        The torch model, and the heads that the graph reads.
    """
    model, meta = load_checkpoint(source)
    heads = [name for name in SERVED if name in meta.heads]
    path = folder / "encoder.onnx"
    try:
        for name in tokenizer_files(source, meta.tokenizer):
            shutil.copyfile(source / name, folder / name)
        tokenizer = load_tokenizer(folder, meta.tokenizer, meta.max_length)
    except (OSError, ValueError, RuntimeError, ModuleNotFoundError) as error:
        raise ModelError(f"the tokenizer in {source} cannot be used: {error}") from error
    if wide is not None:
        _write_ngrams(folder / "ngrams.npz", quantised(wide))
    if sample is None:
        export_float(model, path, heads)
    else:
        rows = [tokenizer.windows(text)[0] for text in _spread(sample, _RANGE_TEXTS)]
        export_int8(model, path, heads, rows)
    return model, heads


def _spread(texts: Sequence[str], count: int) -> list[str]:
    """At most `count` of the texts, from all over the list."""
    places = np.linspace(0, len(texts) - 1, min(count, len(texts))).round().astype(int)
    return [texts[place] for place in places]


def _write_ngrams(path: Path, model: NgramModel) -> None:
    np.savez_compressed(
        path,
        keys=model.keys,
        idf=model.idf.astype(np.float16),
        weights=model.weights,
        bias=model.bias,
        scale=model.scale,
    )


def _replaced(folder: Path, source: Path, with_checkpoint: bool) -> list[str]:
    """The files of the older bundle in `folder`.

    Raises:
        ModelError: there is something else that would be lost or mixed up.
    """
    old = folder / "checkpoint"
    if old.exists() and old.resolve() != source.resolve():
        if not with_checkpoint:
            raise ModelError(f"{old} is of another model: replace it with this one's, or remove it")
        find_checkpoint(old)
    if not (folder / "config.json").exists():
        return []
    try:
        raw: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return [name for name in raw["files"] if Path(name).name == name]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder} holds another model, which is not overwritten") from error


def _publish(new: Path, folder: Path, stale: Sequence[str]) -> None:
    """Move everything in `new` to `folder`, the configuration last.

    A reader who comes in between finds files that do not belong to the configuration, and says so.
    """
    folder.mkdir(exist_ok=True)
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    if (new / "checkpoint").is_dir() and (folder / "checkpoint").is_dir():
        shutil.rmtree(folder / "checkpoint")
    for path in sorted(new.iterdir(), key=lambda path: path.name == "config.json"):
        path.replace(folder / path.name)


def _rounded(values: Array) -> list[float]:
    return [round(float(value), 5) for value in values]
