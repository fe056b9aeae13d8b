"""What a request says of a message: its payload and its files, made into a `Message`."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.e2e.discord_fake.errors import Json, Refused
from tests.e2e.discord_fake.messages import Attachment, Message
from tests.e2e.discord_fake.world import World

__all__ = ["Posting", "apply", "read_posting"]


@dataclass(frozen=True)
class Posting:
    """The payload and, by their index, the files (name, content)."""

    payload: Json
    files: dict[int, tuple[str, bytes]] = field(default_factory=dict)

    def inner(self) -> "Posting":
        """What a callback carries."""
        return Posting(self.payload.get("data") or {}, self.files)


async def read_posting(request: web.Request) -> Posting:
    """Read JSON, or a form with `payload_json` and `files[n]`."""
    if not request.content_type.startswith("multipart/"):
        return Posting(_object(await request.read()))
    form = await request.post()
    payload = _object(str(form.get("payload_json", "{}")).encode())
    files: dict[int, tuple[str, bytes]] = {}
    for name, part in form.items():
        index = re.fullmatch(r"files\[(\d+)\]", name)
        if index and isinstance(part, web.FileField):
            files[int(index[1])] = (part.filename, part.file.read())
    return Posting(payload, files)


def _object(text: bytes) -> Json:
    try:
        value: Any = json.loads(text or b"{}")
    except ValueError as error:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from error
    if not isinstance(value, dict):
        raise Refused(400, 50109, "The request body contains invalid JSON.")
    return value


def apply(world: World, message: Message, posting: Posting) -> None:
    """Give the message what the posting names; what it does not name stays."""
    payload = posting.payload
    if "content" in payload:
        message.content = payload["content"] or ""
    if "embeds" in payload:
        message.embeds = payload["embeds"] or []
    if "components" in payload:
        message.components = payload["components"] or []
    if "allowed_mentions" in payload:
        message.allowed_mentions = payload["allowed_mentions"]
    if "attachments" in payload or posting.files:
        message.attachments = _attachments(world, message, posting)
    mentioned = {int(number) for number in re.findall(r"<@!?(\d+)>", message.content)}
    message.mentions = [world.people[number] for number in mentioned if number in world.people]


def _attachments(world: World, message: Message, posting: Posting) -> list[Attachment]:
    named: Sequence[Json] = posting.payload.get("attachments") or []
    descriptions = {int(item["id"]): item.get("description") for item in named}
    kept = [file for file in message.attachments if file.id in descriptions]
    return kept + [
        Attachment(world.new_id(), name, content, descriptions.get(index))
        for index, (name, content) in sorted(posting.files.items())
    ]
