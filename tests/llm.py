"""A local server with an API like OpenAI's, that answers as a test tells it to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

__all__ = ["LlmServer", "running_llm", "said"]

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def said(text: object, **more: object) -> dict[str, Any]:
    """What the API answers with."""
    return {"choices": [{"message": {"role": "assistant", "content": text}, **more}]}


@dataclass
class LlmServer:
    """What is asked of it, and how it answers.

    Attributes:
        asked: the bodies of the requests.
        keys: their Authorization headers.
        says: answered with; or a function that answers a request.
        gate: waited for before an answer, where there is one.
        arrived: set by each request.
        port: of 127.0.0.1.
    """

    says: str | Answer = "슬픔이 컸겠어요. 언제 제일 힘들었어요?"
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    gate: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    @property
    def url(self) -> str:
        """For LLM_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def place(self) -> str:
        """As people are told."""
        return f"127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """POST /v1/chat/completions."""
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization"))
        self.arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.says, str):
            return web.json_response(said(self.says, finish_reason="stop"))
        return await self.says(request)


@asynccontextmanager
async def running_llm() -> AsyncIterator[LlmServer]:
    """The server while inside."""
    server = LlmServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (socket,) = runner.addresses
    server.port = socket[1]
    try:
        yield server
    finally:
        if server.gate is not None:
            server.gate.set()
        await runner.cleanup()
