"""Votes outlive a killed bot; scripts/kill_discord.py kills more of them."""

from pathlib import Path

import numpy as np

from tests.e2e.discord_app.kills import run


async def test_votes_that_were_shown_are_kept_once_after_three_kills(tmp_path: Path) -> None:
    outcome = await run(tmp_path / "maeum.db", 3, np.random.default_rng(3))
    assert outcome.problems == ()
    assert outcome.kills == 3
    assert outcome.pressed >= outcome.shown >= 4
