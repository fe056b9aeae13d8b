"""Fine-tunes an encoder on labelled texts, and makes of it a model that the bot can serve.

    python -m scripts.train_emotion --encoder data/models/emotion --data FILE --out DIR
    EMOTION_MODEL=DIR python -m bot console

`--encoder` is a folder (a bundled model, a checkpoint, a transformers model) or the id of a model
on the Hugging Face hub, such as skt/kobert-base-v1, monologg/kobert or klue/roberta-large.
`--data` is a TSV, CSV, parquet or xlsx file with `text` and `label` (one holds) or `labels` (any
number), or an AI-Hub file as downloaded (see `scripts.training.datasets`). `--adapt` reads
unlabelled texts of the domain first, broad ones before narrow ones.

Of the weights the running average at the epoch with the best validation score is kept. An n-gram
part is fitted beside them; its share, the calibration and the thresholds are chosen on the
validation rows. Both are exported to int8. DIR/report says how well it went. A run that was
broken off goes on with `--resume`, and ends as it would have.

The bundled model itself is made by `scripts.build_emotion`.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from scripts.requires import require_all

require_all()  # before the imports that need them

import torch

from core.errors import MaeumError
from scripts.training.adapt import AdaptedStage, adapt
from scripts.training.datasets import LABEL_CHOICES, DatasetError
from scripts.training.encoders import Start, load_start
from scripts.training.hardware import best_device, precision_of
from scripts.training.model import POOLINGS
from scripts.training.pipeline import (
    Settings,
    default_epochs,
    default_learning_rate,
    finetune_model,
)
from scripts.training.report import commit_of, versions, write_report
from scripts.training.rows import Rows, read_rows
from scripts.training.run import SavedRun, TrainConfig, TrainResult
from scripts.training.scoring import figures_of
from scripts.training.serving import check_labels, save_model, write_model


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export and report.

    Raises:
        SystemExit: a file or the encoder cannot be used; the message is one sentence.
    """
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except (MaeumError, DatasetError) as error:
        sys.exit(str(error))


def _run(options: argparse.Namespace) -> None:
    out: Path = options.out
    work = _work_folder(out, resume=options.resume)
    rows = read_rows(
        options.data,
        options.validation,
        labels=options.labels,
        text=options.text,
        label=options.label,
    )
    if options.export:
        check_labels(rows.training)
    torch.manual_seed(options.seed)  # an encoder may come without a masked-language head
    start = load_start(options.encoder, options.max_length, options.pooling)
    settings = _settings(options, start, len(rows.training.texts))
    work.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    stages: list[AdaptedStage] = []
    with _timed(seconds, "adaptation"):
        if options.adapt:
            config = replace(settings.train, epochs=options.adapt_epochs)
            model, stages = adapt(start.model, start.tokenizer, options.adapt, config, work)
            start = replace(start, model=model)
    with _timed(seconds, "fine-tuning"):
        saved = SavedRun(work / "finetune.pt", " ".join(stage.digest for stage in stages))
        tuned = finetune_model(start, rows.training, rows.validation, settings, saved)
    with _timed(seconds, "export"):
        write = write_model if options.export else save_model
        parts = write(tuned, rows.training, rows.validation, out)
    figures, bins = figures_of(parts, rows.validation.labels, tuned.names, tuned.several)
    report = {
        "figures": figures,
        "encoder": {"name": options.encoder, "sha256": start.digest},
        **_described(rows, settings, tuned.training, stages),
        "seconds": seconds,
    }
    write_report(out / "report", report, bins)
    shutil.rmtree(work)
    absent = [name for name, row in figures["labels"].items() if not row["support"]]
    without = f"; no row of {', '.join(absent)}, left out" if absent else ""
    score, count = figures["macro-F1"], figures["rows"]
    print(f"wrote {out}: macro-F1 {score:.4f} on {count} validation rows{without}")


def _described(
    rows: Rows, settings: Settings, training: TrainResult, stages: Sequence[AdaptedStage]
) -> dict[str, Any]:
    device = best_device()
    return {
        "data": {
            "training rows": len(rows.training.texts),
            "validation rows": len(rows.validation.texts),
            "files": list(rows.files),
        },
        "settings": asdict(settings),
        "adaptation": {stage.file: asdict(stage) for stage in stages},
        "training": {
            "epoch kept": training.epoch,
            "loss by epoch": list(training.losses),
            "validation score by epoch": list(training.scores),
            "steps": training.steps,
        },
        "machine": {
            "device": torch.cuda.get_device_name() if device.type == "cuda" else "CPU",
            "threads": torch.get_num_threads(),
            "precision": precision_of(device),
        },
        "versions": versions(),
        "commit": commit_of(Path(__file__).parent),
    }


def _work_folder(out: Path, *, resume: bool) -> Path:
    """Where the checkpoints of the run are kept until it is over."""
    work = out / "work"
    if out.exists() and not out.is_dir():
        sys.exit(f"{out} is a file, not a folder.")
    others = [path.name for path in out.iterdir() if path != work] if out.is_dir() else []
    if work.exists() and not resume:
        sys.exit(f"{work} holds a run that was broken off: go on with --resume, or remove it.")
    if others and not work.exists():
        sys.exit(f"{out} holds something already ({others[0]}): name another folder.")
    return work


def _settings(options: argparse.Namespace, start: Start, rows: int) -> Settings:
    width: int = start.model.config.hidden_size
    try:
        config = TrainConfig(
            epochs=default_epochs(rows) if options.epochs is None else options.epochs,
            learning_rate=options.lr or default_learning_rate(width),
            average=options.average,
            patience=options.patience,
            seed=options.seed,
        )
        return Settings(config, options.batch, options.dropout, options.smoothing, options.ngrams)
    except ValueError as error:
        sys.exit(f"These settings do not work: {error}.")


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - begin, 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--encoder", required=True, help="a folder, or an id of the Hugging Face hub")
    add("--data", type=Path, nargs="+", required=True, metavar="FILE")
    add("--out", type=Path, required=True, help="a folder that is not there yet")
    add("--labels", choices=LABEL_CHOICES, help="default: those of the first file")
    add("--text", metavar="COLUMN", help="default: text")
    add("--label", metavar="COLUMN", help="default: label or labels")
    add("--validation", type=_share_or_file, default=0.1, help="a file, or a share of the rows")
    add("--adapt", type=Path, nargs="+", default=[], metavar="FILE", help="unlabelled texts")
    add("--adapt-epochs", type=int, default=1, help="over each of these files")
    add("--epochs", type=int, help="at most; default: 2 to 8, by the number of rows")
    add("--lr", type=float, help="peak learning rate; default: by the width of the encoder")
    add("--batch", type=int, default=32)
    add("--max-length", type=int, help="pieces in a row; default: the checkpoint's, or 128")
    add("--pooling", choices=POOLINGS, help="default: the checkpoint's, or cls")
    add("--dropout", type=float, default=0.1)
    add("--smoothing", type=float, default=0.0, help="of the labels, 0 to 1")
    add("--average", type=float, default=0.99, help="decay of the average of the weights, 0: none")
    add("--patience", type=int, default=2, help="epochs without a better score")
    add("--seed", type=int, default=0)
    add("--resume", action="store_true", help="go on with a run that was broken off")
    add("--no-ngrams", dest="ngrams", action="store_false")
    add("--no-export", dest="export", action="store_false", help="write a torch checkpoint only")
    return parser


def _share_or_file(value: str) -> float | Path:
    try:
        share = float(value)
    except ValueError:
        return Path(value)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError("a share is above 0 and below 1")
    return share


if __name__ == "__main__":
    main()
