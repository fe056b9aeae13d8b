"""Lines in both languages, read from YAML, and the choice of one that was not said lately."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from core.dialogue.files import as_list, as_mapping, as_text
from core.errors import DialogueError
from core.models import Language

__all__ = ["Line", "Pool", "check_ids", "choose", "fresh", "line_id", "read_pool"]


@dataclass(frozen=True)
class Line:
    """Something the bot says.

    Attributes:
        id: stable, and the same in every language.
        text: in the language asked for.
    """

    id: str
    text: str


Pool = tuple[Mapping[Language, Line], ...]
"""Lines that may stand for each other, each in every language."""


def read_pool(value: object, where: str, enough: int) -> Pool:
    """The lines of a list of `{id, ko, en}`.

    Raises:
        DialogueError: an entry is damaged, or there are fewer than `enough`.
    """
    entries = as_list(value, where)
    if len(entries) < enough:
        raise DialogueError(f"{where}: {len(entries)} lines are too few, {enough} are needed")
    return tuple(_line(entry, f"{where}, line {at}") for at, entry in enumerate(entries, start=1))


def check_ids(pools: Iterable[Pool], where: object) -> None:
    """See that no id stands for two lines; the same line may stand in several pools.

    Raises:
        DialogueError: one does, or occurs twice in a pool.
    """
    seen: dict[str, Mapping[Language, Line]] = {}
    for pool in pools:
        ids = [line_id(line) for line in pool]
        for id_, line in zip(ids, pool, strict=True):
            if ids.count(id_) > 1 or seen.setdefault(id_, line) != line:
                raise DialogueError(f"{where}: the id {id_} occurs twice")


def line_id(line: Mapping[Language, Line]) -> str:
    """The id that a line has in every language."""
    return line[Language.KOREAN].id


def fresh(pool: Pool, said: Collection[str]) -> Pool:
    """The lines of the pool that are not among those said."""
    return tuple(line for line in pool if line_id(line) not in said)


def choose(
    pools: Iterable[Pool], said: Collection[str], generator: np.random.Generator
) -> Mapping[Language, Line]:
    """A line of the first pool that has one not said yet.

    Args:
        pools: the most fitting first; at least one line in all.
        said: ids of lines said, oldest first. Where no pool has another, the line said longest
            ago comes again.
        generator: chooses among the lines of the pool.
    """
    tried: list[Mapping[Language, Line]] = []
    for pool in pools:
        if unsaid := fresh(pool, said):
            return unsaid[int(generator.integers(len(unsaid)))]
        tried.extend(pool)
    last_said = {id_: position for position, id_ in enumerate(said)}
    return min(tried, key=lambda line: last_said[line_id(line)])


def _line(value: object, where: str) -> Mapping[Language, Line]:
    entry = as_mapping(value, where)
    id_ = as_text(entry.get("id"), f"{where}: id")
    return {
        language: Line(id_, as_text(entry.get(language.value), f"{where}: {language.value}"))
        for language in Language
    }
