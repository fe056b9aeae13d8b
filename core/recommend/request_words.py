"""What the words mean by which songs are asked for, Korean and English.

`take` finds them in what stands around "노래" or "songs", and gives back what is left: a name, or
words that mean nothing to us.
"""

from dataclasses import dataclass, replace

from core.models import Mode, Subject, Wish
from core.recommend.query import SongLanguage
from core.recommend.word_tables import (
    COUNT,
    DECADE,
    FILLERS,
    GENRE,
    LANGUAGES,
    LISTENING,
    MODES,
    MORE,
    NOW,
    OCCASIONS,
    OLD,
    SINGERS,
    SUBJECTS,
    WISHES,
)

__all__ = ["Words", "decade_of", "take"]


@dataclass(frozen=True)
class Words:
    """What was found.

    Attributes:
        genres: as they were said; see `candidates.match_genres`.
        decades: by their first years.
        years: that were named one by one.
        subject: what the songs are to be about.
        listening: whether it is said what the songs are to be heard for, "... 때 듣기 좋은".
        more: whether further songs are asked for.
        singers: whether it is said what sort of singers are wanted, of which nothing is known.
        rest: what was not understood, single spaces between.
    """

    mode: Mode | None = None
    count: int | None = None
    wish: Wish | None = None
    genres: tuple[str, ...] = ()
    decades: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    language: SongLanguage | None = None
    subject: Subject | None = None
    listening: bool = False
    more: bool = False
    singers: bool = False
    rest: str = ""

    @property
    def said(self) -> bool:
        """Whether anything was understood that tells which songs."""
        return bool(
            self.mode
            or self.wish
            or self.genres
            or self.decades
            or self.years
            or self.language
            or self.subject
            or self.more
        )


def take(text: str) -> Words:
    """What the words say; `rest` holds those that were not understood."""
    text = f" {' '.join(text.split())} "
    words = Words()
    text, words = _languages(text, words)
    text, words = _times(text, words)
    text, words = _moods(text, words)
    text, words = _occasions(text, words)
    text, words = _flags(text, words)
    # A filler may part two words that only then stand side by side.
    rest = " ".join(FILLERS.sub(" ", FILLERS.sub(" ", text)).split())
    return replace(words, rest=rest)


def decade_of(digits: str) -> int:
    """The first year of a decade: "90" and "1990" are 1990, "10" is 2010."""
    year = int(digits)
    if year >= 100:
        return year
    return year + (1900 if year >= 50 else 2000)


def _languages(text: str, words: Words) -> tuple[str, Words]:
    for language, pattern in LANGUAGES:
        if pattern.search(text):
            return pattern.sub(" ", text, count=1), replace(words, language=language)
    return text, words


def _times(text: str, words: Words) -> tuple[str, Words]:
    decades: list[int] = []
    years: list[int] = []
    for match in DECADE.finditer(text):
        if exact := match["exact"]:
            years.append(int(exact))
        elif digits := match["year"] or match["s"]:
            decades.append(decade_of(digits.strip("'")))
        else:
            decades += [NOW] if match["now"] else OLD
    text = DECADE.sub(" ", text)
    genres = [match["genre"] for match in GENRE.finditer(text)]
    text = GENRE.sub(" ", text)
    count = words.count
    if match_ := COUNT.search(text):
        count, text = int(match_[1]), COUNT.sub(" ", text, count=1)
    times = replace(words, decades=tuple(decades), years=tuple(years))
    return text, replace(times, genres=tuple(genres), count=count)


def _moods(text: str, words: Words) -> tuple[str, Words]:
    for mode, pattern in MODES:
        if pattern.search(text):
            text, words = pattern.sub(" ", text, count=1), replace(words, mode=mode)
            break
    found: dict[int, Wish] = {}
    for meant, pattern in WISHES:
        for match in pattern.finditer(text):
            found.setdefault(match.start(), meant)
    for _, pattern in WISHES:
        text = pattern.sub(" ", text)
    # Of several, the last is nearest to the songs: "우울할 때 듣는 신나는 노래" is a lively one.
    wish: Wish | None = found[max(found)] if found else None
    return text, replace(words, wish=wish)


def _occasions(text: str, words: Words) -> tuple[str, Words]:
    listening = bool(LISTENING.search(text))
    text = said = LISTENING.sub(" ", text)
    subject = next((subject for subject, pattern in SUBJECTS if pattern.search(said)), None)
    for _, pattern in SUBJECTS:
        text = pattern.sub(" ", text)
    # Many a subject is an occasion as well: songs of rain are calm ones.
    occasion = next((wish for wish, pattern in OCCASIONS if pattern.search(said)), None)
    for _, pattern in OCCASIONS:
        text = pattern.sub(" ", text)
    wish = words.wish or occasion
    return text, replace(words, wish=wish, subject=subject, listening=listening)


def _flags(text: str, words: Words) -> tuple[str, Words]:
    more = bool(MORE.search(text))
    singers = bool(SINGERS.search(text))
    text = SINGERS.sub(" ", MORE.sub(" ", text))
    return text, replace(words, more=more, singers=singers)
