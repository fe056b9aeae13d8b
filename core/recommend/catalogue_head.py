"""The head of a catalogue: what its files are, and that they are whole."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from core.emotion.labels import COARSE, FINE
from core.errors import CatalogueError

__all__ = [
    "FACTS",
    "FORMAT",
    "HEAD",
    "NUMBERS",
    "REBUILD",
    "digest_of",
    "read_bytes",
    "read_head",
    "version_of",
]

FORMAT: Final = 2
HEAD: Final = "catalogue.json"
FACTS: Final = "songs.tsv"
NUMBERS: Final = "arrays.bin"
REBUILD: Final = "build the catalogue again with `python -m scripts.build_catalogue`"


def version_of(head: Mapping[str, Any]) -> str:
    """A hash of the whole content, 16 hexadecimal digits."""
    canonical = json.dumps(head, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces: the arrays of millions of songs are gigabytes."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise CatalogueError(f"{path} is missing: {REBUILD}") from error
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}") from error


def read_bytes(path: Path) -> bytes:
    """The content of a file."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CatalogueError(f"{path} is missing: {REBUILD}") from error
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}") from error


def read_head(path: Path) -> dict[str, Any]:
    """The head of a catalogue, whose own version is right and is left out."""
    try:
        head = json.loads(read_bytes(path))
        version = head.pop("version")
        found = head["format"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(f"{path} is damaged: {REBUILD}") from error
    if found != FORMAT:
        raise CatalogueError(f"{path} is of format {found}, not {FORMAT}: {REBUILD}")
    if version_of(head) != version:
        raise CatalogueError(f"{path} is damaged: {REBUILD}")
    if head.get("labels") != list(COARSE) or head.get("fine_labels") != list(FINE):
        raise CatalogueError(f"{path} was made for other emotion labels: {REBUILD}")
    if set(head.get("files", ())) != {FACTS, NUMBERS}:
        raise CatalogueError(f"{path} does not name the files of a catalogue: {REBUILD}")
    return dict(head)
