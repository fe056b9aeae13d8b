"""Where the bot speaks, by what was asked and which tokens there are."""

from pathlib import Path

import pytest

from bot.__main__ import main, serving
from bot.config import Settings, load_settings
from bot.shards import Shards

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


def test_the_shards_of_the_command_line_are_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []
    monkeypatch.setattr(
        "bot.__main__._serve", lambda settings, platforms, seed: served.append(settings)
    )
    assert main(["discord", "--shards", "1-2/4"]) == 0
    assert [settings.discord_shards for settings in served] == [Shards.parse("1-2/4")]
    with pytest.raises(SystemExit, match="2"):
        main(["discord", "--shards", "4/4"])
