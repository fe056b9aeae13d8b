"""One call of the Bot API, its parameters read as they are sent: texts, many of them JSON."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.e2e.telegram.errors import bad_request
from tests.e2e.telegram.world import World

__all__ = ["METHODS", "Call", "SentFile", "method"]


@dataclass(frozen=True)
class SentFile:
    """A file that came with a call."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True)
class Call:
    """What the bot asks for."""

    method: str
    params: dict[str, str]
    files: dict[str, SentFile] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        return self.params.get(name, default)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number."""
        given = self.params.get(name)
        try:
            if given is not None:
                return int(given)
        except ValueError:
            raise bad_request(f"invalid {name} specified") from None
        if default is None:
            raise bad_request(f"{name} is empty")
        return default

    def flag(self, name: str) -> bool:
        """A yes or no."""
        return self.params.get(name, "").lower() in {"true", "1", "yes"}

    def json(self, name: str) -> Any:
        """A composed value; None where it is missing."""
        given = self.params.get(name)
        try:
            return json.loads(given) if given else None
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def file(self, name: str) -> SentFile | str | None:
        """A file that came along, or the id or address of one."""
        given = self.params.get(name)
        if given and given.startswith("attach://"):
            return self.files.get(given.removeprefix("attach://"))
        return self.files.get(name) or given


Method: TypeAlias = Callable[[World, Call], Awaitable[Any]]
METHODS: dict[str, Method] = {}
"""By the method's name in lower case, for the Bot API does not mind the case."""


def method(name: str) -> Callable[[Method], Method]:
    """Register what answers a method of the Bot API."""

    def register(answer: Method) -> Method:
        METHODS[name.lower()] = answer
        return answer

    return register
