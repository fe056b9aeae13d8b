"""Builds the bundled emotion model from the data in `../shared/data`.

    python -m scripts.build_emotion [--data ../shared/data] [--out data/models/emotion]

The stages: a vocabulary; a first round of pre-training, taught by an n-gram model; teachers
fine-tuned from it; a second round, taught by them; a student fine-tuned from that; the average of
teachers and student, fine-tuned once more; export, and what is chosen on validation rows. Each
leaves its result in `--work` (build/emotion) under a name that holds a digest of all it depends on
but the code: a run goes on where it was broken off, and never with what was made of other data or
settings. On one core it takes two and a half hours, on two idle ones less.
`scripts.evaluate_emotion` prints the model's figures.
"""

import argparse
from pathlib import Path
from typing import Final

from scripts.requires import require_all

require_all()  # before the imports that need them

from scripts.training.bundled import write_bundled
from scripts.training.sources import Recipe, wide_rows
from scripts.training.stages import Build, averaged
from scripts.training.wide import fit_wide

_LAST: Final = Recipe(copies=2, learning_rate=1.5e-4, gold=0.3, everyday=0.1)
"""Small steps: what is left to learn are the classes and the sentence embedding."""


def main() -> None:
    """Run the stages that are still to be run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("build/emotion"))
    parser.add_argument("--out", type=Path, default=Path("data/models/emotion"))
    parser.add_argument("--first-steps", type=int, default=8_000, help="of pre-training")
    parser.add_argument("--second-steps", type=int, default=4_500, help="of its second round")
    arguments = parser.parse_args()
    build = Build(arguments.data, arguments.work)
    first = build.pretrained("first", arguments.first_steps, build.first_rows(), None)
    teacher = build.finetuned("teacher", first, Recipe(), runs=4)
    rows = build.second_rows(teacher)
    second = build.pretrained("second", arguments.second_steps, rows, first)
    student = build.finetuned("student", second, Recipe(), runs=1)
    # The student writes off fewer slips, the teacher knows KOTE a little better.
    both = averaged([teacher, student])
    model = build.finetuned("model", both, _LAST, runs=2).model
    labelled = wide_rows(arguments.data)
    wide = fit_wide(labelled.texts, labelled.labels)
    agreement = write_bundled(arguments.out, model, build.vocabulary(), wide, arguments.data)
    print(f"wrote {arguments.out}: {agreement}")


if __name__ == "__main__":
    main()
