"""Long polling that confirms an update to Telegram only when it was handled.

The library's own Updater confirms what it has received: what is in memory when the process dies
is lost. Here the offset stays at the oldest unfinished update, so that Telegram sends it again.
"""

import asyncio
import contextlib
import functools
import itertools
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from telegram import Update
from telegram.error import Conflict, TelegramError

from bot.handlers.telegram_claims import owed
from bot.handlers.telegram_intake import Intake
from bot.handlers.telegram_network import unless

__all__ = ["PollingConfig", "PollingReceiver"]

BATCH: Final = 100
"""Updates in one answer; Telegram gives no more."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PollingConfig:
    """How updates are fetched.

    Attributes:
        timeout_s: how long Telegram holds an answer back while there is nothing to tell.
        pause_s: between two polls while something is unfinished, for Telegram answers at once
            then; at first, in seconds.
        longest_pause_s: the same when nothing new comes for a while, in seconds. New updates of
            other people wait as long as this at most.
        straggler_s: an update that is handled, or held up by one that is, for longer than this is
            confirmed unfinished where it hides newer ones: Telegram shows no more than 100 from
            the oldest on. One that only waits for its turn in the crowd is not.
        most_claims: beyond so many updates that were let go unfinished no more are.
        confirm_s: how long the last confirmation may take, in seconds.
    """

    timeout_s: int = 30
    pause_s: float = 0.005
    longest_pause_s: float = 0.2
    straggler_s: float = 3.0
    most_claims: int = 1000
    confirm_s: float = 1.0


@dataclass(frozen=True)
class _Open:
    """An update that is not finished, as an object and as Telegram tells it."""

    update: Update
    content: dict[str, Any]


class PollingReceiver:
    """Fetches updates until it is stopped."""

    def __init__(
        self,
        intake: Intake,
        *,
        config: PollingConfig = PollingConfig(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make one.

        Args:
            intake: where updates come from, and where they go.
            config: how to poll.
            clock: seconds that only grow.
        """
        self._intake = intake
        self._config = config
        self._clock = clock
        self._open: dict[int, _Open] = {}
        self._next: int | None = None
        self._told: int | None = None
        self._unreadable: set[int] = set()
        self._moved = asyncio.Event()
        self._caught_up = False

    async def run(self, stop: asyncio.Event) -> None:
        """Receive until `stop` is set, finish what runs, and confirm what is finished.

        Raises:
            RevokedTokenError: Telegram does not know the token any more.
        """
        try:
            await unless(stop, self._poll())
        finally:
            await self._intake.dispatcher.close()
            await self._confirm()

    async def _poll(self) -> NoReturn:
        await self._intake.network.insist(self._intake.bot.delete_webhook, "deleteWebhook")
        pause = self._config.pause_s
        while True:
            idle, asked = not self._open, self._clock()
            batch = await self._intake.network.insist(self._fetch, "getUpdates")
            took = self._clock() - asked
            fresh = self._take(batch)
            if idle and fresh:
                took = 0.0  # Telegram held the answer back until there was something to tell
            if not fresh and len(batch) >= BATCH:
                await self._let_go()
            pause = self._config.pause_s if fresh else min(2 * pause, self._config.longest_pause_s)
            if batch and not self._open:
                self._told = None  # Telegram repeats what is finished: tell it again
            if self._open or (batch and not fresh):
                # What is unfinished comes with each answer again: the more there is, the more an
                # answer costs. So half of the time at least is left to those who finish it.
                await self._breathe(pause, min(took, self._config.longest_pause_s))

    async def _fetch(self) -> list[dict[str, Any]]:
        # What Telegram was told once it knows, and asked without an offset it gives the oldest
        # unconfirmed. After a week of silence numbers begin anew anywhere, and an offset kept
        # from before would confirm them unseen.
        offset = self._offset()
        try:
            batch = await self._intake.bot.pending_updates(
                offset=None if offset == self._told else offset,
                limit=BATCH,
                timeout_s=self._config.timeout_s,
                allowed=self._intake.allowed,
            )
        except Conflict:
            self._caught_up = False  # another process may handle what comes meanwhile
            raise
        self._told = offset
        return batch

    def _offset(self) -> int | None:
        return min(self._open, default=self._next)

    def _take(self, batch: list[dict[str, Any]]) -> int:
        """Submit what is new; how much that was."""
        self._unreadable &= {content["update_id"] for content in batch}
        fresh = [content for content in batch if self._is_new(content["update_id"])]
        for content in fresh:
            number = content["update_id"]
            update = self._intake.read(content)
            if update is None:
                self._unreadable.add(number)
            else:
                self._open[number] = _Open(update, content)
                done = self._intake.dispatcher.submit(update, new=self._caught_up)
                done.add_done_callback(functools.partial(self._finished, number))
        if batch:
            # Beyond those that were let go too, which a crash kept from being confirmed.
            self._next = batch[-1]["update_id"] + 1
        # Once Telegram has shown all there is, what it shows later came later.
        self._caught_up = self._caught_up or len(batch) < BATCH
        return len(fresh)

    def _is_new(self, number: int) -> bool:
        return number not in self._unreadable and not self._intake.dispatcher.knows(number)

    def _finished(self, number: int, done: asyncio.Future[None]) -> None:
        if done.cancelled():
            return  # stays open, and so unconfirmed
        before = self._offset()
        self._open.pop(number, None)
        if self._offset() != before:
            self._moved.set()

    async def _breathe(self, pause: float, rest: float) -> None:
        """Wait for `rest`, and until something can be confirmed, or for `pause`."""
        self._moved.clear()
        await asyncio.sleep(rest)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._moved.wait()

    async def _let_go(self) -> None:
        """Confirm what takes long and hides newer updates, and keep what is owed for it.

        Without this one chat that Telegram makes wait would silence everybody once a hundred
        messages are behind it.
        """
        claims, stragglers = self._intake.dispatcher.claims, self._stragglers()
        if not stragglers or len(claims) > self._config.most_claims:
            return
        found = {number: self._owed(self._open[number]) for number in stragglers}
        try:
            await claims.add({number: claim for number, claim in found.items() if claim})
        except Exception as error:  # noqa: BLE001 - they stay unconfirmed, and nothing is lost
            _log.error("updates cannot be let go: %s", type(error).__name__)
            return
        for number in stragglers:
            self._open.pop(number, None)
        _log.warning("%d updates take long; they are confirmed unfinished", len(stragglers))

    def _stragglers(self) -> list[int]:
        """The oldest unfinished updates, as far as each is held up while others could be served."""
        if not self._intake.dispatcher.has_room:
            return []

        def held_up(number: int) -> bool:
            held_s = self._intake.dispatcher.held_s(self._open[number].update)
            return held_s > self._config.straggler_s

        return list(itertools.takewhile(held_up, sorted(self._open)))

    def _owed(self, one: _Open) -> dict[str, Any] | None:
        bot = self._intake.bot
        return owed(one.update, one.content, bot_id=bot.id, bot_name=bot.username)

    async def _confirm(self) -> None:
        offset = self._offset()
        if offset is None:
            return
        with contextlib.suppress(TelegramError, TimeoutError):  # no harm: the inbox knows them
            async with asyncio.timeout(self._config.confirm_s):
                await self._intake.bot.pending_updates(
                    offset=offset, limit=1, timeout_s=0, allowed=self._intake.allowed
                )
