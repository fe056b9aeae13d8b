"""Puts models side by side on the same folds of a labelled file.

    python -m scripts.compare_models --data FILE --labels seven --encoder DIR

Every text stands in one fold (equal texts are one row), chosen by a hash of it. Each model learns
from the other folds and is judged on this one. Where several labels may hold, the thresholds for a
fold are chosen on the scores of the other folds. `bundled` and each `--encoder` are what
`scripts.train_emotion` makes of them: fine-tuned, with an n-gram part, served in int8.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.requires import require_all

require_all()  # before the imports that need them

from core.errors import MaeumError
from scripts.training.comparison import Contender, compare, contenders, markdown_table
from scripts.training.datasets import LABEL_CHOICES, DatasetError, read_dataset
from scripts.training.rows import readable

MODELS = ("tfidf", "lightgbm", "gru", "bundled")


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare, and print a table.

    Raises:
        SystemExit: a file or a model cannot be used; the message is one sentence.
    """
    options = _parser().parse_args(arguments)
    try:
        rows = readable(read_dataset(options.data, labels=options.labels))
        chosen: list[Contender] = contenders(
            options.models, options.encoder, options.bundled, options.epochs
        )
        results = compare(rows, chosen, options.folds, options.seed)
    except (MaeumError, DatasetError) as error:
        sys.exit(str(error))
    if options.json:
        report = {
            "data": {"file": options.data.name, "sha256": rows.digest, "rows": len(rows.texts)},
            "labels": list(rows.names),
            "folds": options.folds,
            "seed": options.seed,
            "models": results,
        }
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        print(f"{options.data.name}: {len(rows.texts)} rows, {len(rows.names)} labels, ", end="")
        print(f"{options.folds} folds\n\n{markdown_table(results)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="see scripts.training.datasets")
    parser.add_argument("--labels", choices=LABEL_CHOICES, help="default: what the file has")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--models", nargs="*", choices=MODELS, default=list(MODELS))
    parser.add_argument("--encoder", nargs="*", default=[], help="more encoders: folders, hub ids")
    parser.add_argument("--bundled", default="data/models/emotion", help="the bundled model")
    parser.add_argument("--epochs", type=int, help="of encoders; default: by the number of rows")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    main()
