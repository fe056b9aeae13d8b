"""Reading the YAML files the bot speaks from, with one clear sentence where that fails."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from core.errors import DialogueError

__all__ = ["as_list", "as_mapping", "as_text", "read_mapping"]

# libyaml reads ten times as fast, but not every build of PyYAML has it. Both loaders are safe.
_LOADER: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_mapping(path: Path) -> Mapping[str, object]:
    """The mapping at the top of a YAML file.

    Raises:
        DialogueError: the file is missing, unreadable, no YAML, or holds something else.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except OSError as error:
        raise DialogueError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DialogueError(f"{path} is not UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise DialogueError(f"{path}{line} is not valid YAML") from error
    return as_mapping(content, str(path))


def as_mapping(value: object, where: str) -> Mapping[str, object]:
    """`value` as a mapping with text keys."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise DialogueError(f"{where}: a mapping with text keys is expected")
    return value


def as_list(value: object, where: str) -> list[object]:
    """`value` as a list with something in it."""
    if not isinstance(value, list) or not value:
        raise DialogueError(f"{where}: a list with something in it is expected")
    return value


def as_text(value: object, where: str) -> str:
    """`value` as a text with something in it, without surrounding space."""
    if not isinstance(value, str) or not value.strip():
        raise DialogueError(f"{where}: a text is expected")
    return value.strip()
