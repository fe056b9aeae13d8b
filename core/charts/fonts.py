"""The bundled fonts, and which characters they can draw. Imports matplotlib.

A song may carry any title. What no font has is drawn as one `MISSING` for a run of such
characters, so that a reader sees that something stood there, and no empty box is drawn.
"""

import unicodedata
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Final

from matplotlib import font_manager

from core.errors import FontError

__all__ = ["BOLD", "MISSING", "PLAIN", "Fonts"]

PLAIN: Final = ("Maeum Sans", "Maeum Han")
"""The families of running text: a later one draws what the earlier ones lack."""
BOLD: Final = ("Maeum Sans Semibold", *PLAIN)
"""The families of headings."""
MISSING: Final = "*"
_ALIKE: Final = str.maketrans({"˚": "°"})
"""What no font has, and another character looks like."""


class Fonts:
    """The fonts of a folder, made known to matplotlib.

    Args:
        folder: that holds them.
        files: their names.

    Raises:
        FontError: one of them is missing or damaged.
    """

    def __init__(self, folder: Path, files: Iterable[str]) -> None:
        known = {entry.fname for entry in font_manager.fontManager.ttflist}
        self._characters: set[int] = set()
        for name in files:
            path = str(folder / name)
            try:
                if path not in known:
                    font_manager.fontManager.addfont(path)
                self._characters |= set(font_manager.get_font(path).get_charmap())
            except (OSError, RuntimeError) as error:  # FreeType's errors are RuntimeErrors
                raise FontError(f"{path} cannot be read as a font") from error

    def has(self, char: str) -> bool:
        """Whether some font draws `char`."""
        return ord(char) in self._characters

    def drawable(self, text: str) -> str:
        """`text` on one line, with `MISSING` for every run of what no font has."""
        composed = unicodedata.normalize("NFC", text).translate(_ALIKE)
        visible = "".join(char for char in composed if char.isspace() or _is_visible(char))
        runs = groupby(" ".join(visible.split()), key=self.has)
        return "".join(MISSING if not drawn else "".join(run) for drawn, run in runs)

    def lacking(self, texts: Iterable[str]) -> set[str]:
        """The characters of `texts` that no font has."""
        return {char for text in texts for char in text if not self.has(char)}


def _is_visible(char: str) -> bool:
    """Neither invisible nor a mark on the character before."""
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Mn", "Me"}
