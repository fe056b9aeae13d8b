"""Measures the crisis check on what its model has not learned from; writes it to docs/crisis.md.

    python -m scripts.crisis_families [--ordinary FILE] [--thresholds]

Rows held out at random flatter: beside each stands one that says the same. So whole families of the
written sentences are held out, and whole corpora, each by an author who wrote it without a look at
the sentences: five models, each fitted without a fifth of the families and without one of the
corpora, judge just those. The floor speaks first, as it does in the bot, and it was widened by some
of these corpora, see there. `--ordinary` is that of `scripts.train_crisis`. `--thresholds` prints
what other thresholds would give. It takes two minutes of processor time.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from scripts.requires import require_all

require_all()  # before the imports that need them

from core.dialogue.crisis import CrisisDetector
from core.dialogue.crisis_model import CrisisModel, Thresholds
from scripts.crisis_report import PAGE, Row, page_with, read_corpus
from scripts.train_crisis import (
    LEARNED,
    SENTENCES,
    THRESHOLDS,
    bank_rows,
    digest,
    ordinary,
    ordinary_rows,
    read_sentences,
    unseen,
    written,
)
from scripts.training.crisis_fit import Example, fit_whole

__all__ = ["Judged", "main", "mark", "table"]

ROOT: Final = Path(__file__).parents[1]
_FOLDS: Final = tuple(name for name in LEARNED if name != "first")
"""Each is the corpus that is held out; the first was tuned on, so that it would tell nothing."""
_SEED: Final = 8
_OF_A_LINE: Final = 4
_HARMLESS: Final = ("low", "none")


@dataclass(frozen=True)
class _Message:
    text: str
    group: str
    family: str


@dataclass(frozen=True)
class Judged:
    """What a model that had not learned from a message makes of it.

    Attributes:
        group: what is counted together.
        danger: the probability of danger; 1 where the floor finds it.
    """

    group: str
    danger: float


def mark() -> str:
    """Stands in the page beside the figures; changes with the sentences."""
    return f"<!-- held out: begin (python -m scripts.crisis_families; {digest()[:12]}) -->"


def table(judged: Sequence[Judged], thresholds: Thresholds) -> str:
    """The figures as Markdown, a line a group."""
    lines = ["| Not learned from | Messages | Card | At least asked |", "|---|---|---|---|"]
    for group in dict.fromkeys(one.group for one in judged):
        dangers = np.array([one.danger for one in judged if one.group == group])
        card, asked = (100 * float(np.mean(dangers >= least)) for least in thresholds[:2])
        lines.append(f"| {group} | {len(dangers)} | {card:.1f} % | {asked:.1f} % |")
    return "\n".join(lines)


def _families() -> list[_Message]:
    messages = []
    for path in SENTENCES:
        for line in read_sentences(path):
            group = f"families: {line.label.replace('_', ' ')}"
            texts = unseen(line.sentences)[:_OF_A_LINE] if line.family else []
            messages += [_Message(text, group, line.family) for text in texts]
    return sorted(messages, key=lambda message: message.group in map(_named, _HARMLESS))


def _named(label: str) -> str:
    return f"families: {label}"


_GROUPS: Final[dict[str, Callable[[Row], bool]]] = {
    "direct": lambda row: "direct" in row.notes,
    "oblique": lambda row: "oblique" in row.notes,
    "violence suffered": lambda row: row.expected == "violence",
    "worry about another": lambda row: row.expected == "third_person",
    "idioms": lambda row: row.expected == "none" and "idiom" in row.notes,
    "low mood": lambda row: "low_mood" in row.notes,
    "titles, news, quotes, denials": lambda row: row.expected == "none",
}
"""The first that a row belongs to is its group."""


def _corpora() -> list[_Message]:
    messages = []
    for name in _FOLDS:
        for row in read_corpus(LEARNED[name]):
            group = next(group for group, has in _GROUPS.items() if has(row))
            messages.append(_Message(row.text, f"corpora: {group}", name))
    order = [f"corpora: {group}" for group in _GROUPS]
    return sorted(messages, key=lambda message: order.index(message.group))


def _dealt() -> dict[str, int]:
    """The fold of each family and of each corpus."""
    families = sorted({message.family for message in _families()})
    np.random.default_rng(_SEED).shuffle(families)
    fold_of = {family: place % len(_FOLDS) for place, family in enumerate(families)}
    return fold_of | {name: place for place, name in enumerate(_FOLDS)}


def _judge(
    floor: CrisisDetector, examples: Sequence[Example], usual: Sequence[str]
) -> Iterator[Judged]:
    fold_of = _dealt()
    messages = _families() + _corpora()
    messages += [_Message(text, "ordinary messages", _FOLDS[0]) for text in usual]
    models = [
        CrisisModel(
            fit_whole([one for one in examples if fold_of.get(one.family) != fold]), THRESHOLDS
        )
        for fold in range(len(_FOLDS))
    ]
    for message in messages:
        sentences = floor.sentences(message.text)
        if floor.find(message.text) is not None:
            yield Judged(message.group, 1.0)
        elif not sentences:
            yield Judged(message.group, 0.0)
        else:
            model = models[fold_of[message.family]]
            yield Judged(message.group, model.judge(sentences).danger)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the five models, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--ordinary", type=Path, help="a TSV file of messages without danger")
    parser.add_argument("--thresholds", action="store_true", help="print others, too")
    options = parser.parse_args(arguments)
    floor = CrisisDetector.load_floor(ROOT / "data" / "crisis")
    examples = written(floor)
    usual, messages = [], bank_rows(ROOT / "data" / "dialogue" / "bank")
    if options.ordinary:
        messages += ordinary_rows(options.ordinary, for_training=True)
        usual = ordinary_rows(options.ordinary, for_training=False)
    examples += ordinary(floor, messages, fit_whole(examples))
    judged = list(_judge(floor, examples, usual))
    if options.thresholds:
        for danger in np.arange(0.2, 0.9, 0.1):
            print(f"danger {danger:.1f}, ask {danger - 0.05:.2f}")
            print(table(judged, Thresholds(danger, danger - 0.05, 0.5)), flush=True)
    page = PAGE.read_text(encoding="utf-8")
    begin = next(line for line in page.splitlines() if line.startswith("<!-- held out: begin"))
    page = page.replace(begin, mark())
    figures = table(judged, THRESHOLDS)
    PAGE.write_text(page_with(figures, page, mark(), "<!-- held out: end -->"), encoding="utf-8")
    print(figures)


if __name__ == "__main__":
    main()
