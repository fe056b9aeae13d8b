"""Answers on a terminal: bars, a gauge and song cards.

Nothing has a right border, and no text is read as markup: a title in wide letters, or with
brackets, looks as it should on terminals that disagree about widths.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Final, TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Column, Table
from rich.text import Text

from bot.chat.answers import Answer, AnswerKind
from bot.chat.commands import Command
from bot.colours import COLOURS
from bot.handlers.console_turns import HINTS
from bot.presentation import Presenter, SongCard
from bot.readable import percent, readable_url
from core.emotion.labels import COARSE
from core.models import EmotionScores, Mood, Reply, Slate

__all__ = ["ScreenView"]

_ACCENT: Final = Style(color="#56b4e9", bold=True)
_DIM: Final = Style(dim=True)
_WIDEST: Final = 84
_LEADING: Final = 3
_BAR: Final = 24
_LABELS: Final = 13
_GAUGE: Final = 10
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"


class ScreenView:
    """Draws answers."""

    def __init__(self, out: TextIO, presenter: Presenter) -> None:
        self._console = Console(file=out, markup=False, highlight=False, emoji=False)
        self._presenter = presenter
        self._texts = presenter.texts

    def use(self, presenter: Presenter) -> None:
        """Show what follows in its language."""
        self._presenter = presenter
        self._texts = presenter.texts

    def greet(self) -> None:
        """Say who is speaking, and that it is an AI."""
        texts = self._texts
        title = Text(f"♪ {texts('console.title')}", style=_ACCENT)
        lines = [Text(texts(key)) for key in texts.variants("console.greeting")]
        hint = Text(texts("console.hint"), style=_DIM)
        self._print(title, *lines, Text(), hint)

    def show(self, answer: Answer) -> None:
        """Draw one answer."""
        self._print(*self._parts(answer))

    def leave(self) -> None:
        """Say goodbye to a person who left without a word."""
        self._print(Text(self._texts("console.goodbye")))

    @property
    def _width(self) -> int:
        return min(self._console.width, _WIDEST)

    @property
    def _bar_cells(self) -> int:
        """What is left of the width beside a bar's labels, an even number."""
        return max(4, min(_BAR, self._width - 2 * _LABELS)) // 2 * 2

    def _print(self, *parts: RenderableType) -> None:
        self._console.print()
        self._console.print(Padding(Group(*parts), (0, 1, 0, 2)), width=self._width)
        self._console.print()

    def _parts(self, answer: Answer) -> Iterable[RenderableType]:
        reply = answer.reply
        if answer.explains:
            return self._help(answer.explains)
        if answer.error is not None:
            return [Text(f"· {paragraph}", style="yellow") for paragraph in answer.text]
        crisis = reply is not None and reply.card
        spoken = list(_help_card(answer.text) if crisis else map(Text, answer.text))
        if hint := HINTS.get(answer.kind if answer.buttons else None):
            spoken.append(Text(self._texts(hint), style=_DIM))
        return spoken if reply is None else [*spoken, *self._drawn(answer.kind, reply)]

    def _drawn(self, kind: AnswerKind, reply: Reply) -> Iterable[RenderableType]:
        """What is shown of an answer beside its words."""
        if reply.slate:
            return self._songs(reply.slate)
        if reply.reading:
            return [Text(), *self._reading(reply.reading), self._gauge(reply.gauge or 0)]
        if kind is AnswerKind.MOOD and reply.mood:
            return [Text(), *self._mood(reply.mood), self._gauge(reply.gauge or 0)]
        return []

    def _reading(self, scores: EmotionScores) -> Iterable[RenderableType]:
        yield Text(self._texts("reading.title"), style=_DIM)
        yield self._chart(scores, _LEADING)
        if names := self._presenter.fine_names(scores):
            yield Text(" · ".join(names), style=_DIM)
        if scores.ambiguous:
            yield Text(self._texts("reading.ambiguous"), style=_DIM)

    def _mood(self, mood: Mood) -> Iterable[RenderableType]:
        return [self._chart(mood, len(COARSE)), Text(), self._plane(mood), Text()]

    def _songs(self, slate: Slate) -> Iterable[RenderableType]:
        return [part for card in self._presenter.cards(slate) for part in _card(card)]

    def _help(self, commands: Iterable[Command]) -> Iterable[RenderableType]:
        yield Text(self._texts("help.intro"))
        yield Text()
        for name in commands:
            yield Text(self._texts(f"help.{name}.usage"), style=_ACCENT)
            yield Padding(Text(self._texts(f"help.{name}.text")), (0, 0, 0, 2))
        yield Text()
        yield Text(self._texts("help.outro"))
        yield Text(self._texts("about.ai"))

    def _chart(self, scores: EmotionScores, most: int) -> Table:
        table = Table.grid(Column(), Column(), Column(justify="right"), padding=(0, 1))
        ranked = sorted(zip(COARSE, scores.coarse.tolist(), strict=True), key=lambda pair: -pair[1])
        # The rest of a short chart says nothing where it rounds to nothing.
        shown = (
            ranked
            if most == len(COARSE)
            else [ranked[0], *(r for r in ranked[1:most] if r[1] >= 0.005)]
        )
        for label, share in shown:
            bar = Text(_bar(share, self._bar_cells), style=COLOURS[label])
            table.add_row(Text(self._presenter.coarse_name(label)), bar, Text(percent(share)))
        return table

    def _plane(self, scores: EmotionScores) -> Table:
        table = Table.grid(padding=(0, 1))
        for name, value in (("valence", scores.valence), ("arousal", scores.arousal)):
            table.add_row(
                Text(self._texts(f"mood.{name}")),
                Text(self._texts(f"mood.{name}.low"), style=_DIM, justify="right"),
                _scale(value, self._bar_cells // 2),
                Text(self._texts(f"mood.{name}.high"), style=_DIM),
            )
        return table

    def _gauge(self, value: int) -> Text:
        filled = value * _GAUGE // 100
        return Text.assemble(
            self._texts("gauge.label"),
            " ",
            ("▰" * filled, _ACCENT),
            ("▱" * (_GAUGE - filled), _DIM),
            f" {value}%",
        )


def _help_card(paragraphs: Iterable[str]) -> Iterable[RenderableType]:
    """The paragraphs; the lines to call, which begin with their number, as a table."""
    for calls, group in groupby(paragraphs, lambda paragraph: paragraph[:1].isdigit()):
        if not calls:
            yield from map(Text, group)
            continue
        table = Table.grid(Column(no_wrap=True), Column(overflow="fold"), padding=(0, 2))
        for paragraph in group:
            number, _, rest = paragraph.partition(" ")
            table.add_row(Text(number, style="bold"), Text(rest))
        yield Padding(table, (1, 0))


def _card(card: SongCard) -> list[RenderableType]:
    """A blank line, and the song behind its number."""
    facts = f" · {card.facts}" if card.facts else ""
    body = Group(
        Text.assemble((card.title, "bold"), "  ", card.artist, (facts, _DIM)),
        Text(card.why),
        *(
            Text.assemble((readable_url(url), Style(link=url, underline=True)), overflow="fold")
            for _, url in card.links
        ),
    )
    table = Table.grid(Column(justify="right", width=2), Column(overflow="fold"), padding=(0, 1))
    table.add_row(Text(str(card.number), Style(color=COLOURS[card.emotion], bold=True)), body)
    return [Text(), table]


def _bar(share: float, cells: int) -> str:
    eighths = round(share * cells * 8)
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(cells)


def _scale(value: float, half: int) -> Text:
    """A line from -1 to 1 with a mark at `value`."""
    cells = ["─"] * (2 * half + 1)
    cells[half] = "┼"
    place = half + round(value * half)
    return Text.assemble(
        ("".join(cells[:place]), _DIM), ("●", _ACCENT), ("".join(cells[place + 1 :]), _DIM)
    )
