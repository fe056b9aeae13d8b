"""The bot in a terminal, or behind a pipe: reads lines, answers each, until there are no more."""

import asyncio
import itertools
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol, TextIO

import numpy as np

from bot.bootstrap import load_painter, load_presenters, open_service
from bot.chat.answers import Answer, AnswerKind
from bot.chat.chat import HELP_ENTRIES, Chat
from bot.chat.commands import Command
from bot.clock import Clock, utc_now
from bot.config import FORGETFUL, LOCAL, Secret, Settings
from bot.handlers.console_json import JsonView
from bot.handlers.console_plain import PlainView
from bot.handlers.console_turns import ConsoleTalk
from bot.interrupts import CtrlC
from bot.pace import UNLIMITED, Pace
from bot.presentation import Presenter
from bot.streams import read_lines, utf8
from bot.texts import Texts

__all__ = ["Options", "View", "run", "talk"]

EXPORTS: Final = LOCAL / "exports"
"""Where /export lays its files down."""


@dataclass(frozen=True)
class Options:
    """How to speak.

    Attributes:
        json: one JSON object a line, for programs.
        seed: of everything that varies; None for another conversation every time.
    """

    json: bool = False
    seed: int | None = None


class View(Protocol):
    """How answers look."""

    def greet(self) -> None:
        """Begin the conversation."""
        ...

    def use(self, presenter: Presenter) -> None:
        """Show what follows in its language."""
        ...

    def show(self, answer: Answer) -> None:
        """Show one answer."""
        ...

    def leave(self) -> None:
        """End a conversation that was left without a word."""
        ...


def run(settings: Settings, texts: Texts, options: Options) -> None:
    """Talk on standard input and output until the person leaves or the input ends.

    Raises:
        SetupError: the bot cannot start as it is set up.
    """
    out = utf8(sys.stdout)
    presenters = load_presenters()
    presenter = presenters[texts.language]
    if options.seed is not None and settings.database is None:
        # What is to be repeated cannot begin with what was said last time.
        settings = replace(settings, database=Secret(FORGETFUL))
    # Lines are read outside of the event loop: a blocking read inside of it could not be
    # interrupted with Ctrl-C, and there is nobody else on the loop to wait for.
    with asyncio.Runner() as runner:
        resources = AsyncExitStack()
        try:
            service = runner.run(resources.enter_async_context(open_service(settings)))
            chat = ConsoleTalk(
                Chat(
                    service,
                    presenters,
                    settings.time_zone,
                    (*HELP_ENTRIES, Command.QUIT),
                    load_painter(),
                    # Nobody waits behind the one person here, and a program sends many lines.
                    Pace(UNLIMITED if settings.rates is None else settings.rates),
                ),
                language=texts.language,
                generator=np.random.default_rng(options.seed),
                clock=_clock(options.seed),
                folder=EXPORTS,
            )
            view, lines = _surface(runner, out, presenter, options)
            # Behind a pipe each object answers a line: a program asked for no reminders.
            talk(runner, chat, view, lines, reminds=not options.json)
        finally:
            runner.run(resources.aclose())


def talk(
    runner: asyncio.Runner,
    chat: ConsoleTalk,
    view: View,
    lines: Iterable[bytes | str],
    *,
    reminds: bool = False,
) -> None:
    """Answer the lines; Ctrl-C ends it like the end of the lines.

    With `reminds`, reminders that are due are shown at the start and after each answer.
    """

    def show(answer: Answer) -> None:
        view.use(chat.presenters[answer.language])  # the person may have chosen another just now
        view.show(answer)

    def remind() -> None:
        for reminder in runner.run(chat.reminders()) if reminds else ():
            show(reminder)

    view.greet()
    remind()
    try:
        with CtrlC() as ctrl_c:
            for line in ctrl_c.between(lines):
                answer = runner.run(chat.answer(line))
                show(answer)
                if answer.kind is AnswerKind.QUIT:
                    return
                remind()
    except KeyboardInterrupt:
        pass
    view.leave()


def _clock(seed: int | None) -> Clock:
    """The time; with a seed a second passes at each look, so that moods fade alike in each run."""
    if seed is None:
        return utc_now
    moments = itertools.count()
    start = utc_now()
    return lambda: start + timedelta(seconds=next(moments))


def _surface(
    runner: asyncio.Runner, out: TextIO, presenter: Presenter, options: Options
) -> tuple[View, Iterable[bytes | str]]:
    """What shows the answers, and where the lines come from."""
    if options.json:
        return JsonView(out, presenter), _sent_lines()
    if not (sys.stdin and sys.stdin.isatty() and out.isatty()):
        return PlainView(out, presenter), _sent_lines()
    # Imported here: a pipe need not wait for what draws on a screen.
    from bot.handlers.console_prompt import typed_lines  # noqa: PLC0415
    from bot.handlers.console_screen import ScreenView  # noqa: PLC0415

    return ScreenView(out, presenter), typed_lines(runner, presenter.texts)


def _sent_lines() -> Iterable[bytes]:
    # Bytes, because text that is not UTF-8 ends one answer and not the conversation. There is no
    # standard input at all where the caller closed it.
    return read_lines(sys.stdin.buffer) if sys.stdin else ()
