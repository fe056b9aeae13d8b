"""Messages the bot sends, changes and takes back."""

from dataclasses import replace
from typing import Any, Final

from tests.e2e.telegram.call import Call, SentFile, method
from tests.e2e.telegram.errors import bad_request
from tests.e2e.telegram.keyboards import inline_keyboard
from tests.e2e.telegram.markup import Formatted, parse, utf16
from tests.e2e.telegram.world import BOT_ID, Group, Message, Upload, World, keyboard

LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024
LARGEST_PHOTO: Final = 10 * 1024 * 1024
LARGEST_DOCUMENT: Final = 50 * 1024 * 1024
_PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_ACTIONS: Final = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
    *("upload_document", "choose_sticker", "find_location", "record_video_note"),
    "upload_video_note",
}
_REACTIONS: Final = set(
    "👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🤡🥱🥴😍🐳🌚🌭💯🤣🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝🤗🫡🎅🎄💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
) | {
    *("❤", "❤️", "⚡", "🕊", "❤‍🔥", "✍", "☃", "🤷‍♂", "🤷", "🤷‍♀", "👨‍💻"),
}


@method("sendMessage")
async def send_message(world: World, call: Call) -> Any:
    chat = world.writable(call.number("chat_id"))
    shown = _checked_text(call)
    return await _sent(world, call, chat, shown)


@method("sendPhoto")
async def send_photo(world: World, call: Call) -> Any:
    chat = world.writable(call.number("chat_id"))
    shown = _caption(call)
    file = _upload(world, call, "photo", LARGEST_PHOTO)
    if not file.content.startswith(_PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return await _sent(world, call, chat, shown, "photo", file)


@method("sendDocument")
async def send_document(world: World, call: Call) -> Any:
    chat = world.writable(call.number("chat_id"))
    shown = _caption(call)
    file = _upload(world, call, "document", LARGEST_DOCUMENT)
    return await _sent(world, call, chat, shown, "document", file)


@method("sendChatAction")
async def send_chat_action(world: World, call: Call) -> Any:
    chat = world.writable(call.number("chat_id"))
    if call.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(call.text("action"))
    await world.notify()
    return True


@method("editMessageText")
async def edit_message_text(world: World, call: Call) -> Any:
    message = _own_message(world, call, "edit")
    shown = _checked_text(call)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return await _edited(world, call, message, shown)


@method("editMessageCaption")
async def edit_message_caption(world: World, call: Call) -> Any:
    message = _own_message(world, call, "edit")
    shown = _caption(call)
    if message.kind == "text":
        raise bad_request("there is no caption in the message to edit")
    return await _edited(world, call, message, shown)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(world: World, call: Call) -> Any:
    message = _own_message(world, call, "edit")
    return await _edited(world, call, message, Formatted(message.text, message.entities))


@method("deleteMessage")
async def delete_message(world: World, call: Call) -> Any:
    message = world.writable(call.number("chat_id")).message(call.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if message.sender != BOT_ID and world.chats[message.chat_id].kind != "private":
        raise bad_request("message can't be deleted")
    message.deleted = True
    await world.notify()
    return True


@method("setMessageReaction")
async def set_message_reaction(world: World, call: Call) -> Any:
    message = world.writable(call.number("chat_id")).message(call.number("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    reactions = call.json("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chosen = [reaction.get("emoji", "") for reaction in reactions]
    if not _REACTIONS.issuperset(chosen):
        raise bad_request("REACTION_INVALID")
    message.reactions[BOT_ID] = chosen
    await world.notify()
    return True


def _checked_text(call: Call) -> Formatted:
    shown = parse(call.text("text"), call.params.get("parse_mode"), call.json("entities"))
    check_text(shown)
    return shown


def check_text(shown: Formatted) -> None:
    """Refuse a text that no message can have."""
    if not shown.text:
        raise bad_request("message text is empty")
    if utf16(shown.text) > LONGEST_TEXT:
        raise bad_request("message is too long")


def _caption(call: Call) -> Formatted:
    mode, entities = call.params.get("parse_mode"), call.json("caption_entities")
    shown = parse(call.text("caption"), mode, entities)
    if utf16(shown.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return shown


def _upload(world: World, call: Call, name: str, largest: int) -> Upload:
    file = call.file(name)
    if isinstance(file, SentFile):
        if not file.content:
            raise bad_request("file must be non-empty")
        if len(file.content) > largest:
            raise bad_request(f"file of size {len(file.content)} bytes is too big for a {name}")
        return world.keep(file.name, file.content, file.mime)
    if not file:
        raise bad_request(f"there is no {name} in the request")
    if file not in world.files:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    return world.files[file]


async def _sent(
    world: World,
    call: Call,
    chat: Group,
    shown: Formatted,
    kind: str = "text",
    upload: Upload | None = None,
) -> dict[str, Any]:
    buttons = inline_keyboard(call.json("reply_markup"))
    reply_to = _replied(chat, call)
    message = Message(world.next_id(), chat.id, BOT_ID, shown.text, world.now, kind)
    message.entities, message.buttons = shown.entities, buttons
    message.upload, message.reply_to = upload, reply_to
    world.add(message)
    await world.notify()
    return world.wire(message)


def _replied(chat: Group, call: Call) -> Message | None:
    asked = call.json("reply_parameters")
    if not asked:
        return None
    found = chat.message(int(asked["message_id"]))
    if found is None and not asked.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _own_message(world: World, call: Call, verb: str) -> Message:
    if call.params.get("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")  # no inline message is played here
    message = world.writable(call.number("chat_id")).message(call.number("message_id"))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if not message.from_bot:
        raise bad_request(f"message can't be {verb}ed")
    return message


async def _edited(world: World, call: Call, message: Message, shown: Formatted) -> dict[str, Any]:
    buttons = inline_keyboard(call.json("reply_markup"))
    before = (message.text, message.entities, keyboard(message.buttons))
    if before == (shown.text, shown.entities, keyboard(buttons)):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    if message.text != shown.text:
        message.edits.append(message.text)
    message.text, message.entities, message.buttons = shown.text, shown.entities, buttons
    message.edited_at = world.now
    await world.notify()
    return world.wire(replace(message))
