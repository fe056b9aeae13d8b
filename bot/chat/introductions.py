"""Who speaks: said once to each person, with the first answer."""

from typing import Final

from bot.chat.answers import Answer, AnswerKind, Turn
from bot.presentation import Presenter
from core.models import UserKey

__all__ = ["Introductions"]

_REMEMBERED: Final = 10_000
_INTRODUCED: Final = frozenset({AnswerKind.TALK, AnswerKind.SONGS, AnswerKind.MOOD})


class Introductions:
    """Remembers to whom the bot said who it is.

    Of most people the store knows that they are no strangers; this is for the moments before.
    """

    def __init__(self) -> None:
        self._made: dict[UserKey, None] = {}

    def of(self, turn: Turn, answer: Answer, presenter: Presenter) -> tuple[str, ...]:
        """What goes before the answer: who speaks, where it is the first one; else nothing."""
        first = answer.kind in _INTRODUCED and answer.reply is not None and answer.reply.first
        if not first or turn.user in self._made:
            return ()
        self.made(turn.user)
        return presenter.texts("about.hello"), presenter.texts("about.ai")

    def made(self, user: UserKey) -> None:
        """The person was told who speaks."""
        self._made[user] = None
        if len(self._made) > _REMEMBERED:
            del self._made[next(iter(self._made))]
