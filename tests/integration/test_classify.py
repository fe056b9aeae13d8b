import io
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.config import ROOT
from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, FINE
from core.emotion.normalise import has_words, normalise
from core.errors import ModelError
from core.models import EmotionScores
from scripts.classify import as_json, as_row, main, readings

SAD, HAPPY = COARSE.index("슬픔"), COARSE.index("행복")


class FakeClassifier:
    """Reads "슬" as sadness, all other words as joy; keeps the sizes of its batches."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.closed = False

    def scores(self, texts: Sequence[str]) -> list[EmotionScores | None]:
        self.batches.append(len(texts))
        return [self._one(text) if has_words(normalise(text)) else None for text in texts]

    def _one(self, text: str) -> EmotionScores:
        coarse = np.full(7, 0.05, np.float32)
        coarse[SAD if "슬" in text else HAPPY] = 0.7
        return EmotionScores(coarse, np.zeros(len(FINE), np.float32), 0.25, -0.5)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeClassifier:
    classifier = FakeClassifier()
    monkeypatch.setattr(Classifier, "load", lambda folder: classifier)
    return classifier


def written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def test_a_row_comes_out_for_every_line_that_goes_in(
    fake: FakeClassifier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = "슬퍼\n\n기뻐\r\n".encode() + b"\xff\xfe\n" + "\u200b\n끝".encode()
    assert main([written(tmp_path / "in", data)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1\t슬픔\t0.7000\t0.2500\t-0.5000",
        "2\terror\tempty",
        "3\t행복\t0.7000\t0.2500\t-0.5000",
        "4\terror\tnot_utf8",
        "5\terror\tempty",
        "6\t행복\t0.7000\t0.2500\t-0.5000",
    ]
    assert fake.closed


def test_objects_come_out_with_json(
    fake: FakeClassifier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--json", written(tmp_path / "in", "슬퍼\n \n".encode() + b"\xff\n")]) == 0
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert set(first) == {"line", "emotion", "fine", "valence", "arousal", "ambiguous"}
    assert (first["line"], first["emotion"]["슬픔"], first["valence"]) == (1, 0.7, 0.25)
    assert (tuple(first["emotion"]), tuple(first["fine"])) == (COARSE, FINE)
    assert (second, third) == ({"line": 2, "error": "empty"}, {"line": 3, "error": "not_utf8"})


def test_the_text_is_not_repeated(fake: FakeClassifier) -> None:
    (reading,) = readings(fake.scores, ["비밀 이야기".encode()])
    assert "비밀" not in as_row(reading) + as_json(reading)


def test_lines_are_read_in_batches_and_no_further_ahead(fake: FakeClassifier) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"a"

    numbers = [
        reading.number for reading in itertools.islice(readings(fake.scores, endless()), 300)
    ]
    assert numbers == list(range(1, 301))
    assert fake.batches == [256, 256]
    assert taken == 512


def test_long_lines_make_small_batches(fake: FakeClassifier) -> None:
    list(readings(fake.scores, [b"a" * (1 << 19)] * 5))
    assert fake.batches == [2, 2, 1]


def test_standard_input_is_read_where_no_file_is_named(
    fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("슬퍼\n".encode())))
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("1\t슬픔")


def test_a_missing_file_is_one_sentence(
    fake: FakeClassifier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none"
    assert main([str(missing)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"{missing} cannot be read: No such file or directory\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scripts.classify", written(tmp_path / "in", b"a\n")],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b"reading or writing failed: No space left on device\n"


def test_a_missing_model_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(folder: Path) -> FakeClassifier:
        raise ModelError("the emotion model has no config.json")

    monkeypatch.setattr(Classifier, "load", load)
    assert main([]) == 2
    assert capsys.readouterr().err == "the emotion model has no config.json\n"


def test_the_bundled_model_reads_a_file_of_many_lines(tmp_path: Path) -> None:
    lines = ["너무 슬퍼서 눈물이 나", "정말 행복해 최고야", ""] * 200
    path = written(tmp_path / "in", "\n".join(lines).encode() + b"\n")
    done = subprocess.run(
        [sys.executable, "-m", "scripts.classify", path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert [int(row[0]) for row in rows] == list(range(1, 601))
    assert {tuple(row[1] for row in rows[i::3]) for i in range(3)} == {
        ("슬픔",) * 200,
        ("행복",) * 200,
        ("error",) * 200,
    }
    assert done.stderr == ""
