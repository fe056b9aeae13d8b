"""The bot itself as a way to choose songs: people talk, ask, vote and consent by its use cases.

What is left out is the text of messages: where the service would read one, it is told what the
simulated emotion model reads.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self
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
from core.emotion.labels import FINE
from core.emotion.state import StateConfig
from core.models import EmotionScores, Language, Message, Reading, Slate, UserKey
from core.recommend.catalogue import Catalogue
from core.recommend.events import EventTable
from core.recommend.exploration import ExplorationConfig
from core.recommend.fitting import FitConfig
from core.recommend.learned import ModelFolder
from core.recommend.learning import LearnConfig
from core.recommend.offline import LoggedPlace
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.query import SongQuery
from core.recommend.search import SongSearch
from core.records import ConsentKind, Verdict
from core.service.maeum import MaeumService, Parts
from core.service.schedule import Schedule
from core.service.writing import Guide
from core.store.memory import MemoryStore
from scripts.simulation.people import START, Visit, World

__all__ = ["Served"]

_DATA: Final = Path(__file__).parents[2] / "data"
_COUNT: Final = 5
_SECOND: Final = timedelta(seconds=1)


class Served:
    """The bot, learning every few days. Implements `scripts.simulation.policies.Policy`.

    Attributes:
        log: every place of every list, for offline evaluation.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        world: World,
        config: PersonalConfig,
        fit_config: FitConfig,
        every: timedelta | None,
    ) -> None:
        """Open the bot, and let everybody answer whether votes may be shared.

        Args:
            catalogue: of the songs.
            world: the people.
            config: how lists are made.
            fit_config: how models are fitted.
            every: after how long it learns; None for a bot that is not told of votes.
        """
        self.log: list[LoggedPlace] = []
        self._rows = {song.id: row for row, song in enumerate(catalogue.songs)}
        self._every, self._learned_at = every, START
        self._learning_draws = np.random.default_rng(0)
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self._store = MemoryStore()
        self._reader = _Reader()
        intents = load_bank(_DATA / "dialogue/bank")
        self._service = MaeumService.of(
            Parts(
                unit_of_work=self._store.unit_of_work,
                listener=Listener(self._reader, Retriever(intents, _nothing)),
                replies=Replies.load(_DATA / "dialogue", intents),
                crisis=CrisisDetector.load(_DATA / "crisis"),
                care=Care.load(_DATA / "crisis"),
                state=StateConfig(),
                catalogue=catalogue,
                recommender=PersonalRecommender(catalogue, None, config),
                search=SongSearch(()),  # nobody looks a song up here
                folder=ModelFolder(Path(self._folder.name), catalogue.version),
                schedule=Schedule(time(4), ZoneInfo("Asia/Seoul")),
                guide=Guide(
                    Instructions.load(_DATA / "dialogue"), Vetting.load(_DATA / "dialogue")
                ),
                learn_config=LearnConfig(fit=fit_config, blend=config.blend),
            )
        )
        self._slate: Slate | None = None
        self._runner.run(self._ask_for_consent(world))

    @classmethod
    def by_mood_alone(cls, catalogue: Catalogue, world: World) -> Self:
        """The bot without votes, charts and exploration."""
        config = PersonalConfig(exploration=ExplorationConfig(rate=0))
        blend = replace(config.blend, popularity=0.0)
        return cls(catalogue, world, replace(config, blend=blend), FitConfig(), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._runner.close()
        self._folder.cleanup()

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:
        """What the bot answers to who tells of the mood and asks for songs."""
        return self._runner.run(self._serve(visit, generator))

    def hear(self, visit: Visit, rows: Sequence[int], votes: Sequence[bool | None]) -> None:
        """The person votes, in the order of the list."""
        self._runner.run(self._hear(visit, rows, votes))

    def table(self) -> EventTable:
        """What may be learned from: the events of those who agreed."""

        async def agreed() -> EventTable:
            async with self._store.unit_of_work() as work:
                return EventTable.of(await work.feedback.agreed(), self._rows)

        return self._runner.run(agreed())

    async def _ask_for_consent(self, world: World) -> None:
        for number, person in enumerate(world.people):
            await self._service.people.consent(
                _user(number),
                ConsentKind.IMPROVE,
                given=person.agrees,
                now=START,
                text_version="simulated",
            )

    async def _serve(self, visit: Visit, generator: np.random.Generator) -> list[int]:
        await self._learn(visit.at)
        user = _user(visit.person)
        self._reader.next = _reading(visit)
        await self._service.conversation.respond(
            user,
            Message("오늘은 이런 하루였어요"),
            now=visit.at,
            generator=generator,
            language=Language.KOREAN,
        )
        reply = await self._service.songs.recommend(
            user, SongQuery(mode=visit.mode, count=_COUNT), now=visit.at, generator=generator
        )
        if reply.slate is None:
            raise RuntimeError("the bot answered without songs")
        self._slate = reply.slate
        return [self._rows[item.song.id] for item in reply.slate.items]

    async def _hear(self, visit: Visit, rows: Sequence[int], votes: Sequence[bool | None]) -> None:
        items = self._slate.items if self._slate else ()
        if [self._rows[item.song.id] for item in items] != list(rows):
            raise RuntimeError("the votes are on another list")
        if self._every is None:
            return
        user = _user(visit.person)
        for rank, (item, vote) in enumerate(zip(items, votes, strict=True)):
            if vote is not None:
                verdict = Verdict.UP if vote else Verdict.DOWN
                await self._service.votes.vote(
                    user, item.impression, verdict, key=item.impression, now=visit.at + _SECOND
                )
            await self._log(rank, item.impression, liked=vote is True)

    async def _log(self, rank: int, impression: str, *, liked: bool) -> None:
        async with self._store.unit_of_work() as work:
            shown = await work.impressions.get(impression)
        if shown is None:
            raise RuntimeError("what was shown was not kept")
        self.log.append(
            LoggedPlace(
                person=shown.person,
                at=shown.shown_at,
                mode=shown.mode,
                mood=shown.mood,
                rank=rank,
                song_id=shown.song_id,
                choices=shown.choices,
                propensity=shown.propensity,
                liked=liked,
            )
        )

    async def _learn(self, now: datetime) -> None:
        if self._every is not None and now - self._learned_at >= self._every:
            self._learned_at = now
            await self._service.learning.run(now=now, generator=self._learning_draws)


def _reading(visit: Visit) -> Reading:
    fine = np.zeros(len(FINE), np.float32)
    scores = EmotionScores(visit.read.astype(np.float32), fine, visit.valence, 0.0)
    return Reading(scores, np.zeros(1, np.float32))


def _nothing(texts: Sequence[str]) -> Embeddings:
    """The utterances of the bank, without a meaning."""
    return np.zeros((len(texts), 1), np.float32)


class _Reader:
    """Implements `core.ports.EmotionReader`: reads what it is told."""

    version = "told"

    def __init__(self) -> None:
        self.next: Reading | None = None

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        """The same for each."""
        return [self.next] * len(texts)


def _user(number: int) -> UserKey:
    return UserKey("simulated", str(number))
