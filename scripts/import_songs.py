"""Adds an operator's own songs to the catalogue: a CSV, TSV, XLSX or parquet file.

    python -m scripts.import_songs FILE [--catalogue data/songs] [--model FOLDER] [--check]
                                        [--skip-bad]

The columns are those of `scripts.build_catalogue` (title, artist and lyrics have to be there).
Every row is checked first, and every bad one is printed with its line and reason. With a bad row
nothing is imported, unless --skip-bad leaves the bad rows out. A song that the catalogue has
already, by title and artist, is not read again: only facts that were missing are filled in. New
songs are read by the emotion model and measured by the catalogue's own constants. The files are
written at the end; what runs keeps the old ones. Lyrics are not kept.

What was learned from votes belongs to the old catalogue: run `python -m scripts.retrain` after it.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scripts.requires import require_all

require_all(["pandas"])  # what reads tables; the rest is needed after the rows were checked

import numpy as np

from core.errors import SetupError
from core.models import Song
from core.recommend.catalogue import Catalogue
from scripts.catalogue.lyrics import Scorer, lyric_windows
from scripts.catalogue.songs import Selection, same_song_keys, select_songs, sort_key
from scripts.catalogue.table import TableError, read_cells, row_of

__all__ = ["BadRow", "Imported", "bad_rows", "import_songs", "main"]

ROOT: Final = Path(__file__).resolve().parents[1]
_YEARS: Final = range(1900, 2101)
_SHOWN: Final = 40
_FACTS: Final = ("album", "genres", "year", "chart_months", "best_rank", "link")


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be imported.

    Attributes:
        line: of the file, the names of the columns being line 1. Cells that hold line ends count
            as one line.
        reason: what is wrong.
    """

    line: int
    reason: str


@dataclass(frozen=True)
class Imported:
    """What an import makes.

    Attributes:
        catalogue: the old songs and the new ones.
        added: new songs.
        filled: known songs of which a missing fact was filled in.
        known: songs of the file that the catalogue had.
        unread: songs in whose lyrics the model could read nothing; not added.
    """

    catalogue: Catalogue
    added: int
    filled: int
    known: int
    unread: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _options(arguments)
    try:
        cells = read_cells(options.file)
        bad = bad_rows(cells)
        for row in bad:
            print(f"{options.file}:{row.line}: {row.reason}", file=sys.stderr)
        if bad and not options.skip_bad:
            print(f"{len(bad)} of {len(cells)} rows are bad; nothing was imported", file=sys.stderr)
            return 1
        if options.check:
            print(f"{len(cells) - len(bad)} rows can be imported")
            return 0
        lines = {row.line for row in bad}
        good = [each for line, each in enumerate(cells, start=2) if line not in lines]
        _import(good, options)
    except (TableError, SetupError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def bad_rows(cells: Sequence[Mapping[str, str]]) -> list[BadRow]:
    """The rows that cannot be imported, in order; of several things wrong each is named."""
    return [
        BadRow(line, "; ".join(wrong))
        for line, row in enumerate(cells, start=2)
        if (wrong := [text for check in _CHECKS if (text := check(row))])
    ]


def import_songs(
    catalogue: Catalogue, selection: Selection, scorer: Scorer, model_version: str
) -> Imported:
    """Add songs to a catalogue; only those it does not have are read.

    Args:
        catalogue: stays as it is.
        selection: the songs of the file.
        scorer: the emotion model.
        model_version: of the scorer.

    Raises:
        CatalogueError: the catalogue does not hold the constants to measure songs by.
        TableError: the catalogue was made by another model.
    """
    # Imported here, with what it needs to measure: what is wrong with a file is said before.
    from scripts.build_catalogue import read_songs  # noqa: PLC0415
    from scripts.catalogue.assemble import Constants, assemble  # noqa: PLC0415

    if model_version != catalogue.model_version:
        raise TableError(
            "the catalogue was read by another emotion model: build it again first, "
            "with `python -m scripts.build_catalogue`"
        )
    songs, new, known = _merged(catalogue.songs, selection)
    read = read_songs(new, scorer)
    merged = replace(catalogue, songs=tuple(songs))
    if read.songs:
        merged = merged.joined(assemble(read, Constants.of(catalogue), model_version))
    order = sorted(range(len(merged.songs)), key=lambda row: sort_key(merged.songs[row]))
    return Imported(
        catalogue=merged.take(np.array(order, np.intp)),
        added=len(read.songs),
        filled=sum(song != old for song, old in zip(songs, catalogue.songs, strict=True)),
        known=known,
        unread=len(new.songs) - len(read.songs),
    )


def _import(cells: Sequence[dict[str, str]], options: argparse.Namespace) -> None:
    selection = select_songs(map(row_of, cells))
    for reason, names in sorted(selection.dropped.items()):
        print(f"{len(names)} left out, {reason}: {', '.join(names[:5])}")
    require_all()
    from core.emotion.classifier import Classifier  # noqa: PLC0415

    with closing(Classifier.load(options.model)) as classifier:
        done = import_songs(
            Catalogue.load(options.catalogue), selection, classifier.read_now, classifier.version
        )
    if done.added or done.filled:
        done.catalogue.save(options.catalogue)
    print(
        f"{done.added} songs added, {done.known} known already, facts of {done.filled} filled in, "
        f"{done.unread} could not be read; {len(done.catalogue.songs)} songs in all"
    )


def _merged(songs: Sequence[Song], selection: Selection) -> tuple[list[Song], Selection, int]:
    """The known songs with missing facts filled in, the new ones, and how many were known."""
    place = {key: row for row, song in enumerate(songs) for key in same_song_keys(song)}
    merged, new = list(songs), Selection([], [])
    for song, windows in zip(selection.songs, selection.windows, strict=True):
        row = next((place[key] for key in same_song_keys(song) if key in place), None)
        if row is None:
            new.songs.append(song)
            new.windows.append(windows)
        else:
            merged[row] = _filled(merged[row], song)
    return merged, new, len(selection.songs) - len(new.songs)


def _filled(song: Song, other: Song) -> Song:
    missing = {name: getattr(other, name) for name in _FACTS if getattr(song, name) in (None, ())}
    return replace(song, **missing)


def _no_name(row: Mapping[str, str]) -> str | None:
    missing = [name for name in ("title", "artist") if not row[name].strip()]
    return f"no {' and no '.join(missing)}" if missing else None


def _no_lyrics(row: Mapping[str, str]) -> str | None:
    if not row["lyrics"].strip():
        return "no lyrics"
    return None if lyric_windows(row["lyrics"]) else "lyrics of less than 40 letters"


def _no_year(row: Mapping[str, str]) -> str | None:
    text = row.get("year", "").strip()
    if not text:
        return None
    year = row_of({**row, "year": text}).year
    return None if year in _YEARS else f"no year: {text[:_SHOWN]!r}"


def _no_number(row: Mapping[str, str]) -> str | None:
    wrong = [
        f"{name} is no whole number: {row[name].strip()[:_SHOWN]!r}"
        for name in ("melon_id", "chart_months", "best_rank")
        if row.get(name, "").strip() and getattr(row_of(dict(row)), name) is None
    ]
    return "; ".join(wrong) or None


_CHECKS: Final[tuple[Callable[[Mapping[str, str]], str | None], ...]] = (
    _no_name,
    _no_lyrics,
    _no_year,
    _no_number,
)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.import_songs", description="Add songs to the catalogue."
    )
    parser.add_argument("file", type=Path, help="a CSV, TSV, XLSX or parquet file")
    parser.add_argument("--check", action="store_true", help="only check the rows")
    parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out")
    parser.add_argument("--catalogue", type=Path, default=ROOT / "data/songs", help="folder")
    parser.add_argument("--model", type=Path, default=ROOT / "data/models/emotion", help="folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
