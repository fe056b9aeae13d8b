"""The whole way of the emotion model, in small: vocabulary, training, export, serving."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from core.emotion.classifier import OnnxClassifier
from core.emotion.labels import COARSE, FINE
from core.emotion.mapping import Scale, sigmoid
from core.emotion.tokenizer import Tokenizer
from core.errors import ModelError
from scripts.training.corpus import GOEMOTIONS, LabelledTexts
from scripts.training.embeddings import company_embeddings
from scripts.training.export import Tuning, quantised, write_bundle
from scripts.training.finetune import FinetuneConfig, Source, encode, finetune, logits_of
from scripts.training.graph import packed_graph
from scripts.training.metrics import label_f1
from scripts.training.model import EncoderShape, MoodEncoder, encoder_config
from scripts.training.pretrain import PretrainConfig, PretrainRows, pretrain
from scripts.training.vocabulary import train_vocabulary
from scripts.training.wide import fit_wide, wide_logits

SHAPE = EncoderShape(layers=2, width=32, heads=2, positions=32)
SAD, GLAD = FINE.index("슬픔"), FINE.index("기쁨")
_WHO = "나는 너는 우리는 엄마는 친구는 동생은 오늘은 내일은 어제는 지금은".split()
_WHEN = "아침에 저녁에 학교에서 집에서 회사에서 길에서 혼자 다시 계속 갑자기".split()


def sentences(feeling: str) -> list[str]:
    return [f"{who} {when} {feeling}" for who in _WHO for when in _WHEN]


@pytest.fixture(scope="module")
def kote() -> LabelledTexts:
    texts = sentences("슬퍼서 울었어") + sentences("기뻐서 웃었어")
    labels = np.zeros((len(texts), len(FINE)), np.float32)
    labels[:100, SAD] = 1
    labels[100:, GLAD] = 1
    labels[::7, FINE.index("놀람")] = 1  # a label needs both kinds of rows to be fitted
    labels[:, labels.sum(axis=0) == 0] = (np.arange(len(texts)) % 50 == 0)[:, None]
    return LabelledTexts(texts, labels)


@pytest.fixture(scope="module")
def sources(kote: LabelledTexts) -> list[Source]:
    goemotions = np.full((len(kote.texts), len(GOEMOTIONS)), np.nan, np.float32)
    goemotions[:, GOEMOTIONS.index("neutral")] = 0
    return [
        Source(kote.texts, {"fine": kote.labels}, batch=16),
        Source(kote.texts, {"goemotions": goemotions}, batch=8, weight=0.5),
    ]


@pytest.fixture(scope="module")
def vocabulary(kote: LabelledTexts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vocabulary") / "pieces.model"
    train_vocabulary(kote.texts, path, size=54)
    return path


@pytest.fixture(scope="module")
def tokenizer(vocabulary: Path) -> Tokenizer:
    return Tokenizer(vocabulary, SHAPE.positions)


@pytest.fixture(scope="module")
def start(tokenizer: Tokenizer) -> MoodEncoder:
    torch.manual_seed(1)
    return MoodEncoder(encoder_config(tokenizer.size, SHAPE)).eval()


@pytest.fixture(scope="module")
def trained(start: MoodEncoder, tokenizer: Tokenizer, sources: list[Source]) -> MoodEncoder:
    config = FinetuneConfig(epochs=50, learning_rate=3e-3, average=0.9)
    return finetune(start, tokenizer, sources, config)


@pytest.fixture(scope="module")
def folder(
    trained: MoodEncoder,
    vocabulary: Path,
    kote: LabelledTexts,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    path = tmp_path_factory.mktemp("model")
    scale = Scale(
        np.full(len(FINE), 0.5, np.float32),
        neutral=0.5,
        sharpness=1.0,
        bias=np.zeros(len(COARSE), np.float32),
    )
    wide = fit_wide(kote.texts, kote.labels)
    write_bundle(path, trained, vocabulary, wide, Tuning(0.3, scale))
    return path


def test_the_packed_graph_computes_what_transformers_computes(
    start: MoodEncoder, tokenizer: Tokenizer
) -> None:
    texts = ["나는 슬퍼", "기뻐서 웃었어 우리는 갑자기", "엄마"]
    rows = [tokenizer.windows(text)[0] for text in texts]
    session = onnxruntime.InferenceSession(packed_graph(start).SerializeToString())
    feeds = {
        "ids": np.concatenate(rows),
        "positions": np.concatenate([np.arange(len(row)) for row in rows]),
        "segments": np.repeat(np.arange(3), [len(row) for row in rows]),
    }
    (packed,) = session.run(["logits"], feeds)
    with torch.no_grad():
        ids, mask = encode(rows)
        logits = start.logits(start.hidden(ids, mask), mask)
    expected = torch.cat([logits["fine"], logits["goemotions"][:, -1:]], dim=1).numpy()
    # The token embeddings are int8 in either graph: that is the difference allowed for.
    np.testing.assert_allclose(packed, expected, atol=0.02)


def test_what_was_taught_is_read_from_the_exported_model(folder: Path) -> None:
    classifier = OnnxClassifier.load(folder)
    sad, glad = classifier.scores(["너는 학교에서 슬퍼서 울었어", "동생은 집에서 기뻐서 웃었어"])
    assert sad is not None
    assert glad is not None
    assert sad.fine[SAD] > 0.5
    assert sad.fine[GLAD] < 0.3
    assert glad.fine[GLAD] > 0.5
    assert glad.fine[SAD] < 0.3
    assert sad.valence < 0 < glad.valence


def test_int8_agrees_with_torch(
    folder: Path, trained: MoodEncoder, tokenizer: Tokenizer, kote: LabelledTexts
) -> None:
    deep = sigmoid(logits_of(trained, tokenizer, kote.texts)["fine"])
    wide = sigmoid(wide_logits(quantised(fit_wide(kote.texts, kote.labels)), kote.texts))
    expected = 0.7 * deep + 0.3 * wide
    served = OnnxClassifier.load(folder).scores(kote.texts)
    fine = np.stack([reading.fine for reading in served if reading])
    assert np.abs(fine - expected).mean() < 0.01
    gold = kote.labels > 0
    assert abs(label_f1(gold, fine > 0.5).mean() - label_f1(gold, expected > 0.5).mean()) < 0.02


@pytest.mark.parametrize("name", ["config.json", "pieces.model", "encoder.onnx", "ngrams.npz"])
def test_a_missing_or_damaged_file_is_one_clear_sentence(
    folder: Path, name: str, tmp_path: Path
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).write_bytes(b"\x00 damaged")
    with pytest.raises(ModelError, match=r"emotion model|ONNX Runtime"):
        OnnxClassifier.load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError, match=name):
        OnnxClassifier.load(tmp_path)


def test_pretraining_learns_and_goes_on_from_its_checkpoint(
    tokenizer: Tokenizer, kote: LabelledTexts, tmp_path: Path
) -> None:
    rows = [tokenizer.windows(text)[0] for text in kote.texts]
    data = PretrainRows(
        ids=np.concatenate(rows).astype(np.uint16),
        offsets=np.cumsum([0, *map(len, rows)]),
        targets={
            "fine": kote.labels.astype(np.float16),
            "rating": np.full((len(rows), 1), np.nan, np.float16),
        },
    )
    torch.manual_seed(0)
    model = MoodEncoder(encoder_config(tokenizer.size, SHAPE, dropout=0.0))
    table = company_embeddings(data.ids, data.offsets, tokenizer.size, SHAPE.width)
    assert table.shape == (tokenizer.size, SHAPE.width)
    assert table.std() == pytest.approx(1, abs=1e-3)
    before = logits_of(model, tokenizer, kote.texts)["fine"]
    checkpoint = tmp_path / "pretrained.pt"
    config = PretrainConfig(steps=60, batch_tokens=256, learning_rate=3e-3, warmup=5)
    pretrain(model, data, config, checkpoint)
    after = sigmoid(logits_of(model, tokenizer, kote.texts)["fine"])
    gold = kote.labels
    assert np.abs(after - gold).mean() < 0.5 * np.abs(sigmoid(before) - gold).mean()

    again = MoodEncoder(encoder_config(tokenizer.size, SHAPE, dropout=0.0))
    pretrain(again, data, config, checkpoint)  # nothing is left to do
    resumed = sigmoid(logits_of(again, tokenizer, kote.texts)["fine"])
    np.testing.assert_allclose(resumed, after, atol=1e-5)


def test_every_row_is_in_one_batch_of_an_epoch(tokenizer: Tokenizer) -> None:
    lengths = np.random.default_rng(0).integers(3, 30, 500)
    data = PretrainRows(
        np.zeros(lengths.sum(), np.uint16), np.concatenate([[0], lengths.cumsum()]), {}
    )
    batches = list(data.batches(256, np.random.default_rng(0)))
    assert sorted(np.concatenate(batches).tolist()) == list(range(500))
    assert max(lengths[batch].max() * len(batch) for batch in batches) < 2 * 256
