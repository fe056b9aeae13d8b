"""The whole service over a store that forgets, with a classifier that knows seven words."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from core.dialogue.bank import load_bank
from core.dialogue.bank_embeddings import Embeddings
from core.dialogue.care import Care
from core.dialogue.crisis import CrisisDetector
from core.dialogue.listening import Listener
from core.dialogue.replies import Replies
from core.dialogue.retrieval import Retriever
from core.dialogue.vetting import Vetting
from core.dialogue.writer import Instructions
from core.emotion.labels import COARSE, FINE
from core.emotion.state import StateConfig
from core.models import Language, Message, Mode, Reading, Reply, User, UserKey
from core.ports import ReplyWriter, UnitOfWork
from core.recommend.catalogue import Catalogue
from core.recommend.exploration import ExplorationConfig
from core.recommend.learned import ModelFolder
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.query import SongQuery
from core.recommend.search import SongSearch
from core.service.maeum import MaeumService, Parts
from core.service.schedule import Schedule
from core.service.writing import Guide, WritingLimits
from core.store.memory import MemoryStore
from tests.catalogues import catalogue, distribution, song
from tests.readings import reading

DATA: Final = Path(__file__).parents[1] / "data"
NOW: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
USER, OTHER = UserKey("console", "1"), UserKey("console", "2")
STATE: Final = StateConfig(full_gauge=2.0)
# Twelve songs of each emotion, each with a little more of it than the one before. Those of none
# are gentle.
_FELT: Final = [name for name in COARSE for _ in range(12)]
_MILD: Final = [FINE.index(name) for name in ("고마움", "편안/쾌적", "안심/신뢰")]
SONGS: Final = catalogue(
    [distribution(**{name: 0.4 + 0.04 * (row % 12)}) for row, name in enumerate(_FELT)],
    songs=[
        song(row, genres=("발라드",) if name == "중립" else ())
        for row, name in enumerate(_FELT, start=1)
    ],
    arousal=[-0.2 if name == "중립" else 0.0 for name in _FELT],
    top_fine=[_MILD if name == "중립" else [0, 1, 2] for name in _FELT],
)


class OneWordReader:
    """Reads a text that names one of the seven emotions; counts what it was asked."""

    version = "words 1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        self.asked += texts
        await asyncio.sleep(0)  # so that callers interleave
        return [next((_said(name) for name in COARSE if name in text), None) for text in texts]


def _said(emotion: str) -> Reading:
    """Of a meaning that no utterance of the bank has."""
    return Reading(reading(emotion), np.array([1, 0, 0, 0], np.float32))


def _embed(texts: Sequence[str]) -> Embeddings:
    return np.tile(np.array([0, 1, 0, 0], np.float32), (len(texts), 1))


_INTENTS: Final = load_bank(DATA / "dialogue/bank")
_REPLIES: Final = Replies.load(DATA / "dialogue", _INTENTS)
_RETRIEVER: Final = Retriever(_INTENTS, _embed)
_CRISIS: Final = CrisisDetector.load(DATA / "crisis")
_CARE: Final = Care.load(DATA / "crisis")
_GUIDE: Final = Guide(Instructions.load(DATA / "dialogue"), Vetting.load(DATA / "dialogue"))


def service_over(
    unit_of_work: Callable[[], UnitOfWork] | None = None,
    reader: OneWordReader | None = None,
    *,
    songs: Catalogue = SONGS,
    folder: Path = Path("nowhere"),
    exploration: float = 0.0,
    votes: int = 500,
    writer: ReplyWriter | None = None,
    limits: WritingLimits | None = None,
) -> MaeumService:
    """All use cases.

    Args:
        unit_of_work: of the store; None for one that forgets.
        reader: reads messages; None for a new `OneWordReader`.
        songs: the catalogue.
        folder: of the learned models.
        exploration: share of places in which a song is tried.
        votes: after which learning is due.
        writer: of replies; None for those of the bank alone.
        limits: of the writer.
    """
    config = PersonalConfig(exploration=ExplorationConfig(rate=exploration))
    return MaeumService.of(
        Parts(
            unit_of_work=unit_of_work or MemoryStore().unit_of_work,
            listener=Listener(reader or OneWordReader(), _RETRIEVER),
            replies=_REPLIES,
            crisis=_CRISIS,
            care=_CARE,
            state=STATE,
            catalogue=songs,
            recommender=PersonalRecommender(songs, None, config),
            search=SongSearch(songs.songs),
            folder=ModelFolder(folder, songs.version),
            schedule=Schedule(time(4), ZoneInfo("Asia/Seoul"), votes),
            guide=_GUIDE,
            writer=writer,
            writing_limits=limits,
        )
    )


async def say(
    service: MaeumService,
    text: str,
    user: UserKey = USER,
    now: datetime = NOW,
    *,
    message: str | None = None,
    delivery: str | None = None,
    base: User | None = None,
) -> Reply:
    """A message, and the answer to it."""
    return await service.conversation.respond(
        user,
        Message(text, message, delivery),
        now=now,
        generator=np.random.default_rng(0),
        language=Language.KOREAN,
        base=base,
    )


async def ask(
    service: MaeumService,
    mode: Mode = Mode.SIMILAR,
    count: int | None = None,
    seed: int = 0,
    *,
    user: UserKey = USER,
    now: datetime = NOW,
) -> Reply:
    """A list of songs."""
    return await service.songs.recommend(
        user, SongQuery(mode=mode, count=count), now=now, generator=np.random.default_rng(seed)
    )
