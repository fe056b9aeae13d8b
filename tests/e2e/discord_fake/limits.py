"""What Discord refuses in messages, modals and choices; commands are in `command_limits`.

Lengths count code points. The numbers are those of Discord's documentation of the API, version 10.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests.e2e.discord_fake.errors import Json, Refused, invalid_form

__all__ = [
    "EPHEMERAL",
    "FILE_BYTES",
    "check_choices",
    "check_length",
    "check_message",
    "check_modal",
]

EPHEMERAL: Final = 1 << 6
COMPONENTS_V2: Final = 1 << 15
FILE_BYTES: Final = 10 * 2**20
EMBED_TOTAL: Final = 6000

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS: Final = (3, 5, 6, 7, 8)
TEXT_DISPLAY, LABEL = 10, 18
LINK: Final = 5


def check_length(path: str, text: Any, most: int, least: int = 0) -> None:
    """Refuse what is no text of `least` to `most` characters."""
    if not isinstance(text, str):
        raise invalid_form(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    if len(text) > most:
        raise invalid_form(
            path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length ({len(text)})."
        )
    if len(text.strip()) < least:
        code = "BASE_TYPE_REQUIRED" if not text else "BASE_TYPE_MIN_LENGTH"
        raise invalid_form(path, code, f"Must be {least} or more in length.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise invalid_form(path, "STRING_TYPE_CONVERT", "Unpaired surrogates.") from error


def check_message(payload: Json, files: Sequence[bytes] = (), *, editing: bool = False) -> None:
    """Refuse a message, an edit or an interaction's answer that breaks a limit.

    Args:
        payload: as it was sent.
        files: what was uploaded with it.
        editing: whether a message exists already; then what is not named stays.
    """
    modern = bool((payload.get("flags") or 0) & COMPONENTS_V2)
    content, embeds = payload.get("content"), payload.get("embeds")
    if content is not None:
        check_length("content", content, 2000)
    if modern and (content or embeds):
        raise invalid_form(
            "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Components V2."
        )
    _check_embeds(embeds or [])
    check_components(payload.get("components") or [], modern=modern)
    _check_files(payload.get("attachments") or [], files)
    empty = not ((content or "").strip() or embeds or files or payload.get("attachments"))
    if empty and not editing and not (modern and payload.get("components")):
        raise Refused(400, 50006, "Cannot send an empty message")


def _check_files(attachments: Sequence[Json], files: Sequence[bytes]) -> None:
    if len(attachments) > 10 or len(files) > 10:
        raise invalid_form("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for index, attachment in enumerate(attachments):
        check_length(f"attachments.{index}.description", attachment.get("description") or "", 1024)
    if any(len(file) > FILE_BYTES for file in files):
        raise Refused(413, 40005, "Request entity too large")


def _check_embeds(embeds: Sequence[Json]) -> None:
    if len(embeds) > 10:
        raise invalid_form("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    total = 0
    for index, embed in enumerate(embeds):
        for path, text, most, least in _embed_texts(embed):
            check_length(f"embeds.{index}.{path}", text, most, least)
            total += len(text)
        if len(embed.get("fields") or []) > 25:
            raise invalid_form(f"embeds.{index}.fields", "BASE_TYPE_MAX_LENGTH", "At most 25.")
        if not 0 <= (embed.get("color") or 0) <= 0xFFFFFF:
            raise invalid_form(f"embeds.{index}.color", "NUMBER_TYPE_MAX", "A colour is 24 bit.")
        url = embed.get("url")
        if url is not None and not str(url).startswith(("http://", "https://")):
            raise invalid_form(f"embeds.{index}.url", "URL_TYPE_INVALID_SCHEME", "http or https.")
    if total > EMBED_TOTAL:
        raise invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds {EMBED_TOTAL}")


def _embed_texts(embed: Json) -> Iterator[tuple[str, Any, int, int]]:
    """Path, text, most and least of everything that counts to the 6000."""
    yield "title", embed.get("title") or "", 256, 0
    yield "description", embed.get("description") or "", 4096, 0
    yield "footer.text", (embed.get("footer") or {}).get("text") or "", 2048, 0
    yield "author.name", (embed.get("author") or {}).get("name") or "", 256, 0
    for number, part in enumerate(embed.get("fields") or []):
        yield f"fields.{number}.name", part.get("name"), 256, 1
        yield f"fields.{number}.value", part.get("value"), 1024, 1


def check_components(components: Sequence[Json], *, modern: bool = False) -> None:
    """Refuse rows, buttons and menus that break a limit."""
    if not modern and len(components) > 5:
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5.")
    everything = list(_walk("components", components))
    if len(everything) > 40:
        raise invalid_form("components", "COMPONENT_MAX_COUNT", "At most 40 components.")
    seen: set[str | None] = set()
    for path, part in everything:
        _check_component(path, part, modern=modern, top=path.count(".") == 1)
        custom_id = part.get("custom_id")
        if custom_id is not None and custom_id in seen:
            raise invalid_form(
                f"{path}.custom_id",
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        seen.add(custom_id)


def _walk(path: str, components: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    for index, part in enumerate(components):
        here = f"{path}.{index}"
        yield here, part
        yield from _walk(f"{here}.components", part.get("components") or [])
        for single in ("accessory", "component"):
            if part.get(single):
                yield f"{here}.{single}", part[single]


def _check_component(path: str, part: Json, *, modern: bool, top: bool) -> None:
    kind = part.get("type")
    if top and not modern and kind != ROW:
        raise invalid_form(f"{path}.type", "BASE_TYPE_CHOICES", "Value must be one of (1,).")
    if kind == ROW:
        inside = part.get("components") or []
        most = 5 if all(child.get("type") == BUTTON for child in inside) else 1
        if not 1 <= len(inside) <= most:
            raise invalid_form(f"{path}.components", "BASE_TYPE_BAD_LENGTH", f"1 to {most}.")
    elif kind == BUTTON:
        _check_button(path, part)
    elif kind in SELECTS:
        _check_select(path, part)
    elif kind == TEXT_DISPLAY:
        check_length(f"{path}.content", part.get("content"), 4000, 1)


def _check_button(path: str, part: Json) -> None:
    check_length(f"{path}.label", part.get("label") or "", 80)
    if not part.get("label") and not part.get("emoji"):
        raise invalid_form(path, "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI", "A label or an emoji.")
    if part.get("style") == LINK:
        check_length(f"{path}.url", part.get("url"), 512, 1)
        if part.get("custom_id"):
            raise invalid_form(path, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "One of the two.")
    else:
        check_length(f"{path}.custom_id", part.get("custom_id"), 100, 1)


def _check_select(path: str, part: Json) -> None:
    check_length(f"{path}.custom_id", part.get("custom_id"), 100, 1)
    check_length(f"{path}.placeholder", part.get("placeholder") or "", 150)
    if part["type"] != STRING_SELECT:
        return
    options = part.get("options") or []
    if not 1 <= len(options) <= 25:
        raise invalid_form(f"{path}.options", "BASE_TYPE_BAD_LENGTH", "Must be 1 to 25 in length.")
    for index, option in enumerate(options):
        check_length(f"{path}.options.{index}.label", option.get("label"), 100, 1)
        check_length(f"{path}.options.{index}.value", option.get("value"), 100, 1)
        check_length(f"{path}.options.{index}.description", option.get("description") or "", 100)
    if len({option["value"] for option in options}) < len(options):
        raise invalid_form(
            f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Values repeat."
        )


def check_modal(data: Json) -> None:
    """Refuse a modal that breaks a limit."""
    check_length("title", data.get("title"), 45, 1)
    check_length("custom_id", data.get("custom_id"), 100, 1)
    rows = data.get("components") or []
    if not 1 <= len(rows) <= 5:
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5.")
    seen: set[str | None] = set()
    for path, part in _walk("components", rows):
        if part.get("type") == LABEL:
            check_length(f"{path}.label", part.get("label"), 45, 1)
            check_length(f"{path}.description", part.get("description") or "", 100)
        elif part.get("type") == TEXT_INPUT:
            _check_text_input(path, part)
        elif part.get("type") in SELECTS:
            _check_select(path, part)
        custom_id = part.get("custom_id")
        if custom_id is not None and custom_id in seen:
            raise invalid_form(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "custom_id repeats")
        seen.add(custom_id)


def _check_text_input(path: str, part: Json) -> None:
    check_length(f"{path}.custom_id", part.get("custom_id"), 100, 1)
    if ".component" not in path.removeprefix("components"):
        raise invalid_form(path, "BASE_TYPE_CHOICES", "A text input stands in a row or a label.")
    if not path.endswith(".component"):
        check_length(f"{path}.label", part.get("label"), 45, 1)
    check_length(f"{path}.placeholder", part.get("placeholder") or "", 100)
    check_length(f"{path}.value", part.get("value") or "", 4000)
    for bound in ("min_length", "max_length"):
        if not 0 <= (part.get(bound) or 0) <= 4000:
            raise invalid_form(f"{path}.{bound}", "NUMBER_TYPE_MAX", "At most 4000.")


def check_choices(choices: Sequence[Json], path: str = "choices") -> None:
    """Refuse choices, of an option or of an autocomplete, that break a limit."""
    if len(choices) > 25:
        raise invalid_form(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, choice in enumerate(choices):
        check_length(f"{path}.{index}.name", choice.get("name"), 100, 1)
        for locale, name in (choice.get("name_localizations") or {}).items():
            check_length(f"{path}.{index}.name_localizations.{locale}", name, 100, 1)
        if isinstance(choice.get("value"), str):
            check_length(f"{path}.{index}.value", choice["value"], 100, 1)
    if len({choice["name"] for choice in choices}) < len(choices):
        raise invalid_form(path, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", "Names repeat.")
