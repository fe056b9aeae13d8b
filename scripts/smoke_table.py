"""Prints what the emotion model makes of twenty sentences, as the Markdown table in the docs.

    python -m scripts.smoke_table [--model DIR]

The sentences are in no training data. Wrong answers stay in the table: it shows what to expect.
"""

import argparse
import csv
from pathlib import Path

from core.emotion.classifier import OnnxClassifier
from core.emotion.labels import COARSE, FINE

_SENTENCES = Path(__file__).with_name("smoke_sentences.tsv")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, default=Path("data/models/emotion"))
    model = OnnxClassifier.load(parser.parse_args().model)
    with _SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    print("| 문장 | 기대 | 읽은 마음 | 세부 감정 | 정서가 | 각성 | |")
    print("|---|---|---|---|---:|---:|---|")
    right = 0
    for row, scores in zip(rows, model.scores([row["text"] for row in rows]), strict=True):
        if scores is None:
            raise ValueError(f"nothing can be read in {row['text']!r}")
        order = scores.coarse.argsort()[::-1]
        leading = ", ".join(f"{COARSE[i]} {100 * scores.coarse[i]:.0f} %" for i in order[:2])
        fine = ", ".join(FINE[i] for i in scores.fine.argsort()[::-1][:3])
        fits = COARSE[order[0]] in row["expected"].split(", ")
        right += fits
        text = f"{row['text']} ({row['kind']})" if row["kind"] else row["text"]
        print(
            f"| {text} | {row['expected']} | {leading} | {fine} | {scores.valence:+.2f} | "
            f"{scores.arousal:+.2f} | {'✓' if fits else '✗'} |"
        )
    print(f"\n{right} of {len(rows)} as expected.")


if __name__ == "__main__":
    main()
