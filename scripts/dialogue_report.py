"""Writes docs/dialogue.md: what the bank of replies holds, and how well messages find it.

    python -m scripts.dialogue_report [--model DIR] [--shared DIR] [--out FILE]

Needs the 11,662 utterances of the shared data. They are under the MIT licence, but none of that
folder goes into the project; so the random sample shows only the intent and the bot's answer.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Final

import numpy as np

from core.dialogue.bank import Intent, load_bank
from core.dialogue.bank_embeddings import embedding_by
from core.dialogue.lines import Lines
from core.dialogue.listening import Heard
from core.dialogue.replies import Replies
from core.dialogue.retrieval import Match, RetrievalConfig, Retriever
from core.emotion.classifier import Classifier
from core.errors import MaeumError
from core.models import Language, Reading
from scripts.dialogue_sample import (
    Labelled,
    Outcome,
    judge,
    read_sample,
    read_utterances,
    search,
)

__all__ = ["main"]

_DATA: Final = Path("data")
_SEED: Final = 20261121
_SHOWN: Final = 60
_INTRO: Final = """# What the bot says, and how it finds it

Written by `python -m scripts.dialogue_report`; do not edit.

Each message is compared with the authored utterances of `data/dialogue/bank/`: the cosine of
sentence embeddings (the emotion model gives one with every reading) is mixed with the likeness of
character n-grams, and the nearest utterances vote for their intents. Where no intent wins but a
topic does, the general intent of the topic answers; where nothing wins, the emotion alone is
answered (`empathy.yaml`). An intent's reply is said only where it fits the tone of the reading: on
a sad message nothing cheerful is said, whatever matched.

To embed the whole bank takes two to three seconds, about half of a start. So the embeddings are
kept in `data/local/bank.npz`, and written anew where the bank has changed or the model makes
anything else of a sample of it. Nothing in it is of people; it may be deleted.

Where one is set up and a person agreed, a language model may word the reply instead
([language-model.md](language-model.md)).
"""


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, default=_DATA / "models/emotion")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("docs/dialogue.md"))
    arguments = parser.parse_args()
    try:
        model = Classifier.load(arguments.model)
        intents = load_bank(_DATA / "dialogue/bank")
        lines = Lines.load(_DATA / "dialogue")
        utterances = read_utterances(arguments.shared)
    except (MaeumError, OSError) as error:
        sys.exit(str(error))
    readings = dict(zip(utterances, model.read_now(utterances), strict=True))
    retriever = Retriever(intents, embedding_by(model.read_now))
    parts = [
        _INTRO,
        *_contents(intents),
        *_held_out(retriever, readings, read_sample(utterances)),
        *_mixtures(model, intents, readings, read_sample(utterances)),
        *_coverage(search(retriever, utterances, list(readings.values()))),
        *_shown(Replies(lines, intents), retriever, readings),
    ]
    arguments.out.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _contents(intents: Sequence[Intent]) -> Iterator[str]:
    yield "## The bank\n"
    yield "| topic | intents | utterances ko | en | replies | questions |"
    yield "|---|---|---|---|---|---|"
    for topic in (*sorted({intent.topic for intent in intents}), None):
        of = [intent for intent in intents if topic in (None, intent.topic)]
        counts = (
            len(of),
            *(sum(len(i.utterances[language]) for i in of) for language in Language),
            sum(len(i.replies) for i in of),
            sum(len(i.questions or ()) for i in of),
        )
        yield f"| {topic or '**all**'} | " + " | ".join(f"{count:,}" for count in counts) + " |"
    yield ""


def _held_out(
    retriever: Retriever, readings: dict[str, Reading | None], sample: Sequence[Labelled]
) -> Iterator[str]:
    test = [labelled for labelled in sample if labelled.split == "test"]
    outcome = _outcome(retriever, readings, test)
    low, high = _wilson(outcome.fitting, len(test))
    yield "## The held-out sample\n"
    yield (
        f"{len(test)} sentences that people really typed, drawn at random and labelled before "
        "anything was searched with them; nothing was tuned to them, but for a few utterances of "
        "the last 27 intents, written after a look at what those had turned wrong here. The labels "
        "name the intents whose replies would fit. After intents were added, the labels were "
        "completed blind with all intents of the bank, from the sentences and the replies alone, "
        "again but for the last 27: these count as wrong wherever they answer. The labels are "
        "strict: an answer that would pass but was not thought of counts as wrong. The aim is "
        "75 %.\n"
    )
    yield "| answered by | share |"
    yield "|---|---|"
    yield f"| an intent that fits | **{outcome.fitting:.1%}** (95 %: {low:.0%} to {high:.0%}) |"
    yield f"| of these the general intent of the topic | {outcome.general:.1%} |"
    yield f"| an intent that does not fit | {outcome.wrong:.1%} |"
    yield f"| a line for the emotion alone | {outcome.none:.1%} |"
    yield ""


def _mixtures(
    model: Classifier,
    intents: Sequence[Intent],
    readings: dict[str, Reading | None],
    sample: Sequence[Labelled],
) -> Iterator[str]:
    """How the share of the embedding matters."""
    yield "## The mixture\n"
    yield (
        "`RetrievalConfig.embedding` is the share of the embedding in the similarity. The "
        "sentences of the column tune were in view when the bank was extended, so that column "
        "flatters and serves to compare its rows only; test is the sample above.\n"
    )
    yield "| embedding | tune: fitting | wrong | test: fitting | wrong |"
    yield "|---|---|---|---|---|"
    chosen = RetrievalConfig()
    for share in (0.0, 0.2, chosen.embedding, 0.6, 0.8, 1.0):
        retriever = Retriever(
            intents, embedding_by(model.read_now), replace(chosen, embedding=share)
        )
        cells = []
        for split in ("tune", "test"):
            of = [labelled for labelled in sample if labelled.split == split]
            outcome = _outcome(retriever, readings, of)
            cells += [f"{outcome.fitting:.1%}", f"{outcome.wrong:.1%}"]
        mark = " (chosen)" if share == chosen.embedding else ""
        yield f"| {share:.1f}{mark} | " + " | ".join(cells) + " |"
    yield ""


def _coverage(matches: Sequence[Match | None]) -> Iterator[str]:
    found = [match for match in matches if match]
    general = sum(match.intent.general for match in found)
    yield "## All utterances\n"
    yield (
        f"Of {len(matches):,} utterances {len(found):,} ({len(found) / len(matches):.1%}) find an "
        f"intent, {general:,} of these the general one of their topic. The intents found most:\n"
    )
    counts = Counter(match.intent.name for match in found).most_common(20)
    yield ", ".join(f"{name} {count:,}" for name, count in counts) + "."
    yield ""


def _shown(
    replies: Replies, retriever: Retriever, readings: dict[str, Reading | None]
) -> Iterator[str]:
    yield f"## {_SHOWN} answers, drawn at random, unpolished\n"
    yield (
        "The users' sentences are not shown: nothing of the shared data is copied into the "
        "project.\n"
    )
    yield "| intent | the bot |"
    yield "|---|---|"
    generator = np.random.default_rng(_SEED)
    readable = [(text, reading) for text, reading in readings.items() if reading]
    for number in generator.choice(len(readable), _SHOWN, replace=False):
        text, reading = readable[int(number)]
        heard = Heard(reading, retriever.find(text, reading.embedding))
        answer = replies.reply(
            text, heard, language=Language.KOREAN, said=(), generator=generator, ask=True
        )
        name = answer.match.intent.name if answer.match else "-"
        yield f"| {name} | {' '.join(line.text for line in answer.lines)} |"


def _outcome(
    retriever: Retriever, readings: dict[str, Reading | None], sample: Sequence[Labelled]
) -> Outcome:
    texts = [labelled.text for labelled in sample]
    return judge(sample, search(retriever, texts, [readings[text] for text in texts]))


def _wilson(share: float, size: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    z = 1.96
    middle = share + z * z / (2 * size)
    spread = z * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return (middle - spread) / (1 + z * z / size), (middle + spread) / (1 + z * z / size)


if __name__ == "__main__":
    main()
