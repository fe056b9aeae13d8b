"""What goes wrong on demand: each fault hits the next calls that fit, then is used up."""

from dataclasses import dataclass
from enum import Enum, auto

from tests.e2e.telegram.call import Call
from tests.e2e.telegram.errors import RefusedError

__all__ = ["Fault", "FaultKind", "Faults"]


class FaultKind(Enum):
    """What happens."""

    REFUSE = auto()
    """The call is answered with an error, and has no effect."""
    DROP = auto()
    """The connection is closed before the call has an effect."""
    LOSE_ANSWER = auto()
    """The call has its effect, and the connection is closed instead of an answer."""
    GARBLE = auto()
    """The call has its effect, and the answer is no JSON."""


@dataclass
class Fault:
    """One fault.

    Attributes:
        method: which calls it hits, in lower case; None for all but getUpdates.
        chat_id: only calls that concern this chat; None for all.
        times: how many calls it still hits.
        refusal: the answer, of `REFUSE`.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int = 1
    refusal: RefusedError | None = None

    def fits(self, call: Call) -> bool:
        """Whether it hits this call."""
        name = call.method.lower()
        right_method = name == self.method if self.method else name != "getupdates"
        right_chat = self.chat_id is None or call.params.get("chat_id") == str(self.chat_id)
        return self.times > 0 and right_method and right_chat


class Faults:
    """The faults that are yet to come."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, call: Call) -> Fault | None:
        """The fault that hits this call, if any."""
        fault = next((fault for fault in self.waiting if fault.fits(call)), None)
        if fault:
            fault.times -= 1
            self.waiting = [fault for fault in self.waiting if fault.times > 0]
        return fault

    def flood(
        self,
        retry_after: int,
        *,
        method: str | None = None,
        chat: int | None = None,
        times: int = 1,
    ) -> None:
        """Answer 429: wait `retry_after` seconds."""
        told = f"Too Many Requests: retry after {retry_after}"
        refusal = RefusedError(429, told, {"retry_after": retry_after})
        self._add(Fault(FaultKind.REFUSE, method, chat, times, refusal))

    def fail(
        self, code: int = 500, *, method: str | None = None, chat: int | None = None, times: int = 1
    ) -> None:
        """Answer with an error of Telegram's own: 500, 502."""
        told = {500: "Internal Server Error", 502: "Bad Gateway"}.get(code, "Something failed")
        self._add(Fault(FaultKind.REFUSE, method, chat, times, RefusedError(code, told)))

    def drop(self, *, method: str | None = None, chat: int | None = None, times: int = 1) -> None:
        """Close the connection before the call has an effect."""
        self._add(Fault(FaultKind.DROP, method, chat, times))

    def lose_answer(
        self, *, method: str | None = None, chat: int | None = None, times: int = 1
    ) -> None:
        """Close the connection after the call had its effect."""
        self._add(Fault(FaultKind.LOSE_ANSWER, method, chat, times))

    def garble(self, *, method: str | None = None, chat: int | None = None, times: int = 1) -> None:
        """Answer with what is no JSON."""
        self._add(Fault(FaultKind.GARBLE, method, chat, times))

    def _add(self, fault: Fault) -> None:
        fault.method = fault.method.lower() if fault.method else None
        self.waiting.append(fault)
