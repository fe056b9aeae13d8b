"""The composition root: the one place that knows which parts the bot is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.config import DATA, Settings
from bot.presentation import Presenter
from bot.texts import Texts
from core.dialogue.crisis import CrisisDetector
from core.dialogue.help_lines import HelpLines
from core.dialogue.lines import Lines
from core.emotion.classifier import Classifier
from core.emotion.state import StateConfig
from core.models import Language
from core.recommend.catalogue import Catalogue
from core.recommend.recommender import Recommender, RecommenderConfig
from core.service import MaeumService
from core.store.memory import MemoryStore

__all__ = ["load_presenter", "load_texts", "open_service"]


@asynccontextmanager
async def open_service(settings: Settings) -> AsyncIterator[MaeumService]:
    """Open everything the service stands on, and close it at the end.

    Raises:
        SetupError: files are missing or damaged; the message says which.
    """
    recommender = Recommender(
        Catalogue.load(settings.catalogue),
        RecommenderConfig(count=settings.song_count, noise=settings.song_noise),
    )
    lines = Lines.load(DATA / "dialogue")
    crisis = CrisisDetector.load(DATA / "crisis")
    classifier = Classifier.load(settings.emotion_model)
    try:
        yield MaeumService(
            classifier=classifier,
            unit_of_work=MemoryStore().unit_of_work,
            recommender=recommender,
            lines=lines,
            crisis=crisis,
            state=StateConfig(half_life_hours=settings.half_life_hours),
        )
    finally:
        classifier.close()


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
