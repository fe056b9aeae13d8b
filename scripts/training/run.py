"""One training run: its settings, its state, and how that is kept on disk."""

import math
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from core.errors import ModelError
from core.files import replacing
from scripts.training.hardware import best_device
from scripts.training.model import MoodEncoder

__all__ = ["Run", "SavedRun", "Score", "TrainConfig", "TrainResult"]

Score = Callable[[MoodEncoder], float]
"""Of a model's weights on validation rows; higher is better."""

_COUNTERS: Final = ("step", "loss", "loss_steps", "losses", "scores")
_PARTS: Final = ("model", "average", "optimiser", "schedule")


@dataclass(frozen=True)
class TrainConfig:
    """How a model is trained.

    Attributes:
        epochs: over the first task's rows, at most.
        steps: in place of `epochs` where it is given; the last epoch may then be cut short.
        learning_rate: the peak, after `warmup` of all steps, falling linearly to zero.
        warmup: share of the steps, 0 to 1.
        average: decay of the running average of the weights, which is what is kept; 0 keeps the
            weights themselves.
        patience: epochs without a better validation score after which the run ends.
        save_every: steps between two checkpoints within an epoch; one is made after each epoch.
        betas: of AdamW.
        clip: largest norm of a gradient.
    """

    epochs: int = 4
    steps: int | None = None
    learning_rate: float = 2e-4
    warmup: float = 0.1
    average: float = 0.99
    weight_decay: float = 0.05
    patience: int = 2
    save_every: int = 500
    betas: tuple[float, float] = (0.9, 0.999)
    clip: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a setting is out of its range.
        """
        if min(self.epochs, self.patience, self.save_every, self.steps or 1) < 1:
            raise ValueError("epochs, steps, patience and save_every have to be above 0")
        if not self.learning_rate > 0 or not 0 <= self.average < 1 or not 0 <= self.warmup <= 1:
            raise ValueError(
                f"a learning rate of {self.learning_rate}, an average of {self.average} or a "
                f"warm-up of {self.warmup} is out of range"
            )


@dataclass(frozen=True, eq=False)
class TrainResult:
    """What came of a run.

    Attributes:
        model: the weights kept, in evaluation mode: of the epoch with the best score, or of the
            last one where none was scored.
        losses: mean training loss of each epoch.
        scores: validation score of each epoch; empty where none was asked for.
        epoch: the one whose weights are kept, from 1.
        steps: optimiser steps made.
    """

    model: MoodEncoder
    losses: Sequence[float]
    scores: Sequence[float]
    epoch: int
    steps: int


@dataclass(frozen=True)
class SavedRun:
    """Where a run leaves its checkpoints.

    Attributes:
        path: the file.
        fingerprint: of all that shapes the run beside its `TrainConfig`; a checkpoint with another
            one is refused.
    """

    path: Path
    fingerprint: str


@dataclass(eq=False)
class Run:
    """A run under way: the weights, the optimiser and what was seen so far."""

    start: MoodEncoder
    config: TrainConfig
    steps_an_epoch: int
    step: int = 0
    loss: float = 0.0  # sum over the steps of the epoch under way
    loss_steps: int = 0
    losses: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    best: Mapping[str, Tensor] | None = None

    def __post_init__(self) -> None:
        config = self.config
        self.total = total = config.steps or config.epochs * self.steps_an_epoch
        self.device = best_device()
        self.model = deepcopy(self.start).to(self.device)
        self.average = deepcopy(self.model).eval() if config.average else self.model
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(),
            config.learning_rate,
            betas=config.betas,
            weight_decay=config.weight_decay,
            fused=True,
        )
        warmup = max(1, math.ceil(config.warmup * total))
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimiser,
            lambda s: min((s + 1) / warmup, max(0.0, (total - s) / max(1, total - warmup))),
        )

    def advance(self) -> None:
        """Make the step whose gradients are there."""
        nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        self.optimiser.step()
        self.schedule.step()
        self.step += 1
        self.loss_steps += 1
        if self.average is not self.model:
            # Short runs: the average of the first steps must not keep the random heads.
            self._follow(min(self.config.average, self.step / (self.step + 9)))

    @torch.no_grad()
    def _follow(self, decay: float) -> None:
        pairs = zip(self.average.parameters(), self.model.parameters(), strict=True)
        for kept, new in pairs:
            kept.lerp_(new, 1 - decay)

    def close_epoch(self, score: Score | None) -> None:
        """Note the epoch's loss and score, and its weights where they are the best so far."""
        self.losses.append(self.loss / self.loss_steps)
        self.loss, self.loss_steps = 0.0, 0
        if score is None:
            return
        self.scores.append(float(score(self.average.eval())))
        if self.scores[-1] > max(self.scores[:-1], default=-math.inf):
            self.best = {k: v.detach().clone() for k, v in self.average.state_dict().items()}

    def best_epoch(self) -> int:
        """From 1."""
        return 1 + int(np.argmax(self.scores)) if self.scores else len(self.losses)

    def is_over(self, patience: int) -> bool:
        """Whether the score has not risen for that many epochs."""
        return len(self.losses) - self.best_epoch() >= patience

    def figures(self) -> dict[str, str]:
        """What is shown beside the progress bar: the epoch's loss, the last epoch's score."""
        shown = {"loss": f"{self.loss / self.loss_steps:.3f}"}
        return shown | ({"score": f"{self.scores[-1]:.4f}"} if self.scores else {})

    def result(self) -> TrainResult:
        """What came of it."""
        if self.best is not None:
            self.average.load_state_dict(self.best)
        model = self.average.cpu().eval()
        return TrainResult(model, self.losses, self.scores, self.best_epoch(), self.step)

    def save(self, saved: SavedRun) -> None:
        """Write the run, whole or not at all."""
        state = {name: getattr(self, name) for name in (*_COUNTERS, "best")}
        for name in _PARTS:
            state[name] = getattr(self, name).state_dict()
        with replacing(saved.path) as file:
            torch.save({**state, "fingerprint": f"{self.config} {saved.fingerprint}"}, file)

    def load(self, saved: SavedRun) -> None:
        """Go on from what `save` wrote.

        Raises:
            ModelError: it is damaged, or of another run.
        """
        try:
            state = torch.load(saved.path, map_location=self.device, weights_only=True)
            found = state["fingerprint"]
        except Exception as error:  # torch.load promises no exception types
            reason = " ".join(str(error).split())
            raise ModelError(f"the run in {saved.path} cannot be read: {reason}") from error
        if found != f"{self.config} {saved.fingerprint}":
            raise ModelError(
                f"{saved.path} is of a run with other data or settings: "
                "go on with the same ones, or remove it to begin anew"
            )
        for name in _PARTS:
            getattr(self, name).load_state_dict(state[name])
        self.best = state["best"]
        for name in _COUNTERS:
            setattr(self, name, state[name])
