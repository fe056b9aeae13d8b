"""Stage two: the 44 KOTE emotions from people's own labels.

Three sources go along in every step: KOTE's comments; everyday sentences of ours, since people
talk to a friend otherwise than to a forum; and GoEmotions at a lower weight, so that the encoder
keeps what "no emotion" looks like.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from tqdm import tqdm

from core.emotion.tokenizer import Tokenizer
from scripts.training.model import PAD_ID, MoodEncoder

__all__ = ["FinetuneConfig", "Source", "encode", "finetune", "logits_of", "masked_bce"]


@dataclass(frozen=True)
class FinetuneConfig:
    """How stage two is run.

    Attributes:
        epochs: over the first source's rows. Pre-training has seen its labels; more epochs only
            memorise them (chosen on the validation rows).
        learning_rate: the peak, after a tenth of the steps, falling linearly to zero.
        average: decay of the running average of the weights, which is what is kept.
    """

    epochs: int = 4
    learning_rate: float = 2e-4
    average: float = 0.99
    weight_decay: float = 0.05
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Source:
    """Texts that go along in every step.

    Attributes:
        texts: normalised.
        targets: head name -> [shape=(len(texts), n_labels)], 0 to 1, NaN where unknown.
        batch: rows a step.
        weight: of the source's loss.
    """

    texts: Sequence[str]
    targets: Mapping[str, npt.NDArray[np.float32]]
    batch: int
    weight: float = 1.0


def encode(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Padded ids and mask, (batch, length)."""
    ids = torch.full((len(rows), max(map(len, rows))), PAD_ID)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
    return ids, (ids != PAD_ID).long()


def masked_bce(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean binary cross-entropy over the known targets; both (batch, n_labels)."""
    known = ~targets.isnan()
    return nn.functional.binary_cross_entropy_with_logits(logits[known], targets[known])


def finetune(
    start: MoodEncoder, tokenizer: Tokenizer, sources: Sequence[Source], config: FinetuneConfig
) -> MoodEncoder:
    """A fine-tuned copy of `start`: the running average of the weights over the run."""
    model, average = deepcopy(start), deepcopy(start).eval()
    torch.manual_seed(config.seed)
    steps = config.epochs * (len(sources[0].texts) // sources[0].batch)
    optimiser = torch.optim.AdamW(
        model.parameters(), config.learning_rate, weight_decay=config.weight_decay, fused=True
    )
    warmup = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warmup, (steps - s) / max(1, steps - warmup))
    )
    model.train()
    generator = np.random.default_rng(config.seed)
    streams = [_batches(source, tokenizer, generator) for source in sources]
    for step in tqdm(range(steps), desc="fine-tuning", mininterval=5):
        optimiser.zero_grad()
        for source, stream in zip(sources, streams, strict=True):
            (source.weight * _loss(model, *next(stream))).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        _follow(average, model, min(config.average, (step + 1) / (step + 10)))
    return average


@torch.no_grad()
def logits_of(
    model: MoodEncoder, tokenizer: Tokenizer, texts: Sequence[str], batch: int = 64
) -> dict[str, npt.NDArray[np.float32]]:
    """The heads' logits of many texts (of each its first window), one array a head."""
    model.eval()
    rows = [tokenizer.windows(text)[0] for text in texts]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    parts: dict[str, list[npt.NDArray[np.float32]]] = {}
    for start in range(0, len(order), batch):
        ids, mask = encode([rows[i] for i in order[start : start + batch]])
        for name, values in model.logits(model.hidden(ids, mask), mask).items():
            parts.setdefault(name, []).append(values.numpy())
    back = np.argsort(order)
    return {name: np.concatenate(values)[back] for name, values in parts.items()}


def _batches(
    source: Source, tokenizer: Tokenizer, generator: np.random.Generator
) -> Iterator[tuple[list[list[int]], dict[str, Tensor]]]:
    """Batches without end; within 16 batches, rows of like length stand together."""
    rows = [tokenizer.windows(text)[0] for text in source.texts]
    size = source.batch
    if len(rows) < size:
        raise ValueError(f"a source of {len(rows)} rows fills no batch of {size}")
    while True:
        order = generator.permutation(len(rows))
        for start in range(0, len(order) - size + 1, 16 * size):
            pool = sorted(order[start : start + 16 * size], key=lambda i: len(rows[i]))
            pieces = [pool[i : i + size] for i in range(0, len(pool) - size + 1, size)]
            for chosen in (pieces[i] for i in generator.permutation(len(pieces))):
                targets = {
                    head: torch.from_numpy(values[chosen])
                    for head, values in source.targets.items()
                }
                yield [rows[i] for i in chosen], targets


def _loss(model: MoodEncoder, rows: list[list[int]], targets: Mapping[str, Tensor]) -> Tensor:
    ids, mask = encode(rows)
    with torch.autocast("cpu", torch.bfloat16):
        logits = model.logits(model.hidden(ids, mask), mask)
    losses = [masked_bce(logits[head], target) for head, target in targets.items()]
    return torch.stack(losses).sum()


@torch.no_grad()
def _follow(average: MoodEncoder, model: MoodEncoder, decay: float) -> None:
    for kept, new in zip(average.parameters(), model.parameters(), strict=True):
        kept.lerp_(new, 1 - decay)
