"""From received updates to handled ones: each once, one person's in order, people side by side."""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from telegram import Update

from bot.handlers.telegram_claims import Claims, ClaimStore
from bot.handlers.telegram_network import Network

__all__ = ["CLOSE_AFTER_S", "ClosedError", "Dispatcher", "Inbox", "delivery_key"]

CONCURRENCY: Final = 64
"""Updates that are handled at a time."""
CLOSE_AFTER_S: Final = 8.0
"""What runs may finish within this; with what follows the bot stops within ten seconds."""
_KNOWN: Final = 10_000
"""Updates that are remembered; Telegram repeats at most the hundred that are not confirmed."""

_log = logging.getLogger(__name__)


class Inbox(ClaimStore, Protocol):
    """Which updates were handled, kept where a crash does not reach it."""

    async def finished(self, key: str) -> bool:
        """Whether the update was handled; what it raises makes the dispatcher ask again."""
        ...

    async def finish(self, key: str) -> None:
        """Keep that the update was handled; no harm where that is known already."""
        ...


class ClosedError(Exception):
    """No update is taken any more."""


def delivery_key(bot_id: int, update_id: int) -> str:
    """What an update is called in the inbox."""
    return f"telegram:{bot_id}:{update_id}"


class Dispatcher:
    """Handles updates at least once, and twice only where the process died in between.

    Attributes:
        claims: what is owed for updates that Telegram does not repeat any more.
    """

    def __init__(
        self,
        handle: Callable[[Update], Awaitable[None]],
        inbox: Inbox,
        *,
        bot_id: int,
        network: Network,
        concurrency: int = CONCURRENCY,
        close_after_s: float = CLOSE_AFTER_S,
    ) -> None:
        """Make one, inside of a running event loop.

        Args:
            handle: handles an update. An exception of its own is logged and ends the update:
                repeating what cannot be handled would hold up everything behind it.
            inbox: which updates were handled before this process.
            bot_id: the bot's id, for the inbox.
            network: paces the questions to an inbox that cannot be asked.
            concurrency: how many updates are handled at a time, at least 1.
            close_after_s: how long `close` lets run what runs, in seconds.
        """
        self.claims = Claims(inbox)
        self._handle = handle
        self._inbox = inbox
        self._bot_id = bot_id
        self._network = network
        self._slots = asyncio.Semaphore(concurrency)
        self._close_after_s = close_after_s
        self._began: dict[int, float] = {}
        self._known: OrderedDict[int, asyncio.Future[None]] = OrderedDict()
        self._lanes: dict[int, deque[_Submitted]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether no update is taken any more."""
        return self._closed

    def knows(self, update_id: int) -> bool:
        """Whether the update was submitted before."""
        return update_id in self._known

    @property
    def has_room(self) -> bool:
        """Whether another update would be handled at once."""
        return not self._slots.locked()

    def held_s(self, update: Update) -> float:
        """For how long what is handled now for the same person is handled already, in seconds.

        That is the update itself, or what it waits for; 0 where nothing was begun yet.
        """
        now = asyncio.get_running_loop().time()
        return now - self._began.get(_lane(update), now)

    def submit(self, update: Update, *, new: bool = False) -> asyncio.Future[None]:
        """Take an update; one that is known already is not handled again.

        Args:
            update: the update.
            new: whether it is known to be younger than this process, so that no other can have
                handled it.

        Returns:
            What is done once the update is handled, and cancelled where it will not be.

        Raises:
            ClosedError: the dispatcher was closed.
        """
        if self._closed:
            raise ClosedError
        known = self._known.get(update.update_id)
        if known is not None:
            return known
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._known[update.update_id] = done
        self._forget_old()
        self._enqueue(_Submitted(update, new))
        return done

    async def close(self) -> None:
        """Take nothing more; let run what runs for a while, then cancel it."""
        self._closed = True
        if self._workers:
            _, slow = await asyncio.wait(self._workers, timeout=self._close_after_s)
            for worker in slow:
                worker.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
            if slow:
                _log.warning("%d updates were not finished; they come again", len(slow))
        for done in self._known.values():
            done.cancel()  # changes nothing where it is done

    def _forget_old(self) -> None:
        while len(self._known) > _KNOWN:
            oldest = next(iter(self._known))
            if not self._known[oldest].done():
                return
            del self._known[oldest]

    def _enqueue(self, submitted: "_Submitted") -> None:
        lane = _lane(submitted.update)
        if lane in self._lanes:
            self._lanes[lane].append(submitted)
            return
        self._lanes[lane] = deque([submitted])
        worker = asyncio.create_task(self._work(lane))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, lane: int) -> None:
        queue = self._lanes[lane]
        try:
            while queue and not self._closed:
                async with self._slots:
                    if not self._closed:
                        self._began[lane] = asyncio.get_running_loop().time()
                        await self._process(queue.popleft())
                        del self._began[lane]
        finally:
            self._began.pop(lane, None)
            del self._lanes[lane]

    async def _process(self, submitted: "_Submitted") -> None:
        update = submitted.update
        key = delivery_key(self._bot_id, update.update_id)
        if submitted.new or not await self._is_finished(key):
            try:
                await self._handle(update)
            except asyncio.CancelledError:
                if (worker := asyncio.current_task()) and worker.cancelling():
                    raise  # by `close`
                _log.error("update %d: cancelled from within", update.update_id)
            except Exception as error:  # noqa: BLE001 - see __init__
                # Not its message, which may hold what the person wrote.
                _log.error("update %d: %s", update.update_id, type(error).__name__)
            await self._finish(key)
        await self.claims.settle(update.update_id)
        done = self._known[update.update_id]
        if not done.done():
            done.set_result(None)

    async def _is_finished(self, key: str) -> bool:
        failures = 0
        while True:
            try:
                return await self._inbox.finished(key)
            except Exception as error:  # noqa: BLE001 - the update must not be lost
                # Handling would fail as well, so the update waits; whoever stops the bot
                # meanwhile gets it again.
                failures += 1
                _log.error("the inbox cannot be asked: %s", type(error).__name__)
            await self._network.pause(failures)

    async def _finish(self, key: str) -> None:
        try:
            await self._inbox.finish(key)
        except Exception as error:  # noqa: BLE001 - the update was handled all the same
            # It is confirmed to Telegram next; only a crash before that repeats it.
            _log.error("the inbox cannot keep an update: %s", type(error).__name__)


@dataclass(frozen=True)
class _Submitted:
    """An update, and whether no process before this one can have handled it."""

    update: Update
    new: bool


def _lane(update: Update) -> int:
    """Updates with the same number are handled in order: those of one person, or one channel."""
    sender = update.effective_user or update.effective_chat
    return sender.id if sender else 0
