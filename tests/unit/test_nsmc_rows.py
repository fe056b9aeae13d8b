"""Film reviews as good or bad, from a file of the shape of NSMC's."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts.nsmc_rows import good_and_bad, main
from scripts.training.corpus import LabelledTexts, is_validation


def test_ratings_make_good_and_bad_and_what_is_both_is_neither() -> None:
    ratings = np.array([1, 4, 5, 8, 9, 10, 10, 1], np.float32)
    texts = ["a", "b", "c", "d", "e", "f", "both", "both"]
    reviews = LabelledTexts(texts, ((ratings[:, None] - 1) / 9).astype(np.float32))
    assert good_and_bad(reviews) == (["e", "f"], ["a", "b"])


@pytest.fixture
def written(tmp_path: Path) -> dict[str, list[tuple[str, str]]]:
    """The rows of each file, of 3,000 reviews, a quarter of them bad."""
    data = tmp_path / "data"
    (data / "emotion").mkdir(parents=True)
    texts = [f"영화 {number} 번" for number in range(3000)]
    ratings = [2 if number % 4 == 0 else 10 for number in range(3000)]
    frame = pd.DataFrame({"text": texts, "rating": ratings})
    frame.to_parquet(data / "emotion" / "nsmc_reviews.parquet")
    out = tmp_path / "out"
    main(["--data", str(data), "--out", str(out)])
    files = {}
    for name in ("held", "most", "balanced"):
        with (out / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            files[name] = [(row["text"], row["label"]) for row in rows]
    return files


def test_the_files_hold_what_they_say(written: dict[str, list[tuple[str, str]]]) -> None:
    shares = {
        name: [sum(label == wanted for _, label in rows) for wanted in ("긍정", "부정")]
        for name, rows in written.items()
    }
    good, bad = shares["most"]
    assert good == pytest.approx(3 * bad, rel=0.05)
    for name in ("held", "balanced"):
        assert shares[name][0] == shares[name][1] > 0, name
    assert all(is_validation(text) for text, _ in written["held"])


def test_nothing_is_held_out_and_learned_from(written: dict[str, list[tuple[str, str]]]) -> None:
    texts = {name: {text for text, _ in rows} for name, rows in written.items()}
    assert texts["balanced"].isdisjoint(texts["held"])
    assert texts["most"].isdisjoint(texts["held"])
    assert {text for text, label in written["balanced"] if label == "부정"} <= texts["most"]
