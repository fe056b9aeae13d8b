"""The bot on Discord: what it is built of."""

from bot.handlers.discord_answers import Sentence
from bot.handlers.discord_client import MaeumClient
from bot.shards import Shards

__all__ = ["build_client"]


def build_client(sentence: Sentence, *, shards: Shards | None = None) -> MaeumClient:
    """A client with all its handlers.

    Args:
        sentence: what is said of a failure.
        shards: those this process runs; None for as many as Discord advises.
    """
    return MaeumClient(sentence, shards=shards)
