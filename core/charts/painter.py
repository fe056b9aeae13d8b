"""The pictures of a person's mood, each with its words."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from core.charts.alt_text import history_in_words, mood_in_words, week_in_words
from core.charts.history_picture import draw_history
from core.charts.mood_picture import draw_mood
from core.charts.theme import PALETTES
from core.charts.values import History, PresentMood, Week
from core.charts.week_picture import draw_week
from core.charts.words import Words
from core.errors import FontError
from core.models import Theme

if TYPE_CHECKING:
    from core.charts.canvas import Canvas
    from core.charts.fonts import Fonts

__all__ = ["FONT_FILES", "Painter", "Picture"]

FONT_FILES: Final = (
    "MaeumSans-Regular.otf",
    "MaeumSans-SemiBold.otf",
    "MaeumHan-Regular.otf",
)


@dataclass(frozen=True)
class Picture:
    """A picture to send.

    Attributes:
        png: the file, 1080 pixels wide, below 300 kB.
        alt: what it shows, in words, at most 1,000 characters.
    """

    png: bytes
    alt: str


class Painter:
    """Draws the values of `summary`; equal values give equal bytes.

    A picture takes some tenths of a second of one core, the first one some seconds, because
    matplotlib is imported then: call from `asyncio.to_thread`, not on the event loop. Any thread
    may call; one picture is drawn at a time, since Python would not draw two faster, and the fonts
    are shared.

    Args:
        fonts: the folder that holds `FONT_FILES`.

    Raises:
        FontError: the folder lacks one of them.
    """

    def __init__(self, fonts: Path) -> None:
        for name in FONT_FILES:
            if not (fonts / name).is_file():
                raise FontError(f"{fonts / name} is missing")
        self._folder = fonts
        self._fonts: Fonts | None = None
        self._lock = Lock()

    def mood(self, mood: PresentMood, *, words: Words, theme: Theme) -> Picture:
        """The mood now: doughnut, fine emotions, valence and arousal.

        Args:
            mood: what to show.
            words: the language.
            theme: dark or light.

        Raises:
            FontError: a font is damaged.
        """
        with self._lock:
            canvas = self._canvas(theme)
            png = canvas.png(draw_mood(canvas, mood, words))
        return Picture(png, mood_in_words(mood, words))

    def history(self, history: History, *, words: Words, theme: Theme) -> Picture:
        """The mood over days, with the songs that were liked; see `mood`."""
        with self._lock:
            canvas = self._canvas(theme)
            png = canvas.png(draw_history(canvas, history, words))
        return Picture(png, history_in_words(history, words))

    def week(self, week: Week, *, words: Words, theme: Theme) -> Picture:
        """The weekly report; see `mood`."""
        with self._lock:
            canvas = self._canvas(theme)
            png = canvas.png(draw_week(canvas, week, words))
        return Picture(png, week_in_words(week, words))

    def _canvas(self, theme: Theme) -> "Canvas":
        # matplotlib takes a second to import, and many conversations never ask for a picture.
        from core.charts.canvas import Canvas  # noqa: PLC0415 - see above
        from core.charts.fonts import Fonts  # noqa: PLC0415 - see above

        if self._fonts is None:
            self._fonts = Fonts(self._folder, FONT_FILES)
        return Canvas(PALETTES[theme], self._fonts)
