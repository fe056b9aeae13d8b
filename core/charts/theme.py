"""The colours of the pictures.

Emotions are told apart by lightness as well as by hue: in each theme the seven differ by at least
4.5 in CIE L*, and by at least 12 in CIEDE2000 both as they are and as people without red, green
or blue cones see them (Machado et al. 2009, severity 1). A test holds them to that. Every picture
names its emotions besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.models import Theme

__all__ = ["PALETTES", "Palette"]


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as #rrggbb.

    Attributes:
        ground: behind everything.
        card: behind what belongs together.
        line: grid, tracks and borders.
        text: of what is to be read.
        dim: of what stands beside it; legible on ground and card too.
        accent: of marks that stand for no emotion.
        emotions: by label of `labels.COARSE`.
    """

    ground: str
    card: str
    line: str
    text: str
    dim: str
    accent: str
    emotions: Mapping[str, str]


PALETTES: Final[Mapping[Theme, Palette]] = {
    Theme.LIGHT: Palette(
        ground="#f6f4ef",
        card="#ffffff",
        line="#dedad1",
        text="#23262c",
        dim="#62666e",
        accent="#3d4a63",
        emotions={
            "행복": "#d9b02b",
            "슬픔": "#0784d4",
            "분노": "#b13509",
            "공포": "#8b6086",
            "혐오": "#145a49",
            "놀람": "#e36279",
            "중립": "#a4a5b2",
        },
    ),
    Theme.DARK: Palette(
        ground="#14161b",
        card="#1d2027",
        line="#363b46",
        text="#f1f2f4",
        dim="#a3a9b4",
        accent="#c9d3e6",
        emotions={
            "행복": "#e8c760",
            "슬픔": "#59c1fd",
            "분노": "#fa5c29",
            "공포": "#775e8b",
            "혐오": "#4e7e60",
            "놀람": "#e980b8",
            "중립": "#7b8287",
        },
    ),
}
