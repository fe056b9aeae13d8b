"""How the bot meets Telegram."""

from dataclasses import dataclass

from bot.secret import Secret

__all__ = ["TelegramSettings"]


@dataclass(frozen=True)
class TelegramSettings:
    """How the bot meets Telegram.

    Attributes:
        webhook_url: TELEGRAM_WEBHOOK_URL, where a proxy takes Telegram's calls, https; None to
            fetch updates by long polling.
        webhook_secret: TELEGRAM_WEBHOOK_SECRET, by which Telegram's calls are known; there is one
            where there is an address.
        webhook_host: TELEGRAM_WEBHOOK_HOST, the address the proxy passes the calls on to.
        webhook_port: TELEGRAM_WEBHOOK_PORT, likewise, 1 to 65535.
        concurrency: TELEGRAM_CONCURRENCY, people who are answered at a time, 1 to 1000.
        api_url: TELEGRAM_API_URL, of a Bot API server of one's own.
    """

    webhook_url: str | None = None
    webhook_secret: Secret | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8080
    concurrency: int = 64
    api_url: str = "https://api.telegram.org"
