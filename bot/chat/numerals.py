"""Korean words for numbers, each in the place of its number, from one."""

from typing import Final

__all__ = ["NUMERALS", "ORDINALS"]

NUMERALS: Final = ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
"""Before what is counted."""
ORDINALS: Final = ("첫", *NUMERALS[1:])
"""Before "번째"."""
