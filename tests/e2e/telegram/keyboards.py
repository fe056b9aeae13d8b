"""Inline keyboards, checked as Telegram checks them."""

from typing import Any, Final
from urllib.parse import urlsplit

from tests.e2e.telegram.errors import bad_request
from tests.e2e.telegram.world import Button

__all__ = ["inline_keyboard"]

MOST_BUTTONS: Final = 100
MOST_IN_A_ROW: Final = 8
MOST_DATA_BYTES: Final = 64
_SCHEMES: Final = {"http", "https", "tg", "ton", "tonsite"}
_ACTIONS: Final = {
    *("callback_data", "url", "switch_inline_query", "switch_inline_query_current_chat"),
    *("switch_inline_query_chosen_chat", "copy_text", "web_app", "login_url", "pay"),
}
_OTHER_MARKUP: Final = {"keyboard", "remove_keyboard", "force_reply"}


def inline_keyboard(markup: dict[str, Any] | None) -> list[list[Button]]:
    """The buttons of a reply markup; none for a markup of another kind.

    Raises:
        RefusedError: Telegram would not show them.
    """
    if not markup or "inline_keyboard" not in markup:
        if markup and not _OTHER_MARKUP & markup.keys():
            raise bad_request("object expected as reply markup")
        return []
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"]]
    if any(len(row) > MOST_IN_A_ROW for row in rows) or sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def _button(button: dict[str, Any]) -> Button:
    text = button.get("text", "")
    if not text.strip():
        raise bad_request("can't parse inline keyboard button: Text must be non-empty")
    actions = _ACTIONS & button.keys()
    if not actions:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: too many actions")
    data, url = button.get("callback_data"), button.get("url")
    if data is not None and not 1 <= len(data.encode()) <= MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if url is not None:
        _check_url(url)
    others = {name: button[name] for name in actions - {"callback_data", "url"}}
    return Button(text, data, url, others)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong URL") from None
    if parts.scheme not in _SCHEMES:
        problem = "Unsupported URL protocol"
    elif any(char.isspace() for char in url):
        problem = "Wrong URL"
    elif parts.scheme in {"http", "https"} and "." not in (parts.hostname or ""):
        problem = "Wrong HTTP URL"
    else:
        return
    raise bad_request(f"inline keyboard button URL '{url}' is invalid: {problem}")
