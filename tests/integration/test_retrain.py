"""Learning by hand, as an operator does it, on the bundled catalogue."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import bootstrap
from bot.config import DATA
from core.models import UserKey
from core.recommend.catalogue import Catalogue
from core.recommend.learned import LearnedModel
from core.records import Consent, ConsentKind, FeedbackEvent, Verdict
from core.store.address import sqlite_address
from core.store.unit_of_work import open_store
from scripts import retrain
from tests.keepsakes import impression

PEOPLE, SONGS = 40, 12


async def vote(address: str) -> None:
    """Everybody likes the even songs of the catalogue, and not the odd ones."""
    catalogue = Catalogue.load(DATA / "songs")
    start = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    async with open_store(address) as store, store.unit_of_work() as work:
        for number in range(PEOPLE):
            user = await work.users.get(UserKey("test", str(number)))
            await work.users.put(user)
            await work.consents.add(
                Consent(user.person, ConsentKind.IMPROVE, True, datetime.now(UTC), "1")
            )
            for row in range(SONGS):
                at = datetime.fromtimestamp(start + 600 * (PEOPLE * row + number), UTC)
                shown = impression(user.person, catalogue.songs[row].id, shown_at=at)
                await work.impressions.add([shown])
                verdict = Verdict.DOWN if row % 2 else Verdict.UP
                key = f"{number} {row}"
                await work.feedback.add(
                    FeedbackEvent.on(shown, key=key, person=user.person, verdict=verdict, at=at)
                )
        await work.commit()


def test_an_operator_learns_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = sqlite_address(tmp_path / "maeum.db")
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setattr(bootstrap, "LEARNED", tmp_path / "learned")
    asyncio.run(vote(address))
    assert retrain.main([]) == 0
    assert "in use: not worse" in capsys.readouterr().out
    (folder,) = (tmp_path / "learned").iterdir()  # of this database
    (file,) = folder.iterdir()
    found = LearnedModel.load(file, Catalogue.load(DATA / "songs").version)
    assert found.votes == PEOPLE * SONGS
    # Nothing new happened, so nothing can be told of a new model.
    assert retrain.main([]) == 1
    assert "kept out" in capsys.readouterr().out


def test_a_bot_that_forgets_has_nothing_to_learn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "memory:")
    with pytest.raises(SystemExit):
        retrain.main([])
