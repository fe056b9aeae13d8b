"""What is kept of an update that is let go: who is owed an answer, and nobody's words."""

import json
from typing import Any

import pytest
from telegram import Bot, Message, ReactionTypeEmoji, Update

from bot.handlers.telegram_claims import is_claim, owed

NAMES: dict[str, Any] = {"bot_id": 7, "bot_name": "maeum_bot"}
HANA = {"id": 1, "is_bot": False, "first_name": "하나"}
DJ = {"id": 7, "is_bot": True, "first_name": "마음DJ"}
PRIVATE = {"id": 1, "type": "private", "first_name": "하나"}
GROUP = {"id": -5, "type": "supergroup", "title": "우리들"}
KEYBOARD = {"inline_keyboard": [[{"text": "👍", "callback_data": "vs.up.x"}]]}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 1, "chat": chat, "from": HANA, **content}


def kept(**content: Any) -> dict[str, Any] | None:
    told = {"update_id": 9, **content}
    return owed(read(told), told, **NAMES)


def read(content: dict[str, Any]) -> Update:
    update = Update.de_json(content, Bot("7:token"))
    assert update is not None
    return update


@pytest.mark.parametrize(
    "content",
    [
        {"text": "비밀이에요", "entities": []},
        {"caption": "비밀이에요", "photo": []},
        {"voice": {"file_id": "비밀이에요", "file_unique_id": "v", "duration": 3}},
        {"text": "비밀이에요", "reply_to_message": message(text="비밀이에요")},
    ],
)
def test_of_a_message_who_wrote_it_is_kept_and_not_what(content: dict[str, Any]) -> None:
    claim = kept(message=message(**content))
    assert claim is not None
    for private in ("비밀이에요", "하나"):
        assert private not in json.dumps(claim, ensure_ascii=False)
    again = read(claim)
    assert again.update_id == 9
    assert again.message is not None
    assert is_claim(again.message)
    assert (again.message.message_id, again.message.chat.id) == (3, 1)


def test_a_message_that_was_not_let_go_is_no_claim() -> None:
    found = read({"update_id": 9, "message": message(text="안녕")}).message
    assert found is not None
    assert not is_claim(found)


def test_a_tap_and_a_reaction_can_be_done_after_all() -> None:
    song = message(text="제목", reply_markup=KEYBOARD) | {"from": DJ}
    song["reply_to_message"] = message(text="비밀이에요")
    tap = {"id": "4", "from": HANA, "chat_instance": "c", "data": "vs.up.x", "message": song}
    claim = kept(callback_query=tap)
    assert claim is not None
    assert "비밀이에요" not in json.dumps(claim, ensure_ascii=False)
    again = read(claim).callback_query
    assert again is not None
    assert again.data == "vs.up.x"
    assert isinstance(again.message, Message)
    assert again.message.reply_markup is not None
    assert again.message.reply_markup.to_dict() == KEYBOARD
    thumb = [{"type": "emoji", "emoji": "👍"}]
    reaction = {"chat": PRIVATE, "message_id": 3, "user": HANA, "date": 1}
    reaction |= {"old_reaction": [], "new_reaction": thumb}
    claimed = kept(message_reaction=reaction)
    assert claimed is not None
    found = read(claimed).message_reaction
    assert found is not None
    assert found.user is not None
    assert (found.user.id, found.chat.id, found.message_id) == (1, 1, 3)
    assert found.new_reaction == (ReactionTypeEmoji("👍"),)
    assert "하나" not in json.dumps(claimed, ensure_ascii=False)


def test_nothing_is_owed_for_what_gets_no_answer() -> None:
    assert kept(message=message(GROUP, text="밥 먹자")) is None
    assert kept(message=message(GROUP, text="/songs@other_bot")) is None
    assert kept(message=message(PRIVATE, delete_chat_photo=True)) is None
    assert kept(edited_message=message(text="비밀이에요")) is None
    query = {"id": "1", "from": HANA, "query": "비밀이에요", "offset": ""}
    assert kept(inline_query=query) is None


def test_what_names_the_bot_in_a_group_is_owed_an_answer() -> None:
    assert kept(message=message(GROUP, text="/songs@maeum_bot"))
    assert kept(message=message(GROUP, text="안녕", reply_to_message=message() | {"from": DJ}))
