"""Fits the statistical part of the crisis check, and writes data/crisis/model.npz (two minutes).

    python -m scripts.train_crisis [--ordinary FILE] [--out FILE]

It learns from `SENTENCES`, sentences of all classes written for it, from the corpora of `LEARNED`,
from the everyday sentences of `scripts/training/everyday.tsv`, as examples of low mood (sad or
afraid) and of none, and from what the bank of replies (`data/dialogue/bank`) expects people to say.
`--ordinary` names a TSV file with a column `text` of messages that hold no danger but for a few; it
makes false alarms rarer. The file in the repository was made with user_utterances.tsv of
songys/Chatbot_data (MIT), of which every third row is left for measuring. Whether a message of it
or of the bank is low mood or none is what a first fit without them says. Everyday sentences and
messages in which the floor finds danger are left out. How well such a model judges what it has not
learned from is measured by `scripts.crisis_families`. Run it again when the sentences or the idioms
of the floor change; it rests on no other model.
"""

import argparse
import csv
import hashlib
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from scripts.requires import require_all

require_all()  # before the imports that need them

from core.dialogue.crisis import CrisisDetector
from core.dialogue.crisis_model import CLASSES, CrisisModel, Thresholds
from core.dialogue.files import as_list, as_mapping, as_text, read_mapping
from core.emotion.ngrams import NgramModel
from scripts.crisis_report import BLIND, CORPORA, held, read_corpus
from scripts.training.crisis_fit import Example, fit, fit_whole, masked

__all__ = [
    "LEARNED",
    "SENTENCES",
    "THRESHOLDS",
    "Line",
    "bank_rows",
    "bare",
    "digest",
    "main",
    "ordinary",
    "ordinary_rows",
    "read_sentences",
    "unseen",
    "written",
]

ROOT: Final = Path(__file__).parents[1]
_TRAINING: Final = Path(__file__).parent / "training"
SENTENCES: Final = (
    _TRAINING / "crisis_sentences.txt",
    _TRAINING / "crisis_sentences_second.txt",
    _TRAINING / "crisis_sentences_third.txt",
    _TRAINING / "crisis_sentences_fourth.txt",
)
"""The sentences written for it, a file an author."""
_EVERYDAY: Final = _TRAINING / "everyday.tsv"
LEARNED: Final = dict(CORPORA)
"""The corpora that are learned from, too; of the first, the rows that are not held out."""
_BANK: Final = ROOT / "data" / "dialogue" / "bank"
_FOLDER: Final = ROOT / "data" / "crisis"

_SEED: Final = 8
_EACH: Final = 20
"""The most sentences that are made of one line."""
_EVERYDAY_WEIGHT: Final = 0.5
_LEARNED_WEIGHT: Final = 1.5
_FAMILY_WEIGHT: Final = 1.5
_LOW_EMOTIONS: Final = ("슬픔", "공포")
# How they were chosen stands in docs/crisis.md.
THRESHOLDS: Final = Thresholds(danger=0.75, ask=0.25, low=0.6)

_CHOICE: Final = re.compile(r"\{([^}]*)\}")
_NO_LETTER: Final = re.compile(r"\W")
_SPACES: Final = re.compile(r" {2,}")


class Line(NamedTuple):
    """A line of a file of `SENTENCES`.

    Attributes:
        label: its class.
        family: of lines that mean the same, where the file names families; empty elsewhere.
        sentences: all that it stands for.
    """

    label: str
    family: str
    sentences: list[str]


def read_sentences(path: Path) -> Iterator[Line]:
    """The lines of a file of `SENTENCES`.

    Raises:
        ValueError: a sentence stands under no class.
    """
    endings: dict[str, str] = {}
    label = family = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            name, _, endings[name] = rest.partition(" ")
        elif mark == "#":
            label, family = (rest, "") if rest in CLASSES else (label, family)
        elif mark == "##":
            family = rest
        elif line and not label:
            raise ValueError(f"{path}: {line!r} stands under no class")
        elif line:
            yield Line(label, family, _expanded(line, endings))


def _expanded(line: str, endings: dict[str, str]) -> list[str]:
    parts = _CHOICE.split(line)  # text, choice, text, choice, ..., text
    choices = [
        endings.get(part, part).split("|") if place % 2 else [part]
        for place, part in enumerate(parts)
    ]
    return [_SPACES.sub(" ", "".join(chosen)).strip() for chosen in itertools.product(*choices)]


def digest() -> str:
    """Changes with the sentences; kept in the model's file, so that a stale one shows."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in SENTENCES)).hexdigest()


def ordinary_rows(path: Path, for_training: bool) -> list[str]:
    """The messages of a TSV file with a column `text`: those to learn from, or the others."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["text"] for place, row in enumerate(rows) if bool(place % 3) == for_training]


def bank_rows(folder: Path) -> list[str]:
    """The utterances of a folder of the bank's files."""
    rows: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        for name, value in read_mapping(path).items():
            intent = as_mapping(value, f"{path}: {name}")
            for language in sorted(intent.keys() & {"ko", "en"}):
                where = f"{path}: {name}.{language}"
                rows += [as_text(one, where) for one in as_list(intent[language], where)]
    return rows


def unseen(sentences: Sequence[str]) -> list[str]:
    """Those of `sentences` that stand in no corpus, whatever their spaces and punctuation."""
    corpora = _corpora()
    return [sentence for sentence in sentences if bare(sentence) not in corpora]


@cache
def _corpora() -> frozenset[str]:
    paths = (*CORPORA.values(), BLIND)
    return frozenset(bare(row.text) for path in paths for row in read_corpus(path))


def bare(text: str) -> str:
    """A sentence without spaces and punctuation, as sentences are compared."""
    return _NO_LETTER.sub("", text)


def written(floor: CrisisDetector) -> list[Example]:
    """What is learned from but for the ordinary messages, sentence by sentence."""
    return masked(floor, _examples(floor, np.random.default_rng(_SEED)))


def _examples(floor: CrisisDetector, rng: np.random.Generator) -> Iterator[Example]:
    for line in itertools.chain.from_iterable(map(read_sentences, SENTENCES)):
        if not (sentences := unseen(line.sentences)):
            continue
        count = min(_EACH, len(sentences))
        weight = (_FAMILY_WEIGHT if line.family else 1.0) * count**-0.5
        for place in rng.choice(len(sentences), count, replace=False):
            yield Example(sentences[place], line.label, weight, line.family)
    for name, path in LEARNED.items():
        for learned in read_corpus(path):
            if name == "first" and held(learned.text):
                continue
            label = "low" if "low_mood" in learned.notes else learned.expected
            yield Example(learned.text, label, _LEARNED_WEIGHT, name)
    with _EVERYDAY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if floor.find(row["text"]) is None:
                low = row["class"] in _LOW_EMOTIONS
                yield Example(row["text"], "low" if low else "none", _EVERYDAY_WEIGHT)


def ordinary(
    floor: CrisisDetector, messages: Sequence[str], first: NgramModel
) -> Iterator[Example]:
    """The messages without danger, each sentence labelled low or none by a first fit."""
    kept = [message for message in messages if floor.find(message) is None]
    low, none = CLASSES.index("low"), CLASSES.index("none")
    for example in masked(floor, (Example(text, "none", _EVERYDAY_WEIGHT) for text in kept)):
        logits = first.logits(example.text)
        yield replace(example, label="low") if logits[low] > logits[none] else example


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the model and write its file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=_FOLDER / "model.npz")
    parser.add_argument("--ordinary", type=Path, help="a TSV file of messages without danger")
    options = parser.parse_args(arguments)
    floor = CrisisDetector.load_floor(_FOLDER)
    examples = written(floor)
    messages = bank_rows(_BANK)
    if options.ordinary:
        messages += ordinary_rows(options.ordinary, for_training=True)
    examples += ordinary(floor, messages, fit_whole(examples))
    model = fit(examples)
    CrisisModel(model, THRESHOLDS).save(options.out, digest())
    labels = [example.label for example in examples]
    counts = ", ".join(f"{labels.count(name)} {name}" for name in CLASSES)
    size = options.out.stat().st_size / 1000
    print(f"{options.out}: {size:.0f} kB from {len(labels)} sentences ({counts})")


if __name__ == "__main__":
    main()
