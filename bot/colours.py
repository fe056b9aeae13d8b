"""The colours of the seven emotions, wherever there is colour."""

from collections.abc import Mapping
from typing import Final

__all__ = ["COLOURS"]

# The palette of Okabe and Ito (2008), which people with any colour vision can tell apart.
COLOURS: Final[Mapping[str, str]] = {
    "행복": "#e69f00",
    "슬픔": "#56b4e9",
    "분노": "#d55e00",
    "공포": "#cc79a7",
    "혐오": "#009e73",
    "놀람": "#f0e442",
    "중립": "#999999",
}
"""By label of `labels.COARSE`, as "#rrggbb"."""
