"""Film reviews as good or bad, from NSMC: what the model card reports a fine-tuning on.

    python -m scripts.nsmc_rows --out DIR

docs/training.md has the commands that go on from there. Ratings of 1 to 4 are bad, 9 and 10
good, as in NSMC's own splits. The files:

    held.tsv       as many of each; no review in it was seen when the encoder was pre-trained
    most.tsv       all of the bad, and three good to each
    balanced.tsv   all of the bad, and one good to each
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from scripts.requires import require_all

require_all()  # before the imports that need them

from scripts.training.corpus import LabelledTexts
from scripts.training.prepare import reviews as split_reviews

__all__ = ["good_and_bad", "main"]

DATA: Final = Path(__file__).parents[2] / "shared" / "data"
_SEED: Final = 0
_BAD: Final = 4
_GOOD: Final = 9


def good_and_bad(reviews: LabelledTexts) -> tuple[list[str], list[str]]:
    """The texts of good and of bad reviews, each once; those that are both are left out.

    Args:
        reviews: with the rating scaled to 0..1, [shape=(n, 1)].
    """
    ratings = np.round(1 + 9 * reviews.labels[:, 0])
    good, bad = (
        {text for text, chosen in zip(reviews.texts, those, strict=True) if chosen}
        for those in (ratings >= _GOOD, ratings <= _BAD)
    )
    return sorted(good - bad), sorted(bad - good)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the shared data")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    generator = np.random.default_rng(_SEED)
    seen, unseen = split_reviews(options.data)
    known = set(seen.texts)
    unseen = unseen.where(np.array([text not in known for text in unseen.texts]))
    training, held = good_and_bad(seen), good_and_bad(unseen)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, (good, bad), share in (
        ("held", held, 1),
        ("most", training, 3),
        ("balanced", training, 1),
    ):
        chosen = generator.permutation(good)[: share * len(bad)].tolist()
        rows = [f"{text}\t긍정\n" for text in chosen] + [f"{text}\t부정\n" for text in bad]
        path = options.out / f"{name}.tsv"
        mixed = "".join(generator.permutation(rows).tolist())
        path.write_text(f"text\tlabel\n{mixed}", encoding="utf-8")
        print(f"{path}: {len(rows)} reviews")


if __name__ == "__main__":
    main()
