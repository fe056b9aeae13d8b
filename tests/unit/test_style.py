import numpy as np
import pytest

from core.emotion.labels import COARSE, JOY
from scripts.catalogue.calibration import LEADING_SHARES
from scripts.catalogue.style import CLASS_PLANE, GENRE_PRIOR, StyleBlend, genre_prior
from tests.catalogues import song

GENRES = ("발라드", "댄스", "랩/힙합")
SONGS = [song(n, genres=(GENRES[n % 3],)) for n in range(300)]
LYRICS = np.random.default_rng(0).dirichlet(np.ones(len(COARSE)), 300)


def test_the_prior_of_several_genres_is_their_mean() -> None:
    one, other = np.array(GENRE_PRIOR["발라드"]), np.array(GENRE_PRIOR["댄스"])
    assert genre_prior(("발라드", "댄스")) == pytest.approx(tuple((one + other) / 2))
    assert genre_prior(("발라드", "없는 장르")) == pytest.approx(tuple(one))


@pytest.mark.parametrize("genres", [(), ("없는 장르",)])
def test_an_unknown_genre_is_neutral(genres: tuple[str, ...]) -> None:
    assert genre_prior(genres) is None
    blend = StyleBlend.fit(LYRICS, SONGS)
    assert blend.style([song(1, genres=genres)]) == pytest.approx(np.zeros((1, 2)))


def test_a_catalogue_without_genres_has_the_moods_of_its_lyrics() -> None:
    plain = [song(n) for n in range(300)]
    blend = StyleBlend.fit(LYRICS, plain)
    assert not blend.style(plain).any()


def test_dance_is_brighter_than_ballads_by_the_same_words() -> None:
    blend = StyleBlend.fit(LYRICS, SONGS)
    style = blend.style(SONGS[:2])
    same = np.tile(LYRICS[:1], (2, 1))
    ballad, dance = blend.distribution(same, style)
    assert dance[JOY] > ballad[JOY]
    assert ballad[COARSE.index("슬픔")] > dance[COARSE.index("슬픔")]
    assert np.diff(blend.plane(np.zeros(2), style[:, 0])) > 0.3


def test_at_a_weight_of_nothing_only_the_lyrics_count() -> None:
    blend = StyleBlend.fit(LYRICS, SONGS, weight=0)
    valence = np.linspace(-1, 1, 300)
    assert blend.plane(valence, blend.style(SONGS)[:, 0]) == pytest.approx(valence, abs=1e-6)


def test_every_class_keeps_its_share_of_the_songs() -> None:
    blend = StyleBlend.fit(LYRICS, SONGS)
    moods = blend.distribution(LYRICS, blend.style(SONGS))
    led = np.bincount(moods.argmax(axis=1), minlength=len(COARSE)) / len(SONGS)
    assert led == pytest.approx([LEADING_SHARES[name] for name in COARSE], abs=0.03)
    assert moods.sum(axis=1) == pytest.approx(np.ones(300), abs=1e-5)


def test_constants_survive_being_kept() -> None:
    blend = StyleBlend.fit(LYRICS, SONGS)
    assert StyleBlend.from_json(blend.as_json()) == blend


def test_bright_classes_lie_on_the_bright_side() -> None:
    assert CLASS_PLANE[JOY, 0] > 0.5
    assert (CLASS_PLANE[[COARSE.index(name) for name in ("슬픔", "분노", "공포")], 0] < -0.5).all()
