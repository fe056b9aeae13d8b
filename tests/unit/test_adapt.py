from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from core.emotion.tokenizer import Tokenizer
from core.errors import ModelError
from scripts.training.adapt import DomainTask, adapt, read_texts
from scripts.training.datasets import DatasetError
from scripts.training.masking import masked_pieces
from scripts.training.model import EncoderShape, MoodEncoder, encoder_config
from scripts.training.run import TrainConfig
from scripts.training.vocabulary import train_vocabulary

SHAPE = EncoderShape(layers=1, width=32, heads=2, positions=32)
WHO, WHAT = "나는 너는 우리는 엄마는 친구는".split(), "밥을 빵을 떡을 국을 죽을".split()
BROAD = [f"{who} {what} 먹었다 {number}" for who in WHO for what in WHAT for number in range(8)]
NARROW = [f"{who} {what} 샀다 {number}" for who in WHO for what in WHAT for number in range(8)]
CONFIG = TrainConfig(epochs=8, learning_rate=1e-2)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vocabulary") / "pieces.model"
    train_vocabulary(BROAD + NARROW, path, size=34)
    return path


@pytest.fixture(scope="module")
def tokenizer(vocabulary: Path) -> Tokenizer:
    return Tokenizer(vocabulary, SHAPE.positions)


@pytest.fixture(scope="module")
def start(tokenizer: Tokenizer) -> MoodEncoder:
    torch.manual_seed(0)
    return MoodEncoder(encoder_config(tokenizer.size, SHAPE), {"classes": 2}).eval()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    broad, narrow = tmp_path / "broad.txt", tmp_path / "narrow.tsv"
    broad.write_text("\n".join(BROAD), encoding="utf-8")
    rows = "\n".join(f"{text}\t행복" for text in NARROW)
    narrow.write_text(f"text\tlabel\n{rows}\n", encoding="utf-8")
    return [broad, narrow]


def test_an_encoder_learns_its_domain_and_keeps_its_heads(
    start: MoodEncoder, tokenizer: Tokenizer, files: list[Path], tmp_path: Path
) -> None:
    before = {name: value.clone() for name, value in start.state_dict().items()}
    model, stages = adapt(start, tokenizer, files, CONFIG, tmp_path / "work")
    assert [stage.file for stage in stages] == ["broad.txt", "narrow.tsv"]
    for stage in stages:
        assert stage.loss_after < stage.loss_before - 0.3
        assert stage.texts < 200  # some were held out
    assert len({stage.digest for stage in stages}) == 2
    assert all(torch.equal(value, before[name]) for name, value in start.state_dict().items())
    assert torch.equal(model.state_dict()["heads.classes.weight"], before["heads.classes.weight"])
    assert not torch.equal(
        model.encoder.embeddings.word_embeddings.weight,
        start.encoder.embeddings.word_embeddings.weight,
    )


def test_adapting_goes_on_from_its_checkpoints(
    start: MoodEncoder, tokenizer: Tokenizer, files: list[Path], tmp_path: Path
) -> None:
    config = replace(CONFIG, epochs=1)
    whole, _ = adapt(start, tokenizer, files, config, tmp_path / "whole")
    adapt(start, tokenizer, files[:1], config, tmp_path / "parts")  # broken off after a file
    again, _ = adapt(start, tokenizer, files, config, tmp_path / "parts")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


def test_a_run_of_another_encoder_is_not_gone_on_with(
    start: MoodEncoder, vocabulary: Path, files: list[Path], tmp_path: Path
) -> None:
    config, tokenizer = replace(CONFIG, epochs=1), Tokenizer(vocabulary, SHAPE.positions)
    adapt(start, tokenizer, files[:1], config, tmp_path)
    torch.manual_seed(1)
    weights = MoodEncoder(start.config, {"classes": 2})
    pooling = MoodEncoder(start.config, {"classes": 2}, pooling="cls")
    pooling.load_state_dict(start.state_dict())
    shorter = Tokenizer(vocabulary, SHAPE.positions - 1)
    for other, reader in ((weights, tokenizer), (pooling, tokenizer), (start, shorter)):
        with pytest.raises(ModelError, match="other data or settings"):
            adapt(other, reader, files[:1], config, tmp_path)


def test_every_row_is_in_one_batch_and_batches_are_full(tokenizer: Tokenizer) -> None:
    lengths = np.random.default_rng(0).integers(3, 30, 300)
    rows = [[2, *[9] * (length - 2), 3] for length in lengths]
    task = DomainTask(rows, (0, 1, 2, 3, 4), 0, 4, batch_tokens=200)
    batches = list(task.batches(np.random.default_rng(1)))
    assert sorted(np.concatenate(batches).tolist()) == list(range(300))
    assert len(batches) == task.batches_an_epoch
    assert max(len(batch) * lengths[batch].max() for batch in batches) <= 200


def test_masking_hides_a_share_of_the_real_pieces_only() -> None:
    torch.manual_seed(0)
    ids = torch.randint(5, 50, (200, 30))
    ids[:, 0], ids[:, 20:] = 2, 0
    shown, chosen = masked_pieces(ids, [0, 1, 2, 3, 4], 4, 0.15)
    assert not chosen[:, 0].any()
    assert not chosen[:, 20:].any()
    assert chosen.sum().item() / (200 * 19) == pytest.approx(0.15, abs=0.02)
    assert torch.equal(shown[~chosen], ids[~chosen])
    assert (shown[chosen] == 4).float().mean().item() == pytest.approx(0.8, abs=0.05)


def test_masking_always_leaves_something_to_predict() -> None:
    torch.manual_seed(0)
    for _ in range(20):
        _, chosen = masked_pieces(torch.tensor([[2, 9, 3]]), [2, 3], 4, 0.01)
        assert chosen.tolist() == [[False, True, False]]


def test_texts_are_read_from_lines_columns_and_labelled_files(
    files: list[Path], tmp_path: Path
) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("\ufeff좋아요ㅋㅋㅋㅋ\n\n...\n좋아요ㅋㅋ\n싫어요\n", encoding="utf-8")
    assert read_texts(lines) == ["좋아요ㅋㅋ", "싫어요"]
    assert read_texts(files[1]) == NARROW
    table = tmp_path / "texts.parquet"
    pd.DataFrame({"rating": [1, 2], "text": ["하나", "둘"]}).to_parquet(table)
    assert read_texts(table) == ["하나", "둘"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", "\n...\n", "holds no text"),
        ("latin.txt", b"\xff\xfe\xb0", "cannot be read"),
        ("other.csv", "a,b\n1,2\n", "needs a column text"),
        ("missing.tsv", None, "no such file"),
        ("missing.txt", None, "cannot be read"),
    ],
)
def test_a_file_without_texts_is_one_clear_sentence(
    name: str, content: str | bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DatasetError, match=message) as caught:
        read_texts(path)
    assert name in str(caught.value)
