"""The one person at this terminal: each line is a turn, each file is laid down in a folder."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

from bot.chat.answers import Answer, AnswerKind, Document, Turn
from bot.chat.chat import Chat
from bot.clock import Clock
from bot.errors import UndecodableError
from bot.presentation import Presenter
from bot.readable import visible
from bot.streams import decode_line
from core.charts.painter import Picture
from core.errors import StoreError
from core.models import Language, UserKey, new_id

__all__ = ["HINTS", "ConsoleTalk"]

HINTS: Final[Mapping[AnswerKind | None, str]] = {
    AnswerKind.TALK: "console.offer",
    AnswerKind.MOOD: "console.mood",
    AnswerKind.CORRECT: "console.correct",
    AnswerKind.CRISIS: "console.grounding",
    AnswerKind.CARE: "console.grounding",
}
"""What to type, for answers that have buttons elsewhere."""

USER: Final = UserKey("console", "local")
_DRAWN_HERE: Final = (AnswerKind.MOOD, AnswerKind.HISTORY)


class ConsoleTalk:
    """The talk at a terminal."""

    def __init__(
        self,
        chat: Chat,
        *,
        language: Language,
        generator: np.random.Generator,
        clock: Clock,
        folder: Path,
    ) -> None:
        """Start a conversation.

        Args:
            chat: answers.
            language: of the answers, unless the person chose another.
            generator: of all that varies.
            clock: the time now, aware, UTC.
            folder: where files are laid down.
        """
        self._chat = chat
        self._language = language
        self._generator = generator
        self._clock = clock
        self._folder = folder

    @property
    def presenters(self) -> Mapping[Language, Presenter]:
        """One for each language that answers are in."""
        return self._chat.presenters

    async def answer(self, line: bytes | str) -> Answer:
        """The answer to what was typed, or sent as bytes; there always is one."""
        turn = Turn(
            user=USER,
            key=f"console:{new_id()}",
            language=self._language,
            now=self._clock(),
            generator=self._generator,
        )
        try:
            text = decode_line(line) if isinstance(line, bytes) else line
        except UndecodableError as error:
            return self._chat.failed(error, self._language)
        return self._with_files(await self._chat.answer(turn, text), turn.now)

    async def reminders(self) -> list[Answer]:
        """What is due by now; nothing where the store is away."""
        now = self._clock()
        try:
            found = await self._chat.rounds.take(USER.platform, now, self._generator)
        except StoreError as error:
            self._chat.failed(error, self._language)
            return []
        return [self._with_files(answer, now) for answer in found]

    def _with_files(self, answer: Answer, now: datetime) -> Answer:
        """The answer, its files laid down."""
        try:
            if answer.kind is AnswerKind.FORGET and answer.data and "removed" in answer.data:
                return self._tidied(answer)
            if answer.document is not None:
                return self._laid_down(answer, answer.document, now)
            if answer.picture is not None:
                return self._drawn(answer, answer.picture)
        except OSError as error:
            return self._chat.failed(error, answer.language)
        return answer

    def _laid_down(self, answer: Answer, document: Document, now: datetime) -> Answer:
        stem, _, ending = document.name.rpartition(".")
        path = self._write(f"{stem}-{now:%Y%m%d-%H%M%S}.{ending}", document.content)
        return replace(answer, text=(*answer.text, self._where("console.file", answer, path)))

    def _drawn(self, answer: Answer, picture: Picture) -> Answer:
        # A terminal draws moods itself; what only the picture tells is told in its words.
        told = () if answer.kind in _DRAWN_HERE else (picture.alt,)
        # The latest of its kind: a picture for every look would fill the folder.
        path = self._write(f"{answer.kind}.png", picture.png)
        where = self._where("console.picture", answer, path)
        return replace(answer, text=(*answer.text, *told, where))

    def _where(self, key: str, answer: Answer, path: Path) -> str:
        return self._chat.presenters[answer.language].texts(key, path=visible(str(path)))

    def _write(self, name: str, content: bytes) -> Path:
        path = self._folder / name
        self._folder.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        return path

    def _tidied(self, answer: Answer) -> Answer:
        """Remove the pictures of moods; exports are the person's own copies, and are named."""
        for path in self._folder.glob("*.png"):
            path.unlink(missing_ok=True)
        if not any(self._folder.glob("*.zip")):
            return answer
        where = self._where("console.kept_files", answer, self._folder)
        return replace(answer, text=(*answer.text, where))
