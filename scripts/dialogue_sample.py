"""The labelled sample of what people type: which intents may answer each of 1,200 sentences.

`tests/data/dialogue_sample.tsv` keeps no sentence, only its row in the shared file and a digest:

    split    tune (the bank and the search were made with them in view) or test (drawn at random
             and labelled when both were finished, before anything was searched with them)
    row      of ../shared/data/dialogue/user_utterances.tsv, from 0, without the header
    digest   the first 16 hexadecimal digits of the sentence's SHA-256
    intents  those whose replies would fit, a topic's general one with nearly every other of the
             topic; empty where none would

After intents were added, the labels of test were completed blind with all intents of the bank:
from the sentences and the replies, without a search.
"""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.dialogue.retrieval import Match, Retriever
from core.models import Reading

__all__ = ["SAMPLE", "Labelled", "Outcome", "judge", "read_sample", "read_utterances", "search"]

SAMPLE: Final = Path(__file__).parents[1] / "tests/data/dialogue_sample.tsv"
_UTTERANCES: Final = "dialogue/user_utterances.tsv"


@dataclass(frozen=True)
class Labelled:
    """One sentence.

    Attributes:
        text: as it was typed.
        split: "tune" or "test".
        intents: names of those whose replies fit.
    """

    text: str
    split: str
    intents: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """How a search did on labelled sentences, in shares of them that sum to 1, except `general`.

    Attributes:
        fitting: answered by an intent that fits.
        wrong: answered by another.
        none: answered to their emotion alone.
        general: answered by the fitting general intent of a topic; part of `fitting`.
    """

    fitting: float
    wrong: float
    none: float
    general: float


def read_utterances(shared: Path) -> list[str]:
    """The sentences of the shared file, in its order.

    Raises:
        OSError: it is not there.
    """
    with (shared / _UTTERANCES).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [row[0] for row in rows]


def read_sample(utterances: Sequence[str], path: Path = SAMPLE) -> list[Labelled]:
    """The labelled sentences.

    Raises:
        ValueError: a row is not the sentence that was labelled.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    labelled = []
    for row in rows:
        text = utterances[int(row["row"])]
        if hashlib.sha256(text.encode()).hexdigest()[:16] != row["digest"]:
            raise ValueError(f"row {row['row']} is not the sentence that was labelled")
        labelled.append(
            Labelled(text, row["split"], frozenset(filter(None, row["intents"].split(","))))
        )
    return labelled


def search(
    retriever: Retriever, texts: Sequence[str], readings: Sequence[Reading | None]
) -> list[Match | None]:
    """What is found for each text; None also where nothing can be read."""
    return [
        retriever.find(text, reading.embedding) if reading else None
        for text, reading in zip(texts, readings, strict=True)
    ]


def judge(sample: Sequence[Labelled], matches: Sequence[Match | None]) -> Outcome:
    """Compare what was found with the labels; at least one sentence."""
    fits = [
        match is not None and match.intent.name in labelled.intents
        for labelled, match in zip(sample, matches, strict=True)
    ]
    size = len(sample)
    none = sum(match is None for match in matches) / size
    general = sum(
        fit and match is not None and match.intent.general
        for fit, match in zip(fits, matches, strict=True)
    )
    fitting = sum(fits) / size
    return Outcome(fitting, 1 - fitting - none, none, general / size)
