"""The pictures as files: nothing overlaps, nothing is missing, equal values give equal bytes."""

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from bot.config import DATA, ROOT
from bot.texts import load_texts
from core.charts.canvas import SCALE, WIDTH, Canvas
from core.charts.fonts import BOLD, MISSING, PLAIN, Fonts
from core.charts.history_picture import draw_history
from core.charts.mood_picture import draw_mood
from core.charts.painter import FONT_FILES, Painter
from core.charts.summary import MOST_HISTORY_DAYS, history, present_mood, week
from core.charts.theme import PALETTES
from core.charts.week_picture import draw_week
from core.charts.words import Words
from core.emotion.labels import COARSE, FINE
from core.errors import FontError
from core.models import Language, Mood, Theme
from tests.moods import LONG_TITLE, NOW, SEOUL, liked_songs, mood, point, random_points

FONTS = DATA / "fonts"
Draw = Callable[[Canvas, Words], float]
NAMES = [
    ("밤편지", "아이유"),
    ("쏀 펲시 똠얌", "잔나비"),
    ("사랑했지만 $x$ \\frac{1}{2} <b>", "'; DROP TABLE songs; --"),
    ("Lemon 夜に駆ける 🎵", "米津玄師"),
    ("戀人", "먼데이 키즈"),
    (LONG_TITLE, LONG_TITLE),
    (LONG_TITLE, "짧은 이름"),
    ("W" * 10_000, "i"),
    ("", ""),
]
SONGS = liked_songs(NAMES)
POINTS = random_points(3, 1000, 30)
LONGEST_FINE = dict.fromkeys(sorted(FINE, key=len)[-9:], 0.9)
EVEN: dict[str, Any] = dict.fromkeys(COARSE, 1 / len(COARSE))


def of_mood(rolling: Mood) -> Draw:
    shown = present_mood(rolling, now=NOW, zone=SEOUL)
    return lambda canvas, words: draw_mood(canvas, shown, words)


def of_history(count: int, days: int, songs: int) -> Draw:
    points = POINTS[-count:] if count else []
    shown = history(points, SONGS[:songs] * 3, now=NOW, zone=SEOUL, days=days)
    return lambda canvas, words: draw_history(canvas, shown, words)


def of_week(count: int, songs: int) -> Draw:
    points = POINTS[-count:] if count else []
    shown = week(points, SONGS[:songs], now=NOW, zone=SEOUL)
    return lambda canvas, words: draw_week(canvas, shown, words)


CASES: dict[str, Draw] = {
    "mood": of_mood(mood(슬픔=0.62, 공포=0.1, 분노=0.05)),
    "mood, all neutral": of_mood(mood()),
    "mood, everything": of_mood(mood(1.0, -1.0, LONGEST_FINE, **EVEN)),
    "history of one point": of_history(1, 30, 1),
    "history of one day": of_history(5, 1, 2),
    "history of 1,000 points": of_history(1000, 30, 9),
    "history of 92 days": of_history(1000, MOST_HISTORY_DAYS, 9),
    "history of two days": of_history(60, 2, 9),
    "history of nothing": of_history(0, 30, 0),
    "week": of_week(1000, 9),
    "week of one point": of_week(1, 0),
    "week of nothing": of_week(0, 0),
}


@dataclass(frozen=True)
class Sheet:
    canvas: Canvas
    height: float
    png: bytes

    @property
    def texts(self) -> list[Text]:
        (axes,) = self.canvas.figure.axes
        return [text for text in axes.texts if text.get_text()]


@cache
def sheet(case: str, language: Language) -> Sheet:
    """The picture of a case, drawn once for all tests."""
    theme = Theme.LIGHT if language is Language.KOREAN else Theme.DARK
    canvas = Canvas(PALETTES[theme], Fonts(FONTS, FONT_FILES))
    height = CASES[case](canvas, load_texts(language))
    return Sheet(canvas, height, canvas.png(height))


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts(FONTS, FONT_FILES)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("case", CASES)
def test_no_text_overlaps_another_or_leaves_the_sheet(case: str, language: Language) -> None:
    drawn = sheet(case, language)
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn.texts]
    assert len(boxes) >= 4
    assert [text for text, box in boxes if box.x0 < 0 or box.x1 > WIDTH * SCALE] == []
    assert [text for text, box in boxes if box.y0 < 0 or box.y1 > drawn.height * SCALE] == []
    assert [
        (one, other)
        for (one, first), (other, second) in combinations(boxes, 2)
        if Bbox.intersection(first, second) is not None
    ] == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("case", CASES)
def test_no_character_is_missing(case: str, language: Language, fonts: Fonts) -> None:
    # Besides, matplotlib warns of a glyph it lacks, and a warning is an error here.
    assert fonts.lacking(text.get_text() for text in sheet(case, language).texts) == set()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("case", CASES)
def test_a_picture_is_a_small_file_for_a_phone(case: str, language: Language) -> None:
    drawn = sheet(case, language)
    assert len(drawn.png) < 150_000
    with Image.open(io.BytesIO(drawn.png)) as image:
        assert (image.format, image.width) == ("PNG", 1080)
        assert image.height == round(drawn.height) * SCALE <= 2000


@pytest.mark.parametrize(
    ("family", "file"), list(zip([PLAIN[0], BOLD[0], PLAIN[1]], FONT_FILES, strict=True))
)
def test_every_family_is_the_bundled_file(
    family: str, file: str, fonts: Fonts, caplog: pytest.LogCaptureFixture
) -> None:
    found = font_manager.findfont(FontProperties(family=[family]), fallback_to_default=False)
    assert Path(found) == FONTS / file
    assert caplog.messages == []


@pytest.mark.parametrize("files", [FONT_FILES, FONT_FILES[1:2]], ids=["text", "headings alone"])
def test_everything_the_pictures_say_can_be_drawn(files: tuple[str, ...]) -> None:
    said = [
        text
        for language in Language
        for key, text in load_texts(language).entries.items()
        if key.partition(".")[0] in {"charts", "feeling", "fine", "mood", "plane"}
    ]
    assert len(said) > 200
    assert Fonts(FONTS, files).lacking(said) == set()


def test_every_title_of_the_catalogue_can_be_drawn(fonts: Fonts) -> None:
    with (DATA / "songs" / "songs.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    names = {name for row in rows for name in (row["title"], row["artist"])}
    assert len(names) > 5000
    assert [n for n in names if fonts.drawable(n).count(MISSING) != n.count(MISSING)] == []


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("밤편지", "밤편지"),
        ("사랑💕🎵해", f"사랑{MISSING}해"),
        ("👨\u200d👩\u200d👧", MISSING),
        ("좋은\n날\t\x00\ud800", "좋은 날"),
        ("각 e\u0301", "각 é"),
        ("مرحبا", MISSING),
        ("", ""),
    ],
)
def test_what_no_font_has_is_replaced_where_it_stood(fonts: Fonts, text: str, drawn: str) -> None:
    assert fonts.drawable(text) == drawn


def test_a_long_text_is_cut_to_its_room(fonts: Fonts) -> None:
    canvas = Canvas(PALETTES[Theme.LIGHT], fonts)
    cut = canvas.cut(LONG_TITLE, 200)
    assert cut.endswith("…")
    assert 150 < canvas.width(cut) <= 200
    assert canvas.cut("짧아요", 200) == "짧아요"


def test_sentences_are_broken_between_words(fonts: Fonts) -> None:
    canvas = Canvas(PALETTES[Theme.LIGHT], fonts)
    lines = canvas.wrapped(LONG_TITLE, 200)
    assert " ".join(lines) == " ".join(LONG_TITLE.split())
    assert max(canvas.width(line) for line in lines) <= 200
    assert canvas.wrapped("가" * 100, 200)[0].endswith("…")


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(FONTS)


def test_equal_values_give_equal_bytes_in_any_thread(painter: Painter) -> None:
    words = load_texts(Language.KOREAN)
    shown = week(POINTS[-50:], SONGS, now=NOW, zone=SEOUL)

    def draw(theme: Theme) -> bytes:
        return painter.week(shown, words=words, theme=theme).png

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(draw, [Theme.LIGHT, Theme.DARK] * 2))
    assert found[:2] == found[2:]
    assert found[0] != found[1]
    assert found[0] == Painter(FONTS).week(shown, words=words, theme=Theme.LIGHT).png


def test_the_picture_has_the_colours_of_its_theme_and_its_emotions(painter: Painter) -> None:
    shown = present_mood(mood(슬픔=0.6, 분노=0.4), now=NOW, zone=SEOUL)
    for theme, palette in PALETTES.items():
        picture = painter.mood(shown, words=load_texts(Language.KOREAN), theme=theme)
        with Image.open(io.BytesIO(picture.png)) as image:
            areas = [(rgb, area) for area, rgb in image.convert("RGB").getcolors(256) or []]
        counts = {
            name: sum(area for rgb, area in areas if alike(rgb, colour))
            for name, colour in {"ground": palette.ground, **palette.emotions}.items()
        }
        assert counts["ground"] > 100_000
        # The areas in the ring are as the shares; the legend adds dots to each.
        assert counts["슬픔"] / counts["분노"] == pytest.approx(1.5, rel=0.05)
        assert counts["행복"] < 1000


def alike(rgb: Any, colour: str) -> bool:
    wanted = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return all(abs(one - other) <= 2 for one, other in zip(rgb, wanted, strict=True))


def test_a_picture_comes_with_its_words(painter: Painter) -> None:
    words = load_texts(Language.ENGLISH)
    shown = history([point(NOW, 슬픔=1.0)], [], now=NOW, zone=SEOUL)
    picture = painter.history(shown, words=words, theme=Theme.DARK)
    assert picture.alt.startswith("A picture of your mood over Oct 23 – Nov 21.")
    assert picture.png.startswith(b"\x89PNG")


def test_a_folder_without_the_fonts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FontError, match=r"MaeumSans-Regular\.otf"):
        Painter(tmp_path)


def test_a_damaged_font_is_refused(tmp_path: Path) -> None:
    for name in FONT_FILES:
        (tmp_path / name).write_bytes(b"no font")
    shown = present_mood(mood(), now=NOW, zone=SEOUL)
    with pytest.raises(FontError, match=r"MaeumSans-Regular\.otf"):
        Painter(tmp_path).mood(shown, words=load_texts(Language.KOREAN), theme=Theme.LIGHT)


def test_matplotlib_is_not_imported_before_the_first_picture() -> None:
    code = (
        "import sys; from pathlib import Path; from core.charts.painter import Painter; "
        f"Painter(Path({str(FONTS)!r})); sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
