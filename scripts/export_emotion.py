"""Exports a fine-tuned checkpoint to the folder that the bot serves, int8 by default.

    python -m scripts.export_emotion CHECKPOINT --out DIR [--float] [--sample FILE]

CHECKPOINT is a folder as `scripts.train_emotion` leaves it, or a model with one inside, whose
thresholds, calibration and n-gram part are then kept. The exported encoder is held against torch
on real texts, and nothing is written where they disagree. `EMOTION_MODEL=DIR` serves the result.
"""

import argparse
import sys
from pathlib import Path

from scripts.requires import require_all

require_all()  # before the imports that need them

from core.emotion.bundle import load_bundle
from core.emotion.ngrams import NgramModel
from core.emotion.readout import Readout
from core.errors import ModelError
from scripts.training.adapt import read_texts
from scripts.training.agreement import Limits
from scripts.training.checkpoint import find_checkpoint
from scripts.training.datasets import DatasetError
from scripts.training.export import write_bundle


def main() -> None:
    """Export, or say in one sentence why not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--float", dest="int8", action="store_false", help="keep fp32 weights")
    parser.add_argument(
        "--sample", type=Path, metavar="FILE", help="texts to check with; default: everyday ones"
    )
    parser.add_argument(
        "--with-checkpoint", action="store_true", help="copy the checkpoint into the folder"
    )
    parser.add_argument("--same-top", type=float, default=Limits.same_top, metavar="SHARE")
    parser.add_argument(
        "--mean-difference", type=float, default=Limits.mean_difference, metavar="P"
    )
    parser.add_argument("--max-difference", type=float, default=Limits.max_difference, metavar="P")
    parser.add_argument("--texts", type=int, default=Limits.texts, help="to check with, at most")
    try:
        _export(parser.parse_args())
    except (ModelError, DatasetError) as error:
        sys.exit(str(error))


def _export(arguments: argparse.Namespace) -> None:
    limits = Limits(
        arguments.same_top, arguments.mean_difference, arguments.max_difference, arguments.texts
    )
    readout, ngrams = _chosen(arguments.checkpoint)
    agreement = write_bundle(
        arguments.out,
        arguments.checkpoint,
        readout,
        ngrams,
        texts=arguments.sample and read_texts(arguments.sample),
        int8=arguments.int8,
        with_checkpoint=arguments.with_checkpoint,
        limits=limits,
    )
    size = sum(file.stat().st_size for file in arguments.out.iterdir() if file.is_file())
    print(f"wrote {arguments.out} ({size / 1e6:.1f} MB): {agreement}")


def _chosen(folder: Path) -> tuple[Readout | None, NgramModel | None]:
    """What the model around the checkpoint says; nothing where the folder is the checkpoint."""
    if find_checkpoint(folder) == folder:
        return None, None
    bundle = load_bundle(folder)
    return bundle.config.readout, bundle.ngrams


if __name__ == "__main__":
    main()
