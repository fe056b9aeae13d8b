"""Draws how the like rate develops under different policies."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from core.files import replacing
from scripts.simulation.run import Course, vote_bands

__all__ = ["draw"]

_COLOURS: Final = {
    "full": "#2f6f9f",
    "mood only": "#d08a2e",
    "popularity": "#7a7f87",
    "random": "#b8bfc8",
}


def draw(path: Path, courses: Mapping[str, Course]) -> None:
    """Write a PNG; the same courses give the same bytes."""
    people = int(next(iter(courses.values())).people.max()) + 1
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10}):
        figure = Figure(figsize=(11, 4.5), dpi=90, layout="constrained")
        figure.suptitle(f"Like rate of {people:,} simulated people")
        by_week, by_votes = figure.subplots(1, 2, sharey=True)
        for name, course in courses.items():
            weeks = course.weeks.astype(int)
            rates = np.bincount(weeks, course.liked) / np.bincount(weeks)
            by_week.plot(np.arange(len(rates)) + 1, rates, "o-", color=_COLOURS[name], label=name)
            bands = vote_bands(course)
            by_votes.plot(list(bands), list(bands.values()), "o-", color=_COLOURS[name])
        by_week.set(xlabel="week", ylabel="share of the songs shown that are liked", ylim=(0, 1))
        by_votes.set(xlabel="votes the person gave before")
        by_week.legend()
        with replacing(path) as file:
            figure.savefig(file, format="png", metadata={"Software": None})
