"""Sends the slash commands to Discord now; the bot itself does so when they changed.

python -m scripts.sync_discord             everywhere
python -m scripts.sync_discord --guild ID  to one guild as well, where they show at once
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from bot.config import limit_threads, load_settings

limit_threads()  # before numpy is imported, which everything below does

from bot.discord_app import CommandClient
from bot.handlers.discord_errors import RefusedSetupError
from core.errors import SetupError

__all__ = ["main"]


class _Forgetful:
    """Keeps no digests: the bot compares with what it sent itself."""

    async def get(self, _: str) -> str | None:
        return None

    async def put(self, name: str, value: str) -> None: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Send the commands.

    Returns:
        The exit status: 2 where they could not be sent.
    """
    parser = argparse.ArgumentParser(
        prog="python -m scripts.sync_discord",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--guild", type=int, metavar="ID", help="the guild that gets them")
    given = parser.parse_args(arguments)
    try:
        asyncio.run(_send(given.guild))
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print("The commands are sent.")
    return 0


async def _send(guild: int | None) -> None:
    token = load_settings().discord_token
    if token is None:
        raise RefusedSetupError("DISCORD_TOKEN is not set")
    client = CommandClient(lambda error, _: str(error))
    await client.send_commands(token.reveal(), _Forgetful(), guild)


if __name__ == "__main__":
    sys.exit(main())
