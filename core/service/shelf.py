"""Where the recommender stands that is in use."""

from dataclasses import dataclass

from core.recommend.personal import PersonalRecommender

__all__ = ["Shelf"]


@dataclass
class Shelf:
    """Where the recommender in use stands; learning puts a better one there.

    Attributes:
        recommender: the present one. Whoever uses it takes it once and keeps it to the end.
        catalogue_version: of its songs.
    """

    recommender: PersonalRecommender
    catalogue_version: str
