"""The whole service over a store that forgets, with a classifier that knows seven words."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from core.dialogue.care import Care
from core.dialogue.crisis import CrisisDetector
from core.dialogue.replies import Replies
from core.emotion.labels import COARSE
from core.emotion.state import StateConfig
from core.models import Language, Message, Mode, Reading, Reply, UserKey
from core.ports import UnitOfWork
from core.recommend.catalogue import Catalogue
from core.recommend.exploration import ExplorationConfig
from core.recommend.learned import ModelFolder
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.query import SongQuery
from core.recommend.search import SongSearch
from core.service.asking import Asking
from core.service.conversation import Conversation
from core.service.learning import Learning, Schedule
from core.service.maeum import MaeumService
from core.service.people import People
from core.service.safety import Safety
from core.service.songs import Shelf, Songs
from core.service.transactions import Transactions
from core.service.updates import Updates
from core.service.votes import Votes
from core.store.memory import MemoryStore
from tests.catalogues import catalogue, distribution
from tests.readings import reading

DATA: Final = Path(__file__).parents[1] / "data"
NOW: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
USER, OTHER = UserKey("console", "1"), UserKey("console", "2")
STATE: Final = StateConfig(full_gauge=2.0)
# Twelve songs of each emotion, each with a little more of it than the one before.
SONGS: Final = catalogue(
    [distribution(**{name: 0.4 + 0.04 * step}) for name in COARSE for step in range(12)]
)


class OneWordReader:
    """Reads a text that names one of the seven emotions; counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        self.asked += texts
        await asyncio.sleep(0)  # so that callers interleave
        return [next((_said(name) for name in COARSE if name in text), None) for text in texts]


def _said(emotion: str) -> Reading:
    """Of a meaning that no utterance of the bank has."""
    return Reading(reading(emotion), np.array([1, 0, 0, 0], np.float32))


def _embed(texts: Sequence[str]) -> list[Reading]:
    return [Reading(reading("중립"), np.array([0, 1, 0, 0], np.float32)) for _ in texts]


_REPLIES: Final = Replies.load(DATA / "dialogue", _embed)
_CRISIS: Final = CrisisDetector.load(DATA / "crisis")
_CARE: Final = Care.load(DATA / "crisis")


def service_over(
    unit_of_work: Callable[[], UnitOfWork] | None = None,
    reader: OneWordReader | None = None,
    *,
    songs: Catalogue = SONGS,
    folder: Path = Path("nowhere"),
    exploration: float = 0.0,
    votes: int = 500,
) -> MaeumService:
    """All use cases.

    Args:
        unit_of_work: of the store; None for one that forgets.
        reader: reads messages; None for a new `OneWordReader`.
        songs: the catalogue.
        folder: of the learned models.
        exploration: share of places in which a song is tried.
        votes: after which learning is due.
    """
    transactions = Transactions(unit_of_work or MemoryStore().unit_of_work)
    reader = reader or OneWordReader()
    config = PersonalConfig(exploration=ExplorationConfig(rate=exploration))
    safety = Safety(_CRISIS, _CARE)
    search = SongSearch(songs.songs)
    shelf = Shelf(PersonalRecommender(songs, None, config), songs.version)
    return MaeumService(
        conversation=Conversation(
            transactions,
            reader=reader,
            replies=_REPLIES,
            safety=safety,
            state=STATE,
        ),
        songs=Songs(
            transactions,
            reader=reader,
            shelf=shelf,
            search=search,
            safety=safety,
            state=STATE,
        ),
        asking=Asking(songs.songs, search, shelf.recommender.genres),
        votes=Votes(transactions, {song.id: song for song in songs.songs}),
        people=People(transactions, STATE),
        learning=Learning(
            transactions,
            catalogue=songs,
            folder=ModelFolder(folder, songs.version),
            shelf=shelf,
            schedule=Schedule(time(4), ZoneInfo("Asia/Seoul"), votes),
        ),
        updates=Updates(transactions),
    )


async def say(
    service: MaeumService,
    text: str,
    user: UserKey = USER,
    now: datetime = NOW,
    *,
    message: str | None = None,
    delivery: str | None = None,
) -> Reply:
    """A message, and the answer to it."""
    return await service.conversation.respond(
        user,
        Message(text, message, delivery),
        now=now,
        generator=np.random.default_rng(0),
        language=Language.KOREAN,
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
