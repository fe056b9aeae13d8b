"""Ways to choose songs that need no bot, to compare it with in a simulated world."""

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import chart_popularity
from scripts.simulation.people import Visit

__all__ = ["Policy", "Popular", "Random"]

SHOWN_KEPT: Final = 50
"""As the service does: songs of this many last shown are not shown again."""
_COUNT: Final = 5


class Policy(Protocol):
    """Chooses songs and hears what people say of them."""

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:
        """The rows of the songs for this visit, in order."""
        ...

    def hear(self, visit: Visit, rows: Sequence[int], votes: Sequence[bool | None]) -> None:
        """What came of them: True a like, False a dislike, None no vote."""
        ...


class _Shown:
    """The songs each person was shown last."""

    def __init__(self) -> None:
        self._of: dict[int, deque[int]] = defaultdict(lambda: deque(maxlen=SHOWN_KEPT))

    def __getitem__(self, person: int) -> list[int]:
        return list(self._of[person])

    def add(self, person: int, rows: Sequence[int]) -> None:
        self._of[person].extend(rows)


class Random:
    """Any songs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._count = len(catalogue.songs)

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:  # noqa: ARG002
        """Five at random."""
        return [int(row) for row in generator.choice(self._count, _COUNT, replace=False)]

    def hear(self, visit: Visit, rows: Sequence[int], votes: Sequence[bool | None]) -> None:
        """Nothing is learned."""


class Popular:
    """The songs most in the charts, whoever asks."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._order = np.argsort(-chart_popularity(catalogue.songs), kind="stable").tolist()
        self._shown = _Shown()

    def songs(self, visit: Visit, generator: np.random.Generator) -> list[int]:  # noqa: ARG002
        """The five most popular that were not shown lately."""
        shown = set(self._shown[visit.person])
        fresh = (row for row in self._order if row not in shown)
        return [row for row, _ in zip(fresh, range(_COUNT), strict=False)]

    def hear(
        self,
        visit: Visit,
        rows: Sequence[int],
        votes: Sequence[bool | None],  # noqa: ARG002
    ) -> None:
        """Only what was shown is kept."""
        self._shown.add(visit.person, rows)
