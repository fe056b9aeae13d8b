"""The songs of a list, with what they were chosen by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.models import Recommendation, Song
from core.recommend.contributions import Found
from core.recommend.explain import Explained
from core.recommend.exploration import Placement

__all__ = ["PersonalItem", "items_of"]


@dataclass(frozen=True)
class PersonalItem:
    """One song of a list.

    Attributes:
        recommendation: the song, its fit and the reason.
        score: by which the list is ordered, before noise.
        parts: what the score is made of: mood, taste, lift, popularity (see
            `core.recommend.collaborative`), in some modes apart, topic, lyrics, genre and near
            (see `core.recommend.fit`), explored, which is 1 where the song was tried, fit, and
            what the reason was taken from (see `core.recommend.explain`).
        propensity: see `core.recommend.exploration`.
        choices: ids of the songs that could have stood here, the ranked one first.
    """

    recommendation: Recommendation
    score: float
    parts: Mapping[str, float]
    propensity: float
    choices: tuple[str, ...]


def items_of(
    songs: Sequence[Song], places: Sequence[Placement], found: Found, explained: Sequence[Explained]
) -> list[PersonalItem]:
    """The songs of a list, with all that is kept of them."""
    fit, scores = found.fit, found.scores
    return [
        PersonalItem(
            Recommendation(songs[place.row], float(fit.total[place.row]), why.reason),
            score=float(scores.total[place.row]),
            parts={
                "mood": float(fit.mood[place.row]),
                **{name: float(part[place.row]) for name, part in fit.parts.items()},
                "taste": float(scores.taste[place.row]),
                "lift": float(scores.lift[place.row]),
                "popularity": float(scores.popularity[place.row]),
                "explored": float(place.explored),
                "fit": float(fit.total[place.row]),
                **why.kept,
            },
            propensity=place.propensity,
            choices=tuple(songs[choice].id for choice in place.choices),
        )
        for place, why in zip(places, explained, strict=True)
    ]
