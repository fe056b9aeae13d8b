"""What goes wrong between the bot and Telegram.

MaeumError
├── SetupError
│   ├── RevokedTokenError      Telegram does not know the token (any more)
│   └── RefusedSetupError      Telegram does not accept how the bot is set up
└── BusyError
    └── ChatBusyError          too much waits to be sent to one chat
"""

from datetime import timedelta

from telegram.error import RetryAfter

from core.errors import BusyError, SetupError

__all__ = ["ChatBusyError", "RefusedSetupError", "RevokedTokenError", "retry_after_s"]


class RevokedTokenError(SetupError):
    """Telegram does not know the token (any more); the message never holds it."""

    def __init__(self) -> None:
        super().__init__("Telegram does not accept TELEGRAM_TOKEN; get a valid one from @BotFather")


class RefusedSetupError(SetupError):
    """Telegram does not accept how the bot is set up."""


class ChatBusyError(BusyError):
    """More waits to be sent to one chat than can be sent soon."""


def retry_after_s(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone, in seconds.

    The library gives a number or a timedelta, depending on PTB_TIMEDELTA.
    """
    told = error.retry_after
    return told.total_seconds() if isinstance(told, timedelta) else float(told)
