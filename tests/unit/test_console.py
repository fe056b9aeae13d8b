import asyncio
import gc
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.__main__ import main
from bot.chat.answers import Answer
from bot.config import ROOT
from bot.console import talk
from bot.handlers.console_prompt import typed_lines
from bot.presentation import Presenter
from bot.texts import load_texts
from core.models import Language
from tests.unit.console_fakes import FakeConversation, console, reading


class RecordingView:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def greet(self) -> None:
        self.seen.append("greet")

    def use(self, presenter: Presenter) -> None:
        self.language = presenter.texts.language

    def show(self, answer: Answer) -> None:
        self.seen.append(answer.kind)
        assert self.language is answer.language

    def leave(self) -> None:
        self.seen.append("leave")


def seen(
    lines: Iterable[str],
    view: RecordingView | None = None,
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> list[str]:
    view = view or RecordingView()
    chat = console(FakeConversation([reading(), reading()]))
    with asyncio.Runner(loop_factory=loop) as runner:
        talk(runner, chat, view, lines)
    return view.seen


def test_every_line_is_answered_until_there_are_no_more() -> None:
    assert seen(["안녕", "", "/노래 100만"]) == ["greet", "talk", "talk", "error", "leave"]


def test_nothing_is_read_after_a_goodbye() -> None:
    assert seen(["안녕", "/끝", "안녕"]) == ["greet", "talk", "quit"]


def test_control_c_ends_the_talk_like_the_end_of_the_lines() -> None:
    def interrupted() -> Iterator[str]:
        yield "안녕"
        raise KeyboardInterrupt

    assert seen(interrupted()) == ["greet", "talk", "leave"]


@pytest.fixture
def in_front() -> Iterator[None]:
    """Ctrl-C as it is for a program in front, wherever the tests run."""
    outside = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.signal(signal.SIGINT, outside) is signal.default_int_handler


class PressedView(RecordingView):
    """Ctrl-C is pressed while an answer is shown."""

    def show(self, answer: Answer) -> None:
        signal.raise_signal(signal.SIGINT)
        super().show(answer)


@pytest.mark.usefixtures("in_front")
def test_control_c_while_an_answer_is_shown_leaves_it_whole() -> None:
    assert seen(["안녕", "안녕"], PressedView()) == ["greet", "talk", "leave"]


class PressedLoop(asyncio.SelectorEventLoop):
    """Ctrl-C is pressed while the first task is made."""

    pressed = False

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        if not self.pressed:
            self.pressed = True
            signal.raise_signal(signal.SIGINT)
        return super().call_soon(callback, *args, context=context)


@pytest.mark.usefixtures("in_front")
def test_control_c_inside_of_the_event_loop_leaves_no_task_behind() -> None:
    complaints: list[object] = []

    def loop() -> asyncio.AbstractEventLoop:
        pressed = PressedLoop()
        pressed.set_exception_handler(lambda _, context: complaints.append(context))
        return pressed

    shown = seen(["안녕", "안녕"], loop=loop)
    gc.collect()
    assert complaints == []
    assert shown == ["greet", "talk", "leave"]


@pytest.mark.usefixtures("in_front")
def test_a_second_control_c_does_not_wait_for_the_answer() -> None:
    class Twice(PressedView):
        def show(self, answer: Answer) -> None:
            signal.raise_signal(signal.SIGINT)  # and once more
            super().show(answer)

    assert seen(["안녕", "안녕"], Twice()) == ["greet", "leave"]


def test_control_c_that_is_ignored_stays_ignored() -> None:
    outside = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert seen(["안녕", "안녕"], PressedView()) == ["greet", "talk", "talk", "leave"]
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, outside)


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


def test_lines_are_typed_until_control_d(keys: PipeInput) -> None:
    keys.send_text("안녕하세요\r\x04")
    with asyncio.Runner() as runner:
        assert list(typed_lines(runner, load_texts(Language.KOREAN))) == ["안녕하세요"]


@pytest.mark.parametrize("sent", ["\x1b[31m", "\x1b[M", "\x1b[0;1m", "\x1b[<31m", "\x1b[9;9R"])
def test_a_control_sequence_does_not_disturb_the_prompt(
    sent: str, keys: PipeInput, capfd: pytest.CaptureFixture[str]
) -> None:
    keys.send_text(f"힘들어 {sent}화나!!!\r")
    keys.send_text("\x04")
    with asyncio.Runner() as runner:
        (line,) = typed_lines(runner, load_texts(Language.KOREAN))
    assert line.startswith("힘들어 ")
    assert line.endswith("!")
    assert capfd.readouterr().err == ""


def test_control_c_empties_the_line_and_on_an_empty_one_leaves_the_prompt(
    keys: PipeInput,
) -> None:
    keys.send_text("아직 다 못\x03그래\r\x03")
    with asyncio.Runner() as runner:
        lines = typed_lines(runner, load_texts(Language.KOREAN))
        assert next(lines) == "그래"
        with pytest.raises(KeyboardInterrupt):
            next(lines)


def test_control_c_twice_leaves_the_prompt(keys: PipeInput) -> None:
    keys.send_text("아직 다 못\x03\x03")
    with asyncio.Runner() as runner, pytest.raises(KeyboardInterrupt):
        list(typed_lines(runner, load_texts(Language.KOREAN)))


def test_commands_can_be_completed(keys: PipeInput) -> None:
    keys.send_text("/도움\t\r\x04")
    with asyncio.Runner() as runner:
        (line,) = typed_lines(runner, load_texts(Language.KOREAN))
    assert line.startswith("/도움")


@pytest.mark.parametrize(
    ("arguments", "environment", "parts"),
    [
        ([], {"SONG_COUNT": "many"}, ["시작할 수 없어요", "SONG_COUNT"]),
        ([], {"SONG_COUNT": "many", "MAEUM_LANGUAGE": "en"}, ["cannot start", "SONG_COUNT"]),
        (["--lang", "en"], {"SONG_COUNT": "many"}, ["cannot start", "SONG_COUNT"]),
        (["console"], {"CATALOGUE": "."}, ["시작할 수 없어요", "catalogue.json"]),
    ],
)
def test_a_bad_setup_is_one_sentence_and_status_2(
    arguments: list[str],
    environment: dict[str, str],
    parts: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in ({"MAEUM_LANGUAGE": "ko"} | environment).items():
        monkeypatch.setenv(name, value)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert all(part in err for part in parts)


@pytest.mark.parametrize("arguments", [["irc"], ["--seed", "-1"], ["--lang", "fr"]])
def test_what_is_not_offered_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_nothing_of_the_terminal_imports_a_library_of_training() -> None:
    code = (
        "import sys, bot.console, bot.handlers.console_prompt, bot.handlers.console_screen,"
        "core.emotion.classifier;"  # loaded when the talk begins
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"onnxruntime", "rich", "prompt_toolkit"} <= loaded
    assert not loaded & {
        "torch",
        "transformers",
        "tokenizers",
        "pandas",
        "sklearn",
        "scipy",
        "onnx",
    }


@pytest.mark.parametrize("arguments", [["--help"], ["telegramm"]])
def test_the_command_line_is_answered_without_what_is_slow_to_load(arguments: list[str]) -> None:
    line = [sys.executable, "-X", "importtime", "-m", "bot", *arguments]
    ended = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == (0 if arguments == ["--help"] else 2)
    loaded = {row.rpartition("|")[2].strip() for row in ended.stderr.splitlines()}
    assert "bot.config" in loaded
    assert not loaded & {"sqlalchemy", "torch", "onnxruntime", "bot.bootstrap", "telegram"}
