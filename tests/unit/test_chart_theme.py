"""The colours of the pictures, for every kind of eye."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from core.charts.theme import PALETTES, Palette
from core.emotion.labels import COARSE
from core.models import Theme
from tests.colours import DICHROMACY, contrast, difference, lab, linear, seen

LEAST_DIFFERENCE = 12
LEAST_STEP_OF_LIGHTNESS = 4.5


@pytest.fixture(params=list(Theme))
def palette(request: pytest.FixtureRequest) -> Palette:
    return PALETTES[request.param]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # from the test data of Sharma, Wu and Dalal (2005)
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_agrees_with_its_published_examples(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    assert difference(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


def test_every_emotion_has_a_colour(palette: Palette) -> None:
    assert set(palette.emotions) == set(COARSE)


def test_the_emotions_can_be_told_apart(palette: Palette) -> None:
    colours = [lab(linear(colour)) for colour in palette.emotions.values()]
    assert min(difference(*pair) for pair in combinations(colours, 2)) >= LEAST_DIFFERENCE


@pytest.mark.parametrize("dichromacy", DICHROMACY)
def test_people_who_are_colour_blind_can_tell_the_emotions_apart(
    palette: Palette, dichromacy: str
) -> None:
    colours = [lab(seen(colour, dichromacy)) for colour in palette.emotions.values()]
    assert min(difference(*pair) for pair in combinations(colours, 2)) >= LEAST_DIFFERENCE


def test_the_emotions_differ_in_lightness(palette: Palette) -> None:
    lightness = sorted(lab(linear(colour))[0] for colour in palette.emotions.values())
    assert min(high - low for low, high in pairwise(lightness)) >= LEAST_STEP_OF_LIGHTNESS


def test_the_simulation_sees_what_is_known_to_be_confused() -> None:
    red, green = "#b13509", "#4e6a00"
    assert difference(lab(linear(red)), lab(linear(green))) > 40
    assert difference(lab(seen(red, "deuteranopia")), lab(seen(green, "deuteranopia"))) < 12


@pytest.mark.parametrize("part", ["text", "dim"])
def test_what_is_written_is_legible(palette: Palette, part: str) -> None:
    colour = getattr(palette, part)
    assert min(contrast(colour, palette.ground), contrast(colour, palette.card)) >= 4.5


def test_emotions_stand_out_from_the_card(palette: Palette) -> None:
    assert min(contrast(c, palette.card) for c in palette.emotions.values()) >= 1.9
    assert contrast(palette.accent, palette.card) >= 3
