"""How fast the emotion model is, against a KoBERT-base, in one run on one core.

    python -m scripts.bench.emotion [--rounds 10] [--quick] [--model DIR]

First the encoders alone, on rows of ids: the bundled model in int8 and in torch, and a KoBERT-base
(12 layers of 768, vocabulary 8,002, [CLS] read out) as our export makes it and as transformers
runs it. KoBERT's weights are random, so nothing is said of its accuracy. Then the classifier as
the bot uses it: many callers against one message at a time, what queueing adds when nobody else is
there, and two processes on two cores. All on one thread, one contender after the other in each
round; medians of all calls are printed.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.config import limit_threads
from scripts.requires import require_all

require_all()  # before the imports that need them
limit_threads()

import numpy as np
import torch
from transformers import BertConfig

from core.emotion.bundle import load_bundle
from core.emotion.encoders import Encoder, OnnxEncoder
from core.errors import ModelError
from scripts.bench.load import measure_load
from scripts.training.checkpoint import load_checkpoint
from scripts.training.graph import export_int8
from scripts.training.model import MoodEncoder

BUNDLED: Final = Path(__file__).parents[2] / "data/models/emotion"
KOBERT: Final = BertConfig(
    vocab_size=8002,
    hidden_size=768,
    num_hidden_layers=12,
    num_attention_heads=12,
    intermediate_size=3072,
    pad_token_id=1,
)
EAGER: Final = "KoBERT-base, transformers"
_PIECES: Final = 5
"""The first id that is no special piece, in either vocabulary."""

Rows = Sequence[list[int]]


@dataclass(frozen=True)
class Contender:
    """Something that reads rows.

    Attributes:
        read: reads them all.
        vocabulary: the number of ids it knows.
        calls: a round, more for the fast ones: the slow ones push their weights out of the cache,
            so that the first call is slower than in use.
    """

    read: Callable[[Rows], object]
    vocabulary: int
    calls: int


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--quick", action="store_true", help="two rounds of the small cases")
    parser.add_argument("--model", type=Path, default=BUNDLED, metavar="DIR")
    arguments = parser.parse_args()
    rounds = 2 if arguments.quick else arguments.rounds
    tokens, batches = ((8, 16), (1, 8)) if arguments.quick else ((8, 16, 32, 64), (1, 8, 32))
    torch.set_num_threads(1)
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if cores:
        os.sched_setaffinity(0, cores[:1])
    try:
        with _contenders(arguments.model) as contenders, torch.inference_mode():
            _print_encoders(contenders, tokens, batches, rounds)
        measure_load(arguments.model, rounds, cores, texts=128 if arguments.quick else 1024)
    except ModelError as error:
        sys.exit(str(error))


@contextmanager
def _contenders(folder: Path) -> Iterator[dict[str, Contender]]:
    bundle = load_bundle(folder)
    model, _ = load_checkpoint(folder)
    size = model.config.vocab_size
    torch.manual_seed(0)
    kobert = MoodEncoder(KOBERT, {"classes": 7}, "cls").eval()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "kobert.onnx"
        generator = np.random.default_rng(0)
        export_int8(kobert, path, ["classes"], _rows(20, 16, KOBERT.vocab_size, generator))
        yield {
            "bundled, int8": Contender(_packed(bundle.encoder), size, calls=10),
            "bundled, torch": Contender(_padded(model), size, calls=5),
            "KoBERT-base, int8": Contender(_packed(OnnxEncoder(path)), KOBERT.vocab_size, calls=3),
            EAGER: Contender(_padded(kobert), KOBERT.vocab_size, calls=1),
        }


def _packed(encoder: Encoder) -> Callable[[Rows], object]:
    return encoder.encode


def _padded(model: MoodEncoder) -> Callable[[Rows], object]:
    """Rows of one length need no padding; torch gets them as one tensor."""

    def read(rows: Rows) -> object:
        ids = torch.tensor(rows)
        mask = torch.ones_like(ids)
        return model.logits(model.hidden(ids, mask), mask)

    return read


def _rows(
    count: int, length: int, vocabulary: int, generator: np.random.Generator
) -> list[list[int]]:
    rows: list[list[int]] = generator.integers(_PIECES, vocabulary, (count, length)).tolist()
    return rows


def _print_encoders(
    contenders: Mapping[str, Contender],
    tokens: Sequence[int],
    batches: Sequence[int],
    rounds: int,
) -> None:
    print(
        "Milliseconds a message, encoder alone; in brackets how many times as fast as "
        f"{EAGER} reads\none message alone, and as it reads the same batch.\n"
    )
    print("| tokens | batch | " + " | ".join(contenders) + " |")
    print("|---:|---:|" + "---:|" * len(contenders))
    for length in tokens:
        alone = None
        for batch in batches:
            times = _medians(contenders, length, batch, rounds)
            alone = alone or times[EAGER]
            cells = [
                f"{time_:.3g} ({alone / time_:.3g}x, {times[EAGER] / time_:.3g}x)"
                for time_ in times.values()
            ]
            print(f"| {length} | {batch} | " + " | ".join(cells) + " |", flush=True)


def _medians(
    contenders: Mapping[str, Contender], length: int, batch: int, rounds: int
) -> dict[str, float]:
    """Milliseconds a message, by the contender's name."""
    generator = np.random.default_rng(length * batch)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            rows = _rows(batch, length, contender.vocabulary, generator)
            for _ in range(contender.calls):
                start = time.perf_counter()
                contender.read(rows)
                times[name].append(time.perf_counter() - start)
    return {name: 1000 * statistics.median(values) / batch for name, values in times.items()}


if __name__ == "__main__":
    main()
