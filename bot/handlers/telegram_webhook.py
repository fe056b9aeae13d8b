"""Updates that Telegram brings itself; it hears 200 only when one was handled.

A proxy with a certificate stands in front: Telegram speaks HTTPS to it, and it plain HTTP to the
bot. What is not answered with 200 Telegram brings again.
"""

import asyncio
import hashlib
import hmac
import json
import logging
from dataclasses import dataclass
from errno import EADDRINUSE
from http import HTTPStatus
from typing import Any, Final, NoReturn

from aiohttp import web

from bot.handlers.telegram_dispatch import ClosedError
from bot.handlers.telegram_errors import RefusedSetupError
from bot.handlers.telegram_intake import Intake
from bot.handlers.telegram_network import unless

__all__ = ["WebhookConfig", "WebhookReceiver", "webhook_path"]

PROOF_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_BODY: Final = 1024 * 1024
"""In bytes; an update of 4,096 characters has some 30 thousand."""
_CONNECTIONS: Final = 100
"""Updates Telegram may bring at a time, the most it offers: each waits to be handled."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WebhookConfig:
    """Where updates arrive.

    Attributes:
        url: the public address of the proxy, "https://bot.example.org".
        secret: what Telegram shows as its own, 1 to 256 of A-Z, a-z, 0-9, _ and -.
        host: the address to listen on.
        port: the port to listen on; 0 for any free one.
        check_s: how often to ask whether token and webhook are still good, in seconds.
    """

    url: str
    secret: str
    host: str = "127.0.0.1"
    port: int = 8080
    check_s: float = 300.0


class WebhookReceiver:
    """Takes updates until it is stopped.

    Attributes:
        port: the port it listens on, while it runs; 0 before.
    """

    def __init__(self, intake: Intake, config: WebhookConfig) -> None:
        """Make one.

        Args:
            intake: where updates come from, and where they go.
            config: where updates arrive.
        """
        self._intake = intake
        self._config = config
        self._path = webhook_path(intake.bot.token, config.secret)
        self._url = config.url.rstrip("/") + self._path
        self.port = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until `stop` is set, then finish what runs.

        The webhook stays set: Telegram keeps what comes until the bot is back.

        Raises:
            RevokedTokenError: Telegram does not know the token (any more).
            RefusedSetupError: Telegram does not accept the address or the secret.
            RefusedSetupError: the port cannot be listened on.
        """
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_post(self._path, self._receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await self._listen(runner)
            self.port = runner.addresses[0][1]
            await unless(stop, self._watch())
        finally:
            await self._intake.dispatcher.close()
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        host, port = self._config.host, self._config.port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            why = "in use by another program" if error.errno == EADDRINUSE else error.strerror
            raise RefusedSetupError(
                f"the webhook cannot listen on port {port} of {host} ({why}); set"
                " TELEGRAM_WEBHOOK_PORT or TELEGRAM_WEBHOOK_HOST to another, or end what uses it"
            ) from error

    async def _watch(self) -> NoReturn:
        """Set the webhook, and look after it: no call would ever tell that it is gone."""
        bot, network = self._intake.bot, self._intake.network
        await network.insist(self._set, "setWebhook")
        while True:
            await asyncio.sleep(self._config.check_s)
            info = await network.insist(bot.get_webhook_info, "getWebhookInfo")
            if info.url != self._url:
                _log.error("the webhook was changed by somebody else; it is set again")
                await network.insist(self._set, "setWebhook")

    async def _set(self) -> None:
        await self._intake.bot.set_webhook(
            self._url,
            secret_token=self._config.secret,
            allowed_updates=self._intake.allowed,
            max_connections=_CONNECTIONS,
        )

    async def _receive(self, request: web.Request) -> web.Response:
        shown = request.headers.get(PROOF_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._config.secret.encode()):
            return _status(HTTPStatus.FORBIDDEN)
        content = _parsed(await request.read())  # aiohttp answers 413 to more than it may read
        if content is None:
            return _status(HTTPStatus.BAD_REQUEST)
        update = self._intake.read(content)
        if update is None:
            return _status(HTTPStatus.OK)  # brought again, it would be no more readable
        try:
            # A shield: another request may wait for the same update.
            await asyncio.shield(self._intake.dispatcher.submit(update))
        except ClosedError:
            return _status(HTTPStatus.SERVICE_UNAVAILABLE)
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            return _status(HTTPStatus.SERVICE_UNAVAILABLE)
        return _status(HTTPStatus.OK)


def webhook_path(token: str, secret: str) -> str:
    """The path of the webhook: stable, and nothing that can be guessed without both."""
    digest = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return f"/telegram/{digest[:40]}"


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_update = isinstance(content, dict) and isinstance(content.get("update_id"), int)
    return content if is_update else None


def _status(status: HTTPStatus) -> web.Response:
    return web.Response(status=status)
