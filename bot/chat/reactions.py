"""What an emoji below a song says of it.

A reaction is a vote where it says whether the song was liked. Many emoji say how a song felt: tears
below a sad song may be praise. Those are no votes.
"""

from collections.abc import Mapping
from typing import Final

from core.records import Verdict

__all__ = ["MEANINGS", "verdict_of"]

_UP: Final = "👍 ❤ 🔥 🥰 😍 👏 🤩 💯 🎉 🏆 💘 ❤\u200d🔥 😘 💋 🤗 🙏 👌 🆒 😎"
_DOWN: Final = "👎 💩 🤮 🥱 🤡 🖕"
MEANINGS: Final[Mapping[str, Verdict]] = {
    **dict.fromkeys(_UP.split(), Verdict.UP),
    **dict.fromkeys(_DOWN.split(), Verdict.DOWN),
}
"""By emoji, without variation selectors and skin tones."""
_VARIATIONS: Final = ("\ufe0e", "\ufe0f")
_FIRST_TONE: Final = "\U0001f3fb"
_LAST_TONE: Final = "\U0001f3ff"


def verdict_of(emoji: str) -> Verdict | None:
    """What an emoji says of a song; None where it says nothing."""
    plain = "".join(
        char for char in emoji if char not in _VARIATIONS and not _FIRST_TONE <= char <= _LAST_TONE
    )
    return MEANINGS.get(plain)
