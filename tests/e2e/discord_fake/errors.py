"""How Discord refuses: an HTTP status, one of its JSON codes, and which field is meant."""

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Json", "Refused", "invalid_form"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Refused(Exception):  # noqa: N818 - named for what happened
    """A request that Discord refuses.

    Attributes:
        status: of HTTP.
        code: Discord's own.
        errors: what is wrong with which field, by its path.
    """

    status: int
    code: int
    message: str
    errors: Json = field(default_factory=dict)

    @property
    def body(self) -> Json:
        """What stands in the answer."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def invalid_form(path: str, code: str, message: str) -> Refused:
    """The refusal of one field; `path` is like "embeds.0.title"."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".")):
        errors = {part: errors}
    return Refused(400, 50035, "Invalid Form Body", errors)
