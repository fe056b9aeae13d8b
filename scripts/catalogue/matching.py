"""Which recording is of which song: by a list, by an id in its name, by its name, by its tags."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.models import Song
from core.recommend.artists import artist_keys
from scripts.catalogue.recordings import SUFFIXES
from scripts.catalogue.songs import title_key

__all__ = ["LIST", "Matches", "match_recordings"]

LIST: Final = "audio.csv"
"""In the folder, with the columns `file` and `id`: the surest way, and no need of names."""
_TRACK: Final = re.compile(r"^\d{1,3}[\s._-]+(?=\D)")
_DASH: Final = re.compile(r"\s+[-–—]\s+|_-_|\s*[–—]\s*")
_ID: Final = re.compile(r"(?:melon[:_-])?(\d{3,})")

Tags = Callable[[Path], tuple[str, str]]


@dataclass
class Matches:
    """What was found.

    Attributes:
        files: by song id; the first, by name, of several of a song.
        unmatched: files of no song.
        ambiguous: files that would fit several songs.
        again: further files of a song that has one.
    """

    files: dict[str, Path] = field(default_factory=dict)
    unmatched: list[Path] = field(default_factory=list)
    ambiguous: list[Path] = field(default_factory=list)
    again: list[Path] = field(default_factory=list)


def match_recordings(folder: Path, songs: Sequence[Song], tags: Tags) -> Matches:
    """Find the recordings of songs in a folder and all below it.

    Args:
        folder: of the recordings.
        songs: of the catalogue.
        tags: the artist and the title that a file names itself; asked where its name says nothing.
    """
    by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
    for song in songs:
        for artist in artist_keys(song.artist):
            by_name[artist, title_key(song.title)].add(song.id)
    ids = {song.id for song in songs}
    listed = _listed(folder / LIST)
    matches = Matches()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        found = _found(path, listed.get(path.relative_to(folder).as_posix()), ids, by_name, tags)
        _keep(matches, path, found)
    return matches


def _keep(matches: Matches, path: Path, found: set[str]) -> None:
    if not found:
        matches.unmatched.append(path)
    elif len(found) > 1:
        matches.ambiguous.append(path)
    elif (song := next(iter(found))) in matches.files:
        matches.again.append(path)
    else:
        matches.files[song] = path


def _found(
    path: Path,
    listed: str | None,
    ids: set[str],
    by_name: dict[tuple[str, str], set[str]],
    tags: Tags,
) -> set[str]:
    if listed is not None:
        return {listed, f"melon:{listed}"} & ids
    if number := _ID.fullmatch(path.stem):
        return {f"melon:{number[1]}"} & ids
    if path.stem in ids:
        return {path.stem}
    parts = _DASH.split(_TRACK.sub("", path.stem), maxsplit=1)
    if len(parts) == 2 and (found := _named(parts, by_name) or _named(parts[::-1], by_name)):
        return found
    return _named(tags(path), by_name)


def _named(names: Iterable[str], by_name: dict[tuple[str, str], set[str]]) -> set[str]:
    artist, title = (name.replace("_", " ").strip() for name in names)
    if not artist or not title:
        return set()
    key = title_key(title)
    return {id_ for each in artist_keys(artist) for id_ in by_name.get((each, key), ())}


def _listed(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return {row["file"]: row["id"] for row in rows if row.get("file") and row.get("id")}
