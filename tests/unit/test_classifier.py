"""The classifier over a stand-in for the encoder; the bundled model has its own tests."""

import asyncio
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from core.emotion.bundle import ModelBundle, ModelConfig
from core.emotion.classifier import OnnxClassifier
from core.emotion.labels import COARSE, FINE, NEUTRAL
from core.emotion.mapping import Scale
from core.emotion.ngrams import NgramModel

SAD, GLAD = FINE.index("슬픔"), FINE.index("기쁨")


class Letters:
    """A tokenizer of one id a letter, in windows of `width`."""

    def __init__(self, width: int) -> None:
        self._width = width

    def windows(self, text: str) -> list[list[int]]:
        ids = [ord(char) for char in text.replace(" ", "")]
        return [ids[start : start + self._width] for start in range(0, len(ids), self._width)]


@dataclass
class SadOrGlad:
    """An encoder that is sure of 슬픔 where a row holds 슬, of 기쁨 where it holds 기."""

    runs: list[list[int]] = field(default_factory=list)

    def run(
        self, names: list[str], feeds: dict[str, npt.NDArray[np.int64]]
    ) -> list[npt.NDArray[np.float32]]:
        ids, segments = feeds["ids"], feeds["segments"]
        assert len(ids) == len(segments) == len(feeds["positions"])
        count = int(segments.max()) + 1
        logits = np.full((count, len(FINE) + 1), -30, np.float32)
        for row in range(count):
            own = ids[segments == row]
            assert feeds["positions"][segments == row].tolist() == list(range(len(own)))
            logits[row, SAD] = 30 if ord("슬") in own else -30
            logits[row, GLAD] = 30 if ord("기") in own else -30
            logits[row, -1] = -logits[row].max()  # no emotion
        self.runs.append(np.bincount(segments).tolist())
        return [logits]


@pytest.fixture
def encoder() -> SadOrGlad:
    return SadOrGlad()


@pytest.fixture
def classifier(encoder: SadOrGlad) -> OnnxClassifier:
    wide = NgramModel(
        keys=np.array([0], np.uint32),
        idf=np.ones(1, np.float32),
        weights=np.zeros((1, len(FINE)), np.int8),
        bias=np.full(len(FINE), -30, np.float32),  # says no to everything
        scale=np.ones(len(FINE), np.float32),
    )
    config = ModelConfig(
        version="test",
        max_length=12,
        wide_share=0.2,
        scale=Scale(
            np.full(len(FINE), 0.5, np.float32),
            neutral=0.5,
            sharpness=1.0,
            bias=np.zeros(len(COARSE), np.float32),
        ),
    )
    return OnnxClassifier(ModelBundle(config, Letters(10), encoder, wide))  # type: ignore[arg-type]


def test_a_long_text_is_the_average_of_all_its_windows_by_length(
    classifier: OnnxClassifier,
) -> None:
    (scores,) = classifier.scores(["슬가나다라마바사아자" * 2 + "기가나다라"])
    assert scores is not None
    assert scores.fine[SAD] == pytest.approx(0.8 * 20 / 25, abs=1e-4)
    assert scores.fine[GLAD] == pytest.approx(0.8 * 5 / 25, abs=1e-4)


def test_texts_keep_their_order_however_they_are_packed(classifier: OnnxClassifier) -> None:
    texts = ["기" if i % 3 else "슬" + "가" * (i % 9) for i in range(100)]
    scores = classifier.scores(texts)
    for text, found in zip(texts, scores, strict=True):
        assert found is not None
        assert found.fine[GLAD] == pytest.approx(0.8 * (text == "기"), abs=1e-4)


def test_runs_are_bounded_however_many_texts_there_are(
    classifier: OnnxClassifier, encoder: SadOrGlad
) -> None:
    classifier.scores(["슬가나다라마바사아자"] * 100)
    assert len(encoder.runs) > 1
    assert max(sum(run) for run in encoder.runs) <= 192
    assert sum(len(run) for run in encoder.runs) == 100


def test_what_cannot_be_read_has_no_scores_and_disturbs_no_other(
    classifier: OnnxClassifier,
) -> None:
    empty, sad, marks = classifier.scores(["\u200b\0", "슬픔", "?!"])
    assert empty is None
    assert marks is None
    assert sad is not None
    assert sad.fine[SAD] == pytest.approx(0.8, abs=1e-4)


def test_nothing_at_all(classifier: OnnxClassifier) -> None:
    assert classifier.scores([]) == []
    assert classifier.scores([""]) == [None]


def test_no_emotion_reads_as_neutral(classifier: OnnxClassifier) -> None:
    (scores,) = classifier.scores(["가나다"])
    assert scores is not None
    assert scores.coarse.argmax() == NEUTRAL


async def test_a_cancelled_caller_leaves_the_others_alone(classifier: OnnxClassifier) -> None:
    first = asyncio.ensure_future(classifier.classify(["슬픔"] * 500))
    second = asyncio.ensure_future(classifier.classify(["기쁨"] * 500))
    third = asyncio.ensure_future(classifier.classify(["슬픔"]))
    await asyncio.sleep(0)
    second.cancel()
    assert len(await first) == 500
    (sad,) = await third
    assert sad is not None
    with pytest.raises(asyncio.CancelledError):
        await second
    classifier.close()


async def test_classifying_off_the_loop_gives_the_same(classifier: OnnxClassifier) -> None:
    (there,) = await classifier.classify(["슬픔"])
    (here,) = classifier.scores(["슬픔"])
    assert there is not None
    assert here is not None
    np.testing.assert_array_equal(there.fine, here.fine)
    classifier.close()
