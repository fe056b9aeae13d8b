"""The help lines and the cards that name them."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.dialogue.help_lines import HelpLines
from core.errors import DialogueError
from core.models import CrisisKind, Language

FOLDER = Path(__file__).parents[2] / "data" / "crisis"
HELP = HelpLines.load(FOLDER)
CHANGELOG = FOLDER.parents[1] / "CHANGELOG.md"
FIRST_RELEASE = date(2026, 11, 21)
"""Stands for the day of the release while the change log names none."""


def last_release(changelog: str) -> date:
    """The day of the newest release in a change log, "## [1.0.0] - 2027-01-31"."""
    days = re.findall(r"^## .*(\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE)
    return max(map(date.fromisoformat, days), default=FIRST_RELEASE)


def numbers(kind: CrisisKind) -> list[str]:
    """The numbers of the card's list, in its order."""
    lines = [part for part in HELP.card(kind, Language.KOREAN) if " · " in part]
    return [line.split()[0] for line in lines]


def test_the_numbers_were_not_checked_in_the_future_or_long_ago() -> None:
    release = last_release(CHANGELOG.read_text("utf-8"))
    assert 0 <= (release - HELP.checked).days <= 365


def test_the_release_is_the_newest_that_the_change_log_names() -> None:
    log = "## Unreleased\n\n## [1.1.0] - 2028-02-29\n\n- 2031-01-01\n\n## [1.0.0] - 2027-01-31\n"
    assert last_release(log) == date(2028, 2, 29)
    assert last_release("## Unreleased\n") == FIRST_RELEASE


def test_somebody_in_danger_is_told_of_109_first_then_of_119_112_and_1388() -> None:
    assert numbers(CrisisKind.SELF_HARM)[:4] == ["109", "119", "112", "1388"]
    assert "1577-0199" in numbers(CrisisKind.SELF_HARM)


def test_a_victim_is_told_of_the_police_first_then_of_1366() -> None:
    assert numbers(CrisisKind.VIOLENCE)[:2] == ["112", "1366"]


def test_somebody_who_worries_is_told_of_119_112_and_109() -> None:
    assert numbers(CrisisKind.THIRD_PERSON)[:3] == ["119", "112", "109"]


def test_every_line_names_its_source() -> None:
    content = yaml.safe_load((FOLDER / "help_lines.yaml").read_text("utf-8"))
    assert all(line["source"] and "http" not in line["source"] for line in content["lines"])


@pytest.mark.parametrize("kind", CrisisKind)
@pytest.mark.parametrize("language", Language)
def test_a_card_shows_every_line_and_no_other_number(kind: CrisisKind, language: Language) -> None:
    card = HELP.card(kind, language)
    content = yaml.safe_load((FOLDER / "help_lines.yaml").read_text("utf-8"))
    by_id = {line["id"]: line for line in content["lines"]}
    named = [by_id[id_] for id_ in content["kinds"][kind.value]]
    shown = [part for part in card if " · " in part]
    assert len(shown) == len(named)
    for part, line in zip(shown, named, strict=True):
        assert part.startswith(f"{line['number']} {line['name'][language.value]} · ")
    said = re.sub(r"24시간|24 hours", "", " ".join(card))
    assert set(re.findall(r"\d[\d-]+", said)) == set(numbers(kind))


@pytest.mark.parametrize("kind", CrisisKind)
@pytest.mark.parametrize("language", Language)
def test_a_card_is_calm_and_leaves_the_talk_open(kind: CrisisKind, language: Language) -> None:
    card = HELP.card(kind, language)
    assert not re.search(r"[!{}\U0001f300-\U0001faff]", " ".join(card))
    assert all(len(paragraph) <= 170 for paragraph in card)
    last = card[-1]
    assert "이야기해도 괜찮아요" in last if language is Language.KOREAN else "go on talking" in last


@pytest.mark.parametrize("kind", CrisisKind)
def test_a_card_speaks_one_language(kind: CrisisKind) -> None:
    assert not re.search("[가-힣]", " ".join(HELP.card(kind, Language.ENGLISH)))
    spoken = [p for p in HELP.card(kind, Language.KOREAN) if " · " not in p]
    assert all(re.search(r"(요|세요)\.$", paragraph) for paragraph in spoken)


def test_a_text_message_to_109_is_mentioned_in_both_languages() -> None:
    assert "109로 문자" in " ".join(HELP.card(CrisisKind.SELF_HARM, Language.KOREAN))
    assert "text message to 109" in " ".join(HELP.card(CrisisKind.SELF_HARM, Language.ENGLISH))


def test_somebody_who_has_lost_a_person_is_spoken_to_as_well() -> None:
    assert "이미 떠나보내셨다면" in " ".join(HELP.card(CrisisKind.THIRD_PERSON, Language.KOREAN))
    assert "already lost" in " ".join(HELP.card(CrisisKind.THIRD_PERSON, Language.ENGLISH))


Change = Callable[[dict[str, Any]], None]


def changed(folder: Path, name: str, change: Change) -> Path:
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    content = yaml.safe_load((folder / name).read_text("utf-8"))
    change(content)
    (folder / name).write_text(
        yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8"
    )
    return folder


def undated(content: dict[str, Any]) -> None:
    content["checked"] = "yesterday"


def not_a_number(content: dict[str, Any]) -> None:
    content["lines"][0]["number"] = "call me"


def bare_number(content: dict[str, Any]) -> None:
    content["lines"][0]["number"] = 109


def twice(content: dict[str, Any]) -> None:
    content["lines"].append(content["lines"][0])


def unknown_line(content: dict[str, Any]) -> None:
    content["kinds"]["violence"] = ["fire_brigade"]


def no_english(content: dict[str, Any]) -> None:
    del content["lines"][0]["name"]["en"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (undated, "checked is not a date"),
        (not_a_number, "is no telephone number"),
        (bare_number, "a text is expected"),
        (twice, "occurs twice"),
        (unknown_line, "no help line fire_brigade"),
        (no_english, "name.en: a text is expected"),
    ],
)
def test_damaged_help_lines_are_refused(tmp_path: Path, change: Change, problem: str) -> None:
    with pytest.raises(DialogueError, match=problem):
        HelpLines.load(changed(tmp_path, "help_lines.yaml", change))


def no_lines(content: dict[str, Any]) -> None:
    content["violence"]["ko"].remove("{lines}")


def unknown_number(content: dict[str, Any]) -> None:
    content["violence"]["ko"][0] = "{fire_brigade}에 전화해요."


def no_card(content: dict[str, Any]) -> None:
    del content["third_person"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (no_lines, "does not stand there once"),
        (unknown_number, "no help line 'fire_brigade'"),
        (no_card, "a mapping with text keys is expected"),
    ],
)
def test_damaged_cards_are_refused(tmp_path: Path, change: Change, problem: str) -> None:
    with pytest.raises(DialogueError, match=problem):
        HelpLines.load(changed(tmp_path, "cards.yaml", change))
