"""What answers on a platform, over a database, without the emotion model."""

import asyncio
import functools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.bootstrap import load_painter, load_presenters
from bot.chat.chat import Chat
from bot.pace import Pace
from bot.presentation import Presenter
from core.charts.painter import Painter
from core.emotion.labels import COARSE
from core.models import Language, Reading, Song
from core.ports import ReplyWriter
from core.recommend.catalogue import Catalogue
from core.service.writing import WritingLimits
from core.store.unit_of_work import open_store
from tests.catalogues import catalogue, distribution, song
from tests.services import OneWordReader, service_over

__all__ = ["NASTY", "SEOUL", "GatedReader", "few_songs", "open_chat"]

SEOUL = "Asia/Seoul"
NASTY = "<b>굵게</b> & _밑줄_ [글](http://x.y) \u202e뒤집힌"
"""A title that is markup to whoever takes it for that."""


class GatedReader(OneWordReader):
    """Reads the texts in `gates` only when their event is set."""

    def __init__(self) -> None:
        super().__init__()
        self.gates: dict[str, asyncio.Event] = {}

    async def read(self, texts: Sequence[str]) -> list[Reading | None]:
        for text in texts:
            if text in self.gates:
                await self.gates[text].wait()
        return await super().read(texts)


@functools.cache
def few_songs(*, nasty: bool = False) -> Catalogue:
    """Twelve songs of each emotion; with `nasty` every title is `NASTY`."""
    rows = [distribution(**{name: 0.4 + 0.04 * step}) for name in COARSE for step in range(12)]
    facts: dict[str, Any] = {
        "year": 2006,
        "genres": ("발라드",),
        "link": "https://www.melon.com/song",
    }
    songs = [song(number, **facts) for number in range(1, len(rows) + 1)]
    if nasty:
        songs = [Song(one.id, f"{NASTY} {one.id}", "<i>가수</i>", **facts) for one in songs]
    return catalogue(rows, songs)


@asynccontextmanager
async def open_chat(
    address: str,
    learned: Path,
    *,
    reader: OneWordReader | None = None,
    songs: Catalogue | None = None,
    pictures: bool = True,
    writer: ReplyWriter | None = None,
    limits: WritingLimits | None = None,
    pace: Pace | None = None,
) -> AsyncIterator[Chat]:
    """What answers, over a database.

    Args:
        address: of the database.
        learned: the folder of learned models.
        reader: `OneWordReader` unless another is given.
        songs: `few_songs` unless others are given.
        pictures: whether moods are drawn.
        writer: of replies; None for those of the bank alone.
        limits: of the writer.
        pace: how much one person may ask for; None for as much as there is.
    """
    presenters, painter = _files()
    async with open_store(address) as store:
        service = service_over(
            store.unit_of_work,
            reader,
            songs=songs or few_songs(),
            folder=learned,
            writer=writer,
            limits=limits,
        )
        yield Chat(service, presenters, SEOUL, painter=painter if pictures else None, pace=pace)


@functools.cache
def _files() -> tuple[dict[Language, Presenter], Painter]:
    """What is read from files and does not change: for all tests of a run."""
    return load_presenters(), load_painter()
