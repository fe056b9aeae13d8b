"""Signs that the bot is at work, where an answer takes long enough to be noticed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

__all__ = ["shown_while_inside"]

_NOTICED_S: Final = 0.3
"""An answer that comes sooner needs no sign, nor the request."""


@asynccontextmanager
async def shown_while_inside(show: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `show` after a moment, and cancel it at the end."""
    showing = asyncio.create_task(_show(show))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _show(show: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(_NOTICED_S)
    await show()
