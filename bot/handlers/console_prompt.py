"""The line a person types on, with history and completion of commands."""

import asyncio
from collections.abc import Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.styles import Style

from bot.chat.commands import COMMAND_NAMES
from bot.texts import Texts

__all__ = ["typed_lines"]

_STYLE = Style.from_dict({"you": "bold", "arrow": "#56b4e9 bold"})


def typed_lines(runner: asyncio.Runner, texts: Texts) -> Iterator[str]:
    """What is typed, until the end of input (Ctrl-D).

    The history is kept in memory only: what people tell of their feelings is not left in a file.

    Args:
        runner: the event loop that waits for the keys.
        texts: the language of the prompt.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed on an empty line; else it empties the line.
    """
    names = [f"/{name}" for names in COMMAND_NAMES.values() for name in names]
    session: PromptSession[str] = PromptSession(
        [("class:you", texts("console.prompt")), ("class:arrow", " › ")],
        style=_STYLE,
        history=InMemoryHistory(),
        completer=WordCompleter(names, sentence=True),
        complete_while_typing=False,
        key_bindings=_bindings(),
    )
    while True:
        try:
            yield runner.run(session.prompt_async())
        except EOFError:
            return


def _bindings() -> KeyBindings:
    """Ctrl-C as in a shell, and nothing for what looks like the mouse: nobody listens to that.

    The library takes a pasted colour code (ESC, "[31m") for a mouse event and fails to read it.
    """
    bindings = KeyBindings()

    @bindings.add(Keys.ControlC)
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    @bindings.add(Keys.Vt100MouseEvent)
    def _(_event: KeyPressEvent) -> None:
        pass

    return bindings
