"""How long lists are, and how they vary."""

from dataclasses import dataclass

__all__ = ["RecommenderConfig"]


@dataclass(frozen=True)
class RecommenderConfig:
    """How lists are made.

    Attributes:
        count: songs in a list where nobody said how many.
        most: the longest list there is.
        noise: variety. Each score is raised by a random number up to this before the songs are
            ranked, so that the songs this close to the best take turns. How many these are
            depends on the mood: in the shipped catalogue, 1/30 holds a handful of songs for strong
            disgust or fear and some hundreds for joy. In the classic way it is the only setting.
    """

    count: int = 5
    most: int = 20
    noise: float = 1 / 30
