"""People, guilds and channels, as plain objects."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from tests.e2e.discord_fake.errors import Json

if TYPE_CHECKING:
    from tests.e2e.discord_fake.messages import Message

__all__ = ["EVERYBODY_MAY", "Channel", "ChannelKind", "Guild", "Member"]

ADMINISTRATOR: Final = 1 << 3
EVERYBODY_MAY: Final = 0x7FFFFFFFFFFFF & ~ADMINISTRATOR & ~(1 << 5)


class ChannelKind(IntEnum):
    """Kinds of channels, by Discord's numbers."""

    TEXT = 0
    DM = 1
    GROUP = 3


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
