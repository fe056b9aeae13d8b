"""What a person's votes say of the person's taste, to be put into words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.models import Song
from core.recommend.traits import song_traits
from core.records import StandingVerdict, Verdict

__all__ = ["Leaning", "Taste", "describe_taste"]

_PRIOR_VOTES: Final = 4.0
_LEAST_VOTES: Final = 2
_CLEAR: Final = 0.08


@dataclass(frozen=True)
class Leaning:
    """What a person likes more, or less, often than songs in general.

    Attributes:
        kind: "artist", "genre" or "years" (five from the year named on).
        name: of the artist as on the songs, of the genre, or the first of the years.
        likes: songs of it liked.
        votes: songs of it voted on.
        lean: by how much more often it is liked than the person's songs in general, shrunk:
            (likes - rate votes) / (4 + votes), -1 to 1.
    """

    kind: str
    name: str
    likes: int
    votes: int
    lean: float


@dataclass(frozen=True)
class Taste:
    """What can be told of a person's taste.

    Attributes:
        likes: songs liked.
        dislikes: songs disliked.
        liked: what is liked more often than the rest, most clearly first.
        disliked: what is liked less often, most clearly first.
    """

    likes: int
    dislikes: int
    liked: tuple[Leaning, ...]
    disliked: tuple[Leaning, ...]


def describe_taste(
    verdicts: Sequence[StandingVerdict], songs: Mapping[str, Song], most: int = 3
) -> Taste:
    """Read a person's taste from the votes, own ones only.

    A leaning needs two votes and has to differ clearly: what two votes say is halved and more.

    Args:
        verdicts: what stands; what is never to come again was disliked.
        songs: the catalogue by song id; other songs are left out.
        most: leanings of each sort.
    """
    votes = [
        (songs[verdict.song_id], verdict.verdict is Verdict.UP)
        for verdict in verdicts
        if verdict.song_id in songs
    ]
    likes = sum(liked for _, liked in votes)
    counts: dict[tuple[str, str], list[bool]] = defaultdict(list)
    names: dict[tuple[str, str], str] = {}
    for song, liked in votes:
        for kind, name in song_traits(song):
            counts[kind, name].append(liked)
            names[kind, name] = song.artist if kind == "artist" else name
    rate = likes / len(votes) if votes else 0.0
    leanings = [
        Leaning(kind, names[kind, name], sum(said), len(said), _lean(said, rate))
        for (kind, name), said in counts.items()
        if len(said) >= _LEAST_VOTES
    ]
    ordered = sorted(leanings, key=lambda leaning: (-leaning.lean, leaning.kind, leaning.name))
    return Taste(
        likes=likes,
        dislikes=len(votes) - likes,
        liked=tuple(leaning for leaning in ordered if leaning.lean >= _CLEAR)[:most],
        disliked=tuple(leaning for leaning in ordered[::-1] if leaning.lean <= -_CLEAR)[:most],
    )


def _lean(said: Sequence[bool], rate: float) -> float:
    return (sum(said) - rate * len(said)) / (_PRIOR_VOTES + len(said))
