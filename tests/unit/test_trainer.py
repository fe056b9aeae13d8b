from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor

from core.errors import ModelError
from scripts.training.model import EncoderShape, MoodEncoder, encoder_config
from scripts.training.tasks import LabelTask, exclusive_loss, independent_loss, padded
from scripts.training.trainer import SavedRun, TrainConfig, TrainResult, train

SHAPE = EncoderShape(layers=1, width=16, heads=2, positions=16)
CONFIG = TrainConfig(epochs=4, learning_rate=1e-2, average=0.9, save_every=2)
GLAD, SAD = 7, 9


def model(seed: int = 0) -> MoodEncoder:
    torch.manual_seed(seed)
    return MoodEncoder(encoder_config(40, SHAPE), {"classes": 2})


def task(batch: int = 8, rows: int = 60) -> LabelTask:
    """Rows whose class is told by one piece in them."""
    generator = np.random.default_rng(0)
    texts = [[2, *generator.integers(10, 40, generator.integers(1, 8)), 3] for _ in range(rows)]
    classes = np.arange(rows) % 2
    for row, glad in zip(texts, classes, strict=True):
        row.insert(int(generator.integers(1, len(row))), GLAD if glad else SAD)
    labels = np.eye(2, dtype=np.float32)[classes]
    return LabelTask(
        texts, {"classes": labels}, pad_id=0, batch=batch, exclusive=frozenset(["classes"])
    )


class BrokenOffError(Exception):
    pass


@dataclass(frozen=True, eq=False)
class BreakingTask:
    """Breaks off when a batch is asked for that often."""

    inner: LabelTask
    left: list[int]
    weight: float = 1.0

    @property
    def batches_an_epoch(self) -> int:
        return self.inner.batches_an_epoch

    def batches(self, generator: np.random.Generator) -> Iterator[npt.NDArray[np.intp]]:
        return self.inner.batches(generator)

    def loss(self, model: MoodEncoder, batch: Any) -> Tensor:
        self.left[0] -= 1
        if self.left[0] < 0:
            raise BrokenOffError
        return self.inner.loss(model, batch)


def weights(result: TrainResult) -> dict[str, Tensor]:
    return result.model.state_dict()


def accuracy(trained: MoodEncoder) -> float:
    rows = task().rows
    ids, mask = padded(rows, 0)
    with torch.no_grad():
        said = trained.logits(trained.hidden(ids, mask), mask)["classes"].argmax(dim=1)
    return float((said.numpy() == np.arange(len(rows)) % 2).mean())


def test_it_learns_and_leaves_the_start_as_it_was() -> None:
    start = model()
    before = {name: value.clone() for name, value in start.state_dict().items()}
    result = train(start, [task()], replace(CONFIG, epochs=15), score=accuracy)
    assert accuracy(result.model) > 0.95
    assert result.losses[-1] < 0.5 * result.losses[0]
    assert all(torch.equal(value, before[name]) for name, value in start.state_dict().items())


@pytest.mark.parametrize("steps", [3, 8, 11, 17])
def test_a_run_that_was_broken_off_ends_as_one_that_was_not(steps: int, tmp_path: Path) -> None:
    whole = train(model(), [task()], CONFIG, score=accuracy)
    saved = SavedRun(tmp_path / "run.pt", "data")
    with pytest.raises(BrokenOffError):
        train(model(), [BreakingTask(task(), [steps])], CONFIG, score=accuracy, saved=saved)
    again = train(model(), [task()], CONFIG, score=accuracy, saved=saved)
    assert again.losses == pytest.approx(whole.losses)
    assert again.scores == whole.scores
    for name, value in weights(whole).items():
        assert torch.equal(value, weights(again)[name]), name


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    saved = SavedRun(tmp_path / "run.pt", "data")
    first = train(model(), [task()], CONFIG, saved=saved)
    again = train(model(), [BreakingTask(task(), [0])], CONFIG, saved=saved)
    assert all(torch.equal(v, weights(again)[name]) for name, v in weights(first).items())


def test_a_checkpoint_of_other_data_or_settings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    train(model(), [task()], replace(CONFIG, epochs=1), saved=SavedRun(path, "data"))
    with pytest.raises(ModelError, match="other data or settings"):
        train(model(), [task()], replace(CONFIG, epochs=1), saved=SavedRun(path, "more data"))
    with pytest.raises(ModelError, match="other data or settings"):
        train(model(), [task()], replace(CONFIG, epochs=2), saved=SavedRun(path, "data"))
    path.write_bytes(b"damaged")
    with pytest.raises(ModelError, match="cannot be read"):
        train(model(), [task()], replace(CONFIG, epochs=1), saved=SavedRun(path, "data"))


def test_the_run_ends_early_and_keeps_the_best_epoch() -> None:
    kept: list[dict[str, Tensor]] = []

    def score(trained: MoodEncoder) -> float:
        kept.append({name: value.clone() for name, value in trained.state_dict().items()})
        return [0.1, 0.5, 0.4, 0.5, 0.9][len(kept) - 1]

    result = train(model(), [task()], replace(CONFIG, epochs=5, patience=2), score=score)
    assert result.scores == [0.1, 0.5, 0.4, 0.5]
    assert result.epoch == 2
    assert all(torch.equal(value, kept[1][name]) for name, value in weights(result).items())


def test_a_number_of_steps_may_end_within_an_epoch(tmp_path: Path) -> None:
    config = replace(CONFIG, steps=11)
    whole = train(model(), [task()], config)
    assert whole.steps == 11
    assert len(whole.losses) == 2
    saved = SavedRun(tmp_path / "run.pt", "data")
    with pytest.raises(BrokenOffError):
        train(model(), [BreakingTask(task(), [9])], config, saved=saved)
    again = train(model(), [task()], config, saved=saved)
    assert again.losses == pytest.approx(whole.losses)
    assert all(torch.equal(value, weights(again)[name]) for name, value in weights(whole).items())


def test_the_seed_decides() -> None:
    first, second = (weights(train(model(), [task()], CONFIG)) for _ in range(2))
    other = weights(train(model(), [task()], replace(CONFIG, seed=1)))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_a_second_task_begins_anew_when_it_runs_out() -> None:
    counted: list[int] = []

    @dataclass(frozen=True, eq=False)
    class Counted(BreakingTask):
        def loss(self, model: MoodEncoder, batch: Any) -> Tensor:
            counted.append(len(batch))
            return self.inner.loss(model, batch)

    small = Counted(task(rows=12), [0])  # two batches, of 8 and 4 rows
    train(model(), [task(rows=60), small], replace(CONFIG, epochs=1))
    assert sum(counted) == 4 * 8 + 4 * 4
    assert len(counted) == 8


def test_every_row_is_in_one_batch_of_an_epoch() -> None:
    rows = task(rows=61)
    batches = list(rows.batches(np.random.default_rng(0)))
    assert sorted(np.concatenate(batches).tolist()) == list(range(61))
    assert len(batches) == rows.batches_an_epoch


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"steps": -1}, {"learning_rate": 0.0}, {"average": 1.0}, {"warmup": 2.0}],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"above 0|out of range"):
        replace(CONFIG, **wrong)


def test_unknown_targets_do_not_count() -> None:
    logits = torch.tensor([[2.0, -1.0], [0.5, 0.5]])
    nan = float("nan")
    half_known = independent_loss(logits, torch.tensor([[1.0, nan], [nan, nan]]))
    assert half_known.item() == pytest.approx(np.log1p(np.exp(-2)), rel=1e-5)
    one_row = exclusive_loss(logits, torch.tensor([[1.0, 0.0], [nan, nan]]))
    assert one_row.item() == pytest.approx(np.log1p(np.exp(-3)), rel=1e-5)
    assert independent_loss(logits, torch.full((2, 2), nan)).item() == 0
    assert exclusive_loss(logits, torch.full((2, 2), nan)).item() == 0


def test_smoothing_gives_independent_targets_their_frequency() -> None:
    labels = np.array([[1, 0], [1, 0], [1, 1], [1, 0]], np.float32)
    smooth = LabelTask([[2, 3]] * 4, {"classes": labels}, pad_id=0, smoothing=0.2)
    plain = replace(smooth, smoothing=0.0)
    net = model().eval()
    with torch.no_grad():
        logits = net.logits(*(net.hidden(*padded([[2, 3]], 0)), padded([[2, 3]], 0)[1]))["classes"]
        losses = [float(t.loss(net, np.array([2]))) for t in (plain, smooth)]
        expected = [
            float(independent_loss(logits, torch.tensor([target])))
            for target in ([1.0, 1.0], [1.0, 0.85])
        ]
    assert losses == pytest.approx(expected, rel=1e-5)


def test_rows_that_do_not_fit_their_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        LabelTask([[2, 3]], {"classes": np.zeros((2, 2), np.float32)}, pad_id=0)
