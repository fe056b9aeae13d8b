"""The garbage collector, told what it need not look through."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["loaded_for_good"]

_SELDOM: Final = (10_000, 20, 50)
"""As of `gc.set_threshold`. What a message leaves is gone without the collector, but for what is
remembered of the last ten thousand: looking through that takes tens of milliseconds."""


@contextmanager
def loaded_for_good() -> Iterator[None]:
    """Inside, the collector leaves alone what was there before, and comes seldom.

    The songs, the bank of replies and the libraries are a million objects that stay to the end.
    Looking through them takes more than a tenth of a second, again and again, and nobody is
    answered meanwhile.
    """
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
