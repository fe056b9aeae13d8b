"""Measures whether songs' moods agree with what people say of them.

    python -m scripts.evaluate_song_moods FILE [--catalogue data/songs] [--json]

FILE is a table (CSV, TSV, XLSX or parquet) with a title and an artist, or an id; and `tag`, the tag
of a playlist that the song is in (a song may have several rows), or `audio_valence`, or both. For
each tag of `_AGAINST` the area under the ROC curve is printed: how often a song of the tag has more
of the tag's emotion than one of the tags it is set against. It is given for the song's mood and for
its parts: lyrics alone and genres alone. For audio_valence, Spearman's rank correlation with the
valence of each. Songs that the catalogue does not have are left out.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bot.config import limit_threads
from scripts.requires import require_all

require_all()
limit_threads()

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from core.emotion.labels import COARSE, JOY
from core.errors import SetupError
from core.models import Song
from core.recommend.catalogue import Catalogue
from scripts.catalogue.songs import same_song_keys

__all__ = ["main", "measure"]

ROOT: Final = Path(__file__).resolve().parents[1]
_SAD: Final = COARSE.index("슬픔")
_SAD_TAGS: Final = ("슬픔", "이별")
_GLAD_TAGS: Final = ("신나는", "기분전환")
# What each tag is measured by (its sign, the class) and set against.
_AGAINST: Final = {
    "슬픔": (_SAD, _GLAD_TAGS),
    "이별": (_SAD, _GLAD_TAGS),
    "신나는": (JOY, _SAD_TAGS),
    "기분전환": (JOY, _SAD_TAGS),
    "힐링": (JOY, _SAD_TAGS),
}

Array = npt.NDArray[Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.evaluate_song_moods",
        description="Measure whether songs' moods agree with tags and audio.",
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--catalogue", type=Path, default=ROOT / "data/songs")
    options = parser.parse_args(arguments)
    try:
        measured = measure(Catalogue.load(options.catalogue), _read(options.file))
    except (SetupError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(measured, ensure_ascii=False))
    else:
        for name, values in measured.items():
            print(
                f"{name:12} " + "  ".join(f"{part} {value:.3f}" for part, value in values.items())
            )
    return 0


def measure(catalogue: Catalogue, table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """For each tag the AUC by the song's mood and by its parts; for audio, the correlations."""
    rows = _rows(catalogue, table)
    found = table.assign(row=rows)[rows >= 0]
    measured: dict[str, dict[str, float]] = {}
    if "tag" in found:
        of_tag = {tag: group["row"].unique() for tag, group in found.groupby("tag")}
        for tag, (emotion, others) in _AGAINST.items():
            against = [of_tag[other] for other in others if other in of_tag]
            if tag in of_tag and against:
                outside = np.setdiff1d(np.concatenate(against), of_tag[tag])
                measured[tag] = _areas(catalogue, of_tag[tag], outside, emotion)
    if "audio_valence" in found:
        known = found.dropna(subset=["audio_valence"]).drop_duplicates("row")
        measured["audio"] = _correlations(catalogue, known)
    return measured


def _areas(catalogue: Catalogue, inside: Array, outside: Array, emotion: int) -> dict[str, float]:
    both = np.concatenate([inside, outside])
    truth = np.arange(len(both)) < len(inside)
    sign = -1.0 if emotion == _SAD else 1.0
    scores = {
        "song": catalogue.coarse[both, emotion],
        "song valence": sign * catalogue.valence[both],
        "lyrics": catalogue.lyric_coarse[both, emotion],
        "genres": sign * (catalogue.style_valence[both] + catalogue.style_arousal[both]),
    }
    areas = {name: float(roc_auc_score(truth, score)) for name, score in scores.items()}
    return {**areas, "songs": float(len(inside)), "others": float(len(outside))}


def _correlations(catalogue: Catalogue, known: pd.DataFrame) -> dict[str, float]:
    rows = known["row"].to_numpy()
    audio = known["audio_valence"].astype(float)
    columns: dict[str, Array] = {
        "song": catalogue.valence,
        "lyrics": catalogue.lyric_valence,
        "genres": catalogue.style_valence,
    }
    found = {
        name: float(spearmanr(column[rows], audio).statistic) for name, column in columns.items()
    }
    return {**found, "songs": float(len(rows))}


def _rows(catalogue: Catalogue, table: pd.DataFrame) -> Array:
    """The catalogue's row of each row of the table, -1 for a song it does not have."""
    place = {key: row for row, song in enumerate(catalogue.songs) for key in same_song_keys(song)}
    if "id" in table:
        return np.array([place.get(str(id_), -1) for id_ in table["id"]])
    if not {"title", "artist"} <= set(table.columns):
        raise ValueError("the table needs an id, or a title and an artist")
    songs = [
        Song("", str(title), str(artist))
        for title, artist in zip(table["title"], table["artist"], strict=True)
    ]
    keys = [same_song_keys(song)[1:] for song in songs]
    return np.array([next((place[k] for k in each if k in place), -1) for each in keys])


def _read(path: Path) -> pd.DataFrame:
    match path.suffix.lower():
        case ".parquet":
            return pd.read_parquet(path)
        case ".xlsx":
            return pd.read_excel(path)
        case suffix:
            return pd.read_csv(path, sep="\t" if suffix == ".tsv" else ",")


if __name__ == "__main__":
    sys.exit(main())
