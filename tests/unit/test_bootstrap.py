from pathlib import Path

import pytest

from bot.bootstrap import open_units_of_work
from bot.config import DATABASE_FILE, Settings, load_settings
from core.errors import DatabaseError
from core.models import UserKey
from core.store.cipher import new_key

KEY = UserKey("console", "1")


def settings(**environment: str) -> Settings:
    return load_settings(environment, Path("no") / "such" / "file")


async def versions_of_three_starts(found: Settings) -> list[int]:
    seen = []
    for _ in range(3):
        async with open_units_of_work(found) as unit_of_work, unit_of_work() as work:
            user = await work.users.get(KEY)
            seen.append(user.version)
            await work.users.put(user)
            await work.commit()
    return seen


async def test_people_are_remembered_from_start_to_start(tmp_path: Path) -> None:
    found = settings(DATABASE_URL=f"sqlite:///{tmp_path / 'maeum.db'}", DATA_KEY=new_key())
    assert await versions_of_three_starts(found) == [0, 1, 2]


async def test_who_wants_to_be_forgotten_is() -> None:
    assert await versions_of_three_starts(settings(DATABASE_URL="memory:")) == [0, 0, 0]


def test_without_a_database_named_people_are_remembered_in_a_file_of_ours() -> None:
    assert settings().database_address == f"sqlite:///{DATABASE_FILE}"
    assert not settings().forgetful


async def test_a_new_key_needs_the_old_one_at_first(tmp_path: Path) -> None:
    place, old, new = f"sqlite:///{tmp_path / 'maeum.db'}", new_key(), new_key()
    await versions_of_three_starts(settings(DATABASE_URL=place, DATA_KEY=old))
    with pytest.raises(DatabaseError, match="DATA_KEY_OLD"):
        await versions_of_three_starts(settings(DATABASE_URL=place, DATA_KEY=new))
    both = settings(DATABASE_URL=place, DATA_KEY=new, DATA_KEY_OLD=old)
    assert await versions_of_three_starts(both) == [3, 4, 5]
