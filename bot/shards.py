"""Which part of the Discord shards one process runs."""

import re
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["Shards"]

_RANGE: Final = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})")


@dataclass(frozen=True)
class Shards:
    """Shards `first` to `last` of `count`, counted from 0."""

    first: int
    last: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "a-b/N" or "a/N".

        Raises:
            ValueError: it is neither, or there are no such shards.
        """
        match = _RANGE.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not like 0-3/8")
        first, last, count = int(match[1]), int(match[2] or match[1]), int(match[3])
        if not first <= last < count:
            raise ValueError(f"of {count} shards the last is {count - 1}, and a-b has to ascend")
        return cls(first, last, count)

    @property
    def ids(self) -> list[int]:
        """All of them."""
        return list(range(self.first, self.last + 1))
