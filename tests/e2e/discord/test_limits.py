"""The local Discord refuses what Discord refuses."""

from typing import Any

import pytest

from tests.e2e.discord_fake.command_limits import check_commands
from tests.e2e.discord_fake.errors import Refused
from tests.e2e.discord_fake.limits import check_choices, check_message, check_modal

BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "a"}
OTHERS = [{**BUTTON, "custom_id": str(n)} for n in range(6)]


def row(*parts: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def selecting(options: int) -> dict[str, Any]:
    named = [{"label": str(n), "value": str(n)} for n in range(options)]
    return row({"type": 3, "custom_id": "s", "options": named})


@pytest.mark.parametrize(
    "payload",
    [
        {"content": "가" * 2001},
        {"content": ""},
        {"content": "\ud800"},
        {"embeds": [{"title": "가" * 257}]},
        {"embeds": [{"description": "가" * 4097}]},
        {"embeds": [{"footer": {"text": "가" * 2049}}]},
        {"embeds": [{"title": "t"}] * 11},
        {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
        {"embeds": [{"fields": [{"name": "", "value": "v"}]}]},
        {"embeds": [{"fields": [{"name": "n" * 257, "value": "v"}]}]},
        {"embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]},
        {"embeds": [{"description": "가" * 3001}] * 2},
        {"embeds": [{"url": "javascript:x", "title": "t"}]},
        {"content": "c", "components": [row(BUTTON, BUTTON)]},
        {"content": "c", "components": [row(*OTHERS)]},
        {"content": "c", "components": [row(part) for part in OTHERS]},
        {"content": "c", "components": [row()]},
        {"content": "c", "components": [BUTTON]},
        {"content": "c", "components": [row({**BUTTON, "label": "x" * 81})]},
        {"content": "c", "components": [row({**BUTTON, "label": ""})]},
        {"content": "c", "components": [row({**BUTTON, "custom_id": "x" * 101})]},
        {"content": "c", "components": [row({**BUTTON, "style": 5})]},
        {"content": "c", "components": [selecting(26)]},
        {"content": "c", "components": [selecting(0)]},
        {"content": "c", "attachments": [{"id": 0, "description": "가" * 1025}]},
    ],
)
def test_a_message_over_a_limit_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        check_message(payload)


def test_a_message_at_the_limits_is_taken() -> None:
    parts = [[{**BUTTON, "custom_id": f"{r}.{n}"} for n in range(5)] for r in range(5)]
    embed = {"title": "가" * 256, "description": "가" * 4096}
    rest = {"description": "가" * (6000 - 256 - 4096)}
    rows = [row(*part) for part in parts]
    check_message({"content": "가" * 2000, "embeds": [embed, rest], "components": rows})
    check_message({}, [b"x" * 10 * 2**20])
    with pytest.raises(Refused):
        check_message({}, [b"x" * (10 * 2**20 + 1)])


def command(**more: Any) -> dict[str, Any]:
    return {"type": 1, "name": "songs", "description": "d", **more}


OPTION = {"type": 3, "name": "mode", "description": "d"}


@pytest.mark.parametrize(
    "commands",
    [
        [command(name="Songs")],
        [command(name="my songs")],
        [command(name="가" * 33)],
        [command(name_localizations={"ko": "노래 주세요"})],
        [command(name_localizations={"kr": "노래"})],
        [command(description="가" * 101)],
        [command(description_localizations={"ko": "가" * 101})],
        [command(description="")],
        [command(), command()],
        [command(name=f"c{n}") for n in range(101)],
        [{"type": 3, "name": f"c{n}"} for n in range(16)],
        [command(options=[{**OPTION, "name": f"o{n}"} for n in range(26)])],
        [command(options=[OPTION, {**OPTION, "name": "b", "required": True}])],
        [command(options=[{**OPTION, "choices": [{"name": "n", "value": "v" * 101}]}])],
        [command(options=[{**OPTION, "choices": [{"name": "n", "value": "v"}] * 2}])],
        [
            command(
                options=[
                    {
                        **OPTION,
                        "name": f"o{option}",
                        "choices": [{"name": f"{n:0>50}", "value": f"{n:0>50}"} for n in range(25)],
                    }
                    for option in range(4)
                ]
            )
        ],
    ],
)
def test_commands_over_a_limit_are_refused(commands: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused):
        check_commands(commands)


def test_commands_at_the_limits_are_taken() -> None:
    check_commands([command(name=f"노래_{n}-a'") for n in range(100)])
    check_commands([{"type": 3, "name": "이 글에 어울리는 노래"}])


def test_modals_and_choices_over_a_limit_are_refused() -> None:
    text = {"type": 4, "custom_id": "t", "label": "l", "style": 1}
    check_modal({"title": "t" * 45, "custom_id": "c", "components": [row(text)]})
    for modal in (
        {"title": "t" * 46, "custom_id": "c", "components": [row(text)]},
        {"title": "t", "custom_id": "c" * 101, "components": [row(text)]},
        {"title": "t", "custom_id": "c", "components": []},
        {"title": "t", "custom_id": "c", "components": [row({**text, "label": "l" * 46})]},
        {"title": "t", "custom_id": "c", "components": [row(text), row(text)]},
    ):
        with pytest.raises(Refused):
            check_modal(modal)
    check_choices([{"name": str(n), "value": str(n)} for n in range(25)])
    with pytest.raises(Refused):
        check_choices([{"name": str(n), "value": str(n)} for n in range(26)])
    with pytest.raises(Refused):
        check_choices([{"name": "n" * 101, "value": "v"}])
