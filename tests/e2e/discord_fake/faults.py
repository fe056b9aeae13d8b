"""Failures on demand: of the next requests that fit, in the order they were ordered."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

__all__ = ["Fault", "Faults"]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PROXY: Final = {"Via": "1.1 google"}


@dataclass(eq=False)
class Fault:
    """One kind of failure of the requests that fit.

    Attributes:
        method: of HTTP.
        path: a pattern that is searched in the path.
        times: how many requests it still spoils.
        status: what is answered instead; 0 cuts the connection.
        effect: whether what was asked for happens all the same.
        met: set by the first request; `release` lets those go on that are held up.
    """

    method: str
    path: str
    times: int = 1
    status: int = 0
    effect: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, object] = field(default_factory=dict)
    held: bool = False
    met: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, request: web.Request) -> bool:
        """Whether this request is spoilt."""
        same = self.method in (request.method, "*")
        return self.times > 0 and same and re.search(self.path, request.path) is not None


class Faults:
    """What is ordered to fail. `ordered` holds all of it, spent or not."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def answer(self, method: str, path: str, status: int, *, times: int = 1) -> Fault:
        """Answer with an error of the server, without effect."""
        return self._order(Fault(method, path, times, status, headers=PROXY))

    def answer_after(self, method: str, path: str, status: int, *, times: int = 1) -> Fault:
        """Do what is asked for, and answer with an error of the server."""
        return self._order(Fault(method, path, times, status, effect=True, headers=PROXY))

    def limit(
        self,
        method: str,
        path: str,
        *,
        retry_after: float = 0.0,
        via: bool = True,
        shared: bool = False,
        times: int = 1,
    ) -> Fault:
        """Answer 429; without `via` as the wall in front of Discord does."""
        headers = {"Retry-After": str(round(retry_after)), **(PROXY if via else {})}
        body: dict[str, object] = {
            "message": "You are being rate limited.",
            "retry_after": retry_after,
            "global": shared,
        }
        return self._order(Fault(method, path, times, 429, headers=headers, body=body))

    def cut(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Cut the connection before anything happened: ECONNRESET."""
        return self._order(Fault(method, path, times))

    def lose_answer(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Do what is asked for, and cut the connection instead of answering."""
        return self._order(Fault(method, path, times, effect=True))

    def hold(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Let requests wait until `release` is set."""
        return self._order(Fault(method, path, times, held=True))

    def _order(self, fault: Fault) -> Fault:
        self.ordered.append(fault)
        return fault

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Serve a request, or spoil it."""
        fault = next((fault for fault in self.ordered if fault.fits(request)), None)
        if fault is None:
            return await handler(request)
        fault.times -= 1
        fault.met.set()
        if fault.held:
            await fault.release.wait()
            return await handler(request)
        if fault.effect:
            await handler(request)
        else:
            await request.read()  # all of it arrived
        if not fault.status:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=444)
        if fault.status == 429:
            return web.json_response(fault.body, status=429, headers=fault.headers)
        return web.Response(status=fault.status, text="error", headers=fault.headers)
