"""Domain-adaptive pre-training (Gururangan et al. 2020): masked language on texts of the domain.

The files are gone through one after the other, from broad to narrow (lyrics, everyday talk,
emotional talk): what is read last is remembered best.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.emotion.normalise import has_words, normalise
from core.emotion.tokenizer import TextTokenizer
from scripts.training.datasets import DatasetError, read_dataset
from scripts.training.hardware import autocast
from scripts.training.masking import masked_pieces
from scripts.training.model import MoodEncoder
from scripts.training.tables import column_key, read_table
from scripts.training.tasks import padded
from scripts.training.trainer import SavedRun, TrainConfig, train

__all__ = ["AdaptedStage", "DomainTask", "adapt", "read_texts"]

_MASKED: Final = 0.15
_BATCH_TOKENS: Final = (512, 4096)
"""Padded tokens a step, at least and at most: small steps make more of few tokens."""
_STEPS: Final = 100
"""An epoch of a small file is cut into about so many, unless that made the steps too small."""
_HELD_OUT: Final = 50
"""One text in so many is held out, to see whether the encoder learns the domain or the texts."""
_MOST_HELD_OUT: Final = 1000


@dataclass(frozen=True)
class AdaptedStage:
    """What one file did.

    Attributes:
        file: its name.
        digest: SHA-256 of the file.
        texts: different texts that were trained on.
        loss_before, loss_after: masked-language cross-entropy on the held-out texts, in nats a
            piece.
    """

    file: str
    digest: str
    texts: int
    loss_before: float
    loss_after: float


@dataclass(frozen=True, eq=False)
class DomainTask:
    """Masked language over rows of ids.

    Attributes:
        rows: ids of each window.
        special: ids that are never predicted.
        pad_id, mask_id: of the vocabulary.
        batch_tokens: padded tokens a step, about.
    """

    rows: Sequence[list[int]]
    special: Sequence[int]
    pad_id: int
    mask_id: int
    batch_tokens: int = _BATCH_TOKENS[1]
    weight: float = 1.0

    @property
    def batches_an_epoch(self) -> int:
        """How many batches hold all rows."""
        return len(self._bounds) - 1

    def batches(self, generator: np.random.Generator) -> Iterator[npt.NDArray[np.intp]]:
        """Row numbers; rows of one length stand together, the batches come in any order."""
        lengths = np.array([len(row) for row in self.rows])
        order = generator.permutation(len(lengths))
        order = order[np.argsort(lengths[order], kind="stable")]
        bounds = self._bounds
        for number in generator.permutation(len(bounds) - 1):
            yield order[bounds[number] : bounds[number + 1]]

    def loss(self, model: MoodEncoder, batch: npt.NDArray[np.intp]) -> Tensor:
        """Cross-entropy of the hidden pieces, in nats a piece."""
        device = model.decoder_bias.device
        ids, mask = padded([self.rows[i] for i in batch], self.pad_id, device)
        shown, chosen = masked_pieces(ids, self.special, self.mask_id, _MASKED)
        logits = model.pieces(model.hidden(shown, mask)[chosen])
        return nn.functional.cross_entropy(logits.float(), ids[chosen])

    @cached_property
    def _bounds(self) -> list[int]:
        """Where the batches of rows sorted by length begin and end: the same in every epoch."""
        bounds, room = [0], self.batch_tokens
        lengths = np.sort([len(row) for row in self.rows])
        for i, length in enumerate(lengths):
            # The longest row of a batch, its last one, is what the others are filled up to.
            if i > bounds[-1] and (i - bounds[-1] + 1) * int(length) > room:
                bounds.append(i)
        return [*bounds, len(lengths)]


def read_texts(path: Path) -> list[str]:
    """The different normalised texts of a file.

    Args:
        path: .txt is read as one text a line, in UTF-8. Of any other file it is the column `text`,
            or the texts of what `datasets.read_dataset` understands.

    Raises:
        DatasetError: the file cannot be read, or holds no text.
    """
    unique = dict.fromkeys(text for text in map(normalise, _raw_texts(path)) if has_words(text))
    if not unique:
        raise DatasetError(f"{path}: the file holds no text")
    return list(unique)


def _raw_texts(path: Path) -> list[str]:
    if path.suffix.lower() == ".txt":
        try:
            return path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise DatasetError(f"{path}: cannot be read ({error})") from error
    header, *rows = read_table(path)
    keys = [column_key(name) for name in header]
    if "text" not in keys:
        return read_dataset(path).texts
    column = keys.index("text")
    return [row[column] for row in rows if len(row) > column]


def adapt(
    start: MoodEncoder,
    tokenizer: TextTokenizer,
    files: Sequence[Path],
    config: TrainConfig,
    folder: Path,
) -> tuple[MoodEncoder, list[AdaptedStage]]:
    """A copy of `start` that has read `files` in their order.

    Args:
        start: left as it is.
        tokenizer: of the encoder.
        files: as for `read_texts`.
        config: of every stage.
        folder: where the checkpoints of the run are kept, and gone on from.

    Raises:
        DatasetError: a file cannot be used.
        ModelError: a checkpoint in `folder` is damaged, or of another run.
    """
    stages = []
    model = start
    chain = _fingerprint(start, tokenizer)
    for number, path in enumerate(files, start=1):
        texts = read_texts(path)
        chain += hashlib.sha256(path.read_bytes()).hexdigest()
        tasks = _tasks(texts, tokenizer)
        before = _held_out_loss(model, tasks[1])
        result = train(
            model,
            tasks[:1],
            replace(config, average=0.0),
            saved=SavedRun(folder / f"adapt-{number}.pt", chain),
            name=f"adapting to {path.name}",
        )
        model = result.model
        after = _held_out_loss(model, tasks[1])
        stages.append(AdaptedStage(path.name, chain[-64:], len(tasks[0].rows), before, after))
    return model, stages


def _fingerprint(start: MoodEncoder, tokenizer: TextTokenizer) -> str:
    """A digest of the encoder: its weights, and how it reads a text."""
    digest = hashlib.sha256(f"{start.pooling} {tokenizer.max_length}".encode())
    for name, values in sorted(start.state_dict().items()):
        digest.update(name.encode())
        digest.update(values.cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _tasks(texts: Sequence[str], tokenizer: TextTokenizer) -> tuple[DomainTask, DomainTask]:
    """What is trained on, and what is held out: the same texts whatever file they stand in."""
    held = [int(hashlib.sha256(text.encode()).hexdigest(), 16) % _HELD_OUT == 0 for text in texts]
    parts = [
        [text for text, out in zip(texts, held, strict=True) if out == wanted]
        for wanted in (False, True)
    ]
    trained, checked = parts[0] or parts[1], (parts[1] or parts[0])[:_MOST_HELD_OUT]
    training, checking = _task(trained, tokenizer), _task(checked, tokenizer)
    tokens = sum(map(len, training.rows))
    return replace(training, batch_tokens=int(np.clip(tokens // _STEPS, *_BATCH_TOKENS))), checking


def _task(texts: Sequence[str], tokenizer: TextTokenizer) -> DomainTask:
    pad, mask = tokenizer.pad_id, tokenizer.mask_id
    special = (pad, mask, tokenizer.cls_id, tokenizer.sep_id, tokenizer.unk_id)
    rows = [row for text in texts for row in tokenizer.windows(text) if len(row) > 2]
    return DomainTask(rows, special, pad, mask)


@torch.inference_mode()
def _held_out_loss(model: MoodEncoder, task: DomainTask) -> float:
    model.eval()
    torch.manual_seed(0)  # the same pieces are hidden before and after
    losses, weights = [], []
    for batch in task.batches(np.random.default_rng(0)):
        with autocast(model.decoder_bias.device):
            losses.append(task.loss(model, batch).item())
        weights.append(sum(len(task.rows[i]) for i in batch))
    return float(np.average(losses, weights=weights))
