"""Where people in danger find help, and the calm card that tells them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Self

from core.dialogue.files import as_list, as_mapping, as_text, read_mapping
from core.errors import DialogueError
from core.models import CrisisKind, Language

__all__ = ["HelpLine", "HelpLines", "fill_numbers"]

_NUMBER: Final = re.compile(r"[0-9]{2,4}(?:-[0-9]{3,4}){0,2}")
_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
_LIST: Final = "{lines}"


@dataclass(frozen=True)
class HelpLine:
    """One number to call.

    Attributes:
        id: what cards name it by.
        number: as it is dialled.
        name: of the line, by language.
        hours: when somebody answers, by language.
        note: what it is for or how to reach it, by language; empty where there is nothing to say.
        source: the organisation the number was checked with.
    """

    id: str
    number: str
    name: Mapping[Language, str]
    hours: Mapping[Language, str]
    note: Mapping[Language, str]
    source: str

    def shown(self, language: Language) -> str:
        """The line as a card shows it."""
        parts = [f"{self.number} {self.name[language]}", self.hours[language]]
        if language in self.note:
            parts.append(self.note[language])
        return " · ".join(parts)


class HelpLines:
    """The help lines and the cards that name them.

    Attributes:
        checked: the day on which all numbers were last checked.
        numbers: as they are dialled, by the id of the line.
    """

    def __init__(
        self,
        checked: date,
        numbers: Mapping[str, str],
        cards: Mapping[CrisisKind, Mapping[Language, tuple[str, ...]]],
    ) -> None:
        self.checked = checked
        self.numbers = numbers
        self._cards = cards

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `help_lines.yaml` and `cards.yaml` of `folder` (data/crisis).

        Raises:
            DialogueError: a file is missing or damaged, or a card names an unknown line.
        """
        path = folder / "help_lines.yaml"
        content = read_mapping(path)
        checked = content.get("checked")
        if type(checked) is not date:
            raise DialogueError(f"{path}: checked is not a date like 2026-01-31")
        lines = _lines(content.get("lines"), f"{path}: lines")
        order = as_mapping(content.get("kinds"), f"{path}: kinds")
        by_kind = {
            kind: _named(order.get(kind.value), lines, f"{path}: kinds.{kind.value}")
            for kind in CrisisKind
        }
        cards = read_mapping(folder / "cards.yaml")
        numbers = {line.id: line.number for line in lines.values()}
        return cls(
            checked,
            numbers,
            {
                kind: _card(cards.get(kind.value), by_kind[kind], numbers, f"{folder}: {kind}")
                for kind in CrisisKind
            },
        )

    def card(self, kind: CrisisKind, language: Language) -> tuple[str, ...]:
        """What to say to a danger: a heading, then sentences and help lines, a paragraph each."""
        return self._cards[kind][language]


def _lines(value: object, where: str) -> dict[str, HelpLine]:
    lines: dict[str, HelpLine] = {}
    for place, item in enumerate(as_list(value, where), start=1):
        entry = as_mapping(item, f"{where}, entry {place}")
        id_ = as_text(entry.get("id"), f"{where}, entry {place}, id")
        number = as_text(entry.get("number"), f"{where}.{id_}, number")
        if not _NUMBER.fullmatch(number):
            raise DialogueError(f"{where}.{id_}: {number!r} is no telephone number")
        if id_ in lines:
            raise DialogueError(f"{where}: the id {id_} occurs twice")
        lines[id_] = HelpLine(
            id=id_,
            number=number,
            name=_in_each_language(entry.get("name"), f"{where}.{id_}, name"),
            hours=_in_each_language(entry.get("hours"), f"{where}.{id_}, hours"),
            note=_in_each_language(entry["note"], f"{where}.{id_}, note")
            if "note" in entry
            else {},
            source=as_text(entry.get("source"), f"{where}.{id_}, source"),
        )
    return lines


def _in_each_language(value: object, where: str) -> dict[Language, str]:
    entry = as_mapping(value, where)
    return {
        language: as_text(entry.get(language.value), f"{where}.{language.value}")
        for language in Language
    }


def _named(value: object, lines: Mapping[str, HelpLine], where: str) -> tuple[HelpLine, ...]:
    ids = [as_text(item, where) for item in as_list(value, where)]
    if unknown := [id_ for id_ in ids if id_ not in lines]:
        raise DialogueError(f"{where}: there is no help line {unknown[0]}")
    return tuple(lines[id_] for id_ in ids)


def _card(
    value: object, lines: tuple[HelpLine, ...], numbers: Mapping[str, str], where: str
) -> dict[Language, tuple[str, ...]]:
    entry = as_mapping(value, where)
    card: dict[Language, tuple[str, ...]] = {}
    for language in Language:
        place = f"{where}.{language.value}"
        texts = [as_text(item, place) for item in as_list(entry.get(language.value), place)]
        if texts.count(_LIST) != 1:
            raise DialogueError(f"{place}: {_LIST} does not stand there once")
        said: list[str] = []
        for text in texts:
            if text == _LIST:
                said += [line.shown(language) for line in lines]
            else:
                said.append(fill_numbers(text, numbers, place))
        card[language] = tuple(said)
    return card


def fill_numbers(text: str, numbers: Mapping[str, str], where: str) -> str:
    """`text` with the id of each help line, in braces, replaced by its number.

    Raises:
        DialogueError: `text`, which stands at `where`, names a line that there is not.
    """
    named = _PLACEHOLDER.findall(text)
    if unknown := [name for name in named if name not in numbers]:
        raise DialogueError(f"{where}: there is no help line {unknown[0]!r}")
    return _PLACEHOLDER.sub(lambda found: numbers[found[1]], text)
