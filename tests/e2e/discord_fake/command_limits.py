"""What Discord refuses in a set of application commands."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from tests.e2e.discord_fake.errors import Json, invalid_form
from tests.e2e.discord_fake.limits import check_choices, check_length

__all__ = ["CHAT", "MESSAGE", "USER", "check_commands"]

CHAT, USER, MESSAGE = 1, 2, 3
MOST: Final = {CHAT: 100, USER: 15, MESSAGE: 15}
SIZE: Final = 8000
SUBCOMMANDS: Final = (1, 2)
LOCALES: Final = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru"
    " uk hi th zh-CN ja zh-TW ko".split()
)


def check_commands(commands: Sequence[Json]) -> None:
    """Refuse a set of commands, each as it was sent, that breaks a limit."""
    kinds = Counter(command.get("type", CHAT) for command in commands)
    for kind, count in kinds.items():
        if count > MOST[kind]:
            raise invalid_form("", "APPLICATION_COMMAND_TOO_MANY", f"At most {MOST[kind]}.")
    names = Counter((command.get("type", CHAT), command["name"]) for command in commands)
    for (_, name), count in names.items():
        if count > 1:
            raise invalid_form(name, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Names repeat.")
    for index, command in enumerate(commands):
        _check_command(str(index), command)


def _check_command(path: str, command: Json) -> None:
    if command.get("type", CHAT) == CHAT:
        _check_names(path, command)
        _check_descriptions(path, command)
        _check_options(f"{path}.options", command.get("options") or [])
    else:
        for place, name in _with_translations(path, command, "name"):
            check_length(place, name, 32, 1)
        if command.get("description"):
            raise invalid_form(f"{path}.description", "APPLICATION_COMMAND_DESCRIPTION", "Empty.")
    if (size := _size(command)) > SIZE:
        raise invalid_form(path, "APPLICATION_COMMAND_TOO_LARGE", f"{size} is over {SIZE}.")


def _with_translations(path: str, thing: Json, key: str) -> Iterator[tuple[str, Any]]:
    yield f"{path}.{key}", thing.get(key)
    for locale, text in (thing.get(f"{key}_localizations") or {}).items():
        if locale not in LOCALES:
            raise invalid_form(f"{path}.{key}_localizations", "BASE_TYPE_CHOICES", f"{locale}?")
        yield f"{path}.{key}_localizations.{locale}", text


def _check_names(path: str, thing: Json) -> None:
    for place, name in _with_translations(path, thing, "name"):
        check_length(place, name, 32, 1)
        if name != name.lower() or not all(map(_fits, name)):
            raise invalid_form(place, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _fits(char: str) -> bool:
    r"""Whether Discord's pattern has it: [-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]."""
    if char in "-_'" or unicodedata.category(char)[0] in "LN":
        return True
    return "\u0900" <= char <= "\u097f" or "\u0e00" <= char <= "\u0e7f"


def _check_descriptions(path: str, thing: Json) -> None:
    for place, description in _with_translations(path, thing, "description"):
        check_length(place, description, 100, 1)


def _check_options(path: str, options: Sequence[Json]) -> None:
    if len(options) > 25:
        raise invalid_form(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, option in enumerate(options):
        _check_names(f"{path}.{index}", option)
        _check_descriptions(f"{path}.{index}", option)
        choices = option.get("choices") or []
        check_choices(choices, f"{path}.{index}.choices")
        if option.get("autocomplete") and choices:
            raise invalid_form(
                f"{path}.{index}", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE", "Not with choices."
            )
        _check_options(f"{path}.{index}.options", option.get("options") or [])
    if len({option["name"] for option in options}) < len(options):
        raise invalid_form(path, "APPLICATION_COMMAND_OPTIONS_NAME_EXISTS", "Names repeat.")
    required = [bool(o.get("required")) for o in options if o["type"] not in SUBCOMMANDS]
    if required != sorted(required, reverse=True):
        raise invalid_form(
            path,
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
            "Required options must be placed before non-required options",
        )


def _size(thing: Json) -> int:
    """Of every text, its longest translation counts."""
    own = sum(_longest(thing, key) for key in ("name", "description"))
    options: Iterable[Json] = thing.get("options") or []
    choices: Iterable[Json] = thing.get("choices") or []
    return (
        own
        + sum(map(_size, options))
        + sum(_longest(choice, "name") + len(str(choice.get("value", ""))) for choice in choices)
    )


def _longest(thing: Json, key: str) -> int:
    texts = [thing.get(key) or "", *(thing.get(f"{key}_localizations") or {}).values()]
    return max(map(len, texts))
