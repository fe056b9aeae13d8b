"""Texts as Telegram reads them: entities out of HTML, lengths in UTF-16 code units.

The errors follow `parse_html` of tdlib (MessageEntity.cpp), which the Bot API server runs.
"""

import html
import re
from dataclasses import dataclass
from typing import Any, Final

from tests.e2e.telegram.errors import RefusedError, bad_request

__all__ = ["Formatted", "found_entities", "parse", "utf16"]

_TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_REFERENCE: Final = re.compile(r"&(?:#\d{1,8}|#x[0-9a-fA-F]{1,8}|lt|gt|amp|quot);")
_TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>[^\s>/<]*)(?P<rest>[^<>]*)>")
_ATTRIBUTE: Final = re.compile(
    r"""\s+(?P<name>[\w-]+)(?:\s*=\s*(?:"(?P<quoted>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+)))?"""
)
_SENT: Final = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?!\w))"
    r"|(?P<mention>(?<![\w@])@\w{4,32}(?!\w))|(?P<url>https?://[^\s]+)"
)


@dataclass(frozen=True)
class Formatted:
    """A text as it is shown, and what is special about parts of it."""

    text: str
    entities: list[dict[str, Any]]


def utf16(text: str) -> int:
    """The length in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(text: str, mode: str | None, entities: list[dict[str, Any]] | None = None) -> Formatted:
    """What the bot sent, as it is shown.

    Raises:
        RefusedError: the markup cannot be read.
    """
    if mode is None:
        found = entities if entities is not None else found_entities(text)
        return _trimmed(Formatted(text, found))
    if mode.lower() != "html":
        raise RefusedError(501, f"this test server reads HTML, not {mode}")
    return _trimmed(_html(text))


def found_entities(text: str) -> list[dict[str, Any]]:
    """The commands, mentions and links that Telegram finds in a text by itself."""
    return [
        {
            "type": match.lastgroup,
            "offset": utf16(text[: match.start()]),
            "length": utf16(match.group()),
        }
        for match in _SENT.finditer(text)
    ]


def _trimmed(formatted: Formatted) -> Formatted:
    # Telegram cuts white space off both ends; entities move along.
    text = formatted.text.rstrip()
    lead = utf16(text) - utf16(text.lstrip())
    length = utf16(text)
    moved = []
    for entity in formatted.entities:
        start = max(entity["offset"], lead)
        end = min(entity["offset"] + entity["length"], length)
        if end > start:
            moved.append({**entity, "offset": start - lead, "length": end - start})
    return Formatted(text.lstrip(), moved)


def _html(source: str) -> Formatted:
    shown, length = [], 0
    open_tags: list[tuple[str, int, dict[str, Any]]] = []
    entities: list[dict[str, Any]] = []
    at = 0
    while at < len(source):
        if source[at] == "<":
            tag = _TAG.match(source, at)
            if tag is None:
                raise _unreadable(f"Unclosed start tag at byte offset {_offset(source, at)}")
            if tag["end"]:
                entities.append(_closed(open_tags, tag, length, _offset(source, at)))
            else:
                open_tags.append(_opened(tag, length, _offset(source, at)))
            at = tag.end()
            continue
        reference = _REFERENCE.match(source, at)
        piece = html.unescape(reference.group()) if reference else source[at]
        shown.append(piece)
        length += utf16(piece)
        at = reference.end() if reference else at + 1
    if open_tags:
        name = open_tags[-1][0]
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{name}"')
    text = "".join(shown)
    kept = [entity for entity in entities if entity["length"]]
    return Formatted(text, sorted(kept + found_entities(text), key=lambda entity: entity["offset"]))


def _opened(tag: re.Match[str], length: int, offset: int) -> tuple[str, int, dict[str, Any]]:
    name = tag["name"].lower()
    if name not in _TAGS:
        raise _unreadable(f'Unsupported start tag "{name}" at byte offset {offset}')
    attributes = {
        match["name"].lower(): html.unescape(
            match["quoted"] or match["single"] or match["bare"] or ""
        )
        for match in _ATTRIBUTE.finditer(tag["rest"])
    }
    if _ATTRIBUTE.sub("", tag["rest"]).strip():
        raise _unreadable(f"Unclosed start tag at byte offset {offset}")
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    entity: dict[str, Any] = {"type": _TAGS[name]}
    if name == "a" and "href" in attributes:
        entity["url"] = attributes["href"]
    if name == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    return name, length, entity


def _closed(
    open_tags: list[tuple[str, int, dict[str, Any]]],
    tag: re.Match[str],
    length: int,
    offset: int,
) -> dict[str, Any]:
    if not open_tags:
        raise _unreadable(f"Unexpected end tag at byte offset {offset}")
    name, start, entity = open_tags.pop()
    found = tag["name"].lower()
    if found and found != name:
        raise _unreadable(
            f'Unmatched end tag at byte offset {offset}, expected "</{name}>", found "</{found}>"'
        )
    return {**entity, "offset": start, "length": length - start}


def _offset(source: str, at: int) -> int:
    return len(source[:at].encode("utf-8", "surrogatepass"))


def _unreadable(problem: str) -> RefusedError:
    return bad_request(f"can't parse entities: {problem}")
