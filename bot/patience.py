"""What nobody would see fail is tried again for a while, where the store is away.

Who writes or presses is told to try again. Who reacts with an emoji is told nothing, so the vote
would be lost by one connection that broke.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

from core.errors import StoreError

__all__ = ["PAUSES_S", "persist"]

PAUSES_S: Final = (0.2, 1.0, 4.0, 15.0)
"""Before each further attempt, in seconds; in all about what a database takes to start again."""

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


async def persist(
    act: Callable[[], Awaitable[_Result]],
    *,
    pauses: Sequence[float] = PAUSES_S,
    sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
) -> _Result:
    """Do something until the store takes it.

    Args:
        act: one that may be done twice: a failed one may have been kept.
        pauses: seconds before each further attempt.
        sleep: what waits.

    Raises:
        StoreError: of the last attempt.
    """
    for pause in pauses:
        try:
            return await act()
        except StoreError as error:
            _log.warning("the store failed: %s", type(error.__cause__ or error).__name__)
        await sleep(pause)
    return await act()
