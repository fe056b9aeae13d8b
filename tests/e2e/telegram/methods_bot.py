"""Everything but messages: the bot itself, its menu, updates, queries, files and chats."""

import asyncio
import contextlib
import re
from typing import Any, Final
from urllib.parse import urlsplit

from tests.e2e.telegram.call import Call, method
from tests.e2e.telegram.errors import RefusedError, bad_request
from tests.e2e.telegram.keyboards import inline_keyboard
from tests.e2e.telegram.markup import parse, utf16
from tests.e2e.telegram.methods_messages import check_text
from tests.e2e.telegram.world import BOT_ID, BY_DEFAULT, Query, World

LARGEST_DOWNLOAD: Final = 20 * 1024 * 1024
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PORTS: Final = {None, 443, 80, 88, 8443}


@method("getMe")
async def get_me(world: World, call: Call) -> Any:
    abilities = ("can_join_groups", "supports_inline_queries")
    return {
        **world.user(BOT_ID),
        **dict.fromkeys(abilities, True),
        **dict.fromkeys(("can_read_all_group_messages", "can_connect_to_business"), False),
        "has_main_web_app": False,
    }


@method("setMyCommands")
async def set_my_commands(world: World, call: Call) -> Any:
    commands = call.json("commands") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command.get("command", "").removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16(command.get("description", "").strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return _profile(world, call, "commands", commands)


@method("setMyName")
async def set_my_name(world: World, call: Call) -> Any:
    return _profile(world, call, "name", _at_most(call.text("name"), 64, "name"))


@method("setMyDescription")
async def set_my_description(world: World, call: Call) -> Any:
    text = _at_most(call.text("description"), 512, "description")
    return _profile(world, call, "description", text)


@method("setMyShortDescription")
async def set_my_short_description(world: World, call: Call) -> Any:
    text = _at_most(call.text("short_description"), 120, "short description")
    return _profile(world, call, "short_description", text)


def _at_most(text: str, limit: int, what: str) -> str:
    if utf16(text) > limit:
        raise bad_request(f"{what} is too long")
    return text


def _profile(world: World, call: Call, what: str, value: Any) -> bool:
    language = call.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    scope = (call.json("scope") or {}).get("type", "default")
    world.profile[what, scope, language] = value
    return True


@method("getMyCommands")
async def get_my_commands(world: World, call: Call) -> Any:
    scope = (call.json("scope") or {}).get("type", "default")
    return world.profile.get(("commands", scope, call.text("language_code")), [])


@method("setWebhook")
async def set_webhook(world: World, call: Call) -> Any:
    url = call.text("url")
    parts = urlsplit(url)
    if url and parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if url and parts.port not in _PORTS:
        problem = "Webhook can be set up only on ports 80, 88, 443 or 8443"
        raise bad_request(f"bad webhook: {problem}")
    secret = call.params.get("secret_token")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if call.flag("drop_pending_updates"):
        world.pending.clear()
    allow(world, call)
    world.webhook = {"url": url, "secret": secret} if url else None
    await world.notify()
    return True


@method("deleteWebhook")
async def delete_webhook(world: World, call: Call) -> Any:
    if call.flag("drop_pending_updates"):
        world.pending.clear()
    world.webhook = None
    return True


@method("getWebhookInfo")
async def get_webhook_info(world: World, call: Call) -> Any:
    return {
        "url": (world.webhook or {}).get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.pending),
    }


@method("getUpdates")
async def get_updates(world: World, call: Call) -> Any:
    if world.webhook:
        raise RefusedError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
            "delete the webhook first",
        )
    allow(world, call)
    world.confirm(call.number("offset", 0))
    world.poll += 1
    this, limit = world.poll, min(max(call.number("limit", 100), 1), 100)
    await world.notify()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(call.number("timeout", 0)), world.changed:
            await world.changed.wait_for(
                lambda: world.pending or world.poll != this or world.closed
            )
    if world.poll != this:
        raise RefusedError(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot "
            "instance is running",
        )
    return world.pending[:limit]


def allow(world: World, call: Call) -> None:
    """Remember which updates the bot wants: an empty list is the usual ones, none no change."""
    wanted = call.json("allowed_updates")
    if wanted is not None:
        world.allowed = frozenset(wanted) or BY_DEFAULT


@method("answerCallbackQuery")
async def answer_callback_query(world: World, call: Call) -> Any:
    query = _query(world, call.text("callback_query_id"))
    if utf16(call.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = dict(call.params)
    await world.notify()
    return True


@method("answerInlineQuery")
async def answer_inline_query(world: World, call: Call) -> Any:
    query = _query(world, call.text("inline_query_id"))
    results = call.json("results") or []
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result.get("id", "") for result in results]
    if not all(1 <= len(name.encode()) <= 64 for name in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        _check_result(result)
    if len(call.text("next_offset").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    query.answer = {**call.params, "results": results}
    await world.notify()
    return True


def _check_result(result: dict[str, Any]) -> None:
    if result.get("type") != "article":
        raise RefusedError(501, f"this test server plays no inline result {result.get('type')!r}")
    if not result.get("title", "").strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content") or {}
    entities = content.get("entities")
    check_text(parse(content.get("message_text", ""), content.get("parse_mode"), entities))
    inline_keyboard(result.get("reply_markup"))


def _query(world: World, query_id: str) -> Query:
    query = world.queries.get(query_id)
    if query is None or world.now - query.asked_at > query.lives:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


@method("getFile")
async def get_file(world: World, call: Call) -> Any:
    upload = world.files.get(call.text("file_id"))
    if upload is None:
        raise bad_request("invalid file_id")
    if len(upload.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": upload.id,
        "file_unique_id": f"u{upload.id}",
        "file_size": len(upload.content),
        "file_path": f"files/{upload.id}",
    }


@method("getChat")
async def get_chat(world: World, call: Call) -> Any:
    chat = world.writable(call.number("chat_id"))
    return {
        **chat.wire(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False
        ),
    }


@method("getChatMember")
async def get_chat_member(world: World, call: Call) -> Any:
    chat, user = world.writable(call.number("chat_id")), call.number("user_id")
    if user not in chat.members:
        raise bad_request("PARTICIPANT_ID_INVALID")
    status = "creator" if user in chat.admins else "member"
    owner = {"is_anonymous": False} if status == "creator" else {}
    return {"user": world.user(user), "status": status, **owner}


@method("leaveChat")
async def leave_chat(world: World, call: Call) -> Any:
    chat = world.writable(call.number("chat_id"))
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.members.discard(BOT_ID)
    await world.notify()
    return True
