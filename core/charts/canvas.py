"""A sheet to draw a picture on, in pixels of the layout; the one module that calls matplotlib.

Coordinates run from the top left corner, x to the right and y down. The sheet is 540 wide, and
each of its pixels becomes 2 by 2 in the file. Only objects of this call are touched, never
pyplot, so several sheets can be drawn in several threads.
"""

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Final, Literal

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Rectangle, Wedge
from PIL import Image

from core.charts.fonts import BOLD, PLAIN, Fonts
from core.charts.theme import Palette

__all__ = ["SCALE", "WIDTH", "Canvas"]

WIDTH: Final = 540
SCALE: Final = 2
_PER_INCH: Final = 100
_POINTS: Final = 72 / _PER_INCH
"""Points, in which matplotlib measures fonts and lines, in a pixel of the layout."""
_MOST_CHARACTERS: Final = 250
"""No line holds more of even the narrowest, so no more are measured."""
_ELLIPSIS: Final = "…"

Align = Literal["left", "center", "right"]


class Canvas:
    """One sheet, as long as `png` is told at the end."""

    def __init__(self, palette: Palette, fonts: Fonts) -> None:
        self.palette = palette
        self._fonts = fonts
        self.figure = Figure(
            figsize=(WIDTH / _PER_INCH, 1), dpi=SCALE * _PER_INCH, facecolor=palette.ground
        )
        self._agg = FigureCanvasAgg(self.figure)
        self._renderer = self._agg.get_renderer()
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        *,
        size: float = 14,
        colour: str | None = None,
        bold: bool = False,
        align: Align = "left",
    ) -> None:
        """Write one line; `at` is on its base line. What does not fit has to be cut before."""
        self._axes.text(
            *at,
            self._fonts.drawable(text),
            color=colour or self.palette.text,
            fontproperties=_font(size, bold),
            horizontalalignment=align,
            verticalalignment="baseline",
            parse_math=False,
        )

    def width(self, text: str, *, size: float = 14, bold: bool = False) -> float:
        """How wide one line is."""
        drawn = self._fonts.drawable(text)
        width, _, _ = self._renderer.get_text_width_height_descent(
            drawn, _font(size, bold), ismath=False
        )
        return float(width) / SCALE

    def cut(self, text: str, most: float, *, size: float = 14, bold: bool = False) -> str:
        """`text`, or as much of its beginning as fits into `most` with an ellipsis."""
        whole, text = text, text[: _MOST_CHARACTERS + 1]
        if len(whole) <= _MOST_CHARACTERS and self.width(text, size=size, bold=bold) <= most:
            return text
        shortest, longest = 0, len(text)
        while shortest < longest:
            middle = (shortest + longest + 1) // 2
            beginning = text[:middle].rstrip() + _ELLIPSIS
            if self.width(beginning, size=size, bold=bold) <= most:
                shortest = middle
            else:
                longest = middle - 1
        return text[:shortest].rstrip() + _ELLIPSIS

    def wrapped(self, text: str, most: float, *, size: float = 14) -> list[str]:
        """`text` in lines of at most `most`, broken between words."""
        lines: list[str] = []
        for word in text.split():
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(joined, size=size) <= most:
                lines[-1] = joined
            else:
                lines.append(self.cut(word, most, size=size))
        return lines

    def card(self, left: float, top: float, width: float, height: float) -> None:
        """A rounded rectangle behind what belongs together."""
        self.box((left, top), (width, height), radius=14, colour=self.palette.card)

    def box(
        self, corner: tuple[float, float], size: tuple[float, float], *, radius: float, colour: str
    ) -> None:
        """A filled rectangle with round corners."""
        width, height = size
        radius = min(radius, width / 2, height / 2)
        style = f"round,pad=0,rounding_size={radius}"
        self._add(FancyBboxPatch(corner, width, height, boxstyle=style, facecolor=colour, lw=0))

    def bar(self, corner: tuple[float, float], size: tuple[float, float], colour: str) -> None:
        """A filled rectangle."""
        self._add(Rectangle(corner, *size, facecolor=colour, linewidth=0))

    def dot(self, centre: tuple[float, float], radius: float, colour: str) -> None:
        """A filled circle, set off from what lies below."""
        self._add(Circle(centre, radius, facecolor=colour, linewidth=0), layer=4)

    def ring(self, centre: tuple[float, float], radius: float, colour: str) -> None:
        """A thin dashed circle, empty."""
        line = {"linewidth": 1.5 * _POINTS, "linestyle": (0, (3, 3))}
        self._add(Circle(centre, radius, facecolor="none", edgecolor=colour, **line))

    def doughnut(
        self,
        centre: tuple[float, float],
        radius: float,
        thickness: float,
        parts: Sequence[tuple[float, str]],
    ) -> None:
        """Parts of a whole, clockwise from the top.

        Args:
            centre: of the ring.
            radius: the outer one.
            thickness: of the ring.
            parts: share, together 1, and colour of each; parts of nothing are left out.
        """
        drawn = [(share, colour) for share, colour in parts if share > 0]
        # The sheet's y runs down, so angles turn clockwise.
        angle = -90.0
        for share, colour in drawn:
            end = angle + 360 * share
            self._add(Wedge(centre, radius, angle, end, width=thickness, facecolor=colour, lw=0))
            angle = end
        if len(drawn) > 1:
            self._gaps(centre, radius, thickness, [share for share, _ in drawn])

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        *,
        width: float = 1,
        dashed: bool = False,
    ) -> None:
        """A line through points, in order."""
        xs, ys = zip(*points, strict=True)
        drawn = Line2D(xs, ys, color=colour, linewidth=width * _POINTS, zorder=2)
        if dashed:
            drawn.set_linestyle((0, (2, 3)))
        self._axes.add_artist(drawn)

    def cloud(
        self, points: Sequence[tuple[float, float]], colours: Sequence[str], radius: float
    ) -> None:
        """Many small dots that shine through each other."""
        if not points:
            return
        xs, ys = zip(*points, strict=True)
        area = (2 * radius * _POINTS) ** 2
        dots: PathCollection = self._axes.scatter(xs, ys, s=area, c=list(colours), linewidths=0)
        dots.set(alpha=0.35, zorder=3)

    def diamond(self, centre: tuple[float, float], radius: float, colour: str) -> None:
        """A square that stands on a corner."""
        x, y = centre
        side = radius * 2**0.5
        corner = (x, y - radius)
        self._add(Rectangle(corner, side, side, angle=45, facecolor=colour, linewidth=0), layer=4)

    def png(self, height: float) -> bytes:
        """The sheet, cut at `height`, as a file; the same drawing gives the same bytes."""
        self.figure.set_size_inches(WIDTH / _PER_INCH, round(height) / _PER_INCH)
        self._axes.set_ylim(round(height), 0)
        self._agg.draw()
        drawn = Image.fromarray(np.asarray(self._agg.buffer_rgba())).convert("RGB")
        # Flat colours and the edges of letters: 256 are enough, and a third of the bytes.
        reduced = drawn.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        file = BytesIO()
        reduced.save(file, "PNG", optimize=True)
        return file.getvalue()

    def _gaps(
        self, centre: tuple[float, float], radius: float, thickness: float, shares: Sequence[float]
    ) -> None:
        """Lines of the background between the parts: two alike are still two."""
        turned = 0.0
        for share in shares:
            across, up = math.sin(turned), -math.cos(turned)
            ends = [
                (centre[0] + across * far, centre[1] + up * far)
                for far in (radius - thickness - 1, radius + 1)
            ]
            self.line(ends, self.palette.card, width=2)
            turned += 2 * math.pi * share

    def _add(self, patch: Patch, layer: float = 1) -> None:
        patch.set_zorder(layer)
        self._axes.add_artist(patch)  # add_patch would also reckon limits of the axes


def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=list(BOLD if bold else PLAIN), size=size * _POINTS)
