"""How the bot meets a language model that may write its replies."""

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bot.secret import Secret

__all__ = ["WriterSettings"]

_LONGEST_PLACE: Final = 50
"""So that a consent can name it."""
_NEAR: Final = (".local", ".internal", ".localhost")


@dataclass(frozen=True)
class WriterSettings:
    """How the bot meets a language model that may write its replies.

    Attributes:
        url: LLM_BASE_URL, of an API like OpenAI's, without a slash at the end.
        model: LLM_MODEL, its name there.
        key: LLM_API_KEY; None where none is needed.
        timeout_s: LLM_TIMEOUT, seconds to wait for a reply, 0.1 to 60.
        calls: LLM_CALLS, replies waited for at a time, 1 to 64.
    """

    url: str
    model: str
    key: Secret | None = None
    timeout_s: float = 6.0
    calls: int = 4

    def __post_init__(self) -> None:
        """See that messages go nowhere they could be read on the way.

        Raises:
            ValueError: the address or the name of the model cannot be used.
        """
        parts = urlsplit(self.url)
        _ = parts.port  # a wrong one raises ValueError by itself
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise ValueError("LLM_BASE_URL has to be an address such as http://localhost:11434/v1")
        if parts.username is not None or parts.password is not None:
            raise ValueError("LLM_BASE_URL must not hold a password: use LLM_API_KEY")
        if parts.scheme == "http" and not _is_near(parts.hostname):
            raise ValueError("LLM_BASE_URL has to begin with https:// outside of your own network")
        if len(self.place) > _LONGEST_PLACE:
            raise ValueError(f"LLM_BASE_URL: {self.place} is too long a name to ask people about")
        if not self.model:
            raise ValueError("LLM_MODEL has to name the model where there is an LLM_BASE_URL")

    @property
    def place(self) -> str:
        """Where messages go, as people are told."""
        return urlsplit(self.url).netloc


def _is_near(host: str) -> bool:
    """Whether a host is this machine or in a network of one's own."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_NEAR)
    return address.is_loopback or address.is_private
