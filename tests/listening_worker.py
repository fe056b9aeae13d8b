"""A process that listens as it is told to, in place of the one with the model.

`python -m tests.listening_worker SOCKET MODEL FOLDER`: MODEL says how it begins, one word for each
time, and a text what it does.
"""

import asyncio
import os
import socket
import sys
from pathlib import Path

import numpy as np

from core.dialogue.wire import packed, parts_of_reading, received
from core.models import Reading
from tests.readings import reading

SAID = Reading(reading("슬픔"), np.array([1, 0], np.float32))


async def _talk(end: socket.socket, model: str, folder: Path) -> None:
    incoming, outgoing = await asyncio.open_connection(sock=end)
    begun = folder / "begun"
    begun.open("a").write("x")
    how = model.split(",")[min(begun.stat().st_size, model.count(",") + 1) - 1]
    if how == "gone":
        sys.exit(1)
    outgoing.write(packed((how == "well", "words 1" if how == "well" else how)))
    while how == "well":
        try:
            number, _, text = await received(incoming)
        except EOFError:
            return
        if text == "die" or (text == "die once" and not (folder / "died").exists()):
            (folder / "died").touch()
            os._exit(1)
        answers = {
            "busy": ("busy", "too many"),
            "fail": ("failed", "ValueError"),
            "variables": ("done", (parts_of_reading(SAID), ("sick", 1.0, " ".join(os.environ)))),
        }
        if text == "garbled":
            outgoing.write(packed(None).replace(b"N.", b"??"))
        elif text != "wait":
            heard = ("done", (parts_of_reading(SAID), None))
            outgoing.write(packed((number, *answers.get(text, heard))))


if __name__ == "__main__":
    asyncio.run(_talk(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], Path(sys.argv[3])))
