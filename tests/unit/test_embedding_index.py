"""The nearest rows, against a search that looks at all of every row."""

import numpy as np
import numpy.typing as npt
import pytest

from core.dialogue.embedding_index import EmbeddingIndex

SHARE = 0.4


def embeddings(generator: np.random.Generator, size: int, axes: int) -> npt.NDArray[np.float32]:
    """Of unit length; a few axes say most, as those of sentences."""
    drawn = generator.normal(size=(size, axes)) * np.geomspace(1, 0.01, axes)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("axes", [3, 64, 65, 256])
@pytest.mark.parametrize("count", [1, 40, 499, 500, 900])
def test_the_nearest_are_those_of_a_search_through_all(axes: int, count: int) -> None:
    generator = np.random.default_rng(axes)
    rows = embeddings(generator, 500, axes)
    index = EmbeddingIndex(rows)
    for query in embeddings(generator, 20, axes):
        others = 0.6 * generator.random(500) * (generator.random(500) < 0.3)
        alike = SHARE * (rows @ query) + others
        found, likeness = index.nearest(query, SHARE, others, count)
        assert len(found) == len(set(found.tolist())) == min(count, 500)
        np.testing.assert_allclose(likeness, alike[found], atol=1e-6)
        np.testing.assert_allclose(np.sort(likeness), np.sort(alike)[-count:], atol=1e-6)


def test_a_row_that_its_first_axes_hide_is_found() -> None:
    # 64 axes hold 99 rows each; one row alone has what the query is about.
    rows = np.zeros((64 * 99 + 1, 65), np.float32)
    rows[np.arange(64 * 99), np.arange(64 * 99) % 64] = 1
    rows[-1, -1] = 1
    query = np.zeros(65, np.float32)
    query[-1] = 1
    found, likeness = EmbeddingIndex(rows).nearest(query, SHARE, np.zeros(len(rows)), 1)
    assert found.tolist() == [len(rows) - 1]
    assert likeness == pytest.approx([SHARE])


def test_what_little_the_first_axes_leave_is_not_lost_to_rounding() -> None:
    # Nearly all of every row lies in 64 axes, and what differs does not.
    generator = np.random.default_rng(1)
    whole = np.zeros((3000, 128))
    whole[:, :64] = generator.normal(size=(3000, 64))
    whole[:, :64] /= np.linalg.norm(whole[:, :64], axis=1, keepdims=True)
    left = generator.normal(size=(3000, 64))
    whole[:, 64:] = 3e-3 * left / np.linalg.norm(left, axis=1, keepdims=True)
    whole[1::2, :64] = whole[::2, :64]
    rows = (whole / np.linalg.norm(whole, axis=1, keepdims=True)).astype(np.float32)
    index = EmbeddingIndex(rows)
    for query in rows[:100]:
        _, likeness = index.nearest(query, 1.0, np.zeros(3000), 1)
        assert float(likeness[0]) == pytest.approx(float((rows @ query).max()), abs=1e-6)


def test_equal_rows_are_all_near() -> None:
    rows = np.tile(embeddings(np.random.default_rng(0), 1, 256), (100, 1))
    found, likeness = EmbeddingIndex(rows).nearest(rows[0], SHARE, np.zeros(100), 40)
    assert len(found) == 40
    np.testing.assert_allclose(likeness, SHARE, atol=1e-6)
