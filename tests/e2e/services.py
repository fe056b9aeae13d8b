"""The bot whole, but for a classifier that needs no model and a catalogue of a few songs."""

import asyncio
import functools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bootstrap import load_presenters
from bot.chat.chat import Chat
from bot.config import DATA
from bot.presentation import Presenter
from core.dialogue.crisis import CrisisDetector
from core.dialogue.lines import Lines
from core.emotion.labels import COARSE
from core.emotion.state import StateConfig
from core.models import EmotionScores, Language, Song
from core.ports import EmotionClassifier
from core.recommend.catalogue import Catalogue
from core.recommend.learned import ModelFolder
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.service.conversation import Conversation
from core.service.learning import Learning, Schedule
from core.service.maeum import MaeumService
from core.service.people import People
from core.service.songs import Shelf, Songs
from core.service.transactions import Transactions
from core.service.updates import Updates
from core.service.votes import Votes
from core.store.unit_of_work import open_store
from tests.catalogues import catalogue, distribution, song
from tests.readings import reading

__all__ = ["NASTY", "SEOUL", "NamedFeeling", "few_songs", "open_chat"]

SEOUL = "Asia/Seoul"
NASTY = "<b>굵게</b> & _밑줄_ [글](http://x.y) \u202e뒤집힌"
"""A title that is markup to whoever takes it for that."""


class NamedFeeling:
    """Reads a text that names one of the seven emotions.

    Attributes:
        gates: texts that are read only when their event is set.
    """

    def __init__(self) -> None:
        self.gates: dict[str, asyncio.Event] = {}

    async def classify(self, texts: Sequence[str]) -> list[EmotionScores | None]:
        for text in texts:
            if text in self.gates:
                await self.gates[text].wait()
        return [next((reading(name) for name in COARSE if name in text), None) for text in texts]


@functools.cache
def few_songs(*, nasty: bool = False) -> Catalogue:
    """Twelve songs of each emotion; with `nasty` every title is `NASTY`."""
    rows = [distribution(**{name: 0.4 + 0.04 * step}) for name in COARSE for step in range(12)]
    facts = {"year": 2006, "genres": ("발라드",), "link": "https://www.melon.com/song"}
    songs = [song(number, **facts) for number in range(1, len(rows) + 1)]
    if nasty:
        songs = [Song(one.id, f"{NASTY} {one.id}", "<i>가수</i>", **facts) for one in songs]  # type: ignore[arg-type]
    return catalogue(rows, songs)


@asynccontextmanager
async def open_chat(
    address: str,
    learned: Path,
    *,
    classifier: EmotionClassifier | None = None,
    songs: Catalogue | None = None,
) -> AsyncIterator[Chat]:
    """What answers, over a database.

    Args:
        address: of the database.
        learned: the folder of learned models.
        classifier: `NamedFeeling` unless another is given.
        songs: `few_songs` unless others are given.
    """
    songs, reads = songs or few_songs(), classifier or NamedFeeling()
    lines, crisis, presenters = _files()
    state = StateConfig()
    async with open_store(address) as store:
        transactions = Transactions(store.unit_of_work)
        shelf = Shelf(PersonalRecommender(songs, None, PersonalConfig()), songs.version)
        service = MaeumService(
            conversation=Conversation(
                transactions,
                classifier=reads,
                lines=lines,
                crisis=crisis,
                state=state,
            ),
            songs=Songs(transactions, classifier=reads, shelf=shelf, state=state),
            votes=Votes(transactions, {song.id: song for song in songs.songs}),
            people=People(transactions, state),
            learning=Learning(
                transactions,
                catalogue=songs,
                folder=ModelFolder(learned, songs.version),
                shelf=shelf,
                schedule=Schedule(time(4), ZoneInfo(SEOUL)),
            ),
            updates=Updates(transactions),
        )
        yield Chat(service, presenters, SEOUL)


@functools.cache
def _files() -> tuple[Lines, CrisisDetector, dict[Language, Presenter]]:
    """What is read from files and does not change: for all tests of a run."""
    lines, crisis = Lines.load(DATA / "dialogue"), CrisisDetector.load(DATA / "crisis")
    return lines, crisis, load_presenters()
