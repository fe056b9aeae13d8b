"""People with hidden tastes and moods, to try the recommender on.

Nothing here knows how songs are chosen: a world is a list of visits, which are the same whoever
chooses the songs, and the probability that a person likes a song on a visit. What it assumes:

* **Songs.** Where a song lies in a space of taste (12 dimensions) comes from its genres, its
  decade, its artist and itself; none of it is told to the recommender. Its true mood is the
  catalogue's, disturbed: the classifier that read the lyrics errs. It has an appeal of its own,
  some of which shows in the charts.
* **People.** Each belongs to one of six scenes with a common taste, and deviates from it. A person
  is bright, mixed or low by temper, comes rarely or often, and three in ten do not agree that
  their votes improve the recommendations.
* **Moods.** On each visit the mood lies around the person's temper and around the mood of the
  visit before; what the service reads of it is disturbed. Who is low asks for opposite songs more
  often than others.
* **Liking.** With z-scores over random pairs, a person likes a song with the probability
  sigmoid(bias + mood fit + 1.3 taste + 0.5 appeal), where the mood fit is the cosine between
  what the mode asks for and the song's true mood, and the bias makes a random song liked by about
  a quarter.
* **Voting.** A song that is liked gets a like in half of the cases, one that is not a dislike in
  three of ten; of what comes later in the list less is heard. The rest is shown and ignored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE, JOY
from core.models import Mode
from core.recommend.catalogue import Catalogue
from core.recommend.target import target_for

__all__ = ["Person", "Temper", "Visit", "World", "WorldConfig"]

Array = npt.NDArray[Any]

START: Final = datetime(2026, 1, 5, tzinfo=UTC)
_DIMENSIONS: Final = 12
_SCENES: Final = 6
_PAIRS: Final = 20_000
_VALENCE: Final = np.array([1.0, -0.8, -0.7, -0.8, -0.7, 0.0, 0.0])
_GENRE, _DECADE, _ARTIST, _SONG = 0.7, 0.4, 0.6, 0.4
_MOOD_FIT, _APPEAL = 1.0, 0.5
_VOTES_LIKED, _VOTES_OTHER = 0.5, 0.3
_HEARD: Final = 0.95
_RANDOM_LIKED: Final = 0.25


class Temper(StrEnum):
    """How a person mostly feels."""

    BRIGHT = "bright"
    MIXED = "mixed"
    LOW = "low"


@dataclass(frozen=True)
class WorldConfig:
    """How large a world is.

    Attributes:
        people: how many.
        weeks: of simulated time.
        visits: of a person in a week, on average.
        taste: its weight in liking, where the mood fit has 1.
        seed: everything follows from it.
    """

    people: int = 1000
    weeks: int = 10
    visits: float = 3.0
    taste: float = 1.3
    seed: int = 0


@dataclass(frozen=True)
class Person:
    """Who somebody is.

    Attributes:
        number: 0 to the number of people - 1.
        scene: whose taste the person shares, 0 to 5.
        often: whether the person comes more often than most.
        agrees: whether the votes may improve the recommendations.
    """

    number: int
    scene: int
    temper: Temper
    often: bool
    agrees: bool


@dataclass(frozen=True, eq=False)
class Visit:
    """Somebody wants songs.

    Attributes:
        person: the person's number.
        at: aware, UTC.
        mode: asked for.
        mood: the true emotion distribution, [shape=(7,)].
        read: what the service reads of it, [shape=(7,)].
        valence: of what is read, -1 to 1.
    """

    person: int
    at: datetime
    mode: Mode
    mood: Array
    read: Array
    valence: float


class World:
    """The people, their visits in order of time, and what they think of songs."""

    def __init__(self, catalogue: Catalogue, config: WorldConfig) -> None:
        generator = np.random.default_rng(config.seed)
        self.people = _people(config, generator)
        self._taste_weight = config.taste
        self._songs = _song_tastes(catalogue, generator)
        self._appeal = _appeal(catalogue, generator)
        disturbed = np.log(catalogue.coarse + 0.02) + generator.normal(
            0, 0.5, catalogue.coarse.shape
        )
        true = _softmax(disturbed)
        self._moods = true / np.linalg.norm(true, axis=1, keepdims=True)
        self._tastes = _person_tastes(self.people, generator)
        self.visits = _visits(self.people, config, generator)
        self._scale(generator)

    def like_probability(self, visit: Visit, rows: Sequence[int]) -> Array:
        """How likely the person likes each of these songs on this visit, [shape=(len(rows),)]."""
        fit, taste, appeal = self._parts(visit, np.asarray(rows, np.intp))
        return np.asarray(_sigmoid(self._bias + fit + taste + appeal))

    def react(
        self, visit: Visit, rows: Sequence[int], generator: np.random.Generator
    ) -> list[bool | None]:
        """The votes on a list of songs: True a like, False a dislike, None no vote."""
        liked = generator.random(len(rows)) < self.like_probability(visit, rows)
        heard = _HEARD ** np.arange(len(rows))
        votes = generator.random(len(rows)) < heard * np.where(liked, _VOTES_LIKED, _VOTES_OTHER)
        return [bool(like) if vote else None for like, vote in zip(liked, votes, strict=True)]

    def _parts(self, visit: Visit, rows: Array) -> tuple[Array, Array, Array]:
        target = target_for(visit.mode, visit.mood)
        fit = self._moods[rows] @ (target / np.linalg.norm(target))
        taste = self._songs[rows] @ self._tastes[visit.person]
        if not hasattr(self, "_fit"):
            return fit, taste, self._appeal[rows]
        return (
            _MOOD_FIT * (fit - self._fit[0]) / self._fit[1],
            self._taste_weight * (taste - self._taste[0]) / self._taste[1],
            _APPEAL * self._appeal[rows],
        )

    def _scale(self, generator: np.random.Generator) -> None:
        """Find the constants of the z-scores, and the bias, from random pairs."""
        songs = len(self._songs)
        pairs = [
            (visit, generator.integers(songs, size=20))
            for visit in generator.choice(np.array(self.visits, object), _PAIRS // 20)
        ]
        parts = [self._parts(visit, rows) for visit, rows in pairs]
        fits, tastes = (np.concatenate([part[index] for part in parts]) for index in (0, 1))
        self._taste = tastes.mean(), tastes.std()
        self._fit = fits.mean(), fits.std()
        logits = np.concatenate([sum(self._parts(visit, rows)) for visit, rows in pairs])
        low, high = -10.0, 10.0
        for _ in range(50):
            self._bias = (low + high) / 2
            too_high = _sigmoid(self._bias + logits).mean() > _RANDOM_LIKED
            low, high = (low, self._bias) if too_high else (self._bias, high)


def _people(config: WorldConfig, generator: np.random.Generator) -> list[Person]:
    tempers = generator.choice(np.array(list(Temper), object), config.people, p=[0.4, 0.35, 0.25])
    return [
        Person(
            number,
            scene=int(generator.integers(_SCENES)),
            temper=tempers[number],
            often=bool(generator.random() < 0.3),
            agrees=bool(generator.random() < 0.7),
        )
        for number in range(config.people)
    ]


def _unit(array: Array) -> Array:
    return np.asarray(array / np.linalg.norm(array, axis=-1, keepdims=True))


def _song_tastes(catalogue: Catalogue, generator: np.random.Generator) -> Array:
    """Where each song lies in the space of taste, [shape=(n, 12)]."""
    places: dict[object, Array] = {}

    def place(key: object) -> Array:
        if key not in places:
            places[key] = _unit(generator.normal(size=_DIMENSIONS))
        return places[key]

    return np.array(
        [
            _GENRE * np.mean([place(("genre", g)) for g in song.genres or ("",)], axis=0)
            + _DECADE * place(("decade", (song.year or 0) // 10))
            + _ARTIST * place(("artist", song.artist))
            + _SONG * _unit(generator.normal(size=_DIMENSIONS))
            for song in catalogue.songs
        ]
    )


def _appeal(catalogue: Catalogue, generator: np.random.Generator) -> Array:
    """How much a song is liked by everybody, mean 0 and deviation 1, [shape=(n,)]."""
    months = np.log1p([song.chart_months or 0 for song in catalogue.songs])
    charts = (months - months.mean()) / (months.std() or 1.0)
    return np.asarray(0.4 * charts + np.sqrt(1 - 0.4**2) * generator.normal(size=len(months)))


def _person_tastes(people: Sequence[Person], generator: np.random.Generator) -> Array:
    scenes = _unit(generator.normal(size=(_SCENES, _DIMENSIONS)))
    own = _unit(generator.normal(size=(len(people), _DIMENSIONS)))
    return np.asarray(scenes[[person.scene for person in people]] + 0.7 * own)


def _temper_logits(temper: Temper) -> Array:
    joyful = {Temper.BRIGHT: 1.2, Temper.MIXED: 0.0, Temper.LOW: -1.2}[temper]
    return np.array([joyful if label == COARSE[JOY] else -joyful / 6 for label in COARSE])


def _visits(
    people: Sequence[Person], config: WorldConfig, generator: np.random.Generator
) -> list[Visit]:
    visits = []
    for person in people:
        rate = config.visits * (1.6 if person.often else 0.75)
        count = generator.poisson(rate * config.weeks)
        base, mood = _temper_logits(person.temper), generator.normal(0, 1.3, len(COARSE))
        for day in np.sort(generator.random(count)) * 7 * config.weeks:
            mood = 0.5 * mood + np.sqrt(1 - 0.5**2) * generator.normal(0, 1.3, len(COARSE))
            true = _softmax(base + mood)
            read = _softmax(np.log(true + 0.02) + generator.normal(0, 0.4, len(COARSE)))
            valence = float(read @ _VALENCE)
            opposite = generator.random() < (0.5 if true @ _VALENCE < 0 else 0.15)
            mode = Mode.OPPOSITE if opposite else Mode.SIMILAR
            at = START + timedelta(days=float(day))
            visits.append(Visit(person.number, at, mode, true, read, valence))
    return sorted(visits, key=lambda visit: visit.at)


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-values)))
