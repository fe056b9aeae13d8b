"""Calls over aiohttp: half of the processor time they take over httpx, the library's own."""

import io
import json
import ssl
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

__all__ = ["Request"]

_Seconds: TypeAlias = Any
"""A number, None for no limit, or `BaseRequest.DEFAULT_NONE`; the library's type has no name."""
_CONNECT_S = 5.0
_WRITE_S = 5.0
_WRITE_FILES_S = 20.0
_URLENCODED: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Request(BaseRequest):
    """Sends calls and reads answers; no error and no log repeats what is in them."""

    def __init__(
        self,
        base_url: str,
        certificates: ssl.SSLContext,
        *,
        connections: int,
        read_s: float = 5.0,
        pool_s: float = 1.0,
    ) -> None:
        """Make one; nothing is opened before `initialize`.

        Args:
            base_url: of the API; the proxy that the environment names for it is used.
            certificates: whom to trust.
            connections: at a time.
            read_s: how long to wait for an answer, in seconds, unless a call says otherwise.
            pool_s: likewise, for a connection.
        """
        self._proxy = _proxy_for(base_url)
        self._certificates = certificates
        self._connections = connections
        self._read_s = read_s
        self._pool_s = pool_s
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """The default, in seconds."""
        return self._read_s

    async def initialize(self) -> None:
        """Get ready to call; may be called again."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=self._certificates),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the connections; may be called again."""
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a call; its status and its answer.

        Raises:
            TimedOut: it took too long.
            NetworkError: there was no answer.
        """
        if self._session is None:
            raise RuntimeError("initialize comes first")
        files = request_data.multipart_data if request_data else {}
        read = _told(read_timeout, self._read_s)
        write = _told(write_timeout, _WRITE_FILES_S if files else _WRITE_S)
        connect = _told(connect_timeout, _CONNECT_S)
        pool = _told(pool_timeout, self._pool_s)
        steps = (read, write, connect, pool)
        timeout = aiohttp.ClientTimeout(
            # aiohttp has no limit of its own on writing.
            total=None if None in steps else sum(step or 0 for step in steps),
            connect=None if connect is None or pool is None else connect + pool,
            sock_connect=connect,
        )
        data = request_data.json_parameters if request_data else {}
        # As aiohttp's form would be, at half the price. A lone surrogate, of which nothing shown
        # has any, would cost a letter and not the answer.
        body = _form(data, files) if files else urlencode(data, errors="replace").encode()
        headers = {} if files else _URLENCODED
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            # The kind alone: the message may hold the address, and with it the token.
            raise NetworkError(f"aiohttp: {type(error).__name__}") from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON.

        Raises:
            TelegramError: it is none; what it is stays unsaid, for it may hold people's words.
        """
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or (answer.get("ok") and "result" not in answer):
            raise TelegramError("the answer is none of the Bot API")
        return answer


def _told(given: _Seconds, default: float) -> float | None:
    return default if given is BaseRequest.DEFAULT_NONE else given


def _form(data: Mapping[str, str], files: Mapping[str, Any]) -> aiohttp.FormData:
    form = aiohttp.FormData(dict(data))
    for name, (filename, content, mime_type) in files.items():
        # Sent piece by piece: aiohttp warns of large bytes, which would hold up the event loop.
        body = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, body, filename=filename, content_type=mime_type)
    return form


def _proxy_for(url: str) -> str | None:
    """The proxy of the environment, asked once: to look at every call would cost more than it."""
    address = urlsplit(url)
    if proxy_bypass(address.hostname or ""):
        return None
    return getproxies().get(address.scheme)
