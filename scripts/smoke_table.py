"""Prints what the emotion model makes of twenty sentences, as the Markdown table in the docs.

    python -m scripts.smoke_table [--model DIR]

The sentences are in no training data. Wrong answers stay in the table: it shows what to expect.
A reading is as expected when the expected class leads, or with two expected classes, when they
are the two that lead.
"""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE, FINE
from core.models import EmotionScores

__all__ = ["SmokeRow", "smoke_rows"]

_SENTENCES = Path(__file__).with_name("smoke_sentences.tsv")


@dataclass(frozen=True)
class SmokeRow:
    """One sentence and its reading.

    Attributes:
        expected: the class or classes a person reads in it.
        kind: what is hard about it, if anything.
    """

    text: str
    expected: frozenset[str]
    kind: str
    scores: EmotionScores

    @property
    def leading(self) -> list[str]:
        """The seven classes, the largest share first."""
        return [COARSE[i] for i in self.scores.coarse.argsort()[::-1]]

    @property
    def fits(self) -> bool:
        """Whether the expected classes are those that lead."""
        return set(self.leading[: len(self.expected)]) == self.expected


def smoke_rows(model: Classifier) -> Iterator[SmokeRow]:
    """Every sentence with its reading, read alone, as a message is."""
    with _SENTENCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            (scores,) = model.scores([row["text"]])
            if scores is None:
                raise ValueError(f"nothing can be read in {row['text']!r}")
            yield SmokeRow(row["text"], frozenset(row["expected"].split(", ")), row["kind"], scores)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, default=Path("data/models/emotion"))
    rows = list(smoke_rows(Classifier.load(parser.parse_args().model)))
    print("| 문장 | 기대 | 읽은 마음 | 세부 감정 | 정서가 | 각성 | |")
    print("|---|---|---|---|---:|---:|---|")
    for row in rows:
        shares = {name: row.scores.coarse[COARSE.index(name)] for name in row.leading[:2]}
        leading = ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares.items())
        fine = ", ".join(FINE[i] for i in row.scores.fine.argsort()[::-1][:3])
        text = f"{row.text} ({row.kind})" if row.kind else row.text
        print(
            f"| {text} | {', '.join(sorted(row.expected))} | {leading} | {fine} | "
            f"{row.scores.valence:+.2f} | {row.scores.arousal:+.2f} | {'✓' if row.fits else '✗'} |"
        )
    print(f"\n{sum(row.fits for row in rows)} of {len(rows)} as expected.")


if __name__ == "__main__":
    main()
