"""How long one message takes, against a KoBERT-base served by transformers, in one run.

    python -m scripts.bench.message [--rounds 30]

The rival has KoBERT's shape (12 layers of 768, vocabulary 8,002) and random weights, so it says
nothing of accuracy; it gets as many ids as our tokenizer makes of the message, and its own
tokenising is not counted. All run on one thread and in turn, ten calls of each a round (the
rival's weights push ours out of the cache, so that the first of ten is slower); the median of all
calls is printed.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final

from bot.config import limit_threads, load_settings
from scripts.requires import require_all

require_all()  # before the imports that need them
limit_threads()

import numpy as np
import torch
from transformers import BertConfig, BertModel

from bot.bootstrap import open_service
from bot.config import Settings
from core.emotion.bundle import load_bundle
from core.emotion.classifier import Classifier
from core.emotion.normalise import normalise
from core.models import Language, Message, UserKey
from core.recommend.query import SongQuery
from core.service.maeum import MaeumService

MESSAGES: Final = (
    "나 외로워",
    "오늘 회사에서 팀장님한테 혼나서 하루 종일 기분이 안 좋았어요",
    (
        "오늘은 정말 오랜만에 친구들을 만나서 맛있는 것도 먹고 노래방도 가고 실컷 웃다가 왔는데 "
        "막상 집에 혼자 있으니까 갑자기 허전하고 눈물이 날 것 같아. 왜 이러는지 나도 모르겠어"
    ),
)
_NOW: Final = datetime(2026, 11, 21, tzinfo=UTC)
_USER: Final = UserKey("bench", "1")
_CALLS: Final = 10
_RIVAL: Final = BertConfig(
    vocab_size=8002,
    hidden_size=768,
    num_hidden_layers=12,
    num_attention_heads=12,
    intermediate_size=3072,
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    asyncio.run(_run(arguments.rounds, load_settings()))


async def _run(rounds: int, settings: Settings) -> None:
    rival = BertModel(_RIVAL).eval()
    bundle = load_bundle(settings.emotion_model)
    classifier = Classifier(bundle)
    print("| ids | KoBERT-base, transformers | classifier | message (service) | with five songs |")
    print("|---:|---:|---:|---:|---:|")
    async with open_service(settings) as service:
        for message in MESSAGES:
            length = len(bundle.tokenizer.windows(normalise(message))[0])
            calls = {
                "rival": partial(_eager, rival, length),
                "classifier": partial(_classify, classifier, message),
                "message": partial(_respond, service, message),
                "songs": partial(_respond_with_songs, service, message),
            }
            medians = await _medians(calls, rounds)
            _print_row(length, medians)
    classifier.close()


async def _eager(rival: BertModel, length: int) -> None:
    with torch.no_grad():
        rival(input_ids=torch.full((1, length), 100))


async def _classify(classifier: Classifier, message: str) -> None:
    classifier.scores([message])


async def _respond(service: MaeumService, message: str) -> None:
    generator = np.random.default_rng(0)
    await service.conversation.respond(
        _USER, Message(message), now=_NOW, generator=generator, language=Language.KOREAN
    )


async def _respond_with_songs(service: MaeumService, message: str) -> None:
    await _respond(service, message)
    generator = np.random.default_rng(0)
    await service.songs.recommend(_USER, SongQuery(count=5), now=_NOW, generator=generator)


async def _medians(
    calls: Mapping[str, Callable[[], Awaitable[None]]], rounds: int
) -> dict[str, float]:
    """Seconds a call, by its name."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            for _ in range(_CALLS):
                start = time.perf_counter()
                await call()
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def _print_row(length: int, medians: Mapping[str, float]) -> None:
    cells = [f"{1000 * medians['rival']:.1f} ms"]
    for name in ("classifier", "message", "songs"):
        ratio = medians["rival"] / medians[name]
        cells.append(f"{1000 * medians[name]:.2f} ms ({ratio:.0f}x)")
    print(f"| {length} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
