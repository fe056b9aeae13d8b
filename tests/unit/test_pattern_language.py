"""The pattern language, and the promises its compiler makes."""

import re
from pathlib import Path

import pytest
import yaml

from core.dialogue.folding import views
from core.dialogue.pattern_language import Compiled, compile_pattern
from core.dialogue.patterns import PatternGroup, PatternIndex, read_fragments, read_groups
from core.errors import DialogueError

ROOT = Path(__file__).parents[2]
CONTENT = yaml.safe_load((ROOT / "data" / "crisis" / "patterns.yaml").read_text("utf-8"))
FRAGMENTS = read_fragments(CONTENT["fragments"], "fragments")
GROUPS = (
    *read_groups(CONTENT["idioms"], FRAGMENTS, "idioms"),
    *read_groups(CONTENT["alarms"], FRAGMENTS, "alarms"),
    *read_groups(CONTENT["urgent"], FRAGMENTS, "urgent"),
)


def found(source: str, text: str) -> str | None:
    match = compile_pattern(source, FRAGMENTS).regex.search(text)
    return match.group() if match else None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("죽고싶", "죽고싶어"),
        ("죽고싶", "죽 고 싶어"),
        ("죽(을|어)래?", "죽 을 래"),
        ("[가나]다", "나 다"),
        ("<자살", "나는 자 살"),
        ("자살>", "자살 뉴스"),
        ("^자살", "어제.자살"),
        ("자살$", "자살 ㅠㅠ"),
        ("죽을래？", "죽을래？"),
        ("가…하", "가나다라하"),
        ("친구가‥죽", "친구가 어제 죽"),
        ("주인공이⋯죽", "주인공이 마지막 장면에서 결국 죽"),
        ("못 & 하늘", "하늘은 못"),
        ("kill my ?self", "kill myself"),
    ],
)
def test_a_pattern_finds(source: str, text: str) -> None:
    assert found(source, text) is not None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("자·살", "자 살"),
        ("<자살", "감자살"),
        ("자살>", "자살골"),
        ("^자살", "나는 자살"),
        ("자살$", "자살 뉴스"),
        ("가…하", "가.하"),
        ("가…하", "가" + "나" * 13 + "하"),
        ("친구가‥죽", "친구가 떠나서 죽"),
        ("친구가‥죽", "친구가 나 죽"),
        ("주인공이⋯죽", "주인공이 울 때 나도 죽"),
        ("숙제～놓", "숙제 말고 삶을 놓"),
        ("못 & 하늘", "하늘.못"),
        # The space before the lookahead is not given back.
        ("죽고싶(?!지)", "죽고 싶 지 않아"),
    ],
)
def test_a_pattern_leaves_alone(source: str, text: str) -> None:
    assert found(source, text) is None


def test_a_mark_says_where_the_masked_part_begins() -> None:
    match = compile_pattern("배고파@죽겠", {}).regex.search("배고파 죽겠어")
    assert match is not None
    assert match.group(1) == "죽겠"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("죽.*싶", "leaves the pattern language at '.'"),
        ("죽+", "leaves the pattern language at '+'"),
        ("죽{2,}", "leaves the pattern language"),
        ("(?<=나)죽", "leaves the pattern language"),
        ("{nobody}", "unknown fragment 'nobody'"),
        ("(죽", "opens a bracket"),
        ("죽)", "closes a bracket"),
        ("?죽", "repeats nothing"),
    ],
)
def test_what_is_outside_the_language_is_refused(source: str, problem: str) -> None:
    with pytest.raises(DialogueError) as error:
        compile_pattern(source, {})
    assert problem in str(error.value)


def patterns() -> list[Compiled]:
    return [pattern for group in GROUPS for pattern in group.patterns]


def test_every_bundled_pattern_is_a_valid_regular_expression() -> None:
    # They are compiled on first use, so nothing else looks at all of them before a release.
    assert len([pattern.regex for pattern in patterns()]) > 500


def test_an_invalid_range_is_named_on_first_use() -> None:
    pattern = compile_pattern("[하-가]죽", {})
    with pytest.raises(DialogueError, match="is not valid: bad character range"):
        _ = pattern.regex


def test_no_bundled_pattern_repeats_without_bound() -> None:
    for pattern in patterns():
        bare = pattern.regex.pattern.replace(" ?+", "")
        assert not re.search(r"[*+]|,\}", bare)


def test_every_bundled_pattern_does_a_bounded_and_small_amount_of_work() -> None:
    # Only gaps multiply the work at a position: three of them, and none inside another.
    for pattern in patterns():
        gaps = re.findall(r"\{0,(\d\d+)\}", pattern.regex.pattern)
        assert len(gaps) <= 3
        assert all(int(gap) <= 160 for gap in gaps)


def test_every_fragment_is_used() -> None:
    sources = [
        p
        for part in ("idioms", "alarms", "urgent")
        for group in CONTENT[part]
        for p in group["patterns"]
    ]
    sources += CONTENT["fragments"].values()
    assert [name for name in FRAGMENTS if not any(f"{{{name}}}" in text for text in sources)] == []


def test_the_index_leaves_out_only_what_cannot_match() -> None:
    lines = (ROOT / "tests" / "data" / "crisis_ko.tsv").read_text("utf-8").splitlines()[1:]
    index = PatternIndex(GROUPS)
    tried = 0
    for line in lines[::5]:
        for view in views(line.split("\t")[0]):
            chosen = {id(pattern) for _, pattern in index.candidates(view)}
            tried += len(chosen)
            matching = {id(pattern) for pattern in patterns() if pattern.regex.search(view)}
            assert matching <= chosen
    assert tried < 0.2 * len(patterns()) * len(lines[::5])


def test_candidates_come_in_the_order_of_the_file() -> None:
    groups = [
        PatternGroup(name, "", (compile_pattern(source, {}),))
        for name, source in (("first", "죽고"), ("second", "바다"), ("third", "싶"))
    ]
    names = [group.name for group, _ in PatternIndex(groups).candidates("싶고죽")]
    assert names == ["first", "third"]
    assert list(PatternIndex([]).candidates("아무 말")) == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"why": "x", "patterns": ["죽"]}, "name"),
        ({"name": "a", "patterns": ["죽"]}, "why"),
        ({"name": "a", "why": "x", "patterns": []}, "patterns"),
        ({"name": "a", "why": "x", "patterns": [3]}, "a text is expected"),
    ],
)
def test_an_incomplete_group_is_refused(entry: dict[str, object], problem: str) -> None:
    with pytest.raises(DialogueError, match=problem):
        read_groups([entry], {}, "groups")


def test_a_name_that_occurs_twice_is_refused() -> None:
    group = {"name": "a", "why": "x", "patterns": ["죽"]}
    with pytest.raises(DialogueError, match="twice"):
        read_groups([group, group], {}, "groups")
