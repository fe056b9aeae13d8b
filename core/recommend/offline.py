"""Judges recommenders by what was logged: on later votes, and by inverse propensities.

Votes after a moment judge what was learned before it. Of the later votes each person's likes and
dislikes are compared (`person_auc`), which asks of all recommenders to order the same songs, so
that it does not matter who chose them. How far up in the whole catalogue later likes come
(`rank_later_likes`) does depend on who chose what was shown.

Inverse propensity scoring estimates the like rate another policy would have had at the places
where songs were tried. With p the propensity of the song shown, r 1 for a like and else 0, and pi
the probability with which the other policy chooses it among the same choices:

    IPS = mean(pi / p r)        SNIPS = sum(pi / p r) / sum(pi / p)

IPS is unbiased; SNIPS (Swaminathan and Joachims 2015, "The Self-Normalized Estimator for
Counterfactual Learning") is nearly so and varies less. Intervals come from resampling people, for
the votes of one person depend on each other (Field and Welsh 2007, "Bootstrapping clustered data").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from core.models import Mode, Vector
from core.recommend.collaborative import OwnVotes
from core.recommend.events import MODES, SHOWN, UP, EventTable
from core.recommend.target import Distribution

__all__ = [
    "Interval",
    "LoggedPlace",
    "PolicyValue",
    "Ranking",
    "Scorer",
    "Target",
    "judges",
    "not_worse",
    "own_votes",
    "person_auc",
    "policy_value",
    "rank_later_likes",
    "split_by_time",
]

Array = npt.NDArray[Any]
_RESAMPLES: Final = 1000
_CONFIDENCE: Final = 0.95


class Scorer(Protocol):
    """Scores every song of a catalogue for a person in a mood; larger is better."""

    def __call__(self, mood: Distribution, mode: Mode, own: OwnVotes) -> Array:
        """The scores, comparable between moods, [shape=(n,)]."""
        ...


@dataclass(frozen=True)
class Interval:
    """An estimate between the ends of its 95 % interval."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, eq=False)
class LoggedPlace:
    """A place of a list that was shown.

    Attributes:
        mood: the person's emotion distribution then, [shape=(7,)].
        rank: 0 is the first of the list.
        choices: ids of the songs that could have stood there.
        propensity: of the one that did, above 0 to 1.
        liked: whether a like is what came of it.
    """

    person: str
    at: datetime
    mode: Mode
    mood: Vector
    rank: int
    song_id: str
    choices: tuple[str, ...]
    propensity: float
    liked: bool


Target = Callable[[LoggedPlace], Array]
"""The probabilities with which a policy would fill a place, in the order of its choices."""


@dataclass(frozen=True)
class PolicyValue:
    """What the like rate of a policy would have been at the places where songs were tried.

    Attributes:
        places: at which it could be judged.
        effective: as many places in which all were of the same weight (Kish): small where the
            policy would have chosen other songs than those shown.
    """

    ips: Interval
    snips: Interval
    places: int
    effective: float


@dataclass(frozen=True)
class Ranking:
    """How far up songs came that were liked later.

    Attributes:
        hit_rate: share of them among the first k.
        ndcg: mean of 1 / log2(1 + place) where among the first k, else 0; place 1 the first.
        coverage: share of the catalogue among anybody's first k.
        novelty: mean of -log2 of the share of people who were shown a song among the first k, in
            bits (Vargas and Castells 2011, "Rank and Relevance in Novelty and Diversity Metrics").
        likes: how many likes were ranked.
    """

    hit_rate: float
    ndcg: float
    coverage: float
    novelty: float
    likes: int


def split_by_time(events: EventTable, cut: float) -> tuple[EventTable, EventTable]:
    """What happened until a moment (seconds since 1970), and what after it in a known mood."""
    place = int(np.searchsorted(events.times, cut, side="right"))
    after = events.take(slice(place, len(events)))
    return events.take(slice(0, place)), after.take(np.flatnonzero(after.moods.any(axis=1)))


def person_auc(
    scorer: Scorer, before: EventTable, after: EventTable, people: Array
) -> npt.NDArray[np.float64]:
    """How often the scorer orders a later like of a person above a later dislike of the same.

    The area under the ROC curve of each person: 1/2 by chance, 1 at best; ties count half.

    Args:
        scorer: knows nothing of `after`.
        before: the people's votes so far.
        after: the votes to order.
        people: numbers of those to judge by, each with a like and a dislike in `after`.

    Returns:
        [shape=(len(people),)].
    """
    areas = []
    for person in people:
        own = own_votes(before, person)
        later = after.take(_votes_of(after, person))
        scores = _event_scores(scorer, later, own)
        liked = later.outcomes == UP
        differences = scores[liked][:, None] - scores[~liked][None, :]
        areas.append(float(np.mean((differences > 0) + 0.5 * (differences == 0))))
    return np.array(areas)


def judges(after: EventTable, most: int, generator: np.random.Generator) -> npt.NDArray[np.intp]:
    """At most so many people who liked and disliked something in `after`, drawn evenly."""
    liked = np.bincount(after.people[after.outcomes == UP], minlength=after.person_count)
    voted = np.bincount(after.people[after.outcomes != SHOWN], minlength=after.person_count)
    people = np.flatnonzero((liked > 0) & (voted > liked))
    if len(people) > most:
        people = np.sort(generator.choice(people, most, replace=False))
    return people


def not_worse(
    new: Array, current: Array, margin: float, generator: np.random.Generator
) -> tuple[bool, Interval]:
    """Whether a new model may replace the current one.

    Args:
        new: what the new model reaches with each person, [shape=(people,)].
        current: what the current one reaches with the same.
        margin: the loss that would not matter, in the same unit.
        generator: of the resampling.

    Returns:
        whether the low end of the mean difference (new less current) is above -margin, and the
        interval of that difference.
    """
    difference = np.asarray(new, np.float64) - current
    interval = _interval(difference, np.ones(len(difference)), generator)
    return interval.low >= -margin, interval


def policy_value(
    places: Sequence[LoggedPlace], target: Target, generator: np.random.Generator
) -> PolicyValue | None:
    """What the policy would have been worth; None where no song was tried.

    Args:
        places: of lists shown; those at which only one song could stand are left out.
        target: of the policy.
        generator: of the resampling.
    """
    numbers: dict[str, int] = {}
    people, weights, likes = [], [], []
    for place in places:
        if len(place.choices) > 1:
            chosen = float(target(place)[place.choices.index(place.song_id)])
            people.append(numbers.setdefault(place.person, len(numbers)))
            weights.append(chosen / place.propensity)
            likes.append(place.liked)
    if not people:
        return None
    weight, liked = np.array(weights), np.array(likes, np.float64)
    by_person = [
        np.bincount(people, values) for values in (weight * liked, weight, np.ones(len(people)))
    ]
    total = weight.sum()
    return PolicyValue(
        ips=_interval(by_person[0], by_person[2], generator),
        snips=_interval(by_person[0], by_person[1], generator),
        places=len(people),
        effective=float(total**2 / (weight**2).sum()) if total > 0 else 0.0,
    )


def rank_later_likes(
    scorer: Scorer,
    before: EventTable,
    after: EventTable,
    songs: int,
    k: int,
) -> Ranking:
    """Rank the whole catalogue for each later like, without what the person voted on before.

    Args:
        scorer: knows nothing of `after`.
        before: the people's votes so far.
        after: its likes are ranked.
        songs: how many the catalogue has.
        k: how long the list is.
    """
    likes = after.take(after.outcomes == UP)
    shown = np.bincount(before.songs, minlength=songs) + 1
    bits = -np.log2((shown / (before.person_count + 1)).clip(max=1))
    places, novelty, listed = [], [], set()
    for event in range(len(likes)):
        own = own_votes(before, likes.people[event])
        scores = np.array(scorer(likes.moods[event], MODES[likes.modes[event]], own), np.float64)
        song = likes.songs[event]
        scores[own.songs[own.songs != song]] = -np.inf
        places.append(1 + int((scores > scores[song]).sum()))
        top = np.argpartition(-scores, k)[:k] if k < songs else np.arange(songs)
        listed.update(top.tolist())
        novelty.append(bits[top].mean())
    place = np.array(places)
    gains = np.where(place <= k, 1 / np.log2(1 + place), 0)
    return Ranking(
        hit_rate=float((place <= k).mean()),
        ndcg=float(gains.mean()),
        coverage=len(listed) / songs,
        novelty=float(np.mean(novelty)),
        likes=len(likes),
    )


def own_votes(events: EventTable, person: int) -> OwnVotes:
    """The votes of the person of this number."""
    own = events.take(_votes_of(events, person))
    return OwnVotes(own.songs.astype(np.intp), own.modes, own.outcomes == UP)


def _votes_of(events: EventTable, person: int) -> Array:
    return np.flatnonzero((events.people == person) & (events.outcomes != SHOWN))


def _event_scores(scorer: Scorer, events: EventTable, own: OwnVotes) -> Array:
    return np.array(
        [
            scorer(events.moods[event], MODES[events.modes[event]], own)[events.songs[event]]
            for event in range(len(events))
        ]
    )


def _interval(sums: Array, sizes: Array, generator: np.random.Generator) -> Interval:
    """The ratio of the totals, and its percentile interval over resampled people."""
    draws = generator.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), _RESAMPLES)
    bottoms = draws @ sizes
    ratios = (draws @ sums)[bottoms > 0] / bottoms[bottoms > 0]
    if not len(ratios) or sizes.sum() <= 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return Interval(float(low), float(sums.sum() / sizes.sum()), float(high))
