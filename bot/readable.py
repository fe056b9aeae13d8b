"""Numbers, texts and addresses as people read them."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote, unquote_to_bytes

__all__ = ["percent", "readable_url", "visible"]

_ENCODED: Final = re.compile(r"(?:%[89A-F][0-9A-F])+")


def percent(share: float) -> str:
    """A share of 0 to 1 in whole percent."""
    return f"{round(100 * float(share))}%"


def visible(text: str) -> str:
    """`text` without what changes a terminal or the order of letters: safe to print."""
    shown = (" " if char.isspace() else char for char in text)
    return "".join(char for char in shown if unicodedata.category(char)[0] != "C")


def readable_url(url: str) -> str:
    """The address as browsers show and accept it: letters beyond ASCII as they are."""
    return _ENCODED.sub(_decoded, url).replace("%20", "+")


def _decoded(match: re.Match[str]) -> str:
    try:
        text = unquote_to_bytes(match.group()).decode()
    except UnicodeDecodeError:
        return match.group()
    return "".join(char if char.isprintable() else quote(char) for char in text)
