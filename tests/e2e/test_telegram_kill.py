"""The bot is killed while it answers: nothing is lost, no vote is doubled."""

import shutil
from pathlib import Path

import numpy as np

from tests.e2e.telegram.kills import run


async def test_every_message_is_answered_and_every_vote_kept_once_after_six_kills(
    tmp_path: Path, migrated_file: Path
) -> None:
    database = tmp_path / "maeum.db"
    shutil.copy(migrated_file, database)
    outcome = await run(database, 6, np.random.default_rng(5))
    assert outcome.problems == ()
    assert outcome.votes > 6
    assert outcome.messages > 6
