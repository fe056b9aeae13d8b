"""The composition root: the one place that knows which parts the bot is made of."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.config import DATA, Settings
from bot.presentation import Presenter
from bot.texts import Texts
from core.dialogue.crisis import CrisisDetector
from core.dialogue.help_lines import HelpLines
from core.dialogue.lines import Lines
from core.emotion.classifier import Classifier
from core.emotion.state import StateConfig
from core.models import Language
from core.ports import UnitOfWork
from core.recommend.catalogue import Catalogue
from core.recommend.recommender import Recommender, RecommenderConfig
from core.service import MaeumService
from core.store.memory import MemoryStore
from core.store.unit_of_work import open_store

__all__ = ["load_presenter", "load_texts", "open_service", "open_units_of_work"]

FORGETFUL: Final = "memory:"
"""The DATABASE_URL of a bot that forgets everybody when it ends."""


@asynccontextmanager
async def open_service(settings: Settings) -> AsyncIterator[MaeumService]:
    """Open everything the service stands on, and close it at the end.

    Raises:
        SetupError: files are missing or damaged, or the database cannot be opened; the message
            says which.
    """
    recommender = Recommender(
        Catalogue.load(settings.catalogue),
        RecommenderConfig(count=settings.song_count, noise=settings.song_noise),
    )
    lines = Lines.load(DATA / "dialogue")
    crisis = CrisisDetector.load(DATA / "crisis")
    classifier = Classifier.load(settings.emotion_model)
    try:
        async with open_units_of_work(settings) as unit_of_work:
            yield MaeumService(
                classifier=classifier,
                unit_of_work=unit_of_work,
                recommender=recommender,
                lines=lines,
                crisis=crisis,
                state=StateConfig(half_life_hours=settings.half_life_hours),
            )
    finally:
        classifier.close()


@asynccontextmanager
async def open_units_of_work(settings: Settings) -> AsyncIterator[Callable[[], UnitOfWork]]:
    """Open the store, and close it at the end.

    Returns:
        What makes a unit of work on it.

    Raises:
        DatabaseError: it cannot be opened as it is set up; the message says why.
    """
    # Until people can see and delete what is kept of them, nothing is kept unasked.
    if settings.database is None or settings.database_address == FORGETFUL:
        yield MemoryStore().unit_of_work
        return
    key, old_keys = settings.keys
    async with open_store(settings.database_address, data_key=key, old_keys=old_keys) as store:
        yield store.unit_of_work


def load_texts(language: Language) -> Texts:
    """The bundled sentences of a language.

    Raises:
        DialogueError: they are missing or damaged.
    """
    return Texts.load(DATA / "locales", language)


def load_presenter(texts: Texts) -> Presenter:
    """What says the service's answers in the language of `texts`.

    Raises:
        DialogueError: the help lines are missing or damaged.
    """
    return Presenter(texts, HelpLines.load(DATA / "crisis"))
