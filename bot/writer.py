"""A language model behind an API like OpenAI's, which may write replies; off by default."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp

from bot.writer_settings import WriterSettings
from core.errors import WriterError
from core.ports import ReplyWriter

__all__ = ["ChatCompletions", "open_writer"]

_MOST_TOKENS: Final = 256
_MOST_BYTES: Final = 64 * 1024
"""Of an answer; a reply is a few hundred."""
# Of the network and the server; of its answer; of an answer nested a thousand deep.
_FAILURES: Final = (
    *(aiohttp.ClientError, OSError),
    *(ValueError, LookupError, TypeError),
    RecursionError,
)


class ChatCompletions:
    """Implements `core.ports.ReplyWriter` with `POST /chat/completions`."""

    def __init__(self, session: aiohttp.ClientSession, settings: WriterSettings) -> None:
        self._session = session
        self._settings = settings

    @property
    def place(self) -> str:
        """Where messages go."""
        return self._settings.place

    async def write(self, instructions: str, message: str) -> str:
        """A reply; see `core.ports.ReplyWriter`. Nobody is named to the model."""
        asked = {
            "model": self._settings.model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": message},
            ],
            "max_tokens": _MOST_TOKENS,
            "stream": False,
        }
        try:
            return _content(await self._answer(asked))
        except _FAILURES as error:
            # Without the cause's own words: it may quote the message or the answer.
            raise WriterError(f"the language model failed: {type(error).__name__}") from None

    async def _answer(self, asked: dict[str, Any]) -> bytes:
        key = self._settings.key
        headers = {"Authorization": f"Bearer {key.reveal()}"} if key else {}
        # Not redirected: people agreed to this place and no other.
        async with self._session.post(
            f"{self._settings.url}/chat/completions",
            json=asked,
            headers=headers,
            allow_redirects=False,
        ) as response:
            if response.status != 200:
                raise ValueError("an answer that is no success")
            answer = bytearray()
            async for part in response.content.iter_any():
                answer += part
                if len(answer) > _MOST_BYTES:
                    raise ValueError("an answer that is too long")
            return bytes(answer)


def _content(answer: bytes) -> str:
    """The reply in an answer.

    Raises:
        ValueError: it is no JSON, or was cut off.
        LookupError: it has no reply.
        TypeError: likewise.
    """
    choice = json.loads(answer)["choices"][0]
    content = choice["message"]["content"]
    if not isinstance(content, str):
        raise TypeError("a reply that is no text")
    if choice.get("finish_reason") not in {"stop", None}:
        raise ValueError("a reply that was cut off")
    return content.strip()


@asynccontextmanager
async def open_writer(settings: WriterSettings) -> AsyncIterator[ReplyWriter]:
    """Get ready to ask the model, and close what that needed at the end.

    Whether it is there shows when it is asked.
    """
    async with aiohttp.ClientSession() as session:
        yield ChatCompletions(session, settings)
