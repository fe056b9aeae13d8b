"""A Discord to test against, for the real library; `running_discord` is the way in.

    async with running_discord() as server:          # discord.py now talks to it
        ...                                          # start the bot with TOKEN
        await server.connected()
        minji = server.person(locale="ko")
        asked = await minji.slash("songs", mode="similar")    # or as she reads it: "노래"
        asked.shown.text, asked.shown.labels, asked.shown.ephemeral
        clicked = await minji.clicks(asked.shown, "좋아요")
        await server.until(lambda: clicked.followups)         # what comes after the answer
        assert server.refusals == [] and server.errors == []

People act where they say (`where=server.channel(server.guild())`), by default in their direct
messages. Discord's clock stands still until `server.clock.advance(seconds)`. `server.faults` and
`server.gateway` fail on demand; `library.no_waiting` spares the library's waits between attempts.
"""

from tests.e2e.discord_fake.messages import Interaction, Message
from tests.e2e.discord_fake.places import Channel, Guild
from tests.e2e.discord_fake.server import TOKEN, DiscordServer, running_discord
from tests.e2e.discord_fake.world import Clock

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
