"""The classifier over a stand-in for the encoder; the bundled model has its own tests."""

import asyncio
import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from core.emotion.bundle import ModelBundle, ModelConfig
from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, FINE, JOY, NEUTRAL
from core.emotion.ngrams import NgramModel
from core.emotion.readout import Readout
from core.errors import BusyError
from core.models import EmotionScores

SAD, GLAD = FINE.index("슬픔"), FINE.index("기쁨")
Floats = npt.NDArray[np.float32]


class Letters:
    """A tokenizer of one id a letter, in windows of `width`."""

    def __init__(self, width: int) -> None:
        self._width = width

    def windows(self, text: str) -> list[list[int]]:
        ids = [ord(char) for char in text.replace(" ", "")]
        return [ids[start : start + self._width] for start in range(0, len(ids), self._width)]


@dataclass
class SadOrGlad:
    """An encoder that is sure of 슬픔 where a row holds 슬, of 기쁨 and 행복 where it holds 기.

    The embedding of a row points one way for 기, another for all others.
    """

    calls: list[int] = field(default_factory=list)

    def encode(self, rows: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        self.calls.append(len(rows))
        logits = np.full((len(rows), len(FINE) + len(COARSE)), -30, np.float32)
        embeddings = np.zeros((len(rows), 2), np.float32)
        for i, row in enumerate(rows):
            glad = ord("기") in row
            logits[i, SAD] = 30 if ord("슬") in row else -30
            logits[i, GLAD] = 30 if glad else -30
            logits[i, len(FINE) + (JOY if glad else NEUTRAL)] = 30
            embeddings[i, int(glad)] = 1
        return logits, embeddings


@pytest.fixture
def encoder() -> SadOrGlad:
    return SadOrGlad()


@pytest.fixture
def bundle(encoder: SadOrGlad) -> ModelBundle:
    outputs = len(FINE) + len(COARSE)
    wide = NgramModel(
        keys=np.array([0], np.uint32),
        idf=np.ones(1, np.float32),
        weights=np.zeros((1, outputs), np.int8),
        bias=np.full(outputs, -30, np.float32),  # no to every emotion, the same for every class
        scale=np.ones(outputs, np.float32),
    )
    readout = dataclasses.replace(Readout.plain(FINE, COARSE), wide_share=0.2)
    config = ModelConfig("test", "pieces", 12, readout)
    return ModelBundle(config, Letters(10), encoder, wide)  # type: ignore[arg-type]


@pytest.fixture
def classifier(bundle: ModelBundle) -> Iterator[Classifier]:
    model = Classifier(bundle)
    yield model
    model.close()


def one(model: Classifier, text: str) -> EmotionScores:
    (scores,) = model.scores([text])
    assert scores is not None
    return scores


def test_a_long_text_is_the_average_of_all_its_windows_by_length(classifier: Classifier) -> None:
    (reading,) = classifier.read_now(["슬가나다라마바사아자" * 2 + "기가나다라"])
    assert reading is not None
    assert reading.scores.fine[SAD] == pytest.approx(0.8 * 20 / 25, abs=1e-4)
    assert reading.scores.fine[GLAD] == pytest.approx(0.8 * 5 / 25, abs=1e-4)
    assert reading.scores.coarse[JOY] == pytest.approx(0.8 * 5 / 25 + 0.2 / 7, abs=1e-4)
    np.testing.assert_allclose(reading.embedding, np.array([4, 1]) / np.sqrt(17), atol=1e-6)


def test_texts_keep_their_order(classifier: Classifier) -> None:
    texts = ["기" if i % 3 else "슬" + "가" * (i % 30) for i in range(100)]
    for text, found in zip(texts, classifier.read_now(texts), strict=True):
        assert found is not None
        assert found.scores.fine[GLAD] == pytest.approx(0.8 * (text == "기"), abs=1e-4)
        assert found.embedding.tolist() == [text != "기", text == "기"]


def test_what_cannot_be_read_has_no_scores_and_disturbs_no_other(classifier: Classifier) -> None:
    empty, sad, marks = classifier.scores(["\u200b\0", "슬픔", "?!"])
    assert empty is None
    assert marks is None
    assert sad is not None
    assert sad.fine[SAD] == pytest.approx(0.8, abs=1e-4)


def test_nothing_at_all(classifier: Classifier, encoder: SadOrGlad) -> None:
    assert classifier.scores([]) == []
    assert classifier.scores([""]) == [None]
    assert encoder.calls == []


def test_one_pass_gives_scores_and_embedding(classifier: Classifier, encoder: SadOrGlad) -> None:
    classifier.read_now(["슬픔", "기쁨", "슬가나다라마바사아자차카타파하"])
    assert encoder.calls == [4]


def test_the_class_comes_from_the_classes(classifier: Classifier) -> None:
    assert one(classifier, "가나다").coarse.argmax() == NEUTRAL
    assert one(classifier, "기쁨").coarse.argmax() == JOY


def test_a_reading_cannot_be_changed(classifier: Classifier) -> None:
    (reading,) = classifier.read_now(["슬픔"])
    assert reading is not None
    for array in (reading.embedding, reading.scores.fine, reading.scores.coarse):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_the_parts_are_what_is_mixed(classifier: Classifier) -> None:
    texts = ["슬픔", "기가나다라마바사아자" * 2 + "슬가나다라"]
    deep, wide = classifier.parts(texts)
    assert wide is not None
    assert deep.shape == wide.shape == (2, len(FINE) + len(COARSE))
    for mixed, reading in zip(0.8 * deep + 0.2 * wide, classifier.read_now(texts), strict=True):
        assert reading is not None
        np.testing.assert_allclose(mixed[: len(FINE)], reading.scores.fine, atol=1e-6)


def test_a_model_without_ngrams_is_its_encoder(bundle: ModelBundle) -> None:
    plain = Readout.plain(FINE, COARSE)
    config = dataclasses.replace(bundle.config, readout=plain)
    model = Classifier(dataclasses.replace(bundle, config=config, ngrams=None))
    assert one(model, "슬픔").fine[SAD] == pytest.approx(1, abs=1e-4)
    assert model.parts(["슬픔"])[1] is None


def test_it_tells_its_version_and_thresholds(classifier: Classifier) -> None:
    assert classifier.version == "test"
    assert classifier.thresholds.tolist() == [0.5] * len(FINE)


async def test_off_the_loop_it_reads_the_same(classifier: Classifier) -> None:
    texts = ["슬픔", "", "기가나다라마바사아자" * 3, "기쁨"]
    there, here = await classifier.read(texts), classifier.read_now(texts)
    scores = await classifier.classify(texts)
    assert [r is None for r in there] == [r is None for r in here] == [s is None for s in scores]
    for far, near, alone in zip(there, here, scores, strict=True):
        if far and near and alone:
            np.testing.assert_array_equal(far.embedding, near.embedding)
            np.testing.assert_allclose(far.scores.fine, near.scores.fine, atol=1e-6)
            np.testing.assert_allclose(alone.coarse, near.scores.coarse, atol=1e-6)


async def test_a_cancelled_caller_leaves_the_others_alone(classifier: Classifier) -> None:
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


async def test_too_many_texts_at_once_are_refused_and_in_the_calling_thread_are_not(
    classifier: Classifier,
) -> None:
    texts = ["슬픔"] * 5000
    first, second = await asyncio.gather(
        classifier.classify(texts), classifier.classify(["기쁨"]), return_exceptions=True
    )
    assert isinstance(first, list)
    assert len(first) == 5000
    assert isinstance(second, BusyError)
    assert len(classifier.scores(texts)) == 5000
