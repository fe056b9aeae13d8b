"""Answers for programs: one JSON object a line, for every line that came in.

    {"type": "reply", "kind": "talk" | "songs" | "mood" | "help" | "crisis" | "care" | "quit",
     "text": what the bot says,
     "emotion": {class: share}, "fine": {emotion: score}, "valence": -1 to 1, "arousal": -1 to 1,
     "gauge": 0 to 100, or null,
     "message": {"emotion", "fine", "valence", "arousal"},
     "songs": [{"id", "title", "artist", "year", "genre", "url", "score", "why"}]}
    {"type": "reply", "kind": "vote" | "why" | "history" | "week" | "taste" | "settings" |
                              "consent" | "privacy" | "export" | "forget" | "link" | "search" |
                              "grounding" | "correct" | "remind",
     "text": what the bot says, "data": the same as values, or null}
    {"type": "error", "error": code, "text": what was wrong}

`emotion` to `arousal` are the rolling emotion vector after the line, each null while nothing is
known. In a crisis nothing is read, and they and `gauge` are null. `message` is the same of this
message alone, null where no message was read. Labels are those of `core.emotion.labels`; numbers
have four decimals. A line without anything to read gets an error object with the code "empty".
"""

import json
from typing import Any, TextIO

from bot.chat.answers import Answer
from bot.presentation import Presenter
from bot.records import reading_record, scores_record, song_record
from core.models import Slate

__all__ = ["JsonView"]


class JsonView:
    """Writes answers as lines of JSON."""

    def __init__(self, out: TextIO, presenter: Presenter) -> None:
        self._out = out
        self._presenter = presenter

    def use(self, presenter: Presenter) -> None:
        """Show what follows in its language."""
        self._presenter = presenter

    def greet(self) -> None:
        """Nothing: every object answers a line."""

    def leave(self) -> None:
        """Nothing: who reads a pipe sees its end."""

    def show(self, answer: Answer) -> None:
        """Write one answer, at once."""
        json.dump(self._object(answer), self._out, ensure_ascii=False)
        self._out.write("\n")
        self._out.flush()

    def _object(self, answer: Answer) -> dict[str, Any]:
        text = "\n".join(answer.text)
        if answer.error is not None:
            return {"type": "error", "error": answer.error, "text": text}
        reply = answer.reply
        if reply is None:
            return {"type": "reply", "kind": answer.kind, "text": text, "data": answer.data}
        return {
            "type": "reply",
            "kind": answer.kind,
            "text": text,
            **scores_record(reply.mood),
            "gauge": reply.gauge,
            "message": reading_record(reply.reading) if reply.reading else None,
            "songs": self._songs(reply.slate) if reply.slate else [],
        }

    def _songs(self, slate: Slate) -> list[dict[str, Any]]:
        whys = self._presenter.whys(slate)
        return [song_record(item, why) for item, why in zip(slate.items, whys, strict=True)]
