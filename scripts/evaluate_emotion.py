"""Measures an emotion model on texts it was not trained on.

    python -m scripts.evaluate_emotion [--model DIR] [--shared DIR] [--json] [--picture PNG]
    python -m scripts.evaluate_emotion --data FILE [--model DIR] [--labels SET] [--threshold X]

With `--data` it judges the model on a file of `text` and `labels` or `label` (or an AI-Hub file,
see `scripts.training.datasets`), with the thresholds that are stored with the model. `--labels` is
`kote44` for KOTE's 44 labels, `seven` (also `ekman7`), `six`, `five` or `four` for classes; without
it, what the file has. A file of KOTE's labels is judged by classes, too: by the one that most of
a row's labels speak for; rows with a tie are left out and counted. A model of other classes than
those asked for is judged by what its seven make of them.

Without `--data` it prints the figures of the model card, from KOTE's validation rows (see
`scripts.training.corpus.is_validation`) and the other data in `--shared`. The rival there,
character TF-IDF with logistic regression, is trained on KOTE's other rows.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from scripts.requires import require_all

require_all()  # before the imports that need them

from core.errors import ModelError
from scripts.training.card import (
    Kote,
    class_sections,
    english_section,
    everyday_panels,
    int8_section,
    robustness_section,
    sentence_section,
)
from scripts.training.datasets import LABEL_CHOICES, DatasetError
from scripts.training.figures import Report, as_json, as_text
from scripts.training.judging import judge, read_gold
from scripts.training.readings import Judged
from scripts.training.reliability import draw_reliability

__all__ = ["evaluate", "main"]

_MODEL: Final = Path("data/models/emotion")
_SHARED: Final = Path("../shared/data")


def main(argv: list[str] | None = None) -> None:
    """Print the figures, as a table or as JSON."""
    arguments = _parse(argv)
    try:
        if arguments.data:
            report = _evaluate_file(arguments)
        else:
            report = evaluate(arguments.model, arguments.shared)
            if arguments.picture:
                panels, rows = everyday_panels(Judged.load(arguments.model))
                draw_reliability(arguments.picture, panels, rows)
    except (ModelError, DatasetError) as error:
        sys.exit(str(error))
    except FileNotFoundError as error:
        sys.exit(f"There is no {error.filename}: name the folder of the training data (--shared).")
    if arguments.json:
        print(json.dumps(as_json(report), ensure_ascii=False, indent=2))
    else:
        print(as_text(report))


def evaluate(model_folder: Path | str, shared: Path) -> Report:
    """The figures of the model card: of a model with 44 emotions, and of the rival.

    Args:
        model_folder: a bundle; as a string it may be a model on the hub, too.
        shared: the folder of the training data.

    Raises:
        ModelError: there is no such model, or it has no emotions.
    """
    model = Judged.load(model_folder)
    if not model.readout.emotions:
        raise ModelError("the model has no 44 emotions, so there is no table: give --data FILE")
    kote = Kote.read(model, shared)
    report: Report = {
        "model, 44 labels": kote.section(model.readout.thresholds),
        "TF-IDF + LR, 44 labels": kote.rival(),
        **class_sections(model, shared, kote),
        "model, 44 labels, written otherwise": robustness_section(model, kote),
        "model, English beside Korean, GoEmotions dev": english_section(model, shared),
        "sentence embeddings, KorSTS dev": sentence_section(model, shared),
    }
    checkpoint = Path(model_folder) / "checkpoint"
    if checkpoint.is_dir() and (Path(model_folder) / "encoder.onnx").is_file():
        report["int8 against float, 44 labels"] = int8_section(model, checkpoint, kote)
    else:
        print(f"no {checkpoint}: int8 is not held against float", file=sys.stderr)
    return report


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default=str(_MODEL), help="a folder, or a model on the hub")
    parser.add_argument("--shared", type=Path, default=_SHARED, help="the training data")
    parser.add_argument("--data", type=Path, help="a file of texts with labels")
    parser.add_argument("--labels", choices=list(LABEL_CHOICES), help="default: what the file has")
    parser.add_argument("--threshold", type=float, help="of all 44 labels; default: those stored")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--picture", type=Path, help="write a reliability diagram (PNG) there")
    arguments = parser.parse_args(argv)
    if not arguments.data and (arguments.labels or arguments.threshold is not None):
        parser.error("--labels and --threshold belong to --data")
    if arguments.threshold is not None and not 0 <= arguments.threshold <= 1:
        parser.error("--threshold is from 0 to 1")
    return arguments


def _evaluate_file(arguments: argparse.Namespace) -> Report:
    gold = read_gold(arguments.data, arguments.labels)
    judgement = judge(Judged.load(arguments.model), gold, arguments.threshold)
    if arguments.threshold is not None and judgement.panels:
        print(
            "--threshold is for KOTE's 44 labels: of classes the leading one counts",
            file=sys.stderr,
        )
    if arguments.picture:
        if not judgement.panels:
            raise DatasetError(
                "independent labels have no reliability diagram: leave --picture out"
            )
        rows = int(judgement.section["rows"])
        draw_reliability(arguments.picture, judgement.panels, rows)
    return {f"{arguments.data.name}, {len(gold.names)} labels": judgement.section}


if __name__ == "__main__":
    main()
