"""Payloads of links: within Telegram's letters and length, and back again."""

import re

import pytest

from bot.chat.actions import Action
from bot.chat.commands import Command, Request
from bot.chat.reactions import MEANINGS, verdict_of
from bot.config import ROOT
from bot.handlers.telegram_links import (
    PERSONAL,
    crisis_payload,
    linked_code,
    linked_crisis,
    linked_press,
    linked_request,
    press_payload,
    request_payload,
)
from bot.handlers.telegram_reactions import change
from core.models import CrisisKind, Mode, new_id
from core.records import Verdict

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@pytest.mark.parametrize("command", sorted(PERSONAL))
def test_a_personal_command_comes_back_with_its_number(command: Command) -> None:
    for number in (None, 3):
        payload = request_payload(Request(command, "x", number=number))
        assert PAYLOAD.fullmatch(payload)
        found = linked_request(payload)
        assert found is not None
        assert (found.command, found.number) == (command, number)


def test_buttons_and_dangers_come_back() -> None:
    carried = str(Action("ns", (new_id(),)))
    assert PAYLOAD.fullmatch(press_payload(carried))
    assert linked_press(press_payload(carried)) == carried
    for kind in CrisisKind:
        assert PAYLOAD.fullmatch(crisis_payload(kind))
        assert linked_crisis(crisis_payload(kind)) is kind


@pytest.mark.parametrize(
    ("payload", "mode", "feeling"),
    [
        ("songs", Mode.SIMILAR, None),
        ("songs-opposite", Mode.OPPOSITE, None),
        ("songs-sadness", Mode.SIMILAR, "슬픔"),
        ("songs-joy-opposite", Mode.OPPOSITE, "행복"),
    ],
)
def test_links_to_songs_name_a_feeling(payload: str, mode: Mode, feeling: str | None) -> None:
    found = linked_request(payload)
    assert found is not None
    assert (found.command, found.mode, found.feeling) == (Command.SONGS, mode, feeling)


@pytest.mark.parametrize("payload", ["", "quit", "f-yes", "vs-up-0", "mood-x", "like--1", "t-a-b"])
def test_a_link_can_do_nothing_else(payload: str) -> None:
    assert linked_request(payload) is None
    assert linked_press(payload) is None
    assert linked_crisis(payload) is None


def test_the_code_of_a_link_is_not_a_command() -> None:
    assert linked_code("link-ABC") == "ABC"
    assert linked_code("link") is None


@pytest.mark.parametrize("emoji", ["❤", "❤️", "👍🏿", "👍", "❤️‍🔥"])
def test_emoji_mean_the_same_in_every_spelling(emoji: str) -> None:
    assert verdict_of(emoji) is Verdict.UP


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ([], ["👍"], (Verdict.UP, None)),
        (["👍"], ["👎"], (Verdict.DOWN, None)),
        (["👍"], [], (Verdict.RETRACTED, Verdict.UP)),
        (["👎"], ["😢"], (Verdict.RETRACTED, Verdict.DOWN)),
        ([], ["😢"], (None, None)),
        (["😢"], [], (None, None)),
        (["👍"], ["👎", "👍"], (Verdict.DOWN, None)),
        (["👎"], ["👎", "🔥"], (Verdict.UP, None)),
    ],
)
def test_what_was_added_last_counts(
    old: list[str], new: list[str], says: tuple[Verdict | None, Verdict | None]
) -> None:
    assert change(old, new) == says


def test_the_page_names_every_emoji_that_is_a_vote() -> None:
    page = (ROOT / "docs" / "telegram.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (up|down) \| (.+?) \|$", page, re.MULTILINE))
    for verdict in (Verdict.UP, Verdict.DOWN):
        assert rows[verdict].split() == [key for key in MEANINGS if MEANINGS[key] is verdict]
