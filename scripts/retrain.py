"""Learns from the votes by hand, as the nightly job does, with a progress bar.

The part that knows no store: `retrain` takes the events, judges the new model and installs it.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core.recommend.catalogue import Catalogue
from core.recommend.events import EventTable
from core.recommend.learned import ModelFolder
from core.recommend.learning import LearnConfig, Lesson, install, learn
from core.records import TasteEvent

__all__ = ["retrain"]


def retrain(
    events: Iterable[TasteEvent],
    catalogue: Catalogue,
    folder: Path,
    config: LearnConfig,
    generator: np.random.Generator,
    *,
    withdrawn: bool,
) -> Lesson:
    """Learn from the events, and put the model in place unless it may be worse.

    Args:
        events: of the people who agreed to it.
        catalogue: of the songs.
        folder: of the learned models.
        config: of the fit and of the judging.
        generator: of the people who judge, and of the intervals.
        withdrawn: see `core.recommend.learning.install`.
    """
    models = ModelFolder(folder, catalogue.version)
    current = None if withdrawn else models.load()
    rows = {song.id: row for row, song in enumerate(catalogue.songs)}
    with tqdm(total=2 * config.fit.iterations, desc="learning", unit=" iterations") as bar:
        lesson = learn(
            EventTable.of(events, rows), catalogue, current, config, generator, bar.update
        )
    install(lesson, models, withdrawn=withdrawn)
    print(("in use: " if lesson.model else "kept out: ") + lesson.reason)
    return lesson
