"""Stage one: what informal Korean looks like, and how it feels.

Masked-language modelling over reviews, comments, chat, translated posts and lyrics, together with
three other tasks on the same rows where a target is known: the review's rating, the 28 GoEmotions
labels, and the 44 KOTE emotions (gold on KOTE's training rows, the n-gram model's scores on all
other Korean rows, and for an English row the scores of its translation).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from tqdm import tqdm

from core.emotion.tokenizer import SPECIAL_PIECES
from scripts.training.model import PAD_ID, MoodEncoder

__all__ = ["PretrainConfig", "PretrainRows", "pretrain"]

MASK_ID: Final = SPECIAL_PIECES.index("[MASK]")


@dataclass(frozen=True)
class PretrainConfig:
    """How stage one is run.

    Attributes:
        steps: optimiser steps.
        batch_tokens: padded tokens a step; small steps make more of few tokens.
        learning_rate: the peak, after `warmup` steps, falling linearly to zero.
        masked: share of pieces that are predicted; 80 % of them are replaced by [MASK].
        fine_weight, rating_weight, goemotions_weight: of the tasks, masked language counting 1.
    """

    steps: int
    batch_tokens: int = 4096
    learning_rate: float = 1e-3
    warmup: int = 300
    masked: float = 0.15
    fine_weight: float = 4.0
    rating_weight: float = 1.0
    goemotions_weight: float = 4.0
    seed: int = 0


@dataclass(frozen=True)
class PretrainRows:
    """Texts as ids, with the targets that are known (NaN where not).

    Attributes:
        ids: all rows one after another; `offsets` [shape=(n + 1,)] bounds each.
        targets: head name -> [shape=(n, n_labels)], in [0, 1] or NaN.
    """

    ids: npt.NDArray[np.uint16]
    offsets: npt.NDArray[np.int64]
    targets: dict[str, npt.NDArray[np.float16]]

    def batches(
        self, batch_tokens: int, generator: np.random.Generator
    ) -> Iterator[npt.NDArray[np.int64]]:
        """Row numbers of one epoch's batches: rows of about equal length, batches shuffled."""
        lengths = np.diff(self.offsets)
        order = np.argsort(lengths + generator.uniform(0, 2, len(lengths)))
        batches, start = [], 0
        while start < len(order):
            size = max(1, batch_tokens // int(lengths[order[start]] + 2))
            batches.append(order[start : start + size])
            start += size
        generator.shuffle(batches)
        yield from batches

    def collate(self, rows: npt.NDArray[np.int64]) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        """Ids and mask (batch, length), and the targets of the rows."""
        bounds = [(self.offsets[row], self.offsets[row + 1]) for row in rows]
        ids = np.full((len(rows), max(end - start for start, end in bounds)), PAD_ID, np.int64)
        for row, (start, end) in enumerate(bounds):
            ids[row, : end - start] = self.ids[start:end]
        targets = {
            name: torch.from_numpy(values[rows].astype(np.float32))
            for name, values in self.targets.items()
        }
        return torch.from_numpy(ids), torch.from_numpy((ids != PAD_ID).astype(np.int64)), targets


def pretrain(
    model: MoodEncoder, rows: PretrainRows, config: PretrainConfig, checkpoint: Path
) -> None:
    """Train `model` in place, saving to `checkpoint` every 500 steps and going on from it."""
    optimiser = torch.optim.AdamW(
        model.parameters(), config.learning_rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _slope(step, config))
    done = _resume(checkpoint, model, optimiser, schedule)
    generator = np.random.default_rng(config.seed + done)
    torch.manual_seed(config.seed + done)
    model.train()
    average: dict[str, float] = {}
    with tqdm(total=config.steps, initial=done, desc="pre-training", mininterval=10) as bar:
        while done < config.steps:
            for batch in rows.batches(config.batch_tokens, generator):
                losses = _losses(model, rows.collate(batch), config)
                optimiser.zero_grad()
                torch.stack(list(losses.values())).sum().backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                done += 1
                for name, loss in losses.items():
                    average[name] = 0.99 * average.get(name, loss.item()) + 0.01 * loss.item()
                bar.update()
                bar.set_postfix({k: f"{v:.3f}" for k, v in average.items()}, refresh=False)
                if done % 500 == 0 or done == config.steps:
                    _save(checkpoint, model, optimiser, schedule, done)
                if done == config.steps:
                    break


def _slope(step: int, config: PretrainConfig) -> float:
    if step < config.warmup:
        return (step + 1) / config.warmup
    return max(0.0, (config.steps - step) / max(1, config.steps - config.warmup))


def _losses(
    model: MoodEncoder, batch: tuple[Tensor, Tensor, dict[str, Tensor]], config: PretrainConfig
) -> dict[str, Tensor]:
    ids, mask, targets = batch
    chosen = (torch.rand(ids.shape) < config.masked) & (ids >= len(SPECIAL_PIECES))
    shown = torch.where(chosen & (torch.rand(ids.shape) < 0.8), MASK_ID, ids)
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.hidden(shown, mask)
        logits = model.logits(hidden, mask)
        pieces = model.pieces(hidden[chosen])
    weights = {
        "fine": config.fine_weight,
        "rating": config.rating_weight,
        "goemotions": config.goemotions_weight,
    }
    losses = {"pieces": nn.functional.cross_entropy(pieces.float(), ids[chosen])}
    for name, target in targets.items():
        known = ~target[:, 0].isnan()
        if known.any():
            loss = nn.functional.binary_cross_entropy_with_logits(
                logits[name][known], target[known]
            )
            # The share of the rows keeps a task's weight a row the same in every batch.
            losses[name] = weights[name] * loss * known.float().mean()
    return losses


def _save(path: Path, model: nn.Module, optimiser: Any, schedule: Any, step: int) -> None:
    part = path.with_suffix(".part")
    torch.save(
        {
            "model": model.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
            "step": step,
        },
        part,
    )
    part.replace(path)


def _resume(path: Path, model: nn.Module, optimiser: Any, schedule: Any) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    return int(state["step"])
