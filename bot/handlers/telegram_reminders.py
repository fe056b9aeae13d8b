"""Reminders on Telegram: messages to people who said nothing just now."""

import logging
from dataclasses import replace
from typing import Final

from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chat.answers import Answer
from bot.chat.rounds import Arrival
from bot.handlers.telegram_context import Context
from bot.handlers.telegram_errors import ChatBusyError
from bot.handlers.telegram_sender import Place
from bot.handlers.telegram_views import Post, posts, text_posts
from bot.presentation import Presenter
from core.models import UserKey

__all__ = ["TelegramCarrier"]

_log = logging.getLogger(__name__)

_NOBODY: Final = ("chat not found", "user not found", "peer_id_invalid")
"""What Telegram says, as a bad request, of somebody who is not there any more."""


class TelegramCarrier:
    """Implements `bot.chat.rounds.Carrier`, through the limiter of all other messages."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def bring(self, user: UserKey, answer: Answer) -> Arrival:
        """Send it to the private chat."""
        made = _posts(answer, self._context.presenter(answer))
        try:
            await self._context.sender.send(Place(int(user.id)), made)
        except Forbidden:
            return Arrival.UNREACHABLE
        except BadRequest as error:
            if any(said in error.message.lower() for said in _NOBODY):
                return Arrival.UNREACHABLE
            raise  # a fault of ours, which trying again does not mend
        except (TelegramError, ChatBusyError) as error:
            _log.warning("a reminder has to wait: %s", type(error).__name__)
            return Arrival.LATER
        return Arrival.ARRIVED


def _posts(answer: Answer, presenter: Presenter) -> list[Post]:
    """A picture's caption describes it, so that what is said comes as a message of its own."""
    said = text_posts(answer.text, answer.buttons)
    if answer.picture is None:
        return said
    return [*posts(replace(answer, buttons=()), presenter), *said]
