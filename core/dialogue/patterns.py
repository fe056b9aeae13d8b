"""Groups of patterns from a file, and the quick choice of those worth trying on a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.dialogue.files import as_list, as_mapping, as_text
from core.dialogue.pattern_language import Compiled, Fragment, compile_pattern, translate
from core.errors import DialogueError

__all__ = ["PatternGroup", "PatternIndex", "read_fragments", "read_groups"]


@dataclass(frozen=True)
class PatternGroup:
    """Patterns that stand for one thing people say.

    Attributes:
        name: of the group, unique in its list.
        kind: what the file says of it; empty where the list has no kinds.
        patterns: any of them may match.
    """

    name: str
    kind: str
    patterns: tuple[Compiled, ...]


class PatternIndex:
    """Finds the patterns that a sentence has the characters for.

    One bit stands for one pattern. For each rank of `Compiled.needs` a table leads from a
    character to the patterns it serves; a pattern is a candidate when it is served at all ranks.
    """

    def __init__(self, groups: Sequence[PatternGroup]) -> None:
        self._patterns = tuple((group, one) for group in groups for one in group.patterns)
        ranks = max((len(one.needs) for _, one in self._patterns), default=0)
        self._free = [0] * ranks
        self._serves: list[dict[str, int]] = [{} for _ in range(ranks)]
        for number, (_, one) in enumerate(self._patterns):
            for rank in range(ranks):
                if rank >= len(one.needs):
                    self._free[rank] |= 1 << number
                    continue
                for char in one.needs[rank]:
                    table = self._serves[rank]
                    table[char] = table.get(char, 0) | 1 << number

    def candidates(self, sentence: str) -> Iterator[tuple[PatternGroup, Compiled]]:
        """The patterns that may match, in the order of the file, each with its group."""
        chars = set(sentence)
        served = (1 << len(self._patterns)) - 1
        for free, table in zip(self._free, self._serves, strict=True):
            at_rank = free
            for char in chars & table.keys():
                at_rank |= table[char]
            served &= at_rank
        while served:
            lowest = served & -served
            yield self._patterns[lowest.bit_length() - 1]
            served ^= lowest


def read_fragments(value: object, where: str) -> dict[str, Fragment]:
    """The fragments by name; a fragment may use those above it."""
    fragments: dict[str, Fragment] = {}
    for name, source in as_mapping(value, where).items():
        fragments[name] = translate(as_text(source, f"{where}.{name}"), fragments)
    return fragments


def read_groups(
    value: object, fragments: Mapping[str, Fragment], where: str
) -> tuple[PatternGroup, ...]:
    """The groups of a list of `{name, why, patterns}` with an optional `kind`."""
    groups: dict[str, PatternGroup] = {}
    for number, item in enumerate(as_list(value, where), start=1):
        entry = as_mapping(item, f"{where}, entry {number}")
        name = as_text(entry.get("name"), f"{where}, entry {number}, name")
        as_text(entry.get("why"), f"{where}.{name}, why")
        kind = as_text(entry.get("kind", "-"), f"{where}.{name}, kind").strip("-")
        sources = as_list(entry.get("patterns"), f"{where}.{name}, patterns")
        if name in groups:
            raise DialogueError(f"{where}: the name {name} stands there twice")
        patterns = tuple(
            compile_pattern(as_text(source, f"{where}.{name}"), fragments) for source in sources
        )
        groups[name] = PatternGroup(name, kind, patterns)
    return tuple(groups.values())
