"""The way of the bundled model, in small: vocabulary, two rounds, fine-tuning, what is served."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, FINE
from core.emotion.mapping import sigmoid
from core.emotion.tokenizer import Tokenizer
from scripts.training.bundled import write_bundled
from scripts.training.checkpoint import load_checkpoint
from scripts.training.corpus import GOEMOTIONS, LabelledTexts, read_kote
from scripts.training.embeddings import company_embeddings
from scripts.training.model import EncoderShape, MoodEncoder, encoder_config
from scripts.training.pretrain import MaskedTask, PretrainRows, pretrain_config
from scripts.training.run import SavedRun
from scripts.training.sources import Recipe, wide_rows
from scripts.training.stages import HEADS, Build, averaged
from scripts.training.tasks import head_logits
from scripts.training.trainer import train
from scripts.training.vocabulary import train_vocabulary
from scripts.training.wide import fit_wide

SHAPE = EncoderShape(layers=2, width=32, heads=2, positions=32)
SAD, GLAD = FINE.index("슬픔"), FINE.index("기쁨")
_WHO = "나는 너는 우리는 엄마는 친구는 동생은 오늘은 내일은 어제는 지금은".split()
_WHEN = "아침에 저녁에 학교에서 집에서 회사에서 길에서 혼자 다시 계속 갑자기".split()
_SAD, _GLAD = "슬퍼서 울었어", "기뻐서 웃었어"


def sentences(feeling: str) -> list[str]:
    return [f"{who} {when} {feeling}" for who in _WHO for when in _WHEN]


@pytest.fixture(scope="module")
def kote() -> LabelledTexts:
    texts = sentences(_SAD) + sentences(_GLAD)
    labels = np.zeros((len(texts), len(FINE)), np.float32)
    labels[:100, SAD] = 1
    labels[100:, GLAD] = 1
    labels[::7, FINE.index("놀람")] = 1
    # A label needs both kinds of rows to be fitted.
    labels[:, labels.sum(axis=0) == 0] = (np.arange(len(texts)) % 50 == 0)[:, None]
    return LabelledTexts(texts, labels)


@pytest.fixture(scope="module")
def tokenizer(kote: LabelledTexts, tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    path = tmp_path_factory.mktemp("vocabulary") / "pieces.model"
    train_vocabulary(kote.texts, path, size=54)
    return Tokenizer(path, SHAPE.positions)


@pytest.fixture(scope="module")
def rows(kote: LabelledTexts, tokenizer: Tokenizer) -> PretrainRows:
    ids = [tokenizer.windows(text)[0] for text in kote.texts]
    targets = {
        "emotions": kote.labels.astype(np.float16),
        "rating": np.full((len(ids), 1), np.nan, np.float16),
    }
    offsets = np.cumsum([0, *map(len, ids)])
    pairs = {"variants": np.array([[0, 1], [2, 3]])}
    return PretrainRows(np.concatenate(ids).astype(np.uint16), offsets, targets, pairs)


def test_pretraining_learns_and_goes_on_from_its_checkpoint(
    rows: PretrainRows, tokenizer: Tokenizer, kote: LabelledTexts, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    heads = {"emotions": len(FINE), "rating": 1}
    model = MoodEncoder(encoder_config(tokenizer.size, SHAPE, dropout=0.0), heads)
    task = MaskedTask(rows, {"emotions": 4.0, "rating": 1.0}, batch_tokens=256)
    saved = SavedRun(tmp_path / "run.pt", "a key")
    config = pretrain_config(60, 3e-3, seed=0)
    result = train(model, [task], config, saved=saved)
    before, after = (
        sigmoid(head_logits(m, tokenizer, kote.texts)["emotions"]) for m in (model, result.model)
    )
    assert np.abs(after - kote.labels).mean() < 0.5 * np.abs(before - kote.labels).mean()
    again = train(model, [task], config, saved=saved)  # nothing is left to do
    assert again.steps == result.steps
    np.testing.assert_array_equal(
        sigmoid(head_logits(again.model, tokenizer, kote.texts)["emotions"]), after
    )


def test_every_row_is_in_one_batch_of_an_epoch() -> None:
    lengths = np.random.default_rng(0).integers(3, 30, 500)
    offsets = np.concatenate([[0], lengths.cumsum()])
    task = MaskedTask(PretrainRows(np.zeros(lengths.sum(), "u2"), offsets, {}), {}, 256)
    for seed in (0, 1):
        batches = list(task.batches(np.random.default_rng(seed)))
        assert len(batches) == task.batches_an_epoch
        assert sorted(np.concatenate(batches).tolist()) == list(range(500))
        assert max(lengths[batch].max() * len(batch) for batch in batches) < 2 * 256


def test_rows_come_back_as_they_were_saved(rows: PretrainRows, tmp_path: Path) -> None:
    rows.save(tmp_path / "rows.npz")
    back = PretrainRows.load(tmp_path / "rows.npz")
    np.testing.assert_array_equal(back.ids, rows.ids)
    np.testing.assert_array_equal(back.targets["emotions"], rows.targets["emotions"])
    np.testing.assert_array_equal(back.pairs["variants"], rows.pairs["variants"])
    assert back.row(3) == rows.row(3)


def test_pieces_of_like_company_start_alike(rows: PretrainRows, tokenizer: Tokenizer) -> None:
    table = company_embeddings(rows.ids, rows.offsets, tokenizer.size, SHAPE.width)
    assert table.shape == (tokenizer.size, SHAPE.width)
    assert table.std() == pytest.approx(1, abs=1e-3)


@pytest.fixture(scope="module")
def shared(kote: LabelledTexts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like ../shared/data, of our own few sentences."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("emotion", "dialogue", "songs", "sts"):
        (folder / name).mkdir()
    labels = [",".join(str(i) for i in np.flatnonzero(row)) for row in kote.labels]
    frame = pd.DataFrame({"text": kote.texts, "labels": labels})
    frame.to_csv(folder / "emotion/kote_5k.tsv", sep="\t", index=False)
    posts = sentences("놀라서 소리쳤어")
    joy, surprise = GOEMOTIONS.index("joy"), GOEMOTIONS.index("surprise")
    english = [f"{i} what a surprise" for i in range(len(posts))]
    marked = pd.DataFrame(
        {
            "text": posts,
            "text_en": english,
            "labels": [[surprise] if i % 2 else [joy] for i in range(len(posts))],
        }
    )
    marked.to_parquet(folder / "emotion/goemotions_ko_train.parquet")
    reviews = pd.DataFrame(
        {"review": sentences("영화를 봤어"), "rating": [1 + i % 10 for i in range(100)]}
    )
    reviews.to_parquet(folder / "emotion/nsmc_reviews.parquet")
    said = pd.DataFrame({"text": sentences("말했어"), "topic": "daily"})
    said.to_csv(folder / "dialogue/user_utterances.tsv", sep="\t", index=False)
    songs = pd.DataFrame({"lyrics": ["\n".join(sentences("노래했어")[:20])]})
    songs.to_parquet(folder / "songs/melon_chart_songs.parquet")
    pairs = pd.DataFrame(
        {
            "score": [5.0, 0.0] * 50,
            "sentence1": kote.texts[:100],
            "sentence2": kote.texts[:100:2] + kote.texts[100::2],
        }
    )
    pairs.to_csv(folder / "sts/korsts_train.tsv", sep="\t", index=False)
    return folder


def test_the_bundled_model_is_built_and_says_what_it_was_taught(
    shared: Path, tmp_path: Path
) -> None:
    lines = ["text\tclass\tlabels"]
    lines += [f"{text}\t슬픔\t슬픔,서러움" for text in sentences("슬퍼서 또 울었어")]
    lines += [f"{text}\t행복\t기쁨,행복" for text in sentences("기뻐서 또 웃었어")]
    own = tmp_path / "everyday.tsv"
    own.write_text("\n".join(lines) + "\n", encoding="utf-8")
    build = Build(shared, tmp_path / "work", own, SHAPE, vocabulary_size=90)
    first = build.pretrained("first", 20, build.first_rows(), None)
    taught = build.second_rows(build.finetuned("teacher", first, Recipe(copies=1), runs=1))
    assert len(taught.rows.pairs["translations"]) == 100
    second = build.pretrained("second", 12, taught, first)
    labelled = wide_rows(shared, own)
    wide = fit_wide(labelled.texts, labelled.labels)
    student = averaged([second, build.finetuned("student", second, Recipe(copies=2), runs=1)])
    model = build.finetuned("model", student, Recipe(copies=1, gold=0.3), runs=2).model
    agreement = write_bundled(tmp_path / "model", model, build.vocabulary(), wide, shared, own)
    assert agreement.same_top > 0.9
    kept, _ = load_checkpoint(tmp_path / "model")
    assert set(kept.heads) == set(HEADS)
    assert (tmp_path / "model/checkpoint/model.int8.safetensors").is_file()
    served = Classifier.load(tmp_path / "model")
    sad, glad = served.scores([f"누나는 밤에 {_SAD}", f"누나는 밤에 {_GLAD}"])
    served.close()
    assert sad is not None
    assert glad is not None
    assert COARSE[int(sad.coarse.argmax())] == "슬픔"
    assert COARSE[int(glad.coarse.argmax())] == "행복"
    assert sad.fine[SAD] > glad.fine[SAD]
    assert sad.valence < glad.valence
    assert read_kote(shared).texts[0] == f"{_WHO[0]} {_WHEN[0]} {_SAD}"


def test_a_round_on_rows_of_another_teacher_is_another_round(shared: Path, tmp_path: Path) -> None:
    own = tmp_path / "everyday.tsv"
    own.write_text("text\tclass\tlabels\n", encoding="utf-8")
    build = Build(shared, tmp_path / "work", own, SHAPE, vocabulary_size=90)
    taught = build.first_rows()
    first = build.pretrained("first", 2, taught, None)
    assert build.pretrained("first", 2, taught, None).key == first.key
    other = build.pretrained("first", 2, replace(taught, key="of another teacher"), None)
    assert other.key != first.key
    assert len(list((tmp_path / "work").glob("first-*.pt"))) == 2
