import numpy as np
import pytest

from core.errors import LearnedModelError
from core.models import Mode
from core.recommend.catalogue import Catalogue
from core.recommend.factors import FoldInConfig, ItemFactors, fold_in
from core.recommend.fitting import FitConfig, confidence_matrix, fit, fit_factors
from core.records import Outcome, TasteEvent
from tests.catalogues import catalogue, distribution, song
from tests.votes import event, table

CONFIG = FitConfig(factors=4, regularisation=1, threads=1)
SONGS = catalogue([distribution(슬픔=0.5)] * 12)


def checkerboard(people: int = 20) -> list[TasteEvent]:
    """Even people like even songs and dislike odd ones, and the other way round.

    Nobody has heard the last two songs but the first two people, who keep to the rule.
    """
    return [
        event(str(person), number, Outcome.UP if (person + number) % 2 == 0 else Outcome.DOWN)
        for person in range(people)
        for number in range(1, 13 if person < 2 else 11)
    ]


def preferences(factors: ItemFactors, votes: dict[int, bool], same_mode: bool = True) -> np.ndarray:
    user = fold_in(
        factors,
        np.array(list(votes), np.intp),
        np.array(list(votes.values()), np.bool_),
        np.full(len(votes), same_mode),
        FoldInConfig(regularisation=0.5),
    )
    return factors.items @ user


def test_who_likes_some_even_songs_is_expected_to_like_the_others() -> None:
    factors = fit_factors(table(checkerboard(), SONGS), SONGS.songs, CONFIG)
    liked = preferences(factors, {1: True, 3: True, 2: False})
    assert min(liked[[5, 7, 9, 11]]) > 0 > max(liked[[4, 6, 8, 10]])


def test_dislikes_alone_tell_as_much() -> None:
    factors = fit_factors(table(checkerboard(), SONGS), SONGS.songs, CONFIG)
    liked = preferences(factors, {1: False, 3: False})
    assert min(liked[[4, 6, 8]]) > max(liked[[5, 7, 9]])


def test_without_votes_nothing_is_known() -> None:
    factors = ItemFactors(np.ones((3, 2), np.float32), 0.5)
    assert not preferences(factors, {}).any()


def test_what_was_said_in_the_other_mode_counts_less() -> None:
    factors = ItemFactors(np.eye(2, dtype=np.float32), 0.5)
    same, other = (preferences(factors, {0: True}, mode)[0] for mode in (True, False))
    assert 0 < other < same


def test_folding_in_solves_the_stated_equation() -> None:
    generator = np.random.default_rng(0)
    factors = ItemFactors(generator.normal(size=(9, 3)).astype(np.float32), 0.4)
    rows, liked = np.array([1, 4, 7]), np.array([True, False, True])
    same = np.array([True, True, False])
    config = FoldInConfig(regularisation=2.0, other_mode=0.5)
    user = fold_in(factors, rows, liked, same, config)
    confidence, preference = np.zeros(9), np.zeros(9)
    confidence[rows], preference[rows] = [1, 1, 0.5], liked - 0.4
    items, weights = factors.items, np.diag(confidence)
    left = (items.T @ weights @ items + 2.0 * np.eye(3)) @ user
    assert left == pytest.approx(items.T @ weights @ preference, abs=1e-5)


def test_songs_without_votes_are_known_by_their_artist_and_others_not_at_all() -> None:
    songs = catalogue(
        [distribution(슬픔=0.5)] * 6,
        [song(1, "토이"), song(2, "god"), song(3, "토이"), song(4, "god"), song(5), song(6)],
    )
    events = [
        event(str(person), number, Outcome.UP if person % 2 == number % 2 else Outcome.DOWN)
        for person in range(20)
        for number in (1, 2)
    ]
    liked = preferences(fit_factors(table(events, songs), songs.songs, CONFIG), {0: True})
    assert liked[2] > 0.1
    assert liked[3:] == pytest.approx(0, abs=0.03)


def test_confidences_are_signed_and_summed_for_traits() -> None:
    songs = catalogue(
        [distribution(슬픔=0.5)] * 3, [song(1, "토이"), song(2, "토이"), song(3, "god")]
    )
    config = FitConfig(liked=5, disliked=4, ignored=1)
    events = [
        event("a", 1),
        event("a", 2, minutes=1),
        event("a", 3, Outcome.SHOWN, minutes=2),
        event("b", 1, Outcome.DOWN, minutes=3),
        event("b", 3, mode=Mode.SIMILAR, minutes=4),
        event("b", 3, mode=Mode.OPPOSITE, minutes=5),
    ]
    matrix = confidence_matrix(table(events, songs), songs.songs, config).toarray()
    assert matrix.tolist() == [[5, 5, -1, 10, -1], [-4, 0, 10, -4, 10]]


def test_every_fit_is_a_new_model_of_its_own_shape() -> None:
    few = fit(table(checkerboard(4), SONGS), SONGS, CONFIG)
    many = fit(table(checkerboard(30), SONGS), SONGS, CONFIG)
    again = fit(table(checkerboard(4), SONGS), SONGS, CONFIG)
    assert many.version != few.version == again.version


def test_there_is_nothing_to_learn_without_votes() -> None:
    songs: Catalogue = SONGS
    with pytest.raises(LearnedModelError, match="no vote"):
        fit(table([event("a", 1, Outcome.SHOWN)], songs), songs, CONFIG)


def test_factors_that_are_not_finite_are_refused() -> None:
    with pytest.raises(LearnedModelError):
        fit(table(checkerboard(), SONGS), SONGS, FitConfig(threads=1, liked=float("nan")))
