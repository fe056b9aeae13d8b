"""Why a song was chosen; a part of `core.models`, from where everybody takes it."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["AskedFor", "Contrast", "Reason", "ReasonKind", "Wish"]


class ReasonKind(StrEnum):
    """What spoke for a song."""

    SHARED = "shared"
    """The song and what was looked for have the emotion in common, more than any other."""
    LIFT = "lift"
    """The emotion is what the opposite song brings in."""
    CALM = "calm"
    """The emotion leads the mood, and the song has clearly less of it."""
    START = "start"
    """The song stands where the mood is: the first steps of a path."""
    SETTLE = "settle"
    """The song is calmer than where the path began."""
    BRIGHTEN = "brighten"
    """The song is brighter than where the path began."""
    STAY = "stay"
    """The mood is bright already, and the song stays with it."""
    TOPIC = "topic"
    """The lyrics are near to a part of the diary, `about`."""
    WORDS = "words"
    """The lyrics are near to those of the song that was named, `about`."""
    ECHO = "echo"
    """The song and the one that was named, `about`, have the emotion in common."""
    STYLE = "style"
    """The song shares a genre, `about`, with the song that was named."""
    TASTE = "taste"
    """The person's votes; `about` names a genre or an artist the person likes, where one is."""
    CROWD = "crowd"
    """People liked the song in such moods."""
    POPULAR = "popular"
    """The song was long or high in the charts."""
    HIDDEN = "hidden"
    """The song was hardly in the charts, and that was asked for."""
    NEW = "new"
    """The song was drawn by chance."""
    GENTLE = "gentle"
    """The song is quiet and mild: for who spoke of danger."""
    ASKED = "asked"
    """The song has what was asked for in words: a `wish`, or an artist, a genre, a time."""
    PLAIN = "plain"
    """The song is not like what was looked for; `about` names its artist or genre where that was
    asked for."""


class Wish(StrEnum):
    """What songs are asked for to be like, whatever the mood is."""

    LIVELY = "lively"
    BRIGHT = "bright"
    CHEERING = "cheering"
    SWEET = "sweet"
    WARM = "warm"
    COMFORTING = "comforting"
    CALM = "calm"
    LONELY = "lonely"
    GLOOMY = "gloomy"
    SAD = "sad"
    ANGRY = "angry"
    INTENSE = "intense"


class Subject(StrEnum):
    """What songs are asked for to be about."""

    CHRISTMAS = "christmas"
    WINTER = "winter"
    SNOW = "snow"
    RAIN = "rain"
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"


class Contrast(StrEnum):
    """Where a song's words and its style say different things."""

    BRIGHT_WORDS = "bright_words"
    """Bright words, quiet style."""
    DARK_WORDS = "dark_words"
    """Heavy words, lively style."""


@dataclass(frozen=True)
class Reason:
    """Why a song was chosen, true to its score; presentation makes a sentence of it.

    It is shown and not kept: `about` may be the person's own words.

    Attributes:
        kind: the largest contribution to the score.
        emotion: a label of `labels.COARSE`; of the match, or what the song is most.
        share: how much of the song is that emotion, 0 to 1.
        fine: a label of `labels.FINE` that belongs to the emotion and by which the song stands
            out most; None where none does.
        about: what the kind speaks of; None where it speaks of nothing by name.
        contrast: None where words and style agree, or one is not known.
        wish: of `ReasonKind.ASKED`; None where no wish was said.
    """

    kind: ReasonKind
    emotion: str
    share: float
    fine: str | None = None
    about: str | None = None
    contrast: Contrast | None = None
    wish: Wish | None = None


@dataclass(frozen=True)
class AskedFor:
    """What the songs of a list were to have or to be like, whatever the mood was.

    Attributes:
        artists: as the catalogue shows them.
        genres: as the catalogue names them.
        decades: by their first years.
        years: that were named one by one.
        language: of the lyrics, as `core.recommend.query.SongLanguage` names it.
        subjects: that the songs are about.
        read: whether it was read in words that no wish is made of.
    """

    wish: Wish | None = None
    artists: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    decades: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    language: str | None = None
    subjects: tuple[Subject, ...] = ()
    read: bool = False
