"""Makes one person of two, when the accounts of both turn out to be the same person's."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import numpy as np

from core.emotion.state import StateConfig, remembered
from core.models import Contribution, Mood, MoodState, User, Vector

__all__ = ["join", "join_states"]


def join(kept: User, absorbed: User, config: StateConfig, *, shown: int, said: int) -> User:
    """`kept`, as it is with what `absorbed` brings in; for `core.ports.Users.merge`.

    The mood is that of both, by evidence. Who asked for the link keeps its settings.

    Args:
        kept: who asked for the link.
        absorbed: who is the same person.
        config: the half-life.
        shown: how many songs last shown are remembered; those of `kept` count as the later ones.
        said: how many lines last said are remembered, likewise.
    """
    return replace(
        kept,
        state=join_states(kept.state, absorbed.state, config),
        shown=_last((*absorbed.shown, *kept.shown), shown),
        said=_last((*absorbed.said, *kept.said), said),
    )


def join_states(
    first: MoodState | None, second: MoodState | None, config: StateConfig
) -> MoodState | None:
    """The state of both together, at the time of the later one.

    With E_i the evidence of each, halved every half-life up to then:
    mood = (E_1 mood_1 + E_2 mood_2) / (E_1 + E_2), evidence = E_1 + E_2. It is what `observe`
    had come to if all messages had come through one account.
    """
    if first is None or second is None:
        return first or second
    then = max(first.updated_at, second.updated_at)
    left, right = _left(first, then, config), _left(second, then, config)
    one, other = left * first.evidence, right * second.evidence
    share = other / (one + other)

    def blend(a: Vector, b: Vector) -> Vector:
        return ((1 - share) * a + share * b).astype(np.float32)

    a, b = first.mood, second.mood
    mood = Mood(
        coarse=blend(a.coarse, b.coarse),
        fine=blend(a.fine, b.fine),
        valence=(1 - share) * a.valence + share * b.valence,
        arousal=(1 - share) * a.arousal + share * b.arousal,
    )
    return MoodState(
        mood=mood,
        evidence=one + other,
        since_songs=left * first.since_songs + right * second.since_songs,
        updated_at=then,
        recent=remembered(
            sorted((*_faded(first, left), *_faded(second, right)), key=lambda each: each.at)
        ),
        quiet=max(first.quiet, second.quiet),
    )


def _left(state: MoodState, then: datetime, config: StateConfig) -> float:
    """What is left of the state's evidence, 0 to 1."""
    hours = (then - state.updated_at).total_seconds() / 3600
    return float(0.5 ** (hours / config.half_life_hours))


def _faded(state: MoodState, left: float) -> Iterable[Contribution]:
    return (replace(each, left=left * each.left) for each in state.recent)


def _last(ids: tuple[str, ...], count: int) -> tuple[str, ...]:
    """The last ids, each at its last place."""
    unique = dict.fromkeys(reversed(ids))
    return tuple(reversed(list(unique)[:count]))
