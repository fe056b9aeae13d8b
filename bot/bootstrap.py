"""The composition root: the one place that knows which parts the bot is made of."""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.config import DATA, LOCAL, Settings, environment_without_secrets
from bot.presentation import Presenter
from bot.texts import load_texts
from core.charts.painter import Painter
from core.dialogue.bank import Intent, load_bank
from core.dialogue.bank_embeddings import embedding_by
from core.dialogue.care import Care
from core.dialogue.crisis import CrisisDetector
from core.dialogue.help_lines import HelpLines
from core.dialogue.listening import Listener
from core.dialogue.listening_link import Place
from core.dialogue.listening_process import ListenerProcess, listening_apart
from core.dialogue.replies import Replies
from core.dialogue.retrieval import Retriever
from core.dialogue.vetting import Vetting
from core.dialogue.writer import Instructions
from core.emotion.state import StateConfig
from core.models import Language
from core.ports import MessageReader, ReplyWriter, UnitOfWork
from core.recommend.catalogue import Catalogue
from core.recommend.learned import ModelFolder
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.recommender import RecommenderConfig
from core.recommend.search import SongSearch
from core.service.learning import Learning
from core.service.maeum import MaeumService, Parts
from core.service.schedule import Schedule
from core.service.shelf import Shelf
from core.service.transactions import Transactions
from core.service.writing import Guide, WritingLimits
from core.store.memory import MemoryStore
from core.store.unit_of_work import open_store

__all__ = [
    "load_painter",
    "load_presenters",
    "open_learning",
    "open_service",
    "open_units_of_work",
]

LEARNED: Final = LOCAL / "learned"
"""Where the models learned from votes lie."""
_BANK: Final = DATA / "dialogue" / "bank"
_BANK_READ: Final = LOCAL / "bank.npz"
"""The embeddings of the bank, as the model last made them."""


@asynccontextmanager
async def open_service(settings: Settings, *, apart: bool = False) -> AsyncIterator[MaeumService]:
    """Open everything the service stands on, and close it at the end.

    Args:
        settings: of the bot.
        apart: whether messages are listened to in a process of its own.

    Raises:
        SetupError: files are missing or damaged, or the database cannot be opened; the message
            says which.
    """
    intents = load_bank(_BANK)
    with ExitStack() as stack:
        async with (
            _open_listener(settings, intents, apart=apart) as listener,
            open_units_of_work(settings) as unit_of_work,
            _open_writer(settings) as writer,
        ):
            catalogue = Catalogue.load(settings.catalogue)
            parts = Parts(
                unit_of_work=unit_of_work,
                listener=listener,
                replies=Replies.load(DATA / "dialogue", intents),
                crisis=CrisisDetector.load(DATA / "crisis"),
                care=Care.load(DATA / "crisis"),
                state=StateConfig(half_life_hours=settings.half_life_hours),
                catalogue=catalogue,
                recommender=_recommender(settings, catalogue),
                search=SongSearch(catalogue.songs),
                folder=ModelFolder(_learned(settings, stack), catalogue.version),
                schedule=_schedule(settings),
                guide=Guide(Instructions.load(DATA / "dialogue"), Vetting.load(DATA / "dialogue")),
                writer=writer,
                writing_limits=_writing_limits(settings),
            )
            service = MaeumService.of(parts)
            if isinstance(listener, ListenerProcess):
                await listener.ready()
            await service.learning.take_over()
            yield service


@asynccontextmanager
async def open_learning(settings: Settings) -> AsyncIterator[Learning]:
    """Open what learns from votes, and nothing that talks; close it at the end.

    Raises:
        SetupError: the catalogue is missing or damaged, or the database cannot be opened.
    """
    catalogue = Catalogue.load(settings.catalogue)
    with ExitStack() as stack:
        folder = ModelFolder(_learned(settings, stack), catalogue.version)
        async with open_units_of_work(settings) as unit_of_work:
            yield Learning(
                Transactions(unit_of_work),
                catalogue=catalogue,
                folder=folder,
                shelf=Shelf(_recommender(settings, catalogue), catalogue.version),
                schedule=_schedule(settings),
            )


@asynccontextmanager
async def _open_listener(
    settings: Settings, intents: Sequence[Intent], *, apart: bool
) -> AsyncIterator[MessageReader]:
    """What hears messages; a process of its own loads while the rest is opened."""
    if apart:
        model = settings.emotion_model
        model = model.resolve() if isinstance(model, Path) else model
        place = Place(model, _BANK, environment_without_secrets(), _BANK_READ)
        async with listening_apart(place, intents) as process:
            yield process
        return
    from core.emotion.classifier import Classifier  # noqa: PLC0415 - brings its runtime along

    classifier = Classifier.load(settings.emotion_model)
    try:
        yield Listener(
            classifier, Retriever(intents, embedding_by(classifier.read_now, _BANK_READ))
        )
    finally:
        classifier.close()


def _schedule(settings: Settings) -> Schedule:
    return Schedule(settings.learn_at, ZoneInfo(settings.time_zone), settings.learn_votes)


@asynccontextmanager
async def _open_writer(settings: Settings) -> AsyncIterator[ReplyWriter | None]:
    if settings.writer is None:
        yield None
        return
    from bot.writer import open_writer  # noqa: PLC0415 - most bots start without its library

    async with open_writer(settings.writer) as writer:
        yield writer


def _writing_limits(settings: Settings) -> WritingLimits:
    writer = settings.writer
    return WritingLimits(writer.timeout_s, writer.calls) if writer else WritingLimits()


def _learned(settings: Settings, until_the_end: ExitStack) -> Path:
    """Where what was learned from the people of this database lies, and from no others."""
    if settings.forgetful:
        return Path(until_the_end.enter_context(tempfile.TemporaryDirectory()))
    address = hashlib.sha256(settings.database_address.encode()).hexdigest()[:12]
    return LEARNED / address


def _recommender(settings: Settings, catalogue: Catalogue) -> PersonalRecommender:
    lists = RecommenderConfig(count=settings.song_count, noise=settings.song_noise)
    return PersonalRecommender(catalogue, None, PersonalConfig(lists=lists))


@asynccontextmanager
async def open_units_of_work(settings: Settings) -> AsyncIterator[Callable[[], UnitOfWork]]:
    """Open the store, and close it at the end.

    Returns:
        What makes a unit of work on it.

    Raises:
        DatabaseError: it cannot be opened as it is set up; the message says why.
    """
    if settings.forgetful:
        yield MemoryStore().unit_of_work
        return
    key, old_keys = settings.keys
    async with open_store(settings.database_address, data_key=key, old_keys=old_keys) as store:
        yield store.unit_of_work


def load_painter() -> Painter:
    """What draws moods.

    Raises:
        FontError: a font is missing.
    """
    return Painter(DATA / "fonts")


def load_presenters() -> dict[Language, Presenter]:
    """What says the service's answers, in each language.

    Raises:
        DialogueError: the sentences or the help lines are missing or damaged.
    """
    help_lines = HelpLines.load(DATA / "crisis")
    return {language: Presenter(load_texts(language), help_lines) for language in Language}
