"""How the bot behaves in a guild, as its administrators want it."""

import json
from dataclasses import asdict, dataclass, replace

from core.models import Language
from core.service.updates import Updates

__all__ = ["Places", "Rules"]


@dataclass(frozen=True)
class Rules:
    """What holds in a guild.

    Attributes:
        on: whether the bot speaks there where others read along. Commands are answered in any
            case, for only the person sees those answers.
        channels: ids of those it speaks in; empty for all.
        language: of its answers to people of whom nothing tells one; None for the guild's own.
    """

    on: bool = True
    channels: tuple[int, ...] = ()
    language: Language | None = None

    def speaks_in(self, channel: object) -> bool:
        """Whether the bot speaks in the channel, or in the thread of it, for all to read."""
        ids = {getattr(channel, "id", None), getattr(channel, "parent_id", None)}
        return self.on and (not self.channels or not ids.isdisjoint(self.channels))

    def with_channel(self, channel: int) -> "Rules":
        """The rules with one more channel that is spoken in."""
        others = tuple(known for known in self.channels if known != channel)
        return replace(self, channels=(*others, channel))


class Places:
    """The rules of all guilds, in the store."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates

    async def rules(self, guild: int) -> Rules:
        """What holds in the guild."""
        kept = await self._updates.marker(_name(guild))
        if kept is None:
            return Rules()
        read = json.loads(kept)
        language = read["language"] and Language(read["language"])
        return Rules(read["on"], tuple(read["channels"]), language)

    async def put(self, guild: int, rules: Rules) -> None:
        """Let other rules hold."""
        await self._updates.mark(_name(guild), json.dumps(asdict(rules)))

    async def speaks_in(self, guild: int | None, channel: object) -> bool:
        """Whether the bot speaks there for all to read; `guild` is None outside of any."""
        return guild is None or (await self.rules(guild)).speaks_in(channel)


def _name(guild: int) -> str:
    return f"discord.guild.{guild}"
