"""Learns from everybody's votes, and decides whether the new model may replace the current one.

The votes are split by time. A model of the earlier ones and the current model are both judged by
the later ones, which neither has seen: the hold-out begins after the current model's newest event.
Where the new one is not worse, it is fitted again on all votes and takes the place of the current.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.errors import LearnedModelError
from core.models import Mode, Vector
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import BlendConfig, Blender, OwnVotes
from core.recommend.events import EventTable
from core.recommend.fitting import FitConfig, fit
from core.recommend.learned import LearnedModel
from core.recommend.offline import Interval, judges, not_worse, person_auc, split_by_time
from core.recommend.target import Distribution

__all__ = ["LearnConfig", "Lesson", "blend_scorer", "learn", "versions_after"]

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LearnConfig:
    """How a model is fitted and judged.

    Attributes:
        fit: of the factors.
        blend: with which the models are used.
        hold_out: share of the events that judge, the latest ones, 0 to 1.
        fewest: people below whom nothing can be told.
        most: people above whom no more are asked, for the time it takes.
        margin: the loss in the area under the ROC curve that would not matter.
    """

    fit: FitConfig = field(default_factory=FitConfig)
    blend: BlendConfig = field(default_factory=BlendConfig)
    hold_out: float = 0.2
    fewest: int = 20
    most: int = 300
    margin: float = 0.01


@dataclass(frozen=True)
class Lesson:
    """What came of learning.

    Attributes:
        model: the new one, of all events; None where it is kept out.
        reason: why, in a sentence for the log.
        difference: of the areas under the ROC curve, new less current; None where it could not
            be told.
        early: whether there is no model yet and too few people have voted for one, which is as it
            should be with a young bot.
    """

    model: LearnedModel | None
    reason: str
    difference: Interval | None = None
    early: bool = False


def learn(
    events: EventTable,
    catalogue: Catalogue,
    current: LearnedModel | None,
    config: LearnConfig,
    generator: np.random.Generator,
    progress: Callable[[int], object] = lambda _: None,
) -> Lesson:
    """Fit and judge a model. Takes seconds: keep it off the event loop.

    Args:
        events: of the people who agreed to it.
        catalogue: whose rows the events name.
        current: the model in use; None where there is none, or it may not be used any more.
        config: see there.
        generator: of the people who judge, and of the intervals.
        progress: called with 1 after each iteration of the (at most two) fits.
    """
    before, after = split_by_time(events, _cut(events, current, config.hold_out))
    people = judges(after, config.most, generator)
    if len(people) < config.fewest:
        few = f"only {len(people)} people can judge it, {config.fewest} are needed"
        return Lesson(None, few, early=current is None)
    try:
        candidate = fit(before, catalogue, config.fit, progress)
        reached = [
            person_auc(blend_scorer(Blender(catalogue, model, config.blend)), before, after, people)
            for model in (candidate, current)
        ]
        accepted, difference = not_worse(reached[0], reached[1], config.margin, generator)
        found = (
            f"{difference.value:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}] in the area "
            f"under the ROC curve of {len(people)} people"
        )
        if not accepted:
            return Lesson(None, f"it may be worse: {found}", difference)
        return Lesson(
            fit(events, catalogue, config.fit, progress), f"not worse: {found}", difference
        )
    except LearnedModelError as error:
        return Lesson(None, str(error))


def versions_after(lesson: Lesson, before: Sequence[str], *, withdrawn: bool) -> tuple[str, ...]:
    """The versions of the models that may be used from now on, the best first; logs why.

    Args:
        lesson: from `learn`; where `withdrawn`, from a `learn` without a current model.
        before: the versions that could be used so far.
        withdrawn: whether somebody whose votes may be in those models has taken the consent back
            or was forgotten. Then no old model stays, whatever the new one is like.
    """
    if lesson.model is not None:
        _logger.info("learned model %s is in use: %s", lesson.model.version, lesson.reason)
        older = () if withdrawn else tuple(before[:1])
        return (lesson.model.version, *older)
    if withdrawn:
        _logger.warning("no learned model is in use, a consent was withdrawn: %s", lesson.reason)
        return ()
    level = logging.INFO if lesson.early else logging.WARNING
    _logger.log(level, "the new learned model is kept out: %s", lesson.reason)
    return tuple(before)


def blend_scorer(blender: Blender) -> "_BlendScorer":
    """What `core.recommend.offline` judges: the blended score less the best mood's."""
    return _BlendScorer(blender)


@dataclass(frozen=True)
class _BlendScorer:
    """Implements `core.recommend.offline.Scorer`."""

    blender: Blender

    def __call__(self, mood: Distribution, mode: Mode, own: OwnVotes) -> Vector:
        scores = self.blender.scores(mood, mode, own)
        return np.asarray(scores.total - scores.fit.max(), np.float32)


def _cut(events: EventTable, current: LearnedModel | None, share: float) -> float:
    """The moment after which events judge, seconds since 1970."""
    times = events.times
    seen = -np.inf if current is None else current.fitted_until
    # Half of what is new has to be learned from, or the new model would know nothing new.
    unseen = times[times > seen]
    later = min(int(share * len(times)), len(unseen) // 2 if current else len(unseen))
    return float(times[len(times) - later - 1]) if later else float("inf")
