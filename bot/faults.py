"""Faults of ours, as a log may tell of them: without what people wrote."""

import traceback

__all__ = ["places"]


def places(error: BaseException) -> str:
    """Its kind and where it came from, but not its message, which may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " > ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {where}"
