"""What songs were asked for in plain words, as a value."""

import re
from dataclasses import dataclass, replace
from typing import Final

from core.models import Mode, Subject, Wish
from core.recommend.absent_artists import is_known_elsewhere
from core.recommend.query import Refinement, SongLanguage
from core.recommend.request_words import Words

__all__ = ["TOLD", "SongRequest", "checked", "request_of"]

TOLD: Final = re.compile(
    r"그|이|저|내|네|니|내가|네가|니가|우리|우리가|엄마가|아빠가"
    r"|i|you|we|he|she|they|it|my|your|his|her|our|their|this|that|these|those|who|what|why|how"
)
_NAME_WORDS: Final = 3
"""Of a name that nobody asks for in so many words."""
_SUNG: Final = re.compile(r"(?:이|가) ?부(?:른|르는)$|의$| ?꺼$|(?<=.)표$")


@dataclass(frozen=True)
class SongRequest:
    """What was asked for.

    Attributes:
        mode: None where it was not said.
        count: None where no number was given. Not checked.
        genres: as they were said; see `candidates.match_genres`.
        decades: by their first years.
        years: that were named one by one.
        subject: what the songs are to be about.
        like: the name of a song that others are to be like.
        told: what stood before "노래", as it was said.
        name: words that were not understood: an artist, a song, or what the songs are wanted for.
        asked: whether it is put as a wish to the bot, or says what the songs are to be heard for.
            Only then can `name` be anything but a name.
        play: whether nothing but a name is asked for to be played; it has to be known then.
        more: whether songs like those of the last list are asked for.
        singers: whether singers of some sort are wanted, which nothing is known of.
        without: the name of an artist whose songs are not to come.
        without_genres: not to come, as they were said.
        refinement: how they are to differ from those.
    """

    mode: Mode | None = None
    count: int | None = None
    wish: Wish | None = None
    genres: tuple[str, ...] = ()
    decades: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    language: SongLanguage | None = None
    subject: Subject | None = None
    like: str | None = None
    told: str = ""
    name: str | None = None
    asked: bool = False
    play: bool = False
    more: bool = False
    singers: bool = False
    without: str | None = None
    without_genres: tuple[str, ...] = ()
    refinement: Refinement | None = None

    @property
    def says_which(self) -> bool:
        """Whether anything was understood that tells which songs; a name and a song may be none."""
        told = self.genres or self.decades or self.years or self.language
        return bool(self.mode or self.wish or self.subject or told)


def request_of(words: Words, *, asked: bool) -> SongRequest:
    """The request that these words are."""
    name = _SUNG.sub("", words.rest).strip()
    return SongRequest(
        mode=words.mode,
        count=words.count,
        wish=words.wish,
        genres=words.genres,
        decades=words.decades,
        years=words.years,
        language=words.language,
        subject=words.subject,
        name=name or None,
        asked=asked,
        more=words.more,
        singers=words.singers,
    )


def checked(request: SongRequest) -> SongRequest | None:
    """The request, unless the words that were not understood tell of something else."""
    if request.name and is_known_elsewhere(request.name):
        return replace(request, asked=True)
    words = request.name.split() if request.name else []
    if words and (TOLD.fullmatch(words[0]) or (len(words) > _NAME_WORDS and not request.asked)):
        return None
    return request
