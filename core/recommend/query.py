"""What can be asked of the recommender, as plain values."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.models import EmotionScores, Mode, Subject, Vector, Wish

__all__ = ["Diary", "DiaryPart", "Refinement", "SongFilters", "SongLanguage", "SongQuery"]


class SongLanguage(StrEnum):
    """The language of lyrics."""

    KOREAN = "korean"
    MIXED = "mixed"
    """With English (or another language) for a good part."""


class Refinement(StrEnum):
    """One tap that moves the next list in a direction, away from the one it is tapped under."""

    BRIGHTER = "brighter"
    CALMER = "calmer"
    LIVELIER = "livelier"
    COMFORTING = "comforting"
    OTHER_ARTISTS = "other_artists"
    OLDER = "older"
    NEWER = "newer"


@dataclass(frozen=True)
class SongFilters:
    """What the songs of a list have in common. An empty filter lets every song pass.

    A song of which a fact is not known passes no filter on that fact. What a person never wants
    to hear again is among the verdicts and need not be repeated here.

    Attributes:
        genres: a song has one of these, as the catalogue names them (see
            `candidates.match_genres`).
        decades: a song is of one of these, by their first years, such as 2010.
        years: a song is of one of these.
        language: of the lyrics.
        subjects: a song is about one of these, see `subjects`.
        artists: a song is by one of these, under any of the names.
        songs: ids; no other song comes.
        without_songs: ids of songs not to come.
        without_artists: names of artists not to come.
        without_genres: genres none of which a song has.
        familiarity: from songs hardly anybody knows (-1) over no matter (0) to those everybody
            knows (1), by the charts. It moves the order and bars nothing.
    """

    genres: tuple[str, ...] = ()
    decades: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    language: SongLanguage | None = None
    subjects: tuple[Subject, ...] = ()
    artists: tuple[str, ...] = ()
    songs: tuple[str, ...] = ()
    without_songs: tuple[str, ...] = ()
    without_artists: tuple[str, ...] = ()
    without_genres: tuple[str, ...] = ()
    familiarity: float = 0.0

    def __post_init__(self) -> None:
        """Check the range.

        Raises:
            ValueError: the familiarity is out of it.
        """
        if not -1 <= self.familiarity <= 1:
            raise ValueError(f"a familiarity of {self.familiarity} is not from -1 to 1")

    @property
    def named(self) -> bool:
        """Whether something was named that the songs are to have."""
        told = self.genres or self.decades or self.years or self.language or self.subjects
        return bool(told or self.artists or self.songs)


@dataclass(frozen=True, eq=False)
class DiaryPart:
    """A sentence or two of a diary.

    Attributes:
        text: as it was written, short enough to be quoted back to its writer.
        embedding: of its meaning, by the emotion model, [shape=(d,)].
    """

    text: str
    embedding: Vector


@dataclass(frozen=True, eq=False)
class Diary:
    """A long text whose meaning is searched for in lyrics. Never kept.

    Attributes:
        text: the whole.
        embedding: of the whole, by the emotion model, [shape=(d,)].
        parts: for the reason that names one; may be empty.
    """

    text: str
    embedding: Vector
    parts: tuple[DiaryPart, ...] = ()


@dataclass(frozen=True, eq=False)
class SongQuery:
    """What songs are asked for.

    Attributes:
        mode: how they relate to the mood.
        count: how many; None for the mode's usual number.
        filters: what they have in common.
        refinements: taps since the list that was asked for plainly, oldest first. The last one
            moves on from `anchor`, those before hold what they have reached.
        anchor: ids of the songs under which was tapped.
        diary: for `Mode.DIARY`, and only there.
        seed_song: the id of the song for `Mode.LIKE_SONG`, and only there.
        wish: what the songs are to be like; it stands in the place of the mood.
        aim: the same as it was read in words that no wish is made of.
        gentle: whether only songs may come that stand beside somebody in danger
            (`core.recommend.gentle`).
    """

    mode: Mode = Mode.SIMILAR
    count: int | None = None
    filters: SongFilters = field(default_factory=SongFilters)
    refinements: tuple[Refinement, ...] = ()
    anchor: tuple[str, ...] = ()
    diary: Diary | None = None
    seed_song: str | None = None
    wish: Wish | None = None
    aim: EmotionScores | None = None
    gentle: bool = False

    def __post_init__(self) -> None:
        """Check that the parts fit the mode.

        Raises:
            ValueError: a diary or a song is missing or has no use, or a refinement no anchor.
        """
        if (self.mode is Mode.DIARY) != (self.diary is not None):
            raise ValueError("a diary goes with the diary mode")
        if (self.mode is Mode.LIKE_SONG) != (self.seed_song is not None):
            raise ValueError("a song goes with the mode of songs like it")
        if self.refinements and not self.anchor:
            raise ValueError("a refinement needs the songs it moves on from")
