"""What is said around a crisis, and the wishes read from a message then: data/crisis/care.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Self

from core.dialogue.files import as_list, as_mapping, as_text, read_mapping
from core.dialogue.folding import plain_view
from core.dialogue.help_lines import HelpLines, fill_numbers
from core.dialogue.pattern_language import Compiled, compile_pattern
from core.models import CrisisKind, Language

__all__ = ["CareTexts", "CareWords"]

_FILE: Final = "care.yaml"
_READ: Final = 400
"""Wishes are short: they are looked for in the first characters of a message only."""

Lines = Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True)
class CareWords:
    """Tells two wishes from what people write.

    Attributes:
        safe: somebody says that it is better now.
        doubtful: what takes that back.
        songs: somebody asks for songs.
        at_hand: what means, after a word of danger, that it is happening now.
        unsafe: a no to whether the place is safe.
        alone: nobody is there.
        came_away: somebody has left the place of danger.
        company: somebody who may help is there or comes, or the place is a usual one.
        agrees: a yes to whether there is danger, or half a one.
        denies: a no to that.
        taken_back: somebody says it was a joke, a misunderstanding, said in anger.
        bright: good news of the person's own, and nothing else.
        explains: what was meant, which was no danger.
        corrects: it was not that, whatever follows.
        meant: what takes that back: it was danger, or is said again.
        rage: a wish to do harm to somebody else.
        myself: what takes that back: it is meant for the writer.
        voices: somebody hears voices.
    """

    safe: tuple[Compiled, ...]
    doubtful: tuple[Compiled, ...]
    songs: tuple[Compiled, ...]
    at_hand: tuple[Compiled, ...]
    unsafe: tuple[Compiled, ...]
    alone: tuple[Compiled, ...]
    came_away: tuple[Compiled, ...]
    company: tuple[Compiled, ...]
    agrees: tuple[Compiled, ...]
    denies: tuple[Compiled, ...]
    taken_back: tuple[Compiled, ...]
    bright: tuple[Compiled, ...]
    explains: tuple[Compiled, ...]
    corrects: tuple[Compiled, ...]
    meant: tuple[Compiled, ...]
    rage: tuple[Compiled, ...]
    myself: tuple[Compiled, ...]
    voices: tuple[Compiled, ...]

    def says_yes(self, text: str) -> bool:
        """Whether a raw message says yes, or half a yes, to the question of a check-in."""
        return _any(self.agrees, _plain(text))

    def says_no(self, text: str) -> bool:
        """Whether a raw message says no to it."""
        view = _plain(text)
        return _any(self.denies, view) and not _any(self.agrees, view)

    def says_at_hand(self, text: str, *, asked_where: bool) -> bool:
        """Whether a raw message, after a word of danger, says that it is happening now.

        Args:
            text: as it came.
            asked_where: whether it answers the question if the person is somewhere safe.
        """
        view = _plain(text)
        return _any(self.at_hand, view) or (asked_where and _any(self.unsafe, view))

    def says_safe(self, text: str) -> bool:
        """Whether a raw message says that the danger has passed."""
        view = _plain(text)
        said = _any(self.safe, view) or _any(self.taken_back, view)
        return said and not _any(self.doubtful, view)

    def says_alone(self, text: str) -> bool:
        """Whether a raw message says that nobody is there."""
        return _any(self.alone, _plain(text))

    def says_safer(self, text: str, kind: CrisisKind) -> bool:
        """Whether a raw message says that its writer is out of reach of a danger, or not alone.

        Who is there may be the one who does harm: after violence company tells nothing.
        """
        view = _plain(text)
        company = kind is not CrisisKind.VIOLENCE and _any(self.company, view)
        return (company or _any(self.came_away, view)) and not _any(self.doubtful, view)

    def explains_away(self, text: str, *, suspected: bool) -> bool:
        """Whether a raw message explains that something else was meant, and speaks of no danger.

        Args:
            text: as it came.
            suspected: whether it may speak of danger: then it has to name what was meant.
        """
        view = _plain(text)
        explained = _any(self.explains, view) or (not suspected and _any(self.corrects, view))
        return explained and not _any(self.meant, view)

    def says_bright(self, text: str) -> bool:
        """Whether a raw message brings good news."""
        return _any(self.bright, _plain(text))

    def says_rage(self, text: str) -> bool:
        """Whether a raw message speaks of a wish to do harm to somebody else."""
        view = _plain(text)
        return _any(self.rage, view) and not _any(self.myself, view)

    def tells_of_voices(self, text: str) -> bool:
        """Whether a raw message tells of voices."""
        return _any(self.voices, _plain(text))

    def asks_for_songs(self, text: str) -> bool:
        """Whether a raw message asks for music."""
        return _any(self.songs, _plain(text))


@dataclass(frozen=True)
class CareTexts:
    """The lines, each with the numbers filled in.

    Attributes:
        follow_up: to the messages after the card, by kind, in the order they are said.
        reminder: to danger again when the card was shown a short while ago.
        urgent: where the danger is at hand.
        safe: to somebody who says that it is better.
        alone: to somebody in care who says that nobody is there.
        safer: to somebody in care who came away from the danger, or is with somebody.
        misunderstood: to somebody who explains that no danger was meant.
        songs: before gentle songs.
        grounding: a short exercise, a paragraph each.
        check_in: the question to a message that may speak of danger, by kind.
        relieved: to a no to that question.
        unanswered: to what is no answer to it.
        anger: to a wish to do harm to somebody else.
        anger_at_hand: likewise, where it is at hand.
        words: what the wishes are told by.
    """

    follow_up: Mapping[CrisisKind, Lines]
    reminder: Mapping[CrisisKind, Lines]
    urgent: Mapping[CrisisKind, Lines]
    safe: Mapping[CrisisKind, Lines]
    alone: Mapping[CrisisKind, Lines]
    safer: Mapping[CrisisKind, Lines]
    misunderstood: Lines
    songs: Lines
    grounding: Lines
    check_in: Mapping[CrisisKind, Lines]
    relieved: Lines
    unanswered: Lines
    anger: Lines
    anger_at_hand: Lines
    words: CareWords

    @classmethod
    def load(cls, folder: Path, help_lines: HelpLines) -> Self:
        """Read `care.yaml` of `folder` (data/crisis).

        Raises:
            DialogueError: the file is missing or damaged, or names an unknown help line.
        """
        path = folder / _FILE
        content = read_mapping(path)
        numbers = help_lines.numbers

        def lines(value: object, where: str) -> Lines:
            entry = as_mapping(value, where)
            return {
                language: tuple(
                    fill_numbers(as_text(item, where), numbers, where)
                    for item in as_list(entry.get(language.value), f"{where}.{language.value}")
                )
                for language in Language
            }

        def by_kind(name: str) -> Mapping[CrisisKind, Lines]:
            entry = as_mapping(content.get(name), f"{path}: {name}")
            return {
                kind: lines(entry.get(kind.value), f"{path}: {name}.{kind.value}")
                for kind in CrisisKind
            }

        return cls(
            follow_up=by_kind("follow_up"),
            reminder=by_kind("reminder"),
            urgent=by_kind("urgent"),
            safe=by_kind("safe"),
            alone=by_kind("alone"),
            safer=by_kind("safer"),
            misunderstood=lines(content.get("misunderstood"), f"{path}: misunderstood"),
            songs=lines(content.get("songs"), f"{path}: songs"),
            grounding=lines(content.get("grounding"), f"{path}: grounding"),
            check_in=by_kind("check_in"),
            relieved=lines(content.get("relieved"), f"{path}: relieved"),
            unanswered=lines(content.get("unanswered"), f"{path}: unanswered"),
            anger=lines(content.get("anger"), f"{path}: anger"),
            anger_at_hand=lines(content.get("anger_at_hand"), f"{path}: anger_at_hand"),
            words=_words(content.get("words"), f"{path}: words"),
        )


def _words(value: object, where: str) -> CareWords:
    entry = as_mapping(value, where)
    compiled = {
        name: tuple(
            compile_pattern(as_text(source, f"{where}.{name}"), {})
            for source in as_list(entry.get(name), f"{where}.{name}")
        )
        for name in (field.name for field in fields(CareWords))
    }
    return CareWords(**compiled)


def _plain(text: str) -> str:
    return plain_view(text[:_READ])


def _any(patterns: tuple[Compiled, ...], view: str) -> bool:
    return any(pattern.regex.search(view) for pattern in patterns)
