"""Searches the catalogue by title and artist, as the bot does.

python -m scripts.search_songs "아이유 - 밤편지" [-k 10] [--json] [--catalogue FOLDER]
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.config import limit_threads

limit_threads()

from core.errors import SetupError
from core.recommend.catalogue import Catalogue
from core.recommend.search import SongMatch, SongSearch

__all__ = ["main"]

ROOT: Final = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 1 for no song, 2 for no question."""
    options = _options(arguments)
    if not options.text.strip():
        print("name a title, an artist, or both: there is nothing to search for", file=sys.stderr)
        return 2
    try:
        search = SongSearch(Catalogue.load(options.catalogue).songs)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    began = time.perf_counter()
    matches = search.find(options.text, options.count)
    milliseconds = 1000 * (time.perf_counter() - began)
    if options.json:
        found = {"query": options.text, "songs": [_as_json(match) for match in matches]}
        print(json.dumps({**found, "milliseconds": round(milliseconds, 3)}, ensure_ascii=False))
    else:
        for match in matches:
            print(f"{match.song.id}\t{match.song.title} - {match.song.artist}")
    return 0 if matches else 1


def _as_json(match: SongMatch) -> dict[str, object]:
    song = match.song
    return {
        "id": song.id,
        "title": song.title,
        "artist": song.artist,
        "year": song.year,
        "genres": list(song.genres),
        "way": match.way,
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.search_songs", description="Search the song catalogue."
    )
    parser.add_argument("text", help="a title, an artist, or both in either order")
    parser.add_argument("-k", "--count", type=int, default=10, help="the most songs to show")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--catalogue", type=Path, default=ROOT / "data/songs", help="folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
