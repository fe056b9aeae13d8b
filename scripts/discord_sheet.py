"""Draws messages of the local Discord (tests/e2e) as its client would, in the dark theme."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.charts.canvas import WIDTH, Canvas
from core.charts.fonts import Fonts
from core.charts.theme import Palette
from core.models import Language
from tests.e2e.discord_fake import Message

__all__ = ["Sheet", "Shown"]

CHROME: Final = {
    Language.KOREAN: ("민지 님이 {command} 사용", "앱", "나만 볼 수 있어요 · 메시지 닫기"),
    Language.ENGLISH: ("Minji used {command}", "APP", "Only you can see this · Dismiss message"),
}
"""What Discord itself writes: who used a command, the badge of bots, below ephemeral messages."""
PALETTE: Final = Palette("#313338", "#2b2d31", "#1e1f22", "#dbdee1", "#949ba4", "#5865f2", {})
LINK, WHITE, BUTTON, SKIN, CUFF = "#00a8fc", "#ffffff", "#4e5058", "#ffcc4d", "#5dadec"
OTHERS = "#3ba55c"
FILLED: Final = {1: "#5865f2", 3: "#248046", 4: "#da373c"}
"""Colours of buttons by style, those of the others left out."""
LEFT: Final = 72.0
RIGHT: Final = WIDTH - 24.0
LINE: Final = 21.0
SIZE: Final = 14.0
MENU: Final = 3
_MARKUP: Final = re.compile(r"\\(?P<plain>.)|\[(?P<name>[^\]]+)\]\([^)]+\)|(?P<other>[^\\\[]+|.)")
_THUMBS: Final = re.compile("(👍|👎)")


@dataclass(frozen=True)
class Shown:
    """A message, as one person sees it.

    Attributes:
        command: by which it was asked for; empty for a message that answers a message.
        viewer: the id of who looks at it.
    """

    message: Message
    command: str
    language: Language
    viewer: int


class Sheet:
    """Draws from the top down."""

    def __init__(self, fonts: Fonts) -> None:
        self._canvas = Canvas(PALETTE, fonts)
        self._y = 20.0

    def png(self) -> bytes:
        """The picture of all that was drawn."""
        return self._canvas.png(self._y + 6)

    def message(self, shown: Shown) -> None:
        """A message with all that belongs to it."""
        used, badge, private = CHROME[shown.language]
        if shown.command:
            text = used.format(command=shown.command)
            self._canvas.text((LEFT, self._y + 8), text, size=12, colour=PALETTE.dim)
            self._y += 22
        author = shown.message.author
        self._author(author.name, badge if author.bot else "")
        for line in shown.message.content.split("\n"):
            self._paragraph(line, LEFT, RIGHT)
        for embed in shown.message.embeds:
            self._embed(embed)
        self._y += 6
        for row in shown.message.components:
            self._row(row["components"])
        self._reactions(shown.message.reactions, shown.viewer)
        if shown.message.ephemeral:
            self._canvas.text((LEFT, self._y + 12), private, size=11, colour=PALETTE.dim)
            self._y += 20
        self._y += 14

    def _author(self, name: str, badge: str) -> None:
        face, mark = (PALETTE.accent, "♪") if badge else (OTHERS, name[:1])
        self._canvas.box((22, self._y - 4), (40, 40), radius=20, colour=face)
        self._canvas.text((42, self._y + 23), mark, size=20, colour=WHITE, align="center")
        self._canvas.text((LEFT, self._y + 12), name, size=15, colour=WHITE, bold=True)
        self._y += 20
        if badge:
            self._badge(badge, name)

    def _badge(self, badge: str, name: str) -> None:
        left = LEFT + self._canvas.width(name, size=15, bold=True) + 8
        width = self._canvas.width(badge, size=10, bold=True) + 10
        top = self._y - 20
        self._canvas.box((left, top), (width, 15), radius=4, colour=PALETTE.accent)
        middle = (left + width / 2, top + 11.5)
        self._canvas.text(middle, badge, size=10, colour=WHITE, bold=True, align="center")

    def _paragraph(self, text: str, left: float, right: float) -> None:
        """A line of Discord's markup; one with links is not broken."""
        runs = list(_runs(text))
        if any(linked for _, linked in runs):
            for run, linked in runs:
                colour = LINK if linked else PALETTE.text
                self._canvas.text((left, self._y + 14), run, size=SIZE, colour=colour)
                left += self._advance(run)
            self._y += LINE
            return
        for line in self._canvas.wrapped("".join(run for run, _ in runs), right - left, size=SIZE):
            self._canvas.text((left, self._y + 14), line, size=SIZE)
            self._y += LINE

    def _advance(self, run: str) -> float:
        # Fonts measure no blank at the end.
        return self._canvas.width(f"|{run}|", size=SIZE) - self._canvas.width("||", size=SIZE)

    def _embed(self, embed: dict[str, Any]) -> None:
        self._y += 4
        top, self._y = self._y, self._y + 8
        # The card lies below its text, so its height is measured by drawing the text twice.
        self._embed_text(embed)
        height = self._y + 6 - top
        self._canvas.box((LEFT, top), (RIGHT - LEFT, height), radius=4, colour=PALETTE.card)
        self._canvas.box((LEFT, top), (4, height), radius=2, colour=f"#{embed['color']:06x}")
        self._y = top + 8
        self._embed_text(embed)
        self._y = top + height

    def _embed_text(self, embed: dict[str, Any]) -> None:
        left, right = LEFT + 16, RIGHT - 12
        title = "".join(run for run, _ in _runs(embed["title"]))
        shown = self._canvas.cut(title, right - left, size=15, bold=True)
        self._canvas.text((left, self._y + 14), shown, size=15, colour=LINK, bold=True)
        self._y += LINE + 1
        for line in embed["description"].split("\n"):
            self._paragraph(line, left, right)

    def _row(self, parts: Sequence[dict[str, Any]]) -> None:
        left, height = LEFT, 32.0
        for part in parts:
            if part["type"] == MENU:
                self._menu(part["placeholder"])
                height = 40.0
                continue
            label = f"{part['label']} ↗" if "url" in part else part["label"]
            width = self._label_width(label) + 28
            colour = FILLED.get(part["style"], BUTTON)
            self._canvas.box((left, self._y), (width, 32), radius=8, colour=colour)
            self._label((left + 14, self._y), label)
            left += width + 8
        self._y += height + 6

    def _menu(self, placeholder: str) -> None:
        corner, size = (LEFT, self._y), (400.0, 38.0)
        self._canvas.box(corner, size, radius=8, colour=PALETTE.line)
        at = (LEFT + 14, self._y + 24)
        self._canvas.text(at, placeholder, size=SIZE, colour=PALETTE.dim)
        x, y = LEFT + 378, self._y + 17
        self._canvas.line([(x - 5, y), (x, y + 5), (x + 5, y)], PALETTE.text, width=2)

    def _label(self, corner: tuple[float, float], label: str) -> None:
        x, y = corner
        for part in filter(None, _THUMBS.split(label)):
            if _THUMBS.fullmatch(part):
                self._thumb((x, y + 9), up=part == "👍")
            else:
                self._canvas.text((x, y + 21), part.strip(), size=13, colour=WHITE, bold=True)
            x += self._label_width(part) + 5

    def _label_width(self, label: str) -> float:
        parts = [part.strip() for part in _THUMBS.split(label) if part.strip()]
        widths = [
            14.0 if _THUMBS.fullmatch(part) else self._canvas.width(part, size=13, bold=True)
            for part in parts
        ]
        return sum(widths) + 5 * (len(widths) - 1)

    def _thumb(self, corner: tuple[float, float], *, up: bool) -> None:
        """A hand, 14 by 14: the bundled fonts have no emoji."""
        x, y = corner
        for left, top, width, height, colour in (
            (5.0, 0.0, 4.0, 9.0, SKIN),
            (3.5, 5.5, 10.0, 8.0, SKIN),
            (0.0, 6.0, 3.0, 7.5, CUFF),
        ):
            place = (x + left, y + (top if up else 14 - top - height))
            self._canvas.box(place, (width, height), radius=2, colour=colour)

    def _reactions(self, reactions: dict[str, set[int]], viewer: int) -> None:
        left = LEFT
        for emoji, people in reactions.items():
            mine = viewer in people
            edge = PALETTE.accent if mine else PALETTE.card
            self._canvas.box((left, self._y), (50, 28), radius=8, colour=edge)
            inner = "#373a54" if mine else PALETTE.card
            self._canvas.box((left + 1, self._y + 1), (48, 26), radius=7, colour=inner)
            self._thumb((left + 10, self._y + 7), up=emoji == "👍")
            self._canvas.text((left + 31, self._y + 19), str(len(people)), size=13, bold=True)
            left += 56
        self._y += 34 if reactions else 0


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """The text without its marks, and of each piece whether it is a link."""
    for match in _MARKUP.finditer(text):
        yield match["plain"] or match["name"] or match["other"], match["name"] is not None
