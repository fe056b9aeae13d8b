from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.state import StateConfig, observe
from core.linking import join, join_states
from core.models import AccountSettings, EmotionScores, Language, MoodState, User, UserKey
from tests.readings import reading, readings

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONFIG = StateConfig()
KEPT, ABSORBED = UserKey("telegram", "1"), UserKey("discord", "2")


def state(*messages: tuple[float, EmotionScores]) -> MoodState | None:
    found = None
    for hours, scores in messages:
        found = observe(found, scores, NOW + timedelta(hours=hours), CONFIG)
    return found


@given(
    messages=st.lists(
        st.tuples(st.floats(0, 100), readings(), st.booleans()), min_size=1, max_size=6
    )
)
def test_two_accounts_come_to_what_one_had_come_to(
    messages: list[tuple[float, EmotionScores, bool]],
) -> None:
    messages.sort(key=lambda message: message[0])
    one = [(hours, scores) for hours, scores, first in messages if first]
    other = [(hours, scores) for hours, scores, first in messages if not first]
    together = state(*((hours, scores) for hours, scores, _ in messages))
    assert together is not None
    for pair in ((one, other), (other, one)):
        joined = join_states(state(*pair[0]), state(*pair[1]), CONFIG)
        assert joined is not None
        np.testing.assert_allclose(joined.mood.coarse, together.mood.coarse, atol=1e-5)
        np.testing.assert_allclose(joined.mood.fine, together.mood.fine, atol=1e-5)
        assert joined.mood.valence == pytest.approx(together.mood.valence, abs=1e-6)
        assert joined.mood.arousal == pytest.approx(together.mood.arousal, abs=1e-6)
        assert joined.evidence == pytest.approx(together.evidence)
        assert joined.since_songs == pytest.approx(together.since_songs)
        assert joined.updated_at == together.updated_at


def test_of_two_unknown_moods_nothing_is_known() -> None:
    assert join_states(None, None, CONFIG) is None


def test_who_asked_keeps_its_settings_and_its_place() -> None:
    settings = AccountSettings(language=Language.ENGLISH)
    kept = User(KEPT, state((0, reading("슬픔"))), settings=settings, version=3)
    absorbed = User(ABSORBED, None, settings=AccountSettings(language=Language.KOREAN), version=9)
    joined = join(kept, absorbed, CONFIG, shown=50, said=20)
    assert (joined.key, joined.person, joined.version) == (KEPT, kept.person, 3)
    assert joined.settings == settings
    assert joined.state is kept.state


def test_what_was_shown_and_said_is_remembered_once_and_not_forever() -> None:
    kept = User(KEPT, shown=("c", "a"), said=("x",))
    absorbed = User(ABSORBED, shown=("a", "b"), said=("y", "z"))
    joined = join(kept, absorbed, CONFIG, shown=2, said=9)
    assert joined.shown == ("c", "a")
    assert joined.said == ("y", "z", "x")
    assert join(kept, absorbed, CONFIG, shown=3, said=9).shown == ("b", "c", "a")
