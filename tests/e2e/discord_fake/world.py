"""What Discord holds: people, guilds, channels, messages and interactions, as plain objects."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Final

from tests.e2e.discord_fake.errors import Json
from tests.e2e.discord_fake.limits import EPHEMERAL

__all__ = [
    "Attachment",
    "Channel",
    "ChannelKind",
    "Clock",
    "Guild",
    "Interaction",
    "InteractionKind",
    "Member",
    "Message",
    "World",
]

EPOCH_MS: Final = 1420070400000
LOADING: Final = 1 << 7
ADMINISTRATOR: Final = 1 << 3
EVERYBODY_MAY: Final = 0x7FFFFFFFFFFFF & ~ADMINISTRATOR & ~(1 << 5)


class Clock:
    """Discord's clock: it stands still until a test moves it, unless it is `running`."""

    def __init__(self, *, running: bool = False) -> None:
        self.start = datetime.now(UTC)
        self._moved = 0.0
        self._since = time.monotonic() if running else None

    @property
    def now(self) -> float:
        """Seconds since the start."""
        passed = 0.0 if self._since is None else time.monotonic() - self._since
        return passed + self._moved

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._moved += seconds

    @property
    def time(self) -> datetime:
        """The same as a time of day."""
        return self.start + timedelta(seconds=self.now)


class ChannelKind(IntEnum):
    """Kinds of channels, by Discord's numbers."""

    TEXT = 0
    DM = 1
    GROUP = 3


class InteractionKind(IntEnum):
    """Kinds of interactions, by Discord's numbers."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


@dataclass(eq=False)
class Member:
    """A person, or a bot.

    Attributes:
        admin: of every guild.
        refuses_dms: whether the bot may not write first.
    """

    id: int
    name: str
    locale: str = "ko"
    bot: bool = False
    admin: bool = False
    refuses_dms: bool = False

    @property
    def json(self) -> Json:
        """The user object."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": self.name,
            "avatar": None,
            "bot": self.bot,
        }

    @property
    def permissions(self) -> str:
        """What they may do in a guild."""
        return str(EVERYBODY_MAY | (ADMINISTRATOR if self.admin else 0))

    @property
    def member_json(self) -> Json:
        """The member object, without the user."""
        return {
            "roles": [],
            "nick": None,
            "joined_at": "2024-01-01T00:00:00+00:00",
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": self.permissions,
        }


@dataclass(eq=False)
class Guild:
    """A guild; `has_bot` is False where people only brought the app with them."""

    id: int
    name: str
    locale: str = "ko"
    has_bot: bool = True
    channels: "list[Channel]" = field(default_factory=list)


@dataclass(eq=False)
class Channel:
    """A channel.

    Attributes:
        people: of a DM or a group.
        bot_sees: whether the bot has access.
        bot_writes: whether it may send messages there; interactions are answered anywhere.
        bot_reacts: whether it may add reactions there.
    """

    id: int
    kind: ChannelKind
    name: str = ""
    guild: Guild | None = None
    people: list[Member] = field(default_factory=list)
    bot_sees: bool = True
    bot_writes: bool = True
    bot_reacts: bool = True
    typing: int = 0
    messages: "list[Message]" = field(default_factory=list)

    @property
    def json(self) -> Json:
        """The channel object."""
        data: Json = {"id": str(self.id), "type": int(self.kind), "last_message_id": None}
        if self.guild is not None:
            data |= {"guild_id": str(self.guild.id), "name": self.name, "position": 0}
            data |= {"permission_overwrites": [], "parent_id": None, "nsfw": False, "topic": None}
        else:
            data["recipients"] = [person.json for person in self.people]
        if self.kind is ChannelKind.GROUP:
            data |= {"name": self.name or None, "icon": None, "owner_id": str(self.people[0].id)}
        return data


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


class World:
    """All of it, and the ids."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._ids = 0
        self.bot = Member(self.new_id(), "마음DJ", bot=True)
        self.people: dict[int, Member] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}

    def new_id(self) -> int:
        """A snowflake of now."""
        self._ids += 1
        ms = int(self.clock.time.timestamp() * 1000) - EPOCH_MS
        return ((ms + self._ids % 7) << 22) + self._ids

    def add_person(self, person: Member) -> Member:
        """Let somebody exist."""
        self.people[person.id] = person
        return person

    def add_guild(self, name: str, *, locale: str = "ko", has_bot: bool = True) -> Guild:
        """Found a guild."""
        guild = Guild(self.new_id(), name, locale, has_bot)
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, guild: Guild, name: str) -> Channel:
        """A text channel of a guild."""
        channel = Channel(self.new_id(), ChannelKind.TEXT, name, guild, bot_sees=guild.has_bot)
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def group(self, *people: Member) -> Channel:
        """A group of people without the bot."""
        channel = Channel(self.new_id(), ChannelKind.GROUP, people=list(people), bot_sees=False)
        self.channels[channel.id] = channel
        return channel

    def dm(self, person: Member) -> Channel:
        """The person's direct messages with the bot."""
        for channel in self.channels.values():
            if channel.kind is ChannelKind.DM and channel.people == [person]:
                return channel
        channel = Channel(self.new_id(), ChannelKind.DM, people=[person])
        self.channels[channel.id] = channel
        return channel

    def add_message(self, message: Message) -> Message:
        """Put a message into its channel."""
        self.messages[message.id] = message
        message.channel.messages.append(message)
        return message

    def guild_json(self, guild: Guild) -> Json:
        """The guild object of GUILD_CREATE."""
        everyone = {"id": str(guild.id), "name": "@everyone", "permissions": str(EVERYBODY_MAY)}
        everyone_json: Json = {
            **everyone,
            "color": 0,
            "hoist": False,
            "position": 0,
            "managed": False,
            "mentionable": False,
        }
        return {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "owner_id": str(self.bot.id),
            "preferred_locale": guild.locale,
            "member_count": len(self.people),
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "premium_tier": 0,
            "nsfw_level": 0,
            "system_channel_flags": 0,
            "afk_timeout": 300,
            "afk_channel_id": None,
            "features": [],
            "roles": [everyone_json],
            "emojis": [],
            "stickers": [],
            "channels": [channel.json for channel in guild.channels],
            "threads": [],
            "members": [{**self.bot.member_json, "user": self.bot.json}],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "large": False,
            "unavailable": False,
        }
