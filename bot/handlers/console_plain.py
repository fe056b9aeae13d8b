"""Answers as plain text, for pipes and files: no colours, no drawing, a blank line after each."""

from typing import TextIO

from bot.chat.answers import Answer, AnswerKind
from bot.handlers.console_turns import HINTS
from bot.presentation import Presenter, SongCard
from bot.readable import readable_url
from core.models import EmotionScores

__all__ = ["PlainView"]


class PlainView:
    """Writes answers as text."""

    def __init__(self, out: TextIO, presenter: Presenter) -> None:
        self._out = out
        self._presenter = presenter

    def use(self, presenter: Presenter) -> None:
        """Show what follows in its language."""
        self._presenter = presenter

    def greet(self) -> None:
        """Say who is speaking, and that it is an AI."""
        texts = self._presenter.texts
        self._write(*(texts(key) for key in texts.variants("console.greeting")))

    def leave(self) -> None:
        """Nothing: who reads a pipe sees its end."""

    def show(self, answer: Answer) -> None:
        """Write one answer, at once."""
        lines = list(answer.text)
        if hint := HINTS.get(answer.kind if answer.buttons else None):
            lines.append(self._presenter.texts(hint))
        reply = answer.reply
        if reply is not None and reply.reading is not None:
            lines.append(self._reading(reply.reading))
            if reply.reading.ambiguous:
                lines.append(self._presenter.texts("reading.ambiguous"))
        if reply is not None and answer.kind in {AnswerKind.TALK, AnswerKind.MOOD}:
            lines.append(self._presenter.gauge(reply.gauge or 0))
        if reply is not None and reply.slate is not None:
            for card in self._presenter.cards(reply.slate):
                lines += _card_lines(card)
        self._write(*lines)

    def _reading(self, scores: EmotionScores) -> str:
        title = self._presenter.texts("reading.title")
        parts = (self._presenter.leading(scores), self._presenter.fine_names(scores))
        return f"{title}: {' · '.join(', '.join(part) for part in parts if part)}"

    def _write(self, *lines: str) -> None:
        self._out.write("\n".join(lines) + "\n\n")
        self._out.flush()


def _card_lines(card: SongCard) -> list[str]:
    facts = f" ({card.facts})" if card.facts else ""
    links = [f"   {name}: {readable_url(url)}" for name, url in card.links]
    return [f"{card.number}. {card.title} - {card.artist}{facts}", f"   {card.why}", *links]
