"""What may be sent when: within Telegram's limits, and after a 429 only its chat waits."""

import asyncio
import itertools
import logging
import math
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.handlers.telegram_errors import ChatBusyError, retry_after_s
from bot.handlers.telegram_network import Backoff, Sleep
from bot.handlers.telegram_pace import Bucket, Window

__all__ = ["ChatRateLimiter", "Limits"]

_Answer: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]
_Call: TypeAlias = Callable[[], Coroutine[Any, Any, _Answer]]

_MESSAGES: Final = ("send", "copy", "forward")
"""Methods that begin like this and name a chat count against the limits."""
_EDITS: Final = "edit"
"""These count as well, but not for one person: a button has to show its new state at once."""
_FLEETING: Final = "sendChatAction"
"""Says "typing"; worth nothing later."""
_REPEATABLE: Final = ("answer", "delete", "edit", "get", "leave", "set", "send")
"""Methods that begin like this are repeated where it is not known whether they had their effect.

Sending is among them: a message that comes twice is better than one that does not come.
"""
_DONE_ALREADY: Final = ("message is not modified", "message to delete not found")
"""What Telegram says to a repeated call that had its effect the first time."""
_SWEEP_AT: Final = 1024
_BACKOFF: Final = Backoff(longest_s=8.0)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What Telegram allows, and how long the bot is patient.

    Attributes:
        private: messages to one person at once: a list of songs.
        private_s: seconds after which there is room for one more of them.
        group: messages to one group in `group_s` seconds.
        overall: messages to all chats in `overall_s` seconds.
        queue: calls that may wait for one chat.
        attempts: how often one call is made at most.
        patience_s: where Telegram wants a longer pause than this the call fails.
    """

    private: int = 8
    private_s: float = 1.0
    group: int = 20
    group_s: float = 60.0
    overall: int = 30
    overall_s: float = 1.0
    queue: int = 32
    attempts: int = 4
    patience_s: float = 300.0


@dataclass
class _Line:
    """The calls of one chat, one after another."""

    person: bool
    pace: Window | Bucket
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    blocked_until: float = 0.0


class ChatRateLimiter(BaseRateLimiter[None]):
    """Paces calls chat by chat. Calls of one chat keep their order."""

    def __init__(
        self,
        generator: np.random.Generator,
        *,
        limits: Limits = Limits(),
        backoff: Backoff = _BACKOFF,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Make one.

        Args:
            generator: of the pauses after failures.
            limits: what is allowed.
            backoff: the pauses after failures.
            clock: seconds that only grow.
            sleep: waits for so many of them.
        """
        self._generator = generator
        self._limits = limits
        self._backoff = backoff
        self._clock = clock
        self._sleep = sleep
        self._lines: dict[str, _Line] = {}
        self._sweep_at = _SWEEP_AT
        self._overall = Window(limits.overall, limits.overall_s)
        self._overall_turn = asyncio.Lock()

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do: whoever waits is cancelled with its update."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - the library's signature
    ) -> _Answer:
        """Make a call when it is allowed, and again where that is harmless and may help.

        Raises:
            ChatBusyError: too many calls wait for the chat.
            RetryAfter: Telegram wants a pause longer than `Limits.patience_s`.
            TelegramError: the call failed, finally.
        """

        async def call() -> _Answer:
            return await callback(*args, **kwargs)

        chat = data.get("chat_id")
        if chat is None:
            return await self._attempts(call, endpoint, None)
        line = self._line(str(chat))
        if endpoint == _FLEETING:
            return await self._fleeting(call, line)
        if line.waiting >= self._limits.queue:
            raise ChatBusyError(f"{line.waiting} calls wait for one chat")
        line.waiting += 1
        try:
            async with line.lock:
                return await self._attempts(call, endpoint, line)
        finally:
            line.waiting -= 1

    def _line(self, chat: str) -> _Line:
        if chat not in self._lines:
            self._sweep()
            limits = self._limits
            person = chat.isdecimal()  # groups and channels: below 0, or a @name
            pace = (
                Bucket(limits.private, limits.private_s)
                if person
                else Window(limits.group, limits.group_s)
            )
            self._lines[chat] = _Line(person, pace)
        return self._lines[chat]

    def _sweep(self) -> None:
        """Forget chats of which nothing has to be known; now and then, for it looks at all."""
        if len(self._lines) < self._sweep_at:
            return
        now = self._clock()
        self._lines = {
            chat: line
            for chat, line in self._lines.items()
            if line.waiting or line.blocked_until > now or not line.pace.idle(now)
        }
        self._sweep_at = max(_SWEEP_AT, 2 * len(self._lines))

    async def _fleeting(self, call: _Call, line: _Line) -> _Answer:
        if line.waiting or line.blocked_until > self._clock():
            return True
        try:
            return await call()
        except RetryAfter as error:
            self._block(line, error)
        except NetworkError as error:
            if isinstance(error, BadRequest):
                raise
        return True

    async def _attempts(self, call: _Call, endpoint: str, line: _Line | None) -> _Answer:
        unsure = False  # whether an earlier attempt may have had its effect
        for attempt in itertools.count(1):
            await self._turn(endpoint, line)
            try:
                return await call()
            except BadRequest as error:
                if unsure and _had_its_effect(error):
                    return True
                raise
            except (RetryAfter, NetworkError) as error:
                pause = self._pause_s(error, endpoint, line, attempt)
                unsure = unsure or isinstance(error, NetworkError)
            await self._sleep(pause)
        raise AssertionError("counting has no end")

    def _pause_s(
        self, error: RetryAfter | NetworkError, endpoint: str, line: _Line | None, attempt: int
    ) -> float:
        """How long to wait before the next attempt, in seconds; raises where there is none."""
        if isinstance(error, RetryAfter):
            pause = retry_after_s(error)
            if line:
                self._block(line, error)
            hopeless = pause > self._limits.patience_s
        else:
            pause = self._backoff.pause_s(attempt, self._generator)
            hopeless = not endpoint.startswith(_REPEATABLE)
        if hopeless or attempt >= self._limits.attempts:
            raise error
        _log.warning("%s: %s; again in %.1f s", endpoint, type(error).__name__, pause)
        return pause

    def _block(self, line: _Line, error: RetryAfter) -> None:
        line.blocked_until = self._clock() + retry_after_s(error)

    async def _turn(self, endpoint: str, line: _Line | None) -> None:
        """Wait until a call may be made, and count it."""
        if line is None:
            return
        while (pause := line.blocked_until - self._clock()) > 0:
            if pause > self._limits.patience_s:
                raise RetryAfter(math.ceil(pause))
            await self._sleep(pause)
        is_message, is_edit = endpoint.startswith(_MESSAGES), endpoint.startswith(_EDITS)
        if not (is_message or is_edit):
            return
        if is_message or not line.person:
            await self._room(line.pace)
        async with self._overall_turn:  # first come, first served, and one sleeper for all
            await self._room(self._overall)

    async def _room(self, pace: Window | Bucket) -> None:
        while (pause := pace.delay(self._clock())) > 0:
            await self._sleep(pause)
        pace.add(self._clock())


def _had_its_effect(error: BadRequest) -> bool:
    told = error.message.lower()
    return any(message in told for message in _DONE_ALREADY)
