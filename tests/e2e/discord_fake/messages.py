"""Messages as people see them, and interactions with what came of them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final

from tests.e2e.discord_fake.errors import Json
from tests.e2e.discord_fake.limits import EPHEMERAL
from tests.e2e.discord_fake.places import Channel, Member

__all__ = ["LOADING", "Attachment", "Interaction", "InteractionKind", "Message"]

LOADING: Final = 1 << 7


class InteractionKind(IntEnum):
    """Kinds of interactions, by Discord's numbers."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


@dataclass(frozen=True)
class Attachment:
    """A file with a message."""

    id: int
    filename: str
    content: bytes
    description: str | None = None

    @property
    def json(self) -> Json:
        """The attachment object."""
        data: Json = {"id": str(self.id), "filename": self.filename, "size": len(self.content)}
        address = f"https://cdn.invalid/{self.id}/{self.filename}"
        data |= {"url": address, "proxy_url": address}
        if self.description is not None:
            data["description"] = self.description
        return data


@dataclass(eq=False)
class Message:
    """A message as people see it.

    Attributes:
        visible_to: whom alone it is shown, where it is ephemeral; None for all of the channel.
        reactions: of each emoji, by whom.
        loading: whether it still says "is thinking".
    """

    id: int
    channel: Channel
    author: Member
    sent: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    visible_to: int | None = None
    reply_to: "Message | None" = None
    mentions: list[Member] = field(default_factory=list)
    reactions: dict[str, set[int]] = field(default_factory=dict)
    allowed_mentions: Json | None = None
    nonce: str | None = None
    edits: int = 0
    deleted: bool = False
    interaction: "Interaction | None" = None
    source: Json = field(default_factory=dict)

    @property
    def ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says "is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def parts(self) -> Iterator[Json]:
        """All components, rows and what is inside of them."""
        waiting = list(self.components)
        while waiting:
            part = waiting.pop(0)
            yield part
            inside = [*(part.get("components") or []), part.get("accessory")]
            waiting = [child for child in inside if child] + waiting

    @property
    def buttons(self) -> list[Json]:
        """Its buttons in reading order."""
        return [part for part in self.parts if part["type"] == 2]

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons; an emoji where there is no text."""
        return [_label(button) for button in self.buttons]

    def button(self, label: str) -> Json:
        """The button with that label, or failing that, with that in its label."""
        exact = [button for button in self.buttons if _label(button) == label]
        found = exact or [button for button in self.buttons if label in _label(button)]
        assert found, f"no button {label!r} in {self.labels}"
        return found[0]

    @property
    def text(self) -> str:
        """Everything there is to read in it, for `in`."""
        lines = [self.content]
        for embed in self.embeds:
            lines += [embed.get("title") or "", embed.get("description") or ""]
            for part in embed.get("fields") or []:
                lines += [part["name"], part["value"]]
            lines += [(embed.get(k) or {}).get(n, "") for k, n in _SMALL_PRINT]
        lines += [str(part["content"]) for part in self.parts if part["type"] == 10]
        return "\n".join(line for line in lines if line)

    def json(self, *, hidden: bool = False) -> Json:
        """The message object; `hidden` as an app without the intent gets it."""
        data: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.json,
            "content": "" if hidden else self.content,
            "timestamp": self.sent.isoformat(),
            "edited_timestamp": self.sent.isoformat() if self.edits else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [person.json for person in self.mentions],
            "mention_roles": [],
            "attachments": [] if hidden else [file.json for file in self.attachments],
            "embeds": [] if hidden else [{"type": "rich", **embed} for embed in self.embeds],
            "components": [] if hidden else self.components,
            "pinned": False,
            "type": 19 if self.reply_to else 0,
            "flags": self.flags,
        }
        if self.nonce:
            data["nonce"] = self.nonce
        if self.reply_to:
            there = self.reply_to
            data["message_reference"] = {
                "type": 0,
                "message_id": str(there.id),
                "channel_id": str(there.channel.id),
            }
            data["referenced_message"] = there.json(hidden=hidden and not there.author.bot)
        if self.interaction:
            data["application_id"] = data["webhook_id"] = str(self.author.id)
        return data


_SMALL_PRINT: Final = (("footer", "text"), ("author", "name"))


def _label(button: Json) -> str:
    return button.get("label") or (button.get("emoji") or {}).get("name") or ""


@dataclass(eq=False)
class Interaction:
    """One interaction and what came of it.

    Attributes:
        callback: the type of the acknowledgement; None before there is one.
        acknowledged_after: seconds on Discord's clock.
        message: the answer, or the message that was clicked and changed.
        modal: the form that was opened.
        choices: of an autocomplete.
        followups: the further messages.
        payload: the event that told the bot of it.
        settled: set once it is answered.
    """

    id: int
    token: str
    kind: InteractionKind
    person: Member
    channel: Channel
    created: float
    data: Json
    clicked: Message | None = None
    callback: int | None = None
    acknowledged_after: float = 0.0
    message: Message | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    followups: list[Message] = field(default_factory=list)
    payload: Json = field(default_factory=dict)
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def thinking(self) -> bool:
        """Whether the person still sees "is thinking"."""
        return self.message is not None and self.message.loading and not self.message.deleted

    @property
    def answered(self) -> bool:
        """Whether it is acknowledged and nothing is promised any more."""
        return self.callback is not None and not self.thinking

    @property
    def shown(self) -> Message:
        """The answer."""
        assert self.message is not None, f"nothing was shown: {self.callback=}"
        return self.message
