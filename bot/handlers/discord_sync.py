"""The commands are sent to Discord only when they changed: 200 creations a day is its limit."""

import hashlib
import json
import logging
from typing import Any, Final, Protocol

import discord
from discord import app_commands

from bot.handlers.discord_errors import RefusedSetupError

__all__ = ["Markers", "command_digest", "sync_commands"]

_log = logging.getLogger(__name__)

_EVERYWHERE: Final = "global"

AnyTree = app_commands.CommandTree[Any]


class Markers(Protocol):
    """Remembers small facts across restarts."""

    async def get(self, name: str) -> str | None:
        """The value; None where there is none."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Set the value."""
        ...


async def command_digest(tree: AnyTree, guild: discord.abc.Snowflake | None = None) -> str:
    """A digest of the commands as Discord would get them, with all translations."""
    translator = tree.translator
    payloads = [
        await command.get_translated_payload(tree, translator)
        if translator is not None
        else command.to_dict(tree)
        for command in tree.get_commands(guild=guild)
    ]
    payloads.sort(key=lambda payload: (payload["type"], payload["name"]))
    text = json.dumps(payloads, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


async def sync_commands(
    tree: AnyTree,
    markers: Markers,
    *,
    guild: discord.abc.Snowflake | None = None,
    force: bool = False,
) -> bool:
    """Send the commands to Discord if they changed since they were sent last.

    Args:
        tree: the commands; its client is logged in.
        markers: where the digest of what was sent last is kept.
        guild: the guild whose own commands are meant; None for those everywhere.
        force: whether to send them in any case.

    Returns:
        Whether they were sent. Not, too, where Discord does not take them now: the bot works
        with those it has, and the next start tries again.

    Raises:
        RefusedSetupError: Discord finds a mistake in them, or the guild is closed to us.
    """
    place = _EVERYWHERE if guild is None else str(guild.id)
    name = f"discord.commands.{tree.client.application_id}.{place}"
    digest = await command_digest(tree, guild)
    if not force and await markers.get(name) == digest:
        return False
    try:
        await tree.sync(guild=guild)
    except (app_commands.CommandSyncFailure, discord.Forbidden) as error:
        raise RefusedSetupError(f"Discord refuses the commands: {error}") from error
    except (discord.HTTPException, discord.RateLimited, OSError) as error:
        if force:
            raise RefusedSetupError(f"Discord does not take the commands now: {error}") from error
        _log.error("Discord does not take the commands now: %r", error)
        return False
    await markers.put(name, digest)
    return True
