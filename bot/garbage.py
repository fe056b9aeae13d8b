"""The garbage collector, told what it need not look through."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["loaded_for_good"]


@contextmanager
def loaded_for_good() -> Iterator[None]:
    """Inside, the collector leaves alone what was there before.

    The songs, the bank of replies and the libraries are a million objects that stay to the end.
    Looking through them takes more than a tenth of a second, again and again, and nobody is
    answered meanwhile.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
