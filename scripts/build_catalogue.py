"""Builds the bundled song catalogue from a table of songs with lyrics.

    python -m scripts.build_catalogue [--songs FILE] [--out data/songs] [--model FOLDER]
                                      [--style-weight 0.5]
                                      [--audio FOLDER] [--melody-weight 0.4]

With --audio, recordings of the songs are measured (see `scripts.catalogue.melody`); that needs the
packages of requirements-audio.txt. Without, moods are made of lyrics and genres.

Writes songs.tsv, arrays.bin, catalogue.json and calibration.png (see data/songs/README.md). These
hold facts and numbers but no lyrics. The same table and model give the same bytes.
"""

import argparse
import importlib.util
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.requires import require_all

require_all()

import numpy as np
from tqdm import tqdm

from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE
from core.errors import SetupError
from core.models import Song
from core.recommend.catalogue import Catalogue
from scripts.catalogue.assemble import Constants, ReadSongs, assemble, raw_moods
from scripts.catalogue.lyrics import Scorer, score_songs
from scripts.catalogue.matching import match_recordings
from scripts.catalogue.melody import MELODY_WEIGHT, Melody, melody_mood, with_melodies
from scripts.catalogue.picture import draw
from scripts.catalogue.recordings import RecordingError, measure_file, tags_of
from scripts.catalogue.songs import Selection, select_songs
from scripts.catalogue.style import STYLE_WEIGHT
from scripts.catalogue.table import TableError, read_table

__all__ = ["Recordings", "build", "hear", "main", "read_songs"]

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = "calibration.png"
_TITLES_SHOWN: Final = 5


@dataclass(frozen=True)
class Recordings:
    """Where recordings lie, and how much their melodies weigh.

    Attributes:
        weight: 0 to 1; see `scripts.catalogue.melody`.
    """

    folder: Path
    weight: float = MELODY_WEIGHT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _options(arguments)
    try:
        with closing(Classifier.load(options.model)) as classifier:
            build(
                options.songs,
                options.out,
                classifier.read_now,
                classifier.version,
                options.style_weight,
                options.audio and Recordings(options.audio, options.melody_weight),
            )
    except (TableError, SetupError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def build(
    table: Path,
    out: Path,
    scorer: Scorer,
    model_version: str,
    style_weight: float = STYLE_WEIGHT,
    recordings: Recordings | None = None,
) -> Catalogue:
    """Read the table, score the songs, and write the catalogue with its picture to `out`.

    Args:
        table: see `scripts.catalogue.table.read_table`.
        out: the folder to write to.
        scorer: reads texts.
        model_version: of the scorer.
        style_weight: see `scripts.catalogue.style`.
        recordings: of the songs; None where there are none.

    Raises:
        TableError: the table cannot be read, or no song in it can be used.
    """
    rows = read_table(table)
    selection = select_songs(rows)
    read = read_songs(selection, scorer)
    _report(len(rows), len(read.songs), selection)
    if not read.songs:
        raise TableError(f"{table} holds no song that can be used")
    catalogue = assemble(read, Constants.fit(read, style_weight), model_version)
    if recordings is not None:
        catalogue = with_melodies(
            catalogue, hear(recordings.folder, catalogue.songs), recordings.weight
        )
    catalogue.save(out)
    _draw(out / PICTURE, read, catalogue)
    _report_moods(catalogue)
    return catalogue


def hear(folder: Path, songs: Sequence[Song]) -> dict[str, Melody]:
    """The melodies of the songs of which the folder has a recording; says which it could not use.

    Args:
        folder: of recordings; see `scripts.catalogue.matching`.
        songs: of the catalogue.
    """
    matches = match_recordings(folder, songs, tags_of)
    melodies: dict[str, Melody] = {}
    unusable: list[str] = []
    for song, path in tqdm(matches.files.items(), unit=" files", desc="hearing recordings"):
        try:
            melodies[song] = melody_mood(measure_file(path))
        except RecordingError as error:
            unusable.append(f"{path.name} ({error})")
    print(f"{len(melodies)} of {len(songs)} songs heard")
    _report_files("of no song of the catalogue", [path.name for path in matches.unmatched])
    _report_files("of several songs by that name", [path.name for path in matches.ambiguous])
    _report_files("of a song that has one already", [path.name for path in matches.again])
    _report_files("cannot be used", unusable)
    return melodies


def read_songs(selection: Selection, scorer: Scorer) -> ReadSongs:
    """Read the lyrics, with a progress bar; songs in which nothing can be read are left out."""
    with tqdm(total=len(selection.songs), unit=" songs", desc="reading lyrics") as bar:
        means = score_songs(selection.windows, scorer, bar.update)
    read = [
        (song, windows, mean)
        for song, windows, mean in zip(selection.songs, selection.windows, means, strict=True)
        if mean
    ]
    songs, windows, readings = zip(*read, strict=True) if read else ((), (), ())
    return ReadSongs(songs, windows, readings)


def _draw(picture: Path, read: ReadSongs, catalogue: Catalogue) -> None:
    coarse, valence, arousal = raw_moods(read.readings)
    draw(
        picture,
        coarse=(coarse, catalogue.coarse),
        valence=(valence, catalogue.valence),
        arousal=(arousal, catalogue.arousal),
    )


def _report(rows: int, kept: int, selection: Selection) -> None:
    print(f"{rows} rows: {kept} songs kept, {rows - kept} dropped")
    unread = len(selection.songs) - kept
    if unread:
        print(f"  {unread:6} the model could read nothing in the lyrics")
    for reason, names in sorted(selection.dropped.items()):
        more = ", ..." if len(names) > _TITLES_SHOWN else ""
        print(f"  {len(names):6} {reason}: {', '.join(names[:_TITLES_SHOWN])}{more}")


def _report_files(why: str, names: Sequence[str]) -> None:
    """Every file is named: whoever has the recordings wants to know which to rename."""
    if names:
        print(f"  {len(names):6} files {why}: {', '.join(names)}")


def _report_moods(catalogue: Catalogue) -> None:
    led = np.bincount(catalogue.coarse.argmax(axis=1), minlength=len(COARSE))
    shares = ", ".join(
        f"{name} {100 * songs / len(catalogue.songs):.0f} %"
        for name, songs in zip(COARSE, led, strict=True)
    )
    flagged = int(catalogue.flagged.sum())
    print(f"songs led by {shares}; {flagged} flagged; catalogue {catalogue.version}")
    print(f"moods are made of {', '.join(catalogue.made_of)}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.build_catalogue",
        description="Build the song catalogue from a table of songs with lyrics.",
    )
    parser.add_argument(
        "--songs", type=Path, help="a parquet, CSV or TSV file with title, artist and lyrics"
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=ROOT / "../shared/data",
        help="the data folder, for its songs where --songs is not given (default: %(default)s)",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "data/songs", help="folder to write")
    parser.add_argument(
        "--model", type=Path, default=ROOT / "data/models/emotion", help="folder of the model"
    )
    parser.add_argument(
        "--style-weight",
        type=_share,
        default=STYLE_WEIGHT,
        help="how much of a song's mood is its genres', 0 to 1 (default: %(default)s)",
    )
    parser.add_argument("--audio", type=_folder, help="a folder of recordings of the songs")
    parser.add_argument(
        "--melody-weight",
        type=_share,
        default=MELODY_WEIGHT,
        help="how much of a song's mood is its recording's, 0 to 1 (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    if options.audio and importlib.util.find_spec("librosa") is None:
        parser.error("--audio needs librosa: pip install -r requirements-audio.txt")
    options.songs = options.songs or options.data / "songs/melon_chart_songs.parquet"
    return options


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError("is no folder")
    return Path(text)


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("has to be from 0 to 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
