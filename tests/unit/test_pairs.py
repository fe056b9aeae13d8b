"""The tasks on pairs of texts."""

import numpy as np
import pytest
import torch

from scripts.training.model import PAD_ID, EncoderShape, MoodEncoder, encoder_config
from scripts.training.pairs import (
    InTurn,
    MatchTask,
    ScoredPairTask,
    contrastive_loss,
    rank_loss,
)
from scripts.training.run import TrainConfig
from scripts.training.tasks import padded
from scripts.training.trainer import train

SHAPE = EncoderShape(layers=1, width=16, heads=2, positions=8)
LEFT = [[2, 5 + i, 3] for i in range(8)]
RIGHT = [[2, 20 + i, 20 + i, 3] for i in range(8)]


def encoder() -> MoodEncoder:
    torch.manual_seed(0)
    return MoodEncoder(encoder_config(40, SHAPE, dropout=0.0), {}, embedding=SHAPE.width)


def test_the_rank_loss_is_small_where_the_order_of_cosines_is_that_of_scores() -> None:
    scores = torch.tensor([0.0, 2.5, 5.0])
    right, wrong = torch.tensor([-0.5, 0.2, 0.9]), torch.tensor([0.9, 0.2, -0.5])
    assert rank_loss(right, scores) < 1e-4
    assert rank_loss(wrong, scores) == pytest.approx(20 * 1.4, rel=0.01)


def test_the_rank_loss_is_nothing_among_equal_scores() -> None:
    assert rank_loss(torch.tensor([0.1, 0.9]), torch.tensor([3.0, 3.0])) == 0


def test_the_contrastive_loss_asks_for_each_texts_own_partner() -> None:
    texts = torch.eye(4)
    assert contrastive_loss(texts, texts) < 1e-6
    assert contrastive_loss(texts, texts.roll(1, dims=0)) == pytest.approx(20, rel=0.01)


@torch.no_grad()
def cosines(model: MoodEncoder, right: list[list[int]]) -> torch.Tensor:
    sides = []
    for rows in (LEFT, right):
        ids, mask = padded(rows, PAD_ID)
        sides.append(model.embed(model.hidden(ids, mask), mask))
    return (sides[0] * sides[1]).sum(dim=1)


def test_partners_move_together_and_away_from_others() -> None:
    task = MatchTask(LEFT, RIGHT, PAD_ID, batch=8)
    config = TrainConfig(epochs=60, learning_rate=3e-3, average=0.0)
    model = train(encoder(), [task], config).model
    partners, strangers = cosines(model, RIGHT), cosines(model, RIGHT[1:] + RIGHT[:1])
    assert (partners > strangers + 0.3).all()


def test_scored_pairs_are_learned_in_their_order() -> None:
    scores = np.arange(8, dtype=np.float32)
    task = ScoredPairTask(LEFT, RIGHT, scores, PAD_ID, batch=8)
    config = TrainConfig(epochs=60, learning_rate=3e-3, average=0.0)
    learned = cosines(train(encoder(), [task], config).model, RIGHT)
    assert (learned.diff() > 0).all()


def test_tasks_take_turns_with_steps_between() -> None:
    first = MatchTask(LEFT, RIGHT, PAD_ID, batch=4)
    second = MatchTask(RIGHT, LEFT, PAD_ID, batch=2)
    turns = InTurn([first, second], every=3)
    batches = list(turns.batches(np.random.default_rng(0)))
    assert len(batches) == turns.batches_an_epoch == 2 * 2 * 3
    assert [batch and batch[0] for batch in batches] == [0, None, None, 1, None, None] * 2


def test_a_step_between_turns_costs_nothing() -> None:
    model = encoder()
    loss = InTurn([MatchTask(LEFT, RIGHT, PAD_ID, batch=4)], every=2).loss(model, None)
    loss.backward()
    assert loss == 0
    assert all(p.grad is None or not p.grad.any() for p in model.parameters())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_pairs_are_learned_on_a_gpu() -> None:
    scores = np.arange(8, dtype=np.float32)
    model = encoder().cuda()
    for task in (MatchTask(LEFT, RIGHT, PAD_ID), ScoredPairTask(LEFT, RIGHT, scores, PAD_ID)):
        assert task.loss(model, np.arange(8)).device.type == "cuda"


def test_the_contrastive_loss_stays_on_the_embeddings_device() -> None:
    texts = torch.eye(4, device="meta")
    assert contrastive_loss(texts, texts).device.type == "meta"
