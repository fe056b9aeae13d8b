"""The readers of training data, on small files of the real ones' shape; and our own corpus."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from core.emotion.labels import COARSE, FINE, NEUTRAL
from core.emotion.tokenizer import Tokenizer
from scripts.training.corpus import (
    GOEMOTIONS,
    is_validation,
    read_everyday,
    read_goemotion_pairs,
    read_goemotions,
    read_kote,
    read_lyric_windows,
    read_nsmc,
    read_utterances,
)
from scripts.training.prepare import first_rows, second_rows
from scripts.training.sources import everyday_split
from scripts.training.tune import gold_classes

PIECES = Path(__file__).parents[2] / "data/models/emotion/pieces.model"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("emotion", "dialogue", "songs"):
        (tmp_path / name).mkdir()
    (tmp_path / "emotion/kote_5k.tsv").write_text(
        "text\tlabels\n"
        "정말 슬퍼ㅠㅠㅠㅠ\t5,10\n"
        '"""인용"" 좋다"\t40,42\n'
        "정말 슬퍼ㅠㅠ\t5\n",  # the first again, once normalised
        encoding="utf-8",
    )
    pd.DataFrame(
        {"text": ["고마워", "그냥"], "labels": ["15", "27"], "text_en": ["Thanks", "Just"]}
    ).to_parquet(tmp_path / "emotion/goemotions_ko_train.parquet")
    pd.DataFrame({"text": ["최고!!!!", "", "별로"], "rating": [10, 5, 1]}).astype(
        {"rating": "int8"}
    ).to_parquet(tmp_path / "emotion/nsmc_reviews.parquet")
    (tmp_path / "dialogue/user_utterances.tsv").write_text(
        "text\ttopic\n심심해\tdaily\n", encoding="utf-8"
    )
    pd.DataFrame({"lyrics": ["가\n나\n가\n다\n\n라\n마", None]}).to_parquet(
        tmp_path / "songs/melon_chart_songs.parquet"
    )
    return tmp_path


def test_kote_has_one_row_a_text(data: Path) -> None:
    rows = read_kote(data)
    assert rows.texts == ["정말 슬퍼ㅠㅠ", '"인용" 좋다']
    assert np.flatnonzero(rows.labels[0]).tolist() == [5, 10]
    assert rows.labels.shape == (2, len(FINE))


def test_goemotions_in_either_language(data: Path) -> None:
    assert read_goemotions(data).texts == ["고마워", "그냥"]
    english = read_goemotions(data, column="text_en")
    assert english.texts == ["thanks", "just"]
    assert [GOEMOTIONS[i] for i in english.labels.argmax(axis=1)] == ["gratitude", "neutral"]
    assert read_goemotion_pairs(data)[0] == ("thanks", "고마워")


def test_ratings_run_from_0_to_1(data: Path) -> None:
    rows = read_nsmc(data)
    assert rows.texts == ["최고!!", "별로"]
    assert rows.labels.tolist() == [[1], [0]]


def test_lyrics_come_in_windows_with_each_line_once(data: Path) -> None:
    assert list(read_lyric_windows(data, lines=4)) == ["가 나 다 라", "마"]
    assert read_utterances(data) == ["심심해"]


def test_the_split_is_a_property_of_the_text(data: Path) -> None:
    training, validation = read_kote(data).split()
    assert sorted(training.texts + validation.texts) == sorted(read_kote(data).texts)
    assert not any(map(is_validation, training.texts))
    held = sum(is_validation(str(number)) for number in range(5000))
    assert 900 < held < 1100


def teach(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """A teacher who tells every text apart."""
    return np.array([[len(text) / 10] * len(FINE) for text in texts], np.float32)


def test_a_row_of_the_first_round_has_the_targets_that_are_known(data: Path) -> None:
    tokenizer = Tokenizer(PIECES, 128)
    rows = first_rows(data, tokenizer, teach)
    texts = [rows.row(number) for number in range(len(rows.offsets) - 1)]

    def target(text: str, head: str) -> npt.NDArray[np.float16]:
        return np.asarray(rows.targets[head][texts.index(tokenizer.windows(text)[0])])

    np.testing.assert_allclose(target("고마워", "emotions"), 0.3, atol=1e-3)
    np.testing.assert_array_equal(target("thanks", "emotions"), target("고마워", "emotions"))
    assert target("thanks", "goemotions")[GOEMOTIONS.index("gratitude")] == 1
    assert COARSE[int(target("thanks", "classes").argmax())] == "행복"
    assert np.isnan(target("고마워", "rating")).all()
    assert target("별로", "rating").tolist() == [0]
    assert np.isnan(target("심심해", "goemotions")).all()
    gold, held = read_kote(data).split()
    assert all(texts.count(tokenizer.windows(text)[0]) == 4 for text in gold.texts)
    assert all(tokenizer.windows(text)[0] not in texts for text in held.texts)


def test_in_the_second_round_pairs_say_the_same_and_kote_has_no_labels(data: Path) -> None:
    tokenizer = Tokenizer(PIECES, 128)
    rows = second_rows(data, tokenizer, teach, np.random.default_rng(0))
    (korean, english), *others = rows.pairs["translations"]
    assert rows.row(korean) == tokenizer.windows("고마워")[0]
    assert rows.row(english) == tokenizer.windows("thanks")[0]
    assert len(others) == 1
    for text, other in rows.pairs["variants"]:
        for head in rows.targets.values():
            np.testing.assert_array_equal(head[text], head[other])
    gold, _ = read_kote(data).split()
    ids = [tokenizer.windows(text)[0] for text in gold.texts]
    bare = [i for i in range(len(rows.offsets) - 1) if rows.row(i) in ids]
    assert np.isnan(rows.targets["emotions"][bare]).all()


def test_our_everyday_sentences_are_sound() -> None:
    rows, classes = read_everyday()
    assert len(rows.texts) == len(set(rows.texts)) > 1500
    assert all(rows.texts)
    assert np.bincount(classes, minlength=len(COARSE)).min() > 150
    assert ((rows.labels == 1).sum(axis=1) >= 1).all()


def test_a_class_agrees_with_its_labels() -> None:
    rows, classes = read_everyday()
    led, clear = gold_classes(np.nan_to_num(rows.labels))
    assert (led == classes[clear]).mean() > 0.97


def test_what_was_not_named_is_unknown_only_near_what_was() -> None:
    rows, classes = read_everyday()
    sad = classes == COARSE.index("슬픔")
    assert np.isnan(rows.labels[sad][:, FINE.index("서러움")]).any()
    plain = (classes == NEUTRAL) & (np.nansum(rows.labels, axis=1) == 1)
    plain &= rows.labels[:, FINE.index("없음")] == 1
    assert (rows.labels[plain][:, FINE.index("슬픔")] == 0).all()


def test_everyday_validation_rows_are_not_trained_on() -> None:
    (training, _), (validation, _) = everyday_split()
    assert not set(training.texts) & set(validation.texts)
    assert all(map(is_validation, validation.texts))
