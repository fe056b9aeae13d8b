"""Serves the platforms: everything in one event loop, until a signal or a fatal error ends it."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import numpy as np

from bot.bootstrap import load_painter, load_presenters, open_service
from bot.chat.chat import Chat
from bot.config import Settings
from bot.garbage import loaded_for_good
from bot.jobs import scheduled
from bot.pace import RATES, Pace

__all__ = ["Serve", "serve"]

Serve = Callable[[Settings, Chat, np.random.Generator, asyncio.Event], Awaitable[None]]
"""Builds a platform's side and runs it until the event is set; then ends what it is doing."""

_log = logging.getLogger(__name__)

_UNENCRYPTED: Final = (
    "DATA_KEY가 없어 마음과 계정 번호를 암호화하지 않고 남겨요 · "
    "DATA_KEY is not set: moods and platform ids are kept unencrypted"
)
"""For who keeps what many people tell; in a terminal one keeps one's own."""
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


async def serve(
    settings: Settings,
    platforms: Sequence[Serve],
    generator: np.random.Generator,
    stop: asyncio.Event | None = None,
) -> None:
    """Run the platforms and the schedule until SIGTERM or SIGINT.

    Args:
        settings: of the bot.
        platforms: what is to be served, side by side.
        generator: of all that varies.
        stop: ends it as a signal does; None for one of its own.

    Raises:
        SetupError: the bot, or one of the platforms, cannot go on as it is set up. The other
            platforms have ended what they were doing.
    """
    if settings.data_key is None and not settings.forgetful:
        _log.warning(_UNENCRYPTED)
    stop = stop or asyncio.Event()
    with _stopped_by_signals(stop):
        async with open_service(settings, apart=settings.listens_apart) as service:
            chat = Chat(
                service,
                load_presenters(),
                settings.time_zone,
                painter=load_painter(),
                pace=Pace(RATES if settings.rates is None else settings.rates),
            )
            async with scheduled(chat, generator):
                with loaded_for_good():
                    await _side_by_side(settings, chat, platforms, generator, stop)
    _log.info("stopped")


async def _side_by_side(
    settings: Settings,
    chat: Chat,
    platforms: Sequence[Serve],
    generator: np.random.Generator,
    stop: asyncio.Event,
) -> None:
    async def run(platform: Serve) -> None:
        try:
            await platform(settings, chat, generator, stop)
        finally:
            # Where one fails the others end in peace: a task group would cancel them.
            stop.set()

    ended = await asyncio.gather(*map(run, platforms), return_exceptions=True)
    failures = [error for error in ended if isinstance(error, BaseException)]
    for other in failures[1:]:
        _log.error("another platform failed too: %s", type(other).__name__)
    if failures:
        raise failures[0]


@contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
