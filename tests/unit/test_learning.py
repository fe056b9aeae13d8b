import logging

import numpy as np
import pytest

from core.emotion.labels import COARSE
from core.recommend.events import EventTable
from core.recommend.fitting import FitConfig, fit
from core.recommend.learned import LearnedModel
from core.recommend.learning import LearnConfig, Lesson, learn, versions_after
from core.records import Outcome, TasteEvent
from tests.catalogues import catalogue, song
from tests.votes import event, learned, table

COUNT = 80
SONGS = catalogue(
    np.random.default_rng(7).dirichlet(np.full(len(COARSE), 0.5), COUNT),
    [song(n, f"가수 {n % 8}") for n in range(COUNT)],
)
CONFIG = LearnConfig(fit=FitConfig(threads=1))


def crowd(start: int = 0, each: int = 30, by: str = "taste") -> list[TasteEvent]:
    """Forty people vote: half like even artists and half odd ones, or all by quality, or by lot."""
    generator = np.random.default_rng(abs(start))
    found = []
    for person in range(40):
        for turn, number in enumerate(generator.choice(COUNT, each, replace=False)):
            likes = {
                "taste": (person + number) % 2 == 0,
                "quality": number % 3 == 0,
                "lot": generator.random() < 0.5,
            }[by]
            found.append(
                event(
                    str(person),
                    int(number),
                    Outcome.UP if likes else Outcome.DOWN,
                    mood=generator.dirichlet(np.full(len(COARSE), 0.5)).astype(np.float32),
                    minutes=start + turn,
                )
            )
    return found


def lesson(events: EventTable, current: LearnedModel | None = None) -> Lesson:
    return learn(events, SONGS, current, CONFIG, np.random.default_rng(0))


def test_a_first_model_that_knows_more_than_the_mood_is_taken() -> None:
    events = table(crowd(), SONGS)
    found = lesson(events)
    assert found.model is not None
    assert found.difference is not None
    assert found.difference.low > 0
    assert found.model.fitted_until == events.times[-1]
    assert found.model.votes == len(events)


def test_a_model_that_may_be_worse_is_kept_out() -> None:
    """The current one knows which songs are good; then people vote by lot for a while."""
    current = fit(table(crowd(by="quality"), SONGS), SONGS, CONFIG.fit)
    lot = [*crowd(100, 30, by="lot"), *crowd(200, 9, by="quality")]
    found = lesson(table(lot, SONGS), current)
    assert found.model is None
    assert "may be worse" in found.reason
    assert found.difference is not None
    assert found.difference.low < -CONFIG.margin


def test_a_model_that_knows_better_replaces_one_that_knows_nothing() -> None:
    found = lesson(table([*crowd(-100), *crowd(100)], SONGS), learned(SONGS))
    assert found.model is not None
    assert found.difference is not None
    assert found.difference.low > 0


def test_with_too_few_people_nothing_is_told() -> None:
    few = [each for each in crowd() if int(each.person) < 10]
    found = lesson(table(few, SONGS))
    assert (found.model, found.difference) == (None, None)
    assert "can judge it" in found.reason


@pytest.mark.parametrize(("young", "level"), [(True, "INFO"), (False, "WARNING")])
def test_only_of_a_young_bot_too_few_people_are_nothing_to_warn_of(
    caplog: pytest.LogCaptureFixture, young: bool, level: str
) -> None:
    found = lesson(table([], SONGS), None if young else learned(SONGS))
    with caplog.at_level(logging.INFO):
        assert versions_after(found, ["a"], withdrawn=False) == ("a",)
    assert [record.levelname for record in caplog.records] == [level]


def test_without_new_events_the_current_model_stays() -> None:
    events = table(crowd(), SONGS)
    current = fit(events, SONGS, CONFIG.fit)
    assert lesson(events, current).model is None


def test_without_any_event_nothing_is_learned() -> None:
    assert lesson(table([], SONGS)).model is None


def test_learning_again_gives_the_same() -> None:
    first, second = (lesson(table(crowd(), SONGS)) for _ in range(2))
    assert first.model is not None
    assert second.model is not None
    assert first.model.version == second.model.version


KEPT_OUT = Lesson(None, "it may be worse: -0.1")


def test_what_is_kept_out_is_logged_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert versions_after(KEPT_OUT, ["b", "a"], withdrawn=False) == ("b", "a")
    assert "it may be worse: -0.1" in caplog.text
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_new_model_comes_before_the_one_in_use(caplog: pytest.LogCaptureFixture) -> None:
    new = Lesson(learned(SONGS), "not worse")
    assert versions_after(new, ["b", "a"], withdrawn=False) == (learned(SONGS).version, "b")
    assert versions_after(new, [], withdrawn=False) == (learned(SONGS).version,)


def test_after_a_withdrawal_no_old_model_is_used_whatever_the_new_one_is() -> None:
    assert versions_after(KEPT_OUT, ["b", "a"], withdrawn=True) == ()
    new = Lesson(learned(SONGS), "not worse")
    assert versions_after(new, ["b", "a"], withdrawn=True) == (learned(SONGS).version,)


def test_votes_of_who_is_left_out_leave_no_trace() -> None:
    everybody = crowd()
    without = [each for each in everybody if each.person != "7"]
    alone = [each for each in everybody if each.person == "7"]
    fitted, again, other = (
        fit(table(events, SONGS), SONGS, CONFIG.fit)
        for events in (without, [each for each in everybody if each not in alone], everybody)
    )
    assert fitted.version == again.version != other.version
