"""The crisis detector on our corpus, on what it must never miss, and on what must not fire.

The figures on this corpus flatter: the patterns were tuned on all of its present rows, so meeting
a target here says that nothing got worse, not how well unseen messages are judged (docs/crisis.md
has those figures, of other corpora). From now on a third of the rows, chosen by a hash of the text
and so also of rows yet to come, is `held`: who writes patterns looks at the other rows only.
"""

import hashlib
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.dialogue.crisis import Alarm, CrisisDetector, _Window
from core.dialogue.folding import views
from core.errors import DialogueError
from core.models import CrisisKind, CrisisLevel

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "crisis"
DETECTOR = CrisisDetector.load(FOLDER)
FLOOR = CrisisDetector.load_floor(FOLDER)


def corpus() -> list[tuple[str, str, str]]:
    """Text, expected kind or "none", and note, of each line of the corpus."""
    lines = (ROOT / "tests" / "data" / "crisis_ko.tsv").read_text("utf-8").splitlines()
    assert lines[0] == "text\texpected\tnote"
    rows = [line.split("\t") for line in lines[1:]]
    return [(text, expected, note) for text, expected, note in rows]


def held(text: str) -> bool:
    """Whether a row is kept from the eyes of those who write patterns."""
    return hashlib.sha256(text.encode()).digest()[0] % 3 == 0


CORPUS = corpus()
DIRECT = [text for text, kind, note in CORPUS if kind == "self_harm" and "direct" in note]


def told(text: str) -> str:
    return DETECTOR.detect(text) or "none"


def test_the_corpus_is_large_and_about_half_of_it_is_true() -> None:
    kinds = [expected for _, expected, _ in CORPUS]
    assert len(CORPUS) >= 300
    assert len({text for text, _, _ in CORPUS}) == len(CORPUS)
    assert 0.45 <= kinds.count("none") / len(kinds) <= 0.55
    assert {"none", *CrisisKind} == set(kinds)


def test_about_a_third_of_every_kind_is_held_out() -> None:
    for kind in ("none", *CrisisKind):
        texts = [text for text, expected, _ in CORPUS if expected == kind]
        assert 0.2 <= sum(map(held, texts)) / len(texts) <= 0.45


def test_what_is_held_out_meets_the_same_targets() -> None:
    rows = [row for row in CORPUS if held(row[0])]
    missed = {text: note for text, kind, note in rows if kind != "none" == told(text)}
    oblique = [text for text, _, note in rows if "oblique" in note]
    harmless = [text for text, kind, _ in rows if kind == "none"]
    assert not any("direct" in note for note in missed.values())
    assert len(missed) <= 0.05 * len(oblique)
    assert sum(told(text) != "none" for text in harmless) <= 0.03 * len(harmless)


def test_no_direct_statement_of_the_corpus_is_missed() -> None:
    direct = [text for text, expected, note in CORPUS if expected != "none" and "direct" in note]
    assert len(direct) >= 100
    assert [text for text in direct if told(text) == "none"] == []


def test_the_floor_alone_misses_no_direct_statement_of_the_corpus() -> None:
    assert [text for text in DIRECT if FLOOR.detect(text) is None] == []


def test_the_floor_alone_fires_on_less_than_one_percent_of_what_is_harmless() -> None:
    harmless = [text for text, kind, _ in CORPUS if kind == "none"]
    assert sum(FLOOR.detect(text) is not None for text in harmless) < 0.01 * len(harmless)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("오늘 점심 뭐 먹지", CrisisLevel.NONE),
        ("배고파 죽겠다", CrisisLevel.NONE),
        ("내일이 없을 것처럼 신나는 노래", CrisisLevel.NONE),
        ("내일이 없었으면 좋겠어", CrisisLevel.CRISIS),
        ("ㅋㅋㅋㅋ", CrisisLevel.NONE),
        ("", CrisisLevel.NONE),
        ("요즘 너무 우울하고 아무것도 하기 싫어", CrisisLevel.LOW),
        ("죽고 싶은 건 아니고 너무 힘들어", CrisisLevel.LOW),
        ("죽고 싶어", CrisisLevel.CRISIS),
    ],
)
def test_a_message_is_on_one_of_three_levels(text: str, level: CrisisLevel) -> None:
    assessment = DETECTOR.assess(text)
    assert assessment.level is level
    assert (assessment.kind is not None) is (level is CrisisLevel.CRISIS)
    assert bool(assessment.group) is (level is CrisisLevel.CRISIS)


def test_most_of_the_low_mood_of_the_corpus_is_seen() -> None:
    sad = [text for text, _, note in CORPUS if note == "low_mood"]
    seen = sum(DETECTOR.assess(text).level is CrisisLevel.LOW for text in sad)
    assert seen >= 0.7 * len(sad)


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("지금 옥상이야 뛰어내릴래", True),
        ("수면제 다 털어 넣었어", True),
        ("손목 그었는데 피가 안 멈춰", True),
        ("지금 아빠가 때리고 있어", True),
        ("지.금 죽.을.거.야", True),
        ("죽고 싶어", False),
        ("요즘 자살 생각이 자꾸 나요", False),
        ("어릴 때부터 아빠한테 맞고 자랐어요", False),
        ("지금 옥상에서 고기 먹어", False),
    ],
)
def test_a_danger_at_hand_is_told_from_one_that_is_not(text: str, urgent: bool) -> None:
    assert DETECTOR.assess(text).urgent is urgent


@pytest.mark.parametrize(
    "text",
    [
        "이제 한 통밖에 안 남았어요",
        "김치가 두 통밖에 안 남았네요",
        "엄마가 지난달에 돌아가셨어요",
        "제가 더 자주 갔어야 했는데",
        "제가 더 자주 찾아뵀어야 했는데요",
        "livelier",
        "something lively",
        "olive",
        "그만할래",
        "오늘은 그만할래",
        "나 갈게",
        "저 이만 갈게요",
        "이 봇 계정 삭제하고 싶어",
        "유서라는 노래 알아?",
    ],
)
def test_what_is_left_regretted_or_taken_leave_of_is_not_asked_about(text: str) -> None:
    assessment = DETECTOR.assess(text)
    assert (assessment.kind, assessment.suspected) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "울애기가 오늘 첨으로 걸었어요!!",
        "우리 아기가 오늘 처음으로 걸었어요",
        "막내가 드디어 처음 섰어요",
        "아이가 혼자 신발을 신었어요",
        "우리 딸이 자전거를 혼자 탔어요",
        "오늘 마지막 근무날이에요",
        "오늘이 마지막 출근날이었어요",
        "폐업 신고하고 왔습니다",
        "we won the finals!!!! LETS GOOO",
    ],
)
def test_nobody_is_asked_about_danger_for_good_and_plain_news(text: str) -> None:
    found = DETECTOR.assess(text)
    assert (found.level, found.kind, found.suspected) == (CrisisLevel.NONE, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "우리 아기가 처음으로 걸었는데 나는 죽고 싶어",
        "오늘 마지막 근무날이에요. 이제 다 끝내고 싶어요",
        "폐업 신고하고 왔습니다. 죽고 싶습니다",
        "아이가 혼자 약을 먹었어요 죽으려고",
    ],
)
def test_danger_beside_plain_news_is_heard(text: str) -> None:
    assert DETECTOR.assess(text).kind is not None


@pytest.mark.parametrize(
    "text", ["누가 따라오는 것 같아서 무서웠어", "집에 오는데 누가 자꾸 따라오는 것 같아요"]
)
def test_somebody_who_is_followed_is_met_with_safety_and_not_with_self_harm(text: str) -> None:
    assessment = DETECTOR.assess(text)
    assert (assessment.kind or assessment.suspected) is CrisisKind.VIOLENCE


@pytest.mark.parametrize(
    "text", ["나를 삭제하고 싶어", "존재를 삭제하고 싶다", "그냥 삭제되고 싶다", "유서 쓰고 있어"]
)
def test_the_floor_still_hears_of_deleting_oneself_and_of_a_last_letter(text: str) -> None:
    alarm = FLOOR.find(text)
    assert alarm is not None
    assert alarm.kind is CrisisKind.SELF_HARM


def test_at_most_five_percent_of_the_oblique_statements_are_missed() -> None:
    oblique = [text for text, _, note in CORPUS if "oblique" in note]
    assert len(oblique) >= 50
    assert sum(told(text) == "none" for text in oblique) <= 0.05 * len(oblique)
    assert sum(FLOOR.detect(text) is None for text in oblique) <= 0.05 * len(oblique)


@pytest.mark.parametrize("note", ["abuse", "worried"])
def test_at_most_five_percent_of_abuse_and_worry_for_others_is_missed(note: str) -> None:
    told_of = [text for text, _, notes in CORPUS if note in notes]
    assert len(told_of) >= 50
    assert sum(told(text) == "none" for text in told_of) <= 0.05 * len(told_of)


@pytest.mark.parametrize(
    "note", ["idiom", "title", "news", "quote", "fiction", "negated", "low_mood"]
)
def test_at_most_three_percent_of_what_is_harmless_fires(note: str) -> None:
    harmless = [text for text, kind, notes in CORPUS if kind == "none" and note in notes]
    fired = [text for text in harmless if told(text) != "none"]
    # A group too small for a percentage may have one.
    assert len(fired) <= max(0.03 * len(harmless), 1), fired


def test_the_kind_is_right_where_something_fires() -> None:
    fired = [(told(text), kind) for text, kind, _ in CORPUS if told(text) != "none" != kind]
    assert sum(found != expected for found, expected in fired) <= 0.02 * len(fired)


def test_no_sentence_of_the_corpus_is_a_pattern() -> None:
    content = yaml.safe_load((FOLDER / "patterns.yaml").read_text("utf-8"))
    alternatives = {
        re.sub(r"\W", "", alternative)
        for group in content["alarms"]
        for pattern in group["patterns"]
        for alternative in pattern.split("|")
    }
    sentences = {re.sub(r"[^가-힣]", "", text) for text, _, _ in CORPUS if " " in text}
    assert not {sentence for sentence in sentences if len(sentence) > 4} & alternatives


@pytest.mark.parametrize(
    "text",
    [
        "배고파 죽겠다",
        "웃겨 죽겠네",
        "귀여워 죽음",
        "피곤해 죽을 것 같아",
        "죽이는 노래",
        "자살골",
        "시험 죽 쒔어",
        "더워 죽겠다",
        "심쿵사",
        "보고싶어 죽겠어",
        "",
        "   ",
        "😀",
    ],
)
def test_an_idiom_does_not_fire(text: str) -> None:
    assert DETECTOR.detect(text) is None


@pytest.mark.parametrize(
    "start", ["엄마 때문에 ", "드라마 보다가 나도 ", "배고파 죽겠고 ", "숙제 다 했는데 "]
)
@pytest.mark.parametrize("wish", ["죽고 싶", "자살하고 싶", "죽어버리고 싶", "목숨을 끊고 싶"])
@pytest.mark.parametrize("end", ["다", "어요", "습니다", "었어", "다는 생각이 들어", "어 ㅋㅋ"])
def test_a_wish_to_die_is_found_whatever_stands_around_it(start: str, wish: str, end: str) -> None:
    assert DETECTOR.detect(start + wish + end) is CrisisKind.SELF_HARM


@pytest.mark.parametrize(
    "text",
    [
        "자ㅅ살하고 싶어",
        "ㅈㅏ살하고 싶어",
        "주ㄱ고 싶어",
        "죽 고 싶 어",
        "자2살하고 싶어",
        "자.살하고 싶어",
        "죽죽고고 싶어",
        "jugo sipda",
        "wnrrh tlvdj",
        "k i l l m y s e l f",
        "죽고 싶어".encode("utf-16-le").decode("utf-16-le") + "\ud800",
    ],
)
def test_a_hidden_spelling_is_found(text: str) -> None:
    assert DETECTOR.detect(text) is CrisisKind.SELF_HARM


@given(st.sampled_from(DIRECT), st.data())
def test_zero_width_characters_hide_nothing(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    hidden = data.draw(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad"))
    assert DETECTOR.detect(text[:place] + hidden + text[place:]) is not None


@given(
    st.sampled_from(DIRECT), st.sampled_from(["오늘 비가 왔어. ", "밥은 먹었어? ", "그냥 그래.\n"])
)
def test_other_sentences_around_it_hide_nothing(text: str, other: str) -> None:
    assert DETECTOR.detect(other + text) is not None
    assert DETECTOR.detect(f"{text}. {other}") is not None


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    assert DETECTOR.detect(text) in {None, *CrisisKind}


def test_danger_deep_in_a_long_message_is_found() -> None:
    talk = "오늘은 회사에서 일이 많았고 점심은 김치찌개를 먹었고 저녁에는 산책을 했는데 "
    long = talk * (10_000 // len(talk))
    assert DETECTOR.detect(long) is None
    for place in (0, 3_333, len(long)):
        assert DETECTOR.detect(f"{long[:place]} 죽고 싶어 {long[place:]}") is CrisisKind.SELF_HARM


@pytest.mark.parametrize(
    "text",
    ["아니 죽으려는 게 아니라 불면증이라고", "죽으려고 한 건 아니고", "죽으려던 건 아니었어",
     "죽을 생각은 아니에요", "자살하려는 게 아니라 잠이 안 와서 그래"],
)  # fmt: skip
def test_who_denies_that_they_were_about_to_die_gets_no_card(text: str) -> None:
    assert DETECTOR.detect(text) is None


@pytest.mark.parametrize(
    "text",
    ["죽으려는 게 아니라 그냥 사라지고 싶어", "죽으려고 한 건 아니고 손목만 그었어",
     "죽을 생각은 아니라도 살고 싶지 않아", "죽으려고 한 게 아니라고는 못 하겠어",
     "죽으려는 게 아니라면 거짓말이야"],
)  # fmt: skip
def test_the_rest_of_a_sentence_with_a_denial_is_still_read(text: str) -> None:
    assert DETECTOR.detect(text) is CrisisKind.SELF_HARM


TALK = "오늘은 회사에서 일이 많았고 점심은 김치찌개를 먹었고 저녁에는 산책을 했는데 " * 16
OFFSETS = range(300, 540)  # more than one step, so every place in the windows


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("쪽팔려서 죽고 싶다 ㅋㅋ", None),
        ("죽고 싶은 건 아니야", None),
        ("배고파 죽을 것 같아", None),
        ("친구가 죽고 싶대", CrisisKind.THIRD_PERSON),
        ("죽고 싶어", CrisisKind.SELF_HARM),
        ("이제 목숨을 끊고 싶어", CrisisKind.SELF_HARM),
        ("아빠가 맨날 때려요", CrisisKind.VIOLENCE),
    ],
)
def test_where_in_a_long_sentence_something_is_said_changes_nothing(
    text: str, kind: CrisisKind | None
) -> None:
    wrong = [
        offset
        for offset in OFFSETS
        if DETECTOR.detect(f"{TALK[:offset]} {text} {TALK[:600]}") is not kind
    ]
    assert wrong == []


@pytest.mark.parametrize("text", ["죽고 싶어", "자살할 거야"])
def test_a_true_statement_is_found_at_every_offset_without_a_space_to_cut_at(text: str) -> None:
    talk = "김치찌개된장찌개" * 100
    missed = [
        offset
        for offset in OFFSETS
        if DETECTOR.detect(talk[:offset] + text + talk[:600]) is not CrisisKind.SELF_HARM
    ]
    assert missed == []


def test_a_fatal_wish_on_somebody_else_hides_no_wish_of_ones_own() -> None:
    assert DETECTOR.detect("엄마가 죽었으면 좋겠어") is None
    assert DETECTOR.detect("엄마가 죽었으면 좋겠어 나도 죽고 싶어") is CrisisKind.SELF_HARM
    assert DETECTOR.detect("나 같은 사람은 죽었으면 좋겠어") is CrisisKind.SELF_HARM


def test_a_plea_for_help_makes_an_idiom_serious_but_hunger_does_not() -> None:
    assert DETECTOR.detect("힘들어서 죽을 것 같아") is None
    assert DETECTOR.detect("힘들어서 죽을 것 같아 도와줘") is CrisisKind.SELF_HARM
    assert DETECTOR.detect("배고파 죽을 것 같아 도와줘") is None


def test_the_writers_own_danger_comes_before_that_of_others() -> None:
    assert DETECTOR.detect("친구가 죽고 싶대") is CrisisKind.THIRD_PERSON
    assert DETECTOR.detect("친구가 죽고 싶대. 나도 죽고 싶어") is CrisisKind.SELF_HARM
    assert DETECTOR.detect("친구가 죽고 싶대 나도 죽고 싶어") is CrisisKind.SELF_HARM
    assert DETECTOR.detect("아빠가 때려요") is CrisisKind.VIOLENCE
    assert DETECTOR.detect("아빠가 때려요. 죽고 싶어요") is CrisisKind.SELF_HARM


def test_the_group_that_fired_is_named() -> None:
    assert DETECTOR.find("죽고 싶어") == Alarm(CrisisKind.SELF_HARM, "wish_to_die")


def test_the_work_grows_with_the_text_and_not_faster() -> None:
    class Counting(CrisisDetector):
        searched = 0

        def _find_in(self, window: _Window) -> Alarm | None:
            assert len(window.text) <= 400
            self.searched += 1
            return super()._find_in(window)

    letters = random.Random(7)
    text = "".join(letters.choice("가나다라마바사아자차카타파하 ") for _ in range(20_000))
    counted = []
    for size in (10_000, 20_000):
        counting = Counting.load(FOLDER)
        assert counting.detect(text[:size]) is None
        counted.append(counting.searched)
        assert counting.searched <= len(views(text[:size])) * (size / 150 + 1)
    assert counted[1] <= 2.2 * counted[0]


@pytest.fixture
def damaged(tmp_path: Path) -> Callable[[Callable[[dict[str, object]], None]], Path]:
    def damage(change: Callable[[dict[str, object]], None]) -> Path:
        shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
        path = tmp_path / "patterns.yaml"
        content = yaml.safe_load(path.read_text("utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
        return tmp_path

    return damage


Damage = Callable[[Callable[[dict[str, object]], None]], Path]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DialogueError, match=r"patterns\.yaml cannot be read"):
        CrisisDetector.load(tmp_path)


def test_a_kind_without_patterns_is_refused(damaged: Damage) -> None:
    def no_violence(content: dict[str, object]) -> None:
        alarms = content["alarms"]
        assert isinstance(alarms, list)
        content["alarms"] = [group for group in alarms if group["kind"] != "violence"]

    with pytest.raises(DialogueError, match="no pattern for violence"):
        CrisisDetector.load(damaged(no_violence))


def test_an_unknown_kind_is_refused(damaged: Damage) -> None:
    def unknown(content: dict[str, object]) -> None:
        alarms = content["alarms"]
        assert isinstance(alarms, list)
        alarms[0]["kind"] = "boredom"

    with pytest.raises(DialogueError, match="'boredom' is no kind of crisis"):
        CrisisDetector.load(damaged(unknown))


def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "patterns.yaml").write_text("idioms: [", "utf-8")
    with pytest.raises(DialogueError, match="is not valid YAML"):
        CrisisDetector.load(tmp_path)
