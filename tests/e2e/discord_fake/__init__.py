"""A Discord to test against; `server.running_discord` is the way in."""

from tests.e2e.discord_fake.server import TOKEN, DiscordServer, running_discord
from tests.e2e.discord_fake.world import Channel, Clock, Guild, Interaction, Message

__all__ = [
    "TOKEN",
    "Channel",
    "Clock",
    "DiscordServer",
    "Guild",
    "Interaction",
    "Message",
    "running_discord",
]
