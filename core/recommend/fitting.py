"""Fits what is learned from votes. Imports `implicit` and SciPy: only what learns needs this."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from implicit.cpu.als import AlternatingLeastSquares  # type: ignore[import-untyped]
from implicit.recommender_base import ModelFitError  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix, hstack
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from core.errors import LearnedModelError
from core.models import Mode, Song, Vector
from core.recommend.catalogue import Catalogue
from core.recommend.events import DOWN, LIFT_MODES, MODES, SHOWN, UP, EventTable, lift_mode
from core.recommend.factors import ItemFactors
from core.recommend.learned import LearnedModel
from core.recommend.neighbours import FEATURES, MoodNeighbours, mood_features
from core.recommend.traits import trait_pairs

__all__ = ["FitConfig", "confidence_matrix", "fit", "fit_factors", "fit_neighbours"]

_CHUNK: Final = 2048
"""Votes whose features are made at once: few enough to stay in a processor's cache."""


@dataclass(frozen=True)
class FitConfig:
    """How factors are fitted.

    Attributes:
        factors: numbers a song; few, because a person gives few votes.
        regularisation: lambda of the fit.
        iterations: of alternating least squares.
        liked: confidence of a like, where a song never shown to the person has 1.
        disliked: confidence of a dislike.
        ignored: confidence that a song shown and not voted on is not liked; small, because people
            vote on few songs, but it adds up in the traits.
        song_votes: votes at which a song's own factors weigh half.
        threads: 0 for all cores.
        seed: of the first factors.
    """

    factors: int = 12
    regularisation: float = 20.0
    iterations: int = 15
    liked: float = 5.0
    disliked: float = 5.0
    ignored: float = 0.5
    song_votes: float = 5.0
    threads: int = 0
    seed: int = 0


def fit(
    events: EventTable,
    catalogue: Catalogue,
    config: FitConfig,
    progress: Callable[[int], object] = lambda _: None,
) -> LearnedModel:
    """Learn from these events.

    Args:
        events: of people who agreed to it; at least one vote.
        catalogue: whose rows the events name.
        config: see there.
        progress: called with 1 after each iteration.

    Raises:
        LearnedModelError: there is no vote, or the fit diverged.
    """
    voted = events.outcomes != SHOWN
    if not voted.any():
        raise LearnedModelError("there is no vote to learn from")
    return LearnedModel(
        factors=fit_factors(events, catalogue.songs, config, progress),
        neighbours=tuple(
            fit_neighbours(events.take(voted & _in_lift_of(events, mode)), len(catalogue.songs))
            for mode in LIFT_MODES
        ),
        catalogue_version=catalogue.version,
        fitted_until=float(events.times[-1]),
        votes=int(voted.sum()),
    )


def _in_lift_of(events: EventTable, mode: Mode) -> npt.NDArray[np.bool_]:
    """Which events tell what fits a mood in `mode`, [shape=(e,)]."""
    places = [place for place, each in enumerate(MODES) if lift_mode(each) is mode]
    return np.isin(events.modes, places)


def confidence_matrix(events: EventTable, songs: Sequence[Song], config: FitConfig) -> csr_matrix:
    """Signed confidences of people in songs and in the songs' traits.

    The sign says whether the person likes it, the size how sure that is. A trait's confidence is
    the sum over its songs, so that a dense column stands beside the sparse ones of its songs.
    What was said of a song in both modes is added: the taste is one, whatever the mood asks for.

    Returns:
        [shape=(people, songs + traits)].
    """
    table = np.zeros(3, np.float32)
    table[[UP, DOWN, SHOWN]] = config.liked, -config.disliked, -config.ignored
    in_songs = csr_matrix(
        (table[events.outcomes], (events.people, events.songs)),
        shape=(events.person_count, len(songs)),
    )
    rows, traits, count = trait_pairs(songs)
    has = csr_matrix((np.ones(len(rows), np.float32), (rows, traits)), shape=(len(songs), count))
    matrix = hstack([in_songs, in_songs @ has], format="csr", dtype=np.float32)
    matrix.eliminate_zeros()
    return matrix


def fit_factors(
    events: EventTable,
    songs: Sequence[Song],
    config: FitConfig,
    progress: Callable[[int], object] = lambda _: None,
) -> ItemFactors:
    """Item factors by alternating least squares over `confidence_matrix`.

    With y_s a song's own factors, y_f those of its traits and n_s its votes, the song's vector is

        n_s / (n_s + song_votes) y_s + mean over its traits of y_f

    as in hybrids of content and collaboration (Kula 2015, "Metadata Embeddings for User and Item
    Cold-start Recommendations"): a song without votes is known by its artist, genre and years.

    Raises:
        LearnedModelError: the fit diverged.
    """
    matrix = confidence_matrix(events, songs, config)
    try:
        # OpenBLAS's threads and those of implicit wait for each other.
        with threadpool_limits(1, "blas"):
            # A new model for every fit: a refitted one keeps the shape of its factors.
            model = AlternatingLeastSquares(
                factors=config.factors,
                regularization=config.regularisation,
                iterations=config.iterations,
                num_threads=config.threads,
                random_state=config.seed,
            )
            model.fit(matrix, show_progress=False, callback=lambda *_: progress(1))
    except ModelFitError as error:
        raise LearnedModelError("the factors are not finite") from error
    voted = events.outcomes != SHOWN
    votes = np.bincount(events.songs[voted], minlength=len(songs))
    items = _song_vectors(model.item_factors, songs, votes / (votes + config.song_votes))
    return ItemFactors(items, float((events.outcomes[voted] == UP).mean()))


def _song_vectors(
    columns: npt.NDArray[Any], songs: Sequence[Song], own: npt.NDArray[np.float64]
) -> Vector:
    rows, traits, count = trait_pairs(songs)
    shares = 1 / np.bincount(rows, minlength=len(songs))[rows]
    mean = csr_matrix((shares, (rows, traits)), shape=(len(songs), count))
    vectors = own[:, None] * columns[: len(songs)] + mean @ columns[len(songs) :]
    length = np.linalg.norm(vectors, axis=1).mean()
    return np.asarray(vectors / (length or 1), np.float32)


def fit_neighbours(votes: EventTable, songs: int) -> MoodNeighbours:
    """Sum the features of the moods of one mode's votes by song.

    Args:
        votes: likes and dislikes of one mode; a vote in an unknown mood adds nothing.
        songs: how many the catalogue has.
    """
    # A song's dislikes and its likes lie side by side, so that each chunk is summed in one pass.
    keys = 2 * votes.songs.astype(np.int64) + (votes.outcomes == UP)
    order = np.argsort(keys, kind="stable")
    sums = np.zeros((2 * songs, FEATURES), np.float32)
    for start in range(0, len(order), _CHUNK):
        rows = order[start : start + _CHUNK]
        named, places = np.unique(keys[rows], return_index=True)
        sums[named] += np.add.reduceat(mood_features(votes.moods[rows]), places, axis=1).T
    likes = sums[1::2].copy()
    return MoodNeighbours(likes, sums[0::2] + likes)
