"""Builds the bundled song catalogue from a table of songs with lyrics.

    python -m scripts.build_catalogue [--songs FILE] [--out data/songs] [--model FOLDER]

Writes songs.tsv, coarse.npy, fine.npy, valence.npy, arousal.npy, catalogue.json and calibration.png
(see data/songs/README.md). These hold facts and numbers but no lyrics. The same table and model
give the same bytes.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from scripts.requires import require_all

require_all()

import numpy as np
from tqdm import tqdm

from core.emotion.classifier import Classifier
from core.emotion.labels import COARSE
from core.errors import SetupError
from core.models import EmotionScores, Song
from core.recommend.catalogue import Catalogue
from scripts.catalogue.calibration import Array, Calibration
from scripts.catalogue.lyrics import WINDOW_LINES, Scorer, score_songs
from scripts.catalogue.picture import draw
from scripts.catalogue.songs import Selection, select_songs
from scripts.catalogue.table import TableError, read_table

__all__ = ["build", "main"]

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = "calibration.png"
_TITLES_SHOWN: Final = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _options(arguments)
    try:
        with closing(Classifier.load(options.model)) as classifier:
            build(options.songs, options.out, classifier.scores, classifier.version)
    except (TableError, SetupError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def build(table: Path, out: Path, scorer: Scorer, model_version: str) -> Catalogue:
    """Read the table, score the songs, and write the catalogue with its picture to `out`.

    Args:
        table: see `scripts.catalogue.table.read_table`.
        out: the folder to write to.
        scorer: reads the emotion of texts.
        model_version: of the scorer.

    Raises:
        TableError: the table cannot be read, or no song in it can be used.
    """
    rows = read_table(table)
    selection = select_songs(rows)
    with tqdm(total=len(selection.songs), unit=" songs", desc="reading lyrics") as bar:
        means = score_songs(selection.windows, scorer, bar.update)
    read = [(song, mean) for song, mean in zip(selection.songs, means, strict=True) if mean]
    _report(len(rows), len(read), selection)
    if not read:
        raise TableError(f"{table} holds no song that can be used")
    songs, scores = zip(*read, strict=True)
    catalogue = _calibrated(songs, scores, model_version)
    catalogue.save(out)
    _draw(out / PICTURE, scores, catalogue)
    _report_moods(catalogue)
    return catalogue


def _calibrated(
    songs: tuple[Song, ...], scores: Sequence[EmotionScores], model_version: str
) -> Catalogue:
    coarse, valence, arousal = _raw(scores)
    calibration = Calibration.fit(coarse, valence, arousal)
    return Catalogue(
        songs=songs,
        coarse=calibration.distribution(coarse),
        fine=np.array([mean.fine for mean in scores], dtype=np.float16),
        valence=calibration.scaled_valence(valence),
        arousal=calibration.scaled_arousal(arousal),
        model_version=model_version,
        calibration={"window_lines": WINDOW_LINES, **calibration.as_json()},
    )


def _draw(picture: Path, scores: Sequence[EmotionScores], catalogue: Catalogue) -> None:
    coarse, valence, arousal = _raw(scores)
    draw(
        picture,
        coarse=(coarse, catalogue.coarse),
        valence=(valence, catalogue.valence),
        arousal=(arousal, catalogue.arousal),
    )


def _raw(scores: Sequence[EmotionScores]) -> tuple[Array, Array, Array]:
    """The distributions over `labels.COARSE` [shape=(n, 7)], valence and arousal [shape=(n,)]."""
    return (
        np.array([mean.coarse for mean in scores], dtype=np.float64),
        np.array([mean.valence for mean in scores]),
        np.array([mean.arousal for mean in scores]),
    )


def _report(rows: int, kept: int, selection: Selection) -> None:
    print(f"{rows} rows: {kept} songs kept, {rows - kept} dropped")
    unread = len(selection.songs) - kept
    if unread:
        print(f"  {unread:6} the model could read nothing in the lyrics")
    for reason, names in sorted(selection.dropped.items()):
        more = ", ..." if len(names) > _TITLES_SHOWN else ""
        print(f"  {len(names):6} {reason}: {', '.join(names[:_TITLES_SHOWN])}{more}")


def _report_moods(catalogue: Catalogue) -> None:
    led = np.bincount(catalogue.coarse.argmax(axis=1), minlength=len(COARSE))
    shares = ", ".join(
        f"{name} {100 * songs / len(catalogue.songs):.0f} %"
        for name, songs in zip(COARSE, led, strict=True)
    )
    print(f"songs led by {shares}; catalogue {catalogue.version}")


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
    options = parser.parse_args(arguments)
    options.songs = options.songs or options.data / "songs/melon_chart_songs.parquet"
    return options


if __name__ == "__main__":
    sys.exit(main())
