"""A model judged from files: the command, the figures of the model card, and the picture."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from core.emotion.label_sets import LABEL_SETS
from core.emotion.labels import COARSE, FINE
from core.emotion.tokenizer import Tokenizer
from core.errors import ModelError
from scripts.evaluate_emotion import evaluate, main
from scripts.training.card import Kote, int8_section, robustness_section
from scripts.training.checkpoint import save_checkpoint
from scripts.training.corpus import GOEMOTIONS, is_validation
from scripts.training.datasets import DatasetError
from scripts.training.judging import judge, read_gold
from scripts.training.metrics import label_f1
from scripts.training.model import EncoderShape, MoodEncoder, encoder_config
from scripts.training.readings import Judged
from tests.bundles import MAX_LENGTH, PIECES, change_config, write_bundle

WORDS = "오늘 너무 슬퍼 기뻐 행복해 화가 나 친구 회사 시험 밥 비 노래 커피 아침 밤 엄마 길".split()


def sentences(count: int, seed: int = 0) -> list[str]:
    """Different ones, made of words at random."""
    generator = np.random.default_rng(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[" ".join(generator.choice(WORDS, 5, replace=False))] = None
    return list(found)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("model") / "both", int8=True)


@pytest.fixture(scope="module")
def model(bundle: Path) -> Judged:
    return Judged.load(bundle)


def write_tsv(path: Path, texts: Sequence[str], column: str, labels: Sequence[str]) -> Path:
    pd.DataFrame({"text": texts, column: labels}).to_csv(path, sep="\t", index=False)
    return path


def kote_file(path: Path, rows: int) -> Path:
    generator = np.random.default_rng(1)
    picked = [generator.choice(len(FINE), 12, replace=False) for _ in range(rows)]
    cells = [",".join(map(str, sorted(labels))) for labels in picked]
    return write_tsv(path, sentences(rows), "labels", cells)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the training data, with few rows."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "emotion").mkdir()
    (folder / "sts").mkdir()
    kote_file(folder / "emotion/kote_5k.tsv", 150)
    for split, seed in (("train", 2), ("dev", 3)):
        texts = sentences(60, seed)
        labels = [np.array([i % len(GOEMOTIONS)]) for i in range(len(texts))]
        frame = pd.DataFrame({"text": texts, "text_en": [f"post {t}" for t in texts]})
        frame["labels"] = labels
        frame.to_parquet(folder / f"emotion/goemotions_ko_{split}.parquet")
        pairs = pd.DataFrame({"sentence1": texts[:30], "sentence2": texts[30:]})
        pairs["score"] = np.linspace(0, 5, 30)
        pairs.to_csv(folder / f"sts/korsts_{split}.tsv", sep="\t", index=False)
    return folder


def test_the_44_labels_are_judged_with_the_stored_thresholds(model: Judged, tmp_path: Path) -> None:
    gold = read_gold(kote_file(tmp_path / "rows.tsv", 40), None)
    section = judge(model, gold).section
    decided = model.read(gold.texts).fine > model.readout.thresholds
    assert section["macro-F1"] == pytest.approx(label_f1(gold.labels > 0, decided).mean())
    assert list(section.table) == list(FINE)
    assert judge(model, gold, threshold=1.0).section["macro-F1"] == 0
    everything = judge(model, gold, threshold=0.0).section
    assert all(row["recall"] == 1 for row in everything.table.values())


def test_indices_and_names_are_the_same_labels(model: Judged, tmp_path: Path) -> None:
    indices = kote_file(tmp_path / "indices.tsv", 40)
    frame = pd.read_csv(indices, sep="\t")
    frame["labels"] = [",".join(FINE[int(i)] for i in cell.split(",")) for cell in frame["labels"]]
    frame.to_csv(tmp_path / "names.tsv", sep="\t", index=False)
    found = [judge(model, read_gold(p, None)).section for p in (indices, tmp_path / "names.tsv")]
    assert found[0] == found[1]


@pytest.mark.parametrize("choice", [None, "seven", "ekman7"])
def test_classes_are_judged_by_the_leading_one(
    model: Judged, tmp_path: Path, choice: str | None
) -> None:
    texts = sentences(35)
    names = [COARSE[i % 7] for i in range(35)]
    gold = read_gold(write_tsv(tmp_path / "rows.tsv", texts, "label", names), choice)
    judgement = judge(model, gold)
    leading = [COARSE[i] for i in model.read(texts).coarse.argmax(axis=1)]
    right = np.mean([one == other for one, other in zip(leading, names, strict=True)])
    assert judgement.section["accuracy"] == pytest.approx(right)
    assert judgement.panels["After calibration"].error == judgement.section["ECE"]
    before = judgement.section["ECE before calibration"]
    assert judgement.panels["Before calibration"].error == before != judgement.section["ECE"]


def test_kotes_labels_count_as_the_class_most_of_them_speak_for(
    model: Judged, tmp_path: Path
) -> None:
    rows = {"하나": "슬픔,절망", "둘": "기쁨,행복,슬픔", "셋": "슬픔,기쁨", "넷": "없음"}
    path = write_tsv(tmp_path / "rows.tsv", list(rows), "labels", list(rows.values()))
    for choice, texts, names in (
        ("ekman7", ["하나", "둘", "넷"], ["슬픔", "행복", "중립"]),
        ("four", ["하나", "둘"], ["슬픔", "행복"]),
    ):
        gold = read_gold(path, choice)
        assert gold.texts == texts
        assert [gold.names[i] for i in gold.labels.argmax(axis=1)] == names
        section = judge(model, gold).section
        assert section["left out: two classes with as many labels"] == 1
    assert section["left out: no place in the label set"] == 1


def test_a_model_of_other_classes_is_judged_on_its_own(tmp_path: Path) -> None:
    five = LABEL_SETS["five"].labels[::-1]
    model = Judged.load(write_bundle(tmp_path / "five", emotions=(), classes=five, wide=False))
    texts = sentences(25)
    own = [five[i] for i in model.read(texts).classes.argmax(axis=1)]
    gold = read_gold(write_tsv(tmp_path / "rows.tsv", texts, "label", own), "five")
    assert judge(model, gold).section["accuracy"] == 1
    with pytest.raises(ModelError, match="44 labels"):
        judge(model, read_gold(kote_file(tmp_path / "kote.tsv", 5), None))
    with pytest.raises(ModelError, match="--data"):
        evaluate(tmp_path / "five", tmp_path)


def test_labels_that_are_no_set_are_refused(tmp_path: Path) -> None:
    path = write_tsv(tmp_path / "rows.tsv", ["하나", "둘"], "label", ["긍정", "부정"])
    for choice in (None, "seven", "ekman7", "kote44"):
        with pytest.raises(DatasetError, match=r"rows\.tsv"):
            read_gold(path, choice)


def test_a_text_without_words_reads_as_no_emotion(model: Judged) -> None:
    readings = model.read(["슬퍼", "?!", "..."])
    assert not readings.fine[1:].any()
    assert readings.raw[1:].argmax(axis=1).tolist() == [COARSE.index("중립")] * 2
    np.testing.assert_array_equal(readings.fine[0], model.read(["슬퍼"]).fine[0])


def test_the_card_has_a_figure_for_everything(
    bundle: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = evaluate(bundle, shared)
    assert "int8" in capsys.readouterr().err  # there is no checkpoint to hold it against
    rows = sum(map(is_validation, sentences(150)))
    assert report["model, 44 labels"]["rows"] == report["TF-IDF + LR, 44 labels"]["rows"] == rows
    written = report["model, 44 labels, written otherwise"]
    assert written["macro-F1 as it is"] == report["model, 44 labels"]["macro-F1"]
    for name, row in written.table.items():
        drop = 100 * (written["macro-F1 as it is"] - row["macro-F1"])
        assert row["drop in points"] == pytest.approx(drop), name
    unseen = written.table["zero_width"]
    assert unseen["share changed"] == unseen["drop in points"] == 0
    assert written.table["all mixed"]["share changed"] > 0.5
    for section in report.values():
        assert np.isfinite(list(section.figures.values())).all()
    model = Judged.load(bundle)
    assert written == robustness_section(model, Kote.read(model, shared))


def test_the_encoder_in_float_is_held_against_what_is_served(tmp_path: Path, shared: Path) -> None:
    torch.manual_seed(0)
    shape = EncoderShape(layers=1, width=16, heads=2, positions=MAX_LENGTH)
    heads = {"emotions": FINE, "classes": COARSE}
    config = encoder_config(Tokenizer(PIECES, MAX_LENGTH).size, shape)
    encoder = MoodEncoder(config, {name: len(labels) for name, labels in heads.items()})
    folder = write_bundle(tmp_path / "model")
    save_checkpoint(folder / "checkpoint", encoder, [PIECES], "pieces", MAX_LENGTH, heads)

    other = Judged.load(folder)  # its graph has nothing to do with the checkpoint
    section = int8_section(other, folder / "checkpoint", Kote.read(other, shared))
    assert section["mean difference of a score"] > 0.01
    assert section["same leading class"] < 1
    assert section["loss in points"] == pytest.approx(
        100 * (section["macro-F1, float"] - section["macro-F1, int8"])
    )

    (folder / "encoder.onnx").unlink()
    change_config(folder)
    same = Judged.load(folder)
    section = int8_section(same, folder / "checkpoint", Kote.read(same, shared))
    assert section["mean difference of a score"] == 0
    assert section["same leading class"] == 1


def test_the_command_prints_json_and_draws(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_tsv(tmp_path / "rows.tsv", sentences(14), "label", [*COARSE, *COARSE])
    picture = tmp_path / "images/reliability.png"
    main(["--model", str(bundle), "--data", str(data), "--json", "--picture", str(picture)])
    (section,) = json.loads(capsys.readouterr().out).values()
    assert section["rows"] == 14
    assert set(section["table"]) == set(COARSE)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_command_says_in_a_sentence_what_is_wrong(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_tsv(tmp_path / "rows.tsv", ["하나"], "label", ["슬픔"])
    none = str(tmp_path / "none")
    for arguments, sentence in (
        (["--data", none, "--model", str(bundle)], "no such file"),
        (["--data", str(data), "--labels", "seven", "--model", str(tmp_path)], "config.json"),
        (["--shared", none, "--model", str(bundle)], "--shared"),
    ):
        with pytest.raises(SystemExit, match=sentence):
            main(arguments)
    for arguments in (["--labels", "seven"], ["--data", str(data), "--threshold", "2"]):
        with pytest.raises(SystemExit):
            main(arguments)
        assert "usage" in capsys.readouterr().err
