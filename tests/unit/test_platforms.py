"""Where the bot speaks, by what was asked and which tokens there are."""

from pathlib import Path

import pytest

from bot.__main__ import serving
from bot.config import load_settings

TELEGRAM, DISCORD = {"TELEGRAM_TOKEN": "1:a"}, {"DISCORD_TOKEN": "b"}


@pytest.mark.parametrize(
    ("asked", "tokens", "expected"),
    [
        (None, {}, []),
        (None, TELEGRAM, ["telegram"]),
        ("console", TELEGRAM, []),
        (None, DISCORD, ["discord"]),
        (None, TELEGRAM | DISCORD, ["telegram", "discord"]),
        ("telegram", {}, ["telegram"]),
        ("all", TELEGRAM, ["telegram", "discord"]),
    ],
)
def test_it_speaks_where_it_is_asked_to_or_has_a_token(
    asked: str | None, tokens: dict[str, str], expected: list[str]
) -> None:
    assert serving(asked, load_settings(tokens, Path("no") / "such" / "file")) == expected
