"""How the Bot API says no."""

from typing import Any

__all__ = ["RefusedError", "bad_request", "forbidden"]


class RefusedError(Exception):
    """An answer with `ok: false`.

    Attributes:
        code: the HTTP status.
        description: as Telegram words it.
        parameters: of the answer, `retry_after` and the like.
    """

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None):
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        told = {"ok": False, "error_code": self.code, "description": self.description}
        return {**told, "parameters": self.parameters} if self.parameters else told


def bad_request(description: str, **parameters: Any) -> RefusedError:
    """A 400."""
    return RefusedError(400, f"Bad Request: {description}", parameters)


def forbidden(description: str) -> RefusedError:
    """A 403."""
    return RefusedError(403, f"Forbidden: {description}")
