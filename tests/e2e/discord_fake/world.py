"""What Discord holds, its ids and its clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.e2e.discord_fake.errors import Json
from tests.e2e.discord_fake.messages import Interaction, Message
from tests.e2e.discord_fake.places import EVERYBODY_MAY, Channel, ChannelKind, Guild, Member

__all__ = ["Clock", "World"]

EPOCH_MS: Final = 1420070400000


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
