"""Links into the private chat: "t.me/<bot>?start=<payload>", 64 of A-Z, a-z, 0-9, _ and -.

    songs[-<feeling>][-<mode>]    songs for the person's mood, or for a feeling
    <command>[-<number>]          a command that is nobody else's business: mood, settings, like-2
    link-<code>                   asks whether to link the account the code was made by
    ns-<impression>               asks what is never to come again (nl likewise)
    h-<n>                         the help lines for the n-th kind of danger

Old links live on in old messages: words are never given another meaning.
"""

from typing import Final

from bot.chat.actions import ASKS, Action
from bot.chat.buttons import OFFERED
from bot.chat.commands import Command, Request
from bot.chat.feelings import FEELINGS
from bot.errors import UnknownActionError
from core.models import CrisisKind, Mode

__all__ = [
    "PERSONAL",
    "crisis_payload",
    "deep_link",
    "linked_code",
    "linked_crisis",
    "linked_press",
    "linked_request",
    "press_payload",
    "request_payload",
]

PERSONAL: Final = frozenset(
    {
        *(Command.MOOD, Command.HISTORY, Command.WEEK, Command.TASTE, Command.WHY),
        *(Command.DIARY, Command.CORRECT),
        *(Command.LIKE, Command.DISLIKE, Command.UNVOTE, Command.NEVER),
        *(Command.REMIND, Command.SETTINGS, Command.CONSENT, Command.PRIVACY, Command.GROUNDING),
        *(Command.EXPORT, Command.FORGET, Command.LINK),
    }
)
"""Commands that are not answered in a group."""
_KINDS: Final = (CrisisKind.SELF_HARM, CrisisKind.VIOLENCE, CrisisKind.THIRD_PERSON)


def deep_link(bot_name: str, payload: str) -> str:
    """The address that opens the private chat and says "/start <payload>" there."""
    return f"https://t.me/{bot_name}?start={payload}"


def request_payload(request: Request) -> str:
    """The payload of a command; its words are left out, for they may be in any letters."""
    number = "" if request.number is None else f"-{request.number}"
    return f"{request.command}{number}"


def linked_request(payload: str) -> Request | None:
    """The command a payload stands for; None where it stands for none."""
    name, _, rest = payload.partition("-")
    text = f"/{payload.replace('-', ' ')}"
    if name == Command.SONGS:
        words = rest.split("-")
        feeling = next((FEELINGS[word] for word in words if word in FEELINGS), None)
        mode = next((mode for mode in OFFERED if mode in words), Mode.SIMILAR)
        return Request(Command.SONGS, text, mode, feeling=feeling)
    if name not in set(PERSONAL) or (rest and not rest.isdecimal()):
        return None
    return Request(Command(name), text, number=int(rest[:6]) if rest else None)


def linked_code(payload: str) -> str | None:
    """The code of a link between two accounts."""
    name, _, code = payload.partition("-")
    return code if name == Command.LINK and code else None


def press_payload(carried: str) -> str:
    """The payload of a button, by the text it carries."""
    return carried.replace(".", "-")


def linked_press(payload: str) -> str | None:
    """The text of the button a payload stands for; None where it stands for none."""
    carried = payload.replace("-", ".")
    try:
        return carried if Action.parse(carried).name in ASKS else None
    except UnknownActionError:
        return None


def crisis_payload(kind: CrisisKind) -> str:
    """The payload of help lines; others who see the link cannot read the danger from it."""
    return f"h-{_KINDS.index(kind)}"


def linked_crisis(payload: str) -> CrisisKind | None:
    """The danger a payload stands for; None where it stands for none."""
    return {crisis_payload(kind): kind for kind in _KINDS}.get(payload)
