"""Reminders at a terminal, in Korean and in English; the time is passed in."""

import asyncio
import io
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.bootstrap import load_presenters
from bot.console import talk
from bot.handlers.console_plain import PlainView
from bot.handlers.console_turns import ConsoleTalk
from core.models import Language
from tests.e2e.reminding import stored_reminders
from tests.e2e.services import open_chat

BOTH = pytest.mark.parametrize("language", Language)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""Nine in the evening in Seoul."""
SET = {"ko": "/알림 매일 21:30", "en": "/remind daily 21:30"}
TOLD = {"ko": "매일 21:30에 안부를", "en": "every day 21:30"}
PRESENTERS = load_presenters()


@dataclass
class Terminal:
    """A terminal that is opened and closed; `now` is its clock."""

    runner: asyncio.Runner
    address: str
    folder: Path
    language: Language
    now: datetime = NOW

    def opened(self, *lines: str, reminds: bool = True, wait: timedelta = timedelta()) -> str:
        """What is shown when it is opened and these lines are typed, `wait` before each."""
        out = io.StringIO()
        stack = AsyncExitStack()
        chat = self.runner.run(
            stack.enter_async_context(open_chat(self.address, self.folder / "learned"))
        )
        person = ConsoleTalk(
            chat,
            language=self.language,
            generator=np.random.default_rng(0),
            clock=lambda: self.now,
            folder=self.folder / "exports",
        )

        def typed() -> Iterator[str]:
            for line in lines:
                self.now += wait
                yield line

        view = PlainView(out, PRESENTERS[self.language])
        talk(self.runner, person, view, typed(), reminds=reminds)
        self.runner.run(stack.aclose())
        return out.getvalue()


@pytest.fixture
def terminal(
    request: pytest.FixtureRequest, fresh: Callable[[str], str], tmp_path: Path
) -> Iterator[Terminal]:
    with asyncio.Runner() as runner:
        yield Terminal(runner, fresh("sqlite"), tmp_path, request.getfixturevalue("language"))


def lines(language: Language, kind: str) -> list[str]:
    texts = PRESENTERS[language].texts
    return [texts(key) for key in texts.variants(f"remind.say.{kind}")]


def said(shown: str, language: Language, kind: str = "evening") -> int:
    return sum(shown.count(line) for line in lines(language, kind))


@BOTH
def test_what_is_due_is_shown_when_the_terminal_is_opened(
    terminal: Terminal, tmp_path: Path, language: Language
) -> None:
    assert TOLD[language] in terminal.opened(SET[language])
    assert stored_reminders(tmp_path) == [("daily", None, 1290, str(language))]
    assert said(terminal.opened(), language) == 0
    terminal.now += timedelta(minutes=40)
    assert said(terminal.opened(), language) == 1
    assert said(terminal.opened(), language) == 0
    terminal.now += timedelta(days=9)
    assert said(terminal.opened(), language) == 1  # one for nine days


@BOTH
def test_what_becomes_due_while_one_talks_is_shown_after_the_answer(
    terminal: Terminal, language: Language
) -> None:
    shown = terminal.opened(SET[language], "슬픔", "슬픔", wait=timedelta(minutes=12))
    assert said(shown, language) == 1


@BOTH
def test_a_week_comes_with_its_picture(terminal: Terminal, language: Language) -> None:
    weekly = {"ko": "/알림 매주 일 20:00", "en": "/remind sunday 20:00"}[language]
    terminal.opened("슬픔", weekly)
    terminal.now += timedelta(hours=23, minutes=5)
    shown = terminal.opened()
    assert said(shown, language, "report") == 1
    assert str(terminal.folder / "exports" / "remind.png") in shown
    assert (terminal.folder / "exports" / "remind.png").exists()


@BOTH
def test_where_programs_read_along_nothing_is_taken(terminal: Terminal, language: Language) -> None:
    terminal.opened(SET[language])
    terminal.now += timedelta(minutes=40)
    assert said(terminal.opened(reminds=False), language) == 0
    assert said(terminal.opened(), language) == 1


@BOTH
def test_reminders_are_stopped(terminal: Terminal, tmp_path: Path, language: Language) -> None:
    terminal.opened(SET[language], {"ko": "/알림 끄기", "en": "/remind off"}[language])
    assert stored_reminders(tmp_path) == []
    terminal.now += timedelta(minutes=40)
    assert said(terminal.opened(), language) == 0
