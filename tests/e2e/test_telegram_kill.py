"""The bot is killed while it answers: nothing is lost, no vote is doubled."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.chat.chat import Chat
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.app import running
from tests.e2e.telegram.kills import FEELING, run, run_crowded


async def test_every_message_is_answered_and_every_vote_kept_once_after_six_kills(
    tmp_path: Path, migrated_file: Path
) -> None:
    database = tmp_path / "maeum.db"
    shutil.copy(migrated_file, database)
    outcome = await run(database, 6, np.random.default_rng(5))
    assert outcome.problems == ()
    assert outcome.votes > 6
    assert outcome.messages > 6


async def test_behind_somebody_who_is_stuck_nothing_is_lost_and_no_words_are_kept(
    tmp_path: Path, migrated_file: Path
) -> None:
    database = tmp_path / "maeum.db"
    shutil.copy(migrated_file, database)
    outcome = await run_crowded(database, np.random.default_rng(5))
    assert outcome.problems == ()
    kept = _bytes_of(tmp_path)
    assert b":claims" in kept
    assert FEELING.encode() not in kept
    assert json.dumps(FEELING).strip('"').encode() not in kept


@pytest.mark.parametrize(("language", "said"), [("ko", "한 번만 더"), ("en", "tell me once")])
async def test_whose_words_were_lost_is_asked_for_them_once(
    telegram_server: TelegramServer, chat: Chat, language: str, said: str
) -> None:
    hana = telegram_server.person(language=language)
    asked = await hana.says("슬픔")
    (update,) = telegram_server.world.pending
    del update["message"]["text"]
    update["message"]["claimed"] = True
    telegram_server.world.pending.clear()
    name, updates = f"telegram:{telegram_server.bot_id}:claims", chat.service.updates
    await updates.mark(name, json.dumps([update]))
    for _ in range(2):
        async with running(telegram_server, chat):
            await hana.says("/help")
            await telegram_server.settled()
    (again,) = [message for message in hana.chat.sent if said in message.text]
    assert again.reply_to is not None
    assert again.reply_to.id == asked.id
    assert await updates.marker(name) == "[]"


def _bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("maeum.db*"))
