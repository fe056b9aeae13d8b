"""Acknowledged votes outlive a killed process; scripts/kill_test.py kills more of them."""

import numpy as np

from scripts.kill_test import run


def test_every_acknowledged_vote_is_there_once_after_twelve_kills(address: str) -> None:
    outcome = run(address, 12, np.random.default_rng(4))
    assert outcome.problems == ()
    assert outcome.kills == 12
    assert outcome.kept >= outcome.told > 12
