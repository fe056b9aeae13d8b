"""`python -m bot`: starts the bot."""

import argparse
import asyncio
import importlib
import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

# While Python imports, Ctrl-C just ends it: there is nothing to tidy up, and no traceback to show.
_HURRIED = __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _HURRIED:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from bot.config import (  # noqa: E402
    choose_library_modes,
    limit_threads,
    load_settings,
    spoken_language,
)

limit_threads()  # before numpy is imported, which everything below does

# What talks and serves is imported when it is known to be wanted: it takes seconds, and --help and
# a slip in the command line are to be answered at once.
from bot.config import Settings  # noqa: E402
from bot.shards import Shards  # noqa: E402
from bot.streams import discard, utf8  # noqa: E402
from bot.texts import Texts, load_texts  # noqa: E402
from bot.up import show_up  # noqa: E402
from core.errors import DialogueError, SetupError  # noqa: E402
from core.models import Language  # noqa: E402

__all__ = ["main", "serving"]

_SERVED: Final = {"telegram": "bot.telegram_app", "discord": "bot.discord_app"}
"""The module of each platform; only those that are asked for are imported."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bot.

    Returns:
        The exit status: 1 where a stream failed, 2 where the bot cannot start as it is set up.
    """
    given = _parser().parse_args(arguments)
    try:
        return _start(given)
    except SetupError as error:
        _complain("error.setup", str(error), given.lang)
        return 2
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        discard(sys.stdout)
        return 0
    except OSError as error:  # a full disk, say
        if sys.stdout:
            discard(sys.stdout)
        _complain("error.stream", error.strerror or str(error), given.lang)
        return 1


def _start(given: argparse.Namespace) -> int:
    choose_library_modes()
    settings = load_settings()
    if given.shards is not None:
        settings = replace(settings, discord_shards=given.shards)
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
    show_up()
    asked = given.platform or ("console" if given.json else None)
    platforms = serving(asked, settings)
    if platforms:
        _serve(settings, platforms, given.seed)
        return 0
    _talk(settings, load_texts(given.lang or settings.language), given)
    return 0


def serving(asked: str | None, settings: Settings) -> list[str]:
    """Where to serve; empty for the terminal. Unasked, wherever there is a token."""
    if asked == "all":
        return list(_SERVED)
    if asked is not None:
        return [asked] if asked in _SERVED else []
    tokens = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    return [platform for platform in _SERVED if tokens[platform]]


def _talk(settings: Settings, texts: Texts, given: argparse.Namespace) -> None:
    if not given.json and sys.stderr and sys.stderr.isatty():
        # Loading takes a while, and nobody is to wonder whether anything happens.
        utf8(sys.stderr).write(f"{texts('console.waking')}\n")
        sys.stderr.flush()
    from bot.console import Options, run  # noqa: PLC0415

    run(settings, texts, Options(json=given.json, seed=given.seed))


def _serve(settings: Settings, platforms: Sequence[str], seed: int | None) -> None:
    import numpy as np  # noqa: PLC0415

    from bot.serving import serve  # noqa: PLC0415 - the terminal needs no schedule

    served = [importlib.import_module(_SERVED[platform]).serve for platform in platforms]
    asyncio.run(serve(settings, served, np.random.default_rng(seed)))


def _complain(key: str, problem: str, language: Language | None) -> None:
    try:
        sentence = load_texts(language or spoken_language())(key, problem=problem)
    except DialogueError:
        sentence = problem
    utf8(sys.stderr).write(sentence + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="마음DJ: 마음을 읽고 노래를 골라줘요. Songs for your mood.",
    )
    parser.add_argument(
        "platform",
        nargs="?",
        choices=["console", *_SERVED, "all"],
        help="어디에서 이야기할지 · where to talk (default: where there is a token, else console)",
    )
    parser.add_argument(
        "--shards",
        type=Shards.parse,
        metavar="A-B/N",
        help="디스코드 샤드의 일부만 · a part of Discord's shards, as DISCORD_SHARDS",
    )
    parser.add_argument(
        "--lang",
        type=Language,
        choices=list(Language),
        help="어떤 말로 이야기할지 · the language (default: ko)",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="한 줄에 JSON 하나씩 답하기 · answer with one JSON object a line",
    )
    parser.add_argument(
        "--seed",
        type=_seed,
        metavar="N",
        help="같은 씨앗이면 같은 대화 · makes a conversation repeatable",
    )
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("N has to be a whole number, 0 or more")
    return int(text)


if __name__ == "__main__":
    if _HURRIED:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())
