"""The bundled emotion model itself."""

import asyncio
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.emotion.bundle import load_bundle
from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, FINE
from core.emotion.normalise import normalise
from core.models import EmotionScores
from scripts.smoke_table import smoke_rows
from scripts.training.card import Kote, everyday_section, int8_section, robustness_section
from scripts.training.readings import Judged

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "data/models/emotion"
SHARED = ROOT.parent / "shared/data"


@pytest.fixture(scope="module")
def model() -> Classifier:
    return Classifier.load(MODEL)


def read(model: Classifier, text: str) -> EmotionScores:
    (scores,) = model.scores([text])
    assert scores is not None
    return scores


def leading(scores: EmotionScores) -> str:
    return COARSE[int(scores.coarse.argmax())]


def test_the_sentence_of_the_readme_is_mainly_sad(model: Classifier) -> None:
    scores = read(model, "오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나")
    assert leading(scores) == "슬픔"
    assert scores.coarse.max() > 0.5
    assert scores.valence < -0.3


def test_most_smoke_sentences_are_read_as_expected(model: Classifier) -> None:
    rows = list(smoke_rows(model))
    assert len(rows) == 20
    assert sum(row.fits for row in rows) >= 14


# More than a whole window of each, so that a reader of the first or of the last window alone
# would miss the other.
GRIEF = (
    "오늘 하루 종일 너무 슬프고 외로워서 계속 눈물만 났어. 아무도 내 마음을 몰라줘서 서러웠어. "
    * 12
)
JOY = "오늘 정말 행복하고 기뻐서 하루 종일 신나게 웃었어! 최고로 즐거운 날이야. " * 12


@pytest.mark.parametrize("text", [GRIEF + JOY, JOY + GRIEF])
def test_a_long_message_is_all_of_it(model: Classifier, text: str) -> None:
    rows = load_bundle(MODEL).tokenizer.windows(normalise(text))
    assert len(rows) >= 4
    whole, grief, joy = read(model, text), read(model, GRIEF), read(model, JOY)
    for name in ("슬픔", "기쁨"):
        parts = sorted((grief.fine[FINE.index(name)], joy.fine[FINE.index(name)]))
        middle = (whole.fine[FINE.index(name)] - parts[0]) / (parts[1] - parts[0])
        assert 0.2 < middle < 0.8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("너무 슬퍼ㅠㅠ", "너무 슬퍼ㅠㅠㅠㅠㅠㅠㅠㅠ"),
        ("너무 웃겨 ㅋㅋ", "너무 웃겨 ㅋㅋㅋㅋㅋㅋㅋㅋㅋ"),
        ("정말 '행복'해", "정말 ‘행복’해"),
        ("화가 난다!!", "화가\u200b 난다!!!!!!"),
        ("I am so happy", "Ｉ ａｍ ＳＯ happy"),
        ("슬프다😭", "슬프다 \ud83d\ude2d"),
    ],
)
def test_spelling_that_does_not_matter_does_not_matter(
    model: Classifier, one: str, other: str
) -> None:
    np.testing.assert_allclose(read(model, one).fine, read(model, other).fine, atol=1e-6)


@pytest.mark.parametrize(
    "text",
    ["가" * 10_000, "슬퍼 " * 3_000, "ㅋ" * 10_000, "a" * 10_000, "😭" * 500, "<b>'; DROP--"],
)
def test_odd_input_gives_a_sound_reading(model: Classifier, text: str) -> None:
    scores = read(model, text)
    assert scores.coarse.sum() == pytest.approx(1, abs=1e-5)
    assert np.isfinite(scores.fine).all()
    assert -1 <= scores.valence <= 1


def test_a_text_reads_nearly_the_same_alone_and_in_company(model: Classifier) -> None:
    """Only rounding differs: activations are quantised in fixed ranges."""
    text = "팀장이 내 공을 가로챘어. 진짜 열받아 죽겠네"
    alone = read(model, text)
    beside = model.scores([text, "행복해", "오늘은 비가 온다고 했는데 하나도 안 왔네"])[0]
    assert beside is not None
    assert np.abs(alone.fine - beside.fine).max() < 0.005


async def test_many_callers_at_once_each_get_their_own(model: Classifier) -> None:
    texts = ["너무 슬퍼", "정말 행복해", "화가 나", "무서워"]
    results = await asyncio.gather(*(model.classify([texts[i % 4]]) for i in range(40)))
    for i, (scores,) in enumerate(results):
        assert scores is not None
        np.testing.assert_allclose(scores.fine, read(model, texts[i % 4]).fine, atol=1e-3)


def test_its_files_belong_together() -> None:
    config = load_bundle(MODEL).config
    assert len(config.readout.thresholds) == len(FINE)
    assert 0 <= config.readout.wide_share <= 1
    assert sum(file.stat().st_size for file in MODEL.iterdir()) < 20_000_000


def test_serving_imports_neither_torch_nor_transformers() -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from core.emotion.classifier import Classifier\n"
        f"Classifier.load(Path({str(MODEL)!r})).scores(['슬퍼'])\n"
        "print({'torch', 'transformers', 'sklearn', 'pandas', 'scipy'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"


@pytest.mark.skipif(not SHARED.exists(), reason="the training data is not beside the repository")
def test_it_is_as_good_as_its_card_says_on_rows_it_has_not_seen() -> None:
    judged = Judged.load(MODEL)
    kote = Kote.read(judged, SHARED)
    model, rival = kote.section(judged.readout.thresholds), kote.rival()
    assert model["macro-F1, threshold a label, crossed halves"] > 0.475
    written = robustness_section(judged, kote, ways=()).table["all mixed"]
    assert written["drop in points"] < 2
    assert int8_section(judged, MODEL / "checkpoint", kote)["loss in points"] < 0.5
    everyday = everyday_section(judged)
    assert everyday["accuracy"] > 0.66
    assert everyday["ECE, calibrated on the other half"] < 0.06
    for figure in ("macro-F1, one threshold", "macro-F1, threshold a label, crossed halves"):
        assert model[figure] > rival[figure] + 0.02
