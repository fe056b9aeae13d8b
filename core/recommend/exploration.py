"""Puts some songs into a list by chance, with known propensities, so that others can be judged.

A list is ranked first: E_1 ... E_k. The pool Q holds the songs nearest to the mood that are not
in it, each artist once. At every place from the second on, independently and with the probability
epsilon, a song drawn evenly from what is left of the pool takes the place of the ranked one. So at
place j, with Q_j the pool less the songs drawn before:

    P(E_j) = 1 - epsilon,      P(q) = epsilon / |Q_j| for each q in Q_j

given the places before it. These are the propensities that inverse propensity scoring needs
(Horvitz and Thompson 1952; for recommenders Schnabel et al. 2016, "Recommendations as
Treatments"). They are exact: any noise in the ranking was drawn before, and belongs to the context
as the mood does.

Nothing is tried at the first place, nor on a person who is low. A surprise is a list in which
every place is drawn: with Q_j what is left of its pool, P(q) = 1 / |Q_j|.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["ExplorationConfig", "Placement", "draw", "explore"]


@dataclass(frozen=True)
class ExplorationConfig:
    """How much is tried.

    Attributes:
        rate: epsilon, 0 (nothing) to below 1.
        pool: songs to draw from, fewer where there are no more; a small one wastes fewer places
            on songs that no other ranking would have chosen.
        low_valence: below this valence of the mood, -1 to 1, a person is low.
    """

    rate: float = 0.1
    pool: int = 10
    low_valence: float = -0.3

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a setting is out of its range.
        """
        if not 0 <= self.rate < 1:
            raise ValueError(f"the exploration rate is {self.rate}, not from 0 to below 1")
        if self.pool < 0:
            raise ValueError(f"a pool of {self.pool} songs cannot be drawn from")


@dataclass(frozen=True)
class Placement:
    """A place of a list.

    Attributes:
        row: the song shown.
        propensity: the probability that it was, given the places before, above 0 to 1.
        choices: the songs that could have been, the ranked one first where there is one.
        explored: whether the song was drawn from the pool.
    """

    row: int
    propensity: float
    choices: tuple[int, ...]
    explored: bool = False


def explore(
    ranked: Sequence[int],
    pool: Sequence[int],
    config: ExplorationConfig,
    generator: np.random.Generator,
) -> list[Placement]:
    """Fill the places of a list.

    Args:
        ranked: E above, the rows in order.
        pool: Q above, none of them in `ranked`; empty where nothing may be tried.
        config: epsilon.
        generator: draws for each place but the first, where there is a pool.
    """
    left = list(pool)
    placements = [Placement(row, 1.0, (row,)) for row in ranked[:1]]
    for row in ranked[1:]:
        choices = (row, *left)
        if not left:
            placements.append(Placement(row, 1.0, choices))
        elif generator.random() < config.rate:
            drawn = left.pop(int(generator.integers(len(left))))
            share = config.rate / (len(choices) - 1)
            placements.append(Placement(drawn, share, choices, explored=True))
        else:
            placements.append(Placement(row, 1 - config.rate, choices))
    return placements


def draw(pool: Sequence[int], count: int, generator: np.random.Generator) -> list[Placement]:
    """Fill the places of a surprise; fewer where the pool runs out.

    Args:
        pool: Q above.
        count: of places.
        generator: draws for each place.
    """
    left = list(pool)
    placements = []
    for _ in range(min(count, len(left))):
        choices = tuple(left)
        row = left.pop(int(generator.integers(len(left))))
        placements.append(Placement(row, 1 / len(choices), choices, explored=True))
    return placements
