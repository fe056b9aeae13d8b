"""A person of whom what is kept cannot be read: danger is answered even so, and nothing is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.chat.answers import AnswerKind
from bot.chat.chat import Chat
from core.store.unit_of_work import open_store
from tests.services import service_over
from tests.unit.chat_people import Person
from tests.unit.console_fakes import PRESENTERS


def kept(file: Path, column: str) -> bytes | str:
    with closing(sqlite3.connect(file)) as other:
        ((value,),) = other.execute(f"SELECT {column} FROM person").fetchall()
        assert isinstance(value, bytes | str)
        return value


def damage(file: Path, column: str, said: str, instead: str) -> None:
    before = kept(file, column)
    if isinstance(before, str):
        after: bytes | str = before.replace(said, instead)
    else:
        after = before.replace(said.encode(), instead.encode())
    assert after != before
    with closing(sqlite3.connect(file)) as other, other:
        other.execute(f"UPDATE person SET {column} = ?", (after,))


@pytest.mark.parametrize(
    ("column", "said", "instead"),
    [
        ("state", '"evidence"', '"evidencE"'),  # of another version
        ("state", "{", "["),  # no JSON
        ("state", '"mood":{', '"mood":[1],"was":{'),
        ("settings", '"long"', '"long","count":1e999'),
        ("settings", "long", "lung"),  # no value there is
        ("settings", "{", "["),
    ],
)
async def test_danger_is_answered(tmp_path: Path, column: str, said: str, instead: str) -> None:
    file = tmp_path / "maeum.db"
    async with open_store(f"sqlite:///{file}") as store:
        person = Person(Chat(service_over(store.unit_of_work), PRESENTERS, "Asia/Seoul"))
        await person.says("슬픔")
        await person.says("/설정 기억 길게")
        damage(file, column, said, instead)
        damaged = kept(file, column)

        assert (await person.says("슬픔")).error == "store"
        assert (await person.says("죽고 싶어")).kind is AnswerKind.CRISIS
        assert (await person.says("/숨고르기")).kind is not AnswerKind.ERROR
        assert kept(file, column) == damaged
