"""Tells the operator that a platform listens: the one line that comes where nothing is wrong."""

import logging

__all__ = ["show_up", "up"]

_log = logging.getLogger(__name__)


def show_up() -> None:
    """Let the line be seen wherever warnings are."""
    if _log.isEnabledFor(logging.WARNING):
        _log.setLevel(logging.INFO)


def up(platform: str, name: str) -> None:
    """A platform listens as somebody."""
    _log.info("%s: %s", platform, name)
