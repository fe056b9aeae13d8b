"""Folders of models: which one is meant, and the JSON in it, with one wording for what is wrong."""

import json
import re
from pathlib import Path
from typing import Any, Final

from core.errors import ModelError

__all__ = ["local_folder", "read_object", "require_config"]

_HUB_ID: Final = re.compile(r"[\w.-]+/[\w.-]+")


def local_folder(source: Path | str) -> Path | None:
    """The folder that `source` names; None where it is the id of a model on the hub.

    Only a string of the form "owner/name" can be such an id, and only where it does not look like
    a path: it begins with no "/", "." or "~", and there is no folder "owner" here.

    Args:
        source: of a model; "~" is the home folder.

    Raises:
        ModelError: there is no such folder, and it cannot be an id.
    """
    folder = Path(source)
    try:
        folder = folder.expanduser()
    except RuntimeError:  # of nobody's home folder
        raise ModelError(f"there is no folder {source}") from None
    if folder.is_dir():
        return folder
    if folder.exists():
        raise ModelError(f"{source} is a file, and not the folder of a model")
    name = str(source)
    beside = folder.parent != Path() and folder.parent.is_dir()
    if isinstance(source, Path) or name.startswith(("/", ".", "~")) or beside:
        raise ModelError(f"there is no folder {source}")
    if not _HUB_ID.fullmatch(name):
        raise ModelError(f"there is no folder {source}, and it is no id of the hub (owner/name)")
    return None


def require_config(folder: Path) -> None:
    """Refuse a folder that cannot be of any model.

    Raises:
        ModelError: it has no config.json.
    """
    if not (folder / "config.json").is_file():
        raise ModelError(f"there is no model in {folder}: it has no config.json")


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds something else; the message names the file and quotes nothing of it.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is no UTF-8 text") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"{path.name} is damaged: it stops being JSON at {place}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} holds no JSON object")
    return found
