"""Draws the pictures of docs/recommendation.md from the catalogue.

    python -m scripts.draw_recommendation [--out docs/images]

recommendation_plane.png: the songs on the plane of valence and arousal, and paths drawn on it.
recommendation_refinements.png: how far one tap moves a list, over 200 moods drawn at random.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bot.config import limit_threads
from scripts.requires import require_all

require_all()
limit_threads()

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from core.files import replacing
from core.models import Mode
from core.recommend.catalogue import Catalogue
from core.recommend.index import SongIndex, percentiles
from core.recommend.personal import PersonalConfig, PersonalItem, PersonalRecommender
from core.recommend.query import Refinement, SongQuery
from scripts.evaluate_slates import random_moods
from scripts.recommend import mood_of

__all__ = ["main"]

ROOT: Final = Path(__file__).resolve().parents[1]
# English, because a machine without a Korean font draws boxes.
_PATHS: Final = (
    ("grief", {"슬픔": 0.8, "행복": 0.05, "공포": 0.15}, "#2f6f9f"),
    ("anger", {"분노": 0.7, "혐오": 0.2, "슬픔": 0.1}, "#b5442e"),
    ("nothing in particular", {"중립": 0.6, "슬픔": 0.2, "행복": 0.2}, "#5a5a5a"),
)
_STEPS: Final = 7
_MOODS: Final = 200


def main(arguments: Sequence[str] | None = None) -> None:
    """Write both pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--catalogue", type=Path, default=ROOT / "data/songs")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/images")
    options = parser.parse_args(arguments)
    catalogue = Catalogue.load(options.catalogue)
    recommender = PersonalRecommender(catalogue, None, PersonalConfig())
    options.out.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10}):
        _save(_plane(catalogue, recommender), options.out / "recommendation_plane.png")
        moved = _moved(catalogue, recommender)
        _save(_refinements(moved), options.out / "recommendation_refinements.png")


def _plane(catalogue: Catalogue, recommender: PersonalRecommender) -> Figure:
    figure = Figure(figsize=(8.5, 7), dpi=80, layout="constrained")
    axes = figure.subplots()
    songs = axes.hexbin(
        catalogue.valence, catalogue.arousal, gridsize=38, cmap="Greys", mincnt=1, bins="log"
    )
    figure.colorbar(songs, label="songs (logarithmic)")
    for name, shares, colour in _PATHS:
        mood, generator = mood_of(shares), np.random.default_rng(1)
        items = recommender.answer(mood, SongQuery(Mode.PATH, _STEPS), (), (), generator)
        rows = _rows(recommender, items)
        axes.plot(
            catalogue.valence[rows], catalogue.arousal[rows], "o-", color=colour, label=name, lw=2
        )
        axes.plot(catalogue.valence[rows[0]], catalogue.arousal[rows[0]], "s", color=colour, ms=10)
    axes.set_xlabel("valence: unpleasant (-1) to pleasant (1)")
    axes.set_ylabel("arousal: calm (-1) to excited (1)")
    axes.set_title(f"{len(catalogue.songs):,} songs, and paths of {_STEPS} from three moods")
    axes.legend(title="a path from (square: first song)", loc="lower right")
    return figure


def _moved(
    catalogue: Catalogue, recommender: PersonalRecommender
) -> dict[Refinement, npt.NDArray[np.float64]]:
    """By how much one tap moves the mean of each column, [shape=(moods, 4)]."""
    years = np.array([song.year or np.nan for song in catalogue.songs]) / 10
    comfort = percentiles(SongIndex.of(catalogue).comfort)
    columns = np.stack([catalogue.valence, catalogue.arousal, comfort, years], axis=1)
    generator = np.random.default_rng(0)
    moved: dict[Refinement, list[Any]] = {each: [] for each in Refinement}
    for mood in random_moods(_MOODS, generator):
        plain = recommender.answer(mood, SongQuery(), (), (), generator)
        ids = tuple(item.recommendation.song.id for item in plain)
        before = np.nanmean(columns[_rows(recommender, plain)], axis=0)
        for each in Refinement:
            query = SongQuery(refinements=(each,), anchor=ids)
            tapped = recommender.answer(mood, query, ids, (), generator)
            moved[each].append(np.nanmean(columns[_rows(recommender, tapped)], axis=0) - before)
    return {each: np.array(values) for each, values in moved.items()}


def _refinements(moved: dict[Refinement, npt.NDArray[np.float64]]) -> Figure:
    figure = Figure(figsize=(10, 5), dpi=80, layout="constrained")
    panels = figure.subplots(1, 4, sharey=True)
    names = [str(each).replace("_", " ") for each in moved]
    titles = ("valence", "arousal", "comfort (percentile)", "decades")
    for column, (axes, title) in enumerate(zip(panels, titles, strict=True)):
        values = [each[:, column] for each in moved.values()]
        axes.boxplot(values, orientation="horizontal", whis=(0, 100), tick_labels=names)
        axes.axvline(0, color="#b5442e", lw=1)
        axes.set_title(title)
    panels[0].invert_yaxis()
    figure.suptitle(
        f"What one tap changes in the mean of a list, over {_MOODS} moods (all of them)"
    )
    return figure


def _rows(recommender: PersonalRecommender, items: Sequence[PersonalItem]) -> list[int]:
    return [recommender.rows[item.recommendation.song.id] for item in items]


def _save(figure: Figure, path: Path) -> None:
    with replacing(path) as file:
        figure.savefig(file, format="png", metadata={"Software": None})


if __name__ == "__main__":
    main()
