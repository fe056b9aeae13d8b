"""Fits the statistical part of the crisis check, and writes data/crisis/model.npz (two minutes).

    python -m scripts.train_crisis [--ordinary FILE] [--out FILE]

It learns from `SENTENCES`, sentences of all classes written for it, from the everyday sentences of
`scripts/training/everyday.tsv`, as examples of low mood (sad or afraid) and of none, and from what
the bank of replies (`data/dialogue/bank`) expects people to say. `--ordinary` names a TSV file with
a column `text` of messages that hold no danger but for a few; it makes false alarms rarer. The file
in the repository was made with user_utterances.tsv of songys/Chatbot_data (MIT), of which every
third row is left for measuring. Whether a message of it or of the bank is low mood or none is what
a first fit without them says. Of the corpora of `tests/data` it learns from the rows of the first
that are not held out; the others are read only to leave out what stands in them. Everyday sentences
and messages in which the floor finds danger are left out. Run it again when the sentences or the
idioms of the floor change.

The n-grams that weigh most are kept and fitted once more, and the weights are rounded to bytes.
"""

import argparse
import csv
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from scripts.requires import require_all

require_all()  # before the imports that need them

import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from core.dialogue.crisis import CrisisDetector
from core.dialogue.crisis_model import CLASSES, CrisisModel
from core.dialogue.files import as_list, as_mapping, as_text, read_mapping
from core.emotion.ngrams import NgramModel, ngram_keys
from scripts.crisis_report import CORPORA, held, read_corpus

__all__ = ["SENTENCES", "bank_rows", "digest", "main", "ordinary_rows", "read_sentences", "unseen"]

ROOT: Final = Path(__file__).parents[1]
_TRAINING: Final = Path(__file__).parent / "training"
SENTENCES: Final = (
    _TRAINING / "crisis_sentences.txt",
    _TRAINING / "crisis_sentences_second.txt",
)
"""The sentences written for it, a file an author."""
_EVERYDAY: Final = _TRAINING / "everyday.tsv"
_LEARNED: Final = CORPORA["first"]
_BANK: Final = ROOT / "data" / "dialogue" / "bank"
_FOLDER: Final = ROOT / "data" / "crisis"

_SEED: Final = 8
_EACH: Final = 60
"""The most sentences that are made of one line."""
_KEPT: Final = 40_000
"""N-grams in the file: with bytes as weights it stays near 300 kB."""
_INVERSE_REGULARISATION: Final = 5.0
_EVERYDAY_WEIGHT: Final = 0.5
_LEARNED_WEIGHT: Final = 1.5
_LOW_EMOTIONS: Final = ("슬픔", "공포")
# How they were chosen stands in docs/crisis.md.
_DANGER_FROM: Final = 0.55
_LOW_FROM: Final = 0.6

_CHOICE: Final = re.compile(r"\{([^}]*)\}")
_NO_LETTER: Final = re.compile(r"\W")
_SPACES: Final = re.compile(r" {2,}")


@dataclass(frozen=True)
class Example:
    """A sentence to learn from; the weight of a line grows with the root of its sentences."""

    text: str
    label: str
    weight: float


def read_sentences(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The class of each line of a file like `SENTENCES`, and all sentences it stands for.

    Raises:
        ValueError: a sentence stands under no class.
    """
    endings: dict[str, str] = {}
    label = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            name, _, endings[name] = rest.partition(" ")
        elif mark == "#":
            label = rest if rest in CLASSES else label
        elif line and not label:
            raise ValueError(f"{path}: {line!r} stands under no class")
        elif line:
            yield label, _expanded(line, endings)


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
    return [sentence for sentence in sentences if _bare(sentence) not in corpora]


@cache
def _corpora() -> frozenset[str]:
    return frozenset(_bare(row.text) for path in CORPORA.values() for row in read_corpus(path))


def _bare(text: str) -> str:
    return _NO_LETTER.sub("", text)


def _examples(floor: CrisisDetector, rng: np.random.Generator) -> Iterator[Example]:
    for label, made in itertools.chain.from_iterable(map(read_sentences, SENTENCES)):
        if not (sentences := unseen(made)):
            continue
        count = min(_EACH, len(sentences))
        for place in rng.choice(len(sentences), count, replace=False):
            yield Example(sentences[place], label, count**-0.5)
    for learned in read_corpus(_LEARNED):
        if not held(learned.text):
            label = "low" if "low_mood" in learned.notes else learned.expected
            yield Example(learned.text, label, _LEARNED_WEIGHT)
    with _EVERYDAY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if floor.find(row["text"]) is None:
                low = row["class"] in _LOW_EMOTIONS
                yield Example(row["text"], "low" if low else "none", _EVERYDAY_WEIGHT)


def _masked(floor: CrisisDetector, examples: Iterable[Example]) -> list[Example]:
    """Every sentence of the examples on its own, as the detector hands it to the model."""
    return [
        replace(example, text=sentence)
        for example in examples
        for sentence in floor.sentences(example.text)
    ]


def _ordinary(
    floor: CrisisDetector, messages: Sequence[str], first: NgramModel
) -> Iterator[Example]:
    """The messages without danger, each sentence labelled by the first fit."""
    kept = [message for message in messages if floor.find(message) is None]
    low, none = CLASSES.index("low"), CLASSES.index("none")
    for example in _masked(floor, (Example(text, "none", _EVERYDAY_WEIGHT) for text in kept)):
        logits = first.logits(example.text)
        yield replace(example, label="low") if logits[low] > logits[none] else example


def _fit(examples: Sequence[Example]) -> NgramModel:
    keys, idf = _counted([example.text for example in examples])
    everything = _regression(keys, idf, examples)
    strength = np.abs(everything.weights).max(axis=1) * idf
    kept = np.sort(strength.argsort(kind="stable")[::-1][:_KEPT])
    return _in_bytes(_regression(keys[kept], idf[kept], examples))


def _counted(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
    """The n-grams that occur in two texts or more, and their inverse document frequency."""
    keys, counts = np.unique(
        np.concatenate([np.unique(ngram_keys(text)) for text in texts]), return_counts=True
    )
    keys, counts = keys[counts > 1], counts[counts > 1]
    return keys, (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32)


def _regression(
    keys: npt.NDArray[np.uint32], idf: npt.NDArray[np.float32], examples: Sequence[Example]
) -> NgramModel:
    shape = (len(keys), len(CLASSES))
    bias, scale = np.zeros(len(CLASSES), np.float32), np.ones(len(CLASSES), np.float32)
    blank = NgramModel(keys, idf, np.zeros(shape, np.float32), bias, scale)
    rows = [blank.features(example.text) for example in examples]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows])
    matrix = sp.csr_matrix((values, columns, starts), shape=(len(rows), len(keys)))
    fitted = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=500, tol=1e-3)
    fitted.fit(
        matrix,
        [CLASSES.index(example.label) for example in examples],
        sample_weight=[example.weight for example in examples],
    )
    coefficients = np.ascontiguousarray(fitted.coef_.T, np.float32)
    return NgramModel(keys, idf, coefficients, fitted.intercept_.astype(np.float32), scale)


def _in_bytes(model: NgramModel) -> NgramModel:
    scale = (np.abs(model.weights).max(axis=0) / 127).astype(np.float32)
    weights = np.round(model.weights / scale).astype(np.int8)
    idf = model.idf.astype(np.float16).astype(np.float32)
    return NgramModel(model.keys, idf, weights, model.bias, scale)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the model and write its file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=_FOLDER / "model.npz")
    parser.add_argument("--ordinary", type=Path, help="a TSV file of messages without danger")
    options = parser.parse_args(arguments)
    floor = CrisisDetector.load_floor(_FOLDER)
    examples = _masked(floor, _examples(floor, np.random.default_rng(_SEED)))
    messages = bank_rows(_BANK)
    if options.ordinary:
        messages += ordinary_rows(options.ordinary, for_training=True)
    examples += _ordinary(floor, messages, _fit(examples))
    model = _fit(examples)
    CrisisModel(model, _DANGER_FROM, _LOW_FROM).save(options.out, digest())
    labels = [example.label for example in examples]
    counts = ", ".join(f"{labels.count(name)} {name}" for name in CLASSES)
    size = options.out.stat().st_size / 1000
    print(f"{options.out}: {size:.0f} kB from {len(labels)} sentences ({counts})")


if __name__ == "__main__":
    main()
