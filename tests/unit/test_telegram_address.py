"""What of a message is meant for the bot."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Chat, Message, MessageEntity, User

from bot.handlers.telegram_address import Heard, heard

BOT = User(7, "마음DJ", is_bot=True, username="maeum_bot")
PERSON = User(101, "하나", is_bot=False)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def message(text: str, kind: str = "group", **more: Any) -> Message:
    chat = Chat(101 if kind == "private" else -1, kind)
    return Message(1, NOW, chat, text=text, from_user=PERSON, **more)


def of(told: Message) -> Heard | None:
    return heard(told, bot_id=BOT.id, bot_name="maeum_bot")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("안녕", Heard("안녕")),
        ("/songs 3", Heard("/songs 3", "songs")),
        ("/Songs@MAEUM_bot 3", Heard("/Songs 3", "songs")),
        ("/노래", Heard("/노래", "노래")),
        ("/songs@other_bot", None),
        ("/ 힘들다", Heard("/ 힘들다")),
    ],
)
def test_in_private_all_is_meant_for_the_bot_but_what_names_another(
    text: str, expected: Heard | None
) -> None:
    assert of(message(text, "private")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("안녕", None),
        ("/songs", Heard("/songs", "songs", named=False)),
        ("/songs@maeum_bot", Heard("/songs", "songs")),
        ("/songs@other_bot", None),
    ],
)
def test_in_a_group_only_what_names_it_or_may_be_a_command_of_its_own(
    text: str, expected: Heard | None
) -> None:
    assert of(message(text)) == expected


def mention(text: str, name: str) -> MessageEntity:
    before = text[: text.index(name)]
    offset = len(before.encode("utf-16-le")) // 2
    return MessageEntity(MessageEntity.MENTION, offset, len(name))


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("😀 @Maeum_Bot 슬퍼", "😀  슬퍼"),
        ("@maeum_bot", ""),
        ("@maeum_bot /songs", " /songs"),
    ],
)
def test_a_mention_is_left_out_wherever_it_stands(text: str, rest: str) -> None:
    name = next(word for word in text.split() if word.startswith("@"))
    found = of(message(text, entities=[mention(text, name)]))
    assert found is not None
    assert found.text == rest
    assert found.command == ("songs" if "songs" in rest else None)


def test_a_mention_without_a_name_and_a_reply_count_too() -> None:
    entity = MessageEntity(MessageEntity.TEXT_MENTION, 0, 2, user=BOT)
    assert of(message("DJ 슬퍼", entities=[entity])) == Heard(" 슬퍼")
    replied = Message(2, NOW, Chat(-1, "group"), from_user=BOT)
    assert of(message("슬퍼", reply_to_message=replied)) == Heard("슬퍼")
    other = Message(2, NOW, Chat(-1, "group"), from_user=PERSON)
    assert of(message("슬퍼", reply_to_message=other)) is None
