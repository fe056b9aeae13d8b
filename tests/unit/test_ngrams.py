import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.ngrams import LENGTHS, NgramModel, ngram_keys
from core.emotion.normalise import normalise


def model(*texts: str) -> NgramModel:
    """Knows the n-grams of `texts`; its one label is the sum of the features."""
    keys = np.unique(np.concatenate([ngram_keys(text) for text in texts]))
    return NgramModel(
        keys=keys,
        idf=np.ones(len(keys), np.float32),
        weights=np.full((len(keys), 1), 2, np.int8),
        bias=np.array([0.25], np.float32),
        scale=np.array([0.5], np.float32),
    )


@given(st.text(max_size=50))
def test_one_key_for_every_place_of_every_length(text: str) -> None:
    size = len(normalise(text)) + 2
    assert len(ngram_keys(normalise(text))) == sum(max(0, size - n + 1) for n in LENGTHS)


def test_the_same_letters_in_another_order_have_other_keys() -> None:
    assert set(ngram_keys("가나").tolist()) != set(ngram_keys("나가").tolist())


def test_a_word_has_the_same_inner_keys_wherever_it_stands() -> None:
    alone, inside = set(ngram_keys("슬퍼").tolist()), set(ngram_keys("난 슬퍼 정말").tolist())
    assert alone <= inside


def test_different_ngrams_do_not_share_keys() -> None:
    letters = [chr(code) for code in range(0xAC00, 0xAC00 + 300)]
    bigrams = {tuple(sorted(ngram_keys(a + b).tolist())) for a in letters for b in letters[:100]}
    assert len(bigrams) == len(letters) * 100


@given(st.text(min_size=1, max_size=30))
def test_features_have_unit_length(text: str) -> None:
    text = normalise(text)
    columns, values = model(text).features(text)
    assert len(columns) == len(set(columns.tolist()))
    assert np.linalg.norm(values) == pytest.approx(1, abs=1e-5)


def test_the_logit_is_the_weighted_sum_of_the_features() -> None:
    sad = model("슬퍼")
    _, values = sad.features("슬퍼")
    assert sad.logits("슬퍼")[0] == pytest.approx(values.sum() * 2 * 0.5 + 0.25, abs=1e-5)


def test_of_an_unknown_word_only_its_spaces_are_known() -> None:
    sad = model("슬퍼")
    columns, _ = sad.features("xyz")
    # The space at either end is an n-gram of every text.
    assert len(columns) == 1


@given(st.lists(st.text("슬퍼기뻐 ab!", max_size=12).map(normalise), min_size=1, max_size=8))
def test_many_texts_at_once_have_the_logits_they_have_alone(texts: list[str]) -> None:
    generator = np.random.default_rng(0)
    keys = np.unique(ngram_keys("슬퍼 기뻐 ab 슬기"))
    wide = NgramModel(
        keys=keys,
        idf=generator.uniform(1, 5, len(keys)).astype(np.float32),
        weights=generator.integers(-127, 128, (len(keys), 3), np.int8),
        bias=generator.normal(0, 1, 3).astype(np.float32),
        scale=np.array([0.1, 0.2, 0.3], np.float32),
    )
    alone = np.stack([wide.logits(text) for text in texts])
    np.testing.assert_allclose(wide.logits_of(texts), alone, rtol=1e-4, atol=1e-4)


def test_an_ngram_does_not_reach_into_the_next_text() -> None:
    sad = model("슬퍼 슬퍼")
    apart = sad.logits_of(["슬퍼", "슬퍼"])
    np.testing.assert_allclose(apart, np.stack([sad.logits("슬퍼")] * 2), atol=1e-5)


def test_texts_without_a_known_ngram_have_the_bias_alone() -> None:
    wide = NgramModel(
        keys=np.array([7], np.uint32),
        idf=np.ones(1, np.float32),
        weights=np.ones((1, 2), np.int8),
        bias=np.array([0.25, 0.5], np.float32),
        scale=np.ones(2, np.float32),
    )
    np.testing.assert_array_equal(wide.logits_of(["a", "b"]), [[0.25, 0.5]] * 2)
