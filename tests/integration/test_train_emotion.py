"""Fine-tuning from the command line to the served model, in small."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertModel

from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, FINE
from core.emotion.readout import Readout
from scripts import train_emotion
from scripts.training import choice, serving
from scripts.training.choice import Choice, Gold, Parts
from scripts.training.datasets import read_dataset
from scripts.training.tasks import LabelTask
from tests.finetuning import sentences, write_classes, write_emotions, write_encoder

KOBERT = Path(__file__).parents[2].parent / "shared/data/kobert_vocab"
QUICK = "--epochs 8 --lr 5e-3 --batch 16 --average 0.9 --patience 8".split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finetuning")
    write_encoder(folder / "encoder")
    write_classes(folder / "classes.tsv")
    write_emotions(folder / "emotions.tsv")
    return folder


def train(folder: Path, data: str, out: Path, *more: str) -> None:
    encoder = str(folder / "encoder")
    files = ["--data", str(folder / data), "--out", str(out)]
    train_emotion.main(["--encoder", encoder, *files, *QUICK, *more])


@pytest.fixture(scope="module")
def classes(folder: Path) -> Path:
    train(folder, "classes.tsv", folder / "of_classes", "--validation", "0.2")
    return folder / "of_classes"


@pytest.fixture(scope="module")
def emotions(folder: Path) -> Path:
    train(folder, "emotions.tsv", folder / "of_emotions", "--validation", "0.2")
    return folder / "of_emotions"


def report_of(out: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((out / "report/report.json").read_text("utf-8"))
    return report


def test_a_model_of_classes_is_served_and_reads_what_it_was_taught(classes: Path) -> None:
    served = Classifier.load(classes)
    for label in COARSE:
        reading = served.scores([f"누나는 어제 {sentences(label)[0].split()[-1]}"])[0]
        assert reading is not None
        assert COARSE[int(reading.coarse.argmax())] == label
        assert not reading.fine.any()
    served.close()


def test_a_model_of_emotions_is_served_with_thresholds_of_its_own(
    emotions: Path, folder: Path
) -> None:
    served = Classifier.load(emotions)
    rows = read_dataset(folder / "emotions.tsv")
    assert rows.names == FINE
    assert len(set(served.thresholds.tolist())) > 5
    read = np.stack([scores.fine for scores in served.scores(rows.texts) if scores])
    taught = rows.labels.any(axis=0)
    gold, said = rows.labels[:, taught] > 0, (read > served.thresholds)[:, taught]
    assert 2 * (gold & said).sum() / (gold.sum() + said.sum()) > 0.95
    served.close()


def test_the_report_tells_what_was_done_and_how_well_it_went(classes: Path, folder: Path) -> None:
    report = report_of(classes)
    figures = report["figures"]
    assert figures["rows"] == report["data"]["validation rows"]
    assert figures["rows"] + report["data"]["training rows"] == 7 * 42
    assert figures["accuracy"] > 0.95
    assert figures["macro-F1"] > 0.95
    counts = np.array(figures["confusion"]["counts"])
    assert counts.sum() == figures["rows"]
    assert np.trace(counts) / counts.sum() == pytest.approx(figures["accuracy"])
    supports = [row["support"] for row in figures["labels"].values()]
    assert supports == counts.sum(axis=1).tolist()
    assert list(figures["labels"]) == list(COARSE)
    assert 0 <= figures["ECE after calibration"] < 0.2
    (file,) = report["data"]["files"]
    assert file["sha256"] == read_dataset(folder / "classes.tsv").digest
    assert report["settings"]["train"]["epochs"] == 8
    assert len(report["training"]["loss by epoch"]) <= 8
    assert report["versions"]["torch"]
    assert report["seconds"]["fine-tuning"] > 0
    for picture in ("confusion.png", "reliability.png"):
        assert (classes / "report" / picture).read_bytes().startswith(b"\x89PNG")
    text = (classes / "report/report.md").read_text("utf-8")
    assert f"| macro-F1 | {figures['macro-F1']:.4g} |" in text
    assert "![Confusion matrix](confusion.png)" in text


def test_the_report_of_emotions_has_all_labels_and_no_confusion(emotions: Path) -> None:
    figures = report_of(emotions)["figures"]
    assert list(figures["labels"]) == list(FINE)
    assert "confusion" not in figures
    assert 0 < figures["mean average precision"] <= 1
    assert not (emotions / "report/reliability.png").exists()


def test_nothing_of_the_run_is_left_beside_the_model(classes: Path) -> None:
    left = {path.name for path in classes.iterdir()}
    files = {"encoder.onnx", "ngrams.npz", "pieces.model", "config.json", "checkpoint", "report"}
    assert left == files


class BrokenOffError(Exception):
    pass


def break_off_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [steps]
    real = LabelTask.loss

    def loss(self: LabelTask, *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise BrokenOffError
        return real(self, *arguments)

    monkeypatch.setattr(LabelTask, "loss", loss)


def test_a_run_that_goes_on_ends_with_the_same_model(
    classes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = folder / "resumed"
    with monkeypatch.context() as patch:
        break_off_after(40, patch)
        with pytest.raises(BrokenOffError):
            train(folder, "classes.tsv", out, "--validation", "0.2")
    with pytest.raises(SystemExit, match="go on with --resume"):
        train(folder, "classes.tsv", out, "--validation", "0.2")
    with pytest.raises(SystemExit, match="other data or settings"):
        train(folder, "classes.tsv", out, "--validation", "0.2", "--resume", "--seed", "1")
    with pytest.raises(SystemExit, match="other data or settings"):
        train(folder, "classes.tsv", out, "--validation", "0.3", "--resume")
    train(folder, "classes.tsv", out, "--validation", "0.2", "--resume")
    for name in ("model.safetensors", "heads.safetensors"):
        whole = load_file(classes / "checkpoint" / name)
        resumed = load_file(out / "checkpoint" / name)
        assert whole.keys() == resumed.keys()
        assert all((resumed[key] == value).all() for key, value in whole.items())
    assert (out / "config.json").read_bytes() == (classes / "config.json").read_bytes()
    assert report_of(out)["figures"] == report_of(classes)["figures"]


def test_a_finished_model_can_be_fine_tuned_again_and_adapted_first(
    classes: Path, folder: Path
) -> None:
    lines = folder / "lines.txt"
    lines.write_text("\n".join(sentences("행복") + sentences("슬픔")), encoding="utf-8")
    out = folder / "again"
    more = f"--adapt {lines} --adapt-epochs 2 --epochs 1 --no-ngrams --lr 1e-4 --validation 0.2"
    train(folder, "classes.tsv", out, "--encoder", str(classes), *more.split())
    report = report_of(out)
    # The head of the same classes goes on from where it was.
    assert report["figures"]["macro-F1"] > 0.9
    stage = report["adaptation"]["lines.txt"]
    assert stage["loss_after"] < stage["loss_before"]
    assert not (out / "ngrams.npz").exists()
    assert "n-gram part alone" not in report["figures"]
    served = Classifier.load(out)
    assert served.parts(["나는 기뻐서웃었어"])[1] is None
    served.close()


def test_labels_of_another_set_and_files_of_validation_rows(folder: Path) -> None:
    validation = folder / "validation.tsv"
    known = sentences("행복")[:3]  # taken out of the training rows
    texts = [*known, *(f"누나는 {number}시에 기뻐서웃었어" for number in range(9))]
    rows = "\n".join(f"{text}\thappiness" for text in texts)
    validation.write_text(f"text\tlabel\n{rows}\n", encoding="utf-8")
    out = folder / "of_four"
    train(folder, "classes.tsv", out, "--labels", "four", "--validation", str(validation))
    report = report_of(out)
    assert list(report["figures"]["labels"]) == ["분노혐오", "놀람공포", "슬픔", "행복"]
    assert report["figures"]["rows"] == 12
    assert report["data"]["training rows"] == 6 * 42 - 3
    assert report["data"]["files"][0]["dropped"] == {"no place in the label set": 42}
    served = Classifier.load(out)
    (reading,) = served.scores(["누나는 어제 슬퍼서울었어"])
    assert reading is not None
    assert COARSE[int(reading.coarse.argmax())] == "슬픔"
    served.close()


def test_a_checkpoint_alone_may_have_any_labels(folder: Path) -> None:
    path = folder / "other.tsv"
    rows = [
        f"{text}\t{name}"
        for name, label in (("긍정", "행복"), ("부정", "슬픔"))
        for text in sentences(label)
    ]
    path.write_text("text\tlabel\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"no known label set.*--no-export"):
        train(folder, "other.tsv", folder / "of_two", "--validation", "0.3")
    train(folder, "other.tsv", folder / "of_two", "--validation", "0.3", "--no-export")
    assert report_of(folder / "of_two")["figures"]["accuracy"] > 0.9
    assert {path.name for path in (folder / "of_two").iterdir()} == {"checkpoint", "report"}


@pytest.mark.skipif(not KOBERT.is_dir(), reason="KoBERT's vocabulary is not at ../shared/data")
def test_a_kobert_goes_all_the_way_from_its_folder_to_being_served(
    folder: Path, tmp_path: Path
) -> None:
    start, out = tmp_path / "kobert", tmp_path / "out"
    config = BertConfig(
        vocab_size=8002,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=64,
        pad_token_id=1,
    )
    torch.manual_seed(0)
    BertModel(config).save_pretrained(start)
    for name in ("tokenizer_78b3253a26.model", "kobertvocab_f38b8a4d6d.json"):
        shutil.copy(KOBERT / name, start)
    train(folder, "classes.tsv", out, "--encoder", str(start), "--validation", "0.2")
    assert report_of(out)["figures"]["encoder alone"]["macro-F1"] > 0.9
    served = Classifier.load(out)
    (reading,) = served.read_now(["누나는 어제 무서워서떨었어"])
    assert reading is not None
    assert COARSE[int(reading.scores.coarse.argmax())] == "공포"
    assert reading.embedding.shape == (48,)
    served.close()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--encoder", "no/such/folder"], "there is no folder no/such/folder"),
        (["--data", "missing.tsv"], "missing.tsv: there is no such file"),
        (["--max-length", "64"], "places for 32 pieces, not for 64"),
        (["--epochs", "0"], "These settings do not work"),
        (["--smoothing", "2"], "These settings do not work"),
        (["--label", "gefühl"], "needs a column text and a column gefühl"),
        (["--adapt", "missing.txt"], "missing.txt: cannot be read"),
        (["--validation", "0.001"], "are too few"),
    ],
)
def test_what_cannot_be_used_is_one_clear_sentence(
    more: list[str], message: str, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match=message) as caught:
        train(folder, "classes.tsv", tmp_path / "out", *more)
    assert "\n" not in str(caught.value)


def test_a_folder_that_holds_something_is_left_alone(classes: Path, folder: Path) -> None:
    before = (classes / "config.json").read_bytes()
    with pytest.raises(SystemExit, match="holds something already"):
        train(folder, "classes.tsv", classes)
    assert (classes / "config.json").read_bytes() == before


def test_a_hub_that_cannot_be_reached_is_one_clear_sentence(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(SystemExit, match=r"skt/kobert-base-v1 is no folder here") as caught:
        train(folder, "classes.tsv", tmp_path / "out", "--encoder", "skt/kobert-base-v1")
    assert "\n" not in str(caught.value)


def test_the_readout_of_emotions_tells_classes_apart_too(emotions: Path) -> None:
    from core.emotion.bundle import read_config

    readout: Readout = read_config(emotions).readout
    assert readout.classes == ()
    assert not np.array_equal(readout.weights, np.eye(7))


def test_ngrams_that_are_given_no_share_are_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(parts: Parts, gold: Gold, several: bool) -> Choice:
        return choice.choose(Parts(parts.deep, None), gold, several)

    monkeypatch.setattr(serving, "choose", choose)
    out = folder / "without_share"
    train(folder, "classes.tsv", out, "--validation", "0.2", "--epochs", "1")
    assert "n-gram part alone" in report_of(out)["figures"]
    assert not (out / "ngrams.npz").exists()
    served = Classifier.load(out)
    assert served.parts(["나는 기뻐서웃었어"])[1] is None
    served.close()
