"""The one training loop: of fine-tuning, and of adaptation to a domain.

AdamW with warm-up and linear decay, a running average of the weights, bf16 where the hardware has
it, a checkpoint of the run every so often, and early stopping on a validation score.

What a step draws (its batch, dropout, masked pieces) follows from the seed and the number of the
step alone. So a run that was broken off and goes on from its last checkpoint ends with the same
weights as one that was not.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from scripts.training.hardware import autocast, keep_freed_memory
from scripts.training.model import MoodEncoder
from scripts.training.run import Run, SavedRun, Score, TrainConfig, TrainResult

__all__ = [
    "SavedRun",
    "Task",
    "TrainConfig",
    "TrainResult",
    "train",
]


class Task(Protocol):
    """What the loop takes batches and losses from."""

    @property
    def weight(self) -> float:
        """Of the task's loss in the sum."""

    @property
    def batches_an_epoch(self) -> int:
        """How many batches `batches` gives, whatever the generator."""

    def batches(self, generator: np.random.Generator) -> Iterator[Any]:
        """The batches of one epoch."""

    def loss(self, model: MoodEncoder, batch: Any) -> Tensor:
        """The mean loss of a batch, a scalar; called under autocast."""


def train(
    start: MoodEncoder,
    tasks: Sequence[Task],
    config: TrainConfig,
    *,
    score: Score | None = None,
    saved: SavedRun | None = None,
    name: str = "training",
) -> TrainResult:
    """Train a copy of `start`.

    Args:
        start: left as it is.
        tasks: go along in every step, each with a batch of its own. The first one's rows make an
            epoch; the others begin anew with it, or when they run out.
        config: how.
        score: of the weights so far, higher is better; called after every epoch.
        saved: where the run's checkpoints are kept, and gone on from when one is there.
        name: shown beside the progress bar.

    Raises:
        ModelError: the checkpoint is damaged, or of another run.
    """
    keep_freed_memory()
    run = Run(start, config, tasks[0].batches_an_epoch)
    if saved is not None and saved.path.exists():
        run.load(saved)
    with tqdm(total=run.total, initial=run.step, desc=name, mininterval=5) as bar:
        while run.step < run.total and not run.is_over(config.patience):
            _run_epoch(run, tasks, bar, saved)
            run.close_epoch(score)
            if saved is not None:
                run.save(saved)
    return run.result()


def _run_epoch(run: Run, tasks: Sequence[Task], bar: Any, saved: SavedRun | None) -> None:
    config, epoch = run.config, run.step // run.steps_an_epoch
    streams = [_stream(task, i, epoch, config.seed) for i, task in enumerate(tasks)]
    run.model.train()
    begin = epoch * run.steps_an_epoch
    end = min(begin + run.steps_an_epoch, run.total)
    for step in range(begin, end):
        batches = [next(stream) for stream in streams]
        if step < run.step:
            continue  # done before the run was broken off
        torch.manual_seed(_seed(config.seed, step))
        run.optimiser.zero_grad()
        for task, batch in zip(tasks, batches, strict=True):
            with autocast(run.device):
                loss = task.weight * task.loss(run.model, batch)
            loss.backward()
            run.loss += loss.item()
        run.advance()
        bar.set_postfix(run.figures(), refresh=False)
        bar.update()
        if saved is not None and run.step % config.save_every == 0 and run.step < end:
            run.save(saved)


def _stream(task: Task, number: int, epoch: int, seed: int) -> Iterator[Any]:
    """A task's batches in one epoch of the first task, begun anew when they run out."""
    turn = 0
    while True:
        yield from task.batches(np.random.default_rng([seed, epoch, number, turn]))
        turn += 1


def _seed(seed: int, step: int) -> int:
    return int(np.random.SeedSequence([seed, step]).generate_state(1)[0])
