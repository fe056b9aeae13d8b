"""What the conversation does around a crisis."""

import re
import shutil
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.texts import load_texts
from core.dialogue.care import CARD_AGAIN, CARD_AGAIN_URGENT, Care
from core.dialogue.care_answer import CareAction, CareAnswer, SongRule
from core.dialogue.care_state import FOLLOW_UPS, LASTS, LATELY, CareMemory, CareState
from core.dialogue.care_texts import CareTexts
from core.dialogue.check_in import CheckIn
from core.dialogue.crisis import BY_MODEL, Assessment, CrisisDetector
from core.dialogue.help_lines import HelpLines
from core.errors import DialogueError
from core.models import CrisisKind, CrisisLevel, Language

FOLDER = Path(__file__).parents[2] / "data" / "crisis"
CARE = Care.load(FOLDER)
TEXTS = CareTexts.load(FOLDER, HelpLines.load(FOLDER))
DETECTOR = CrisisDetector.load(FOLDER)
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Talk:
    """A conversation in care, one message a minute."""

    def __init__(self, language: Language = Language.KOREAN) -> None:
        self.language = language
        self.now = NOW
        self.state: CareState | CheckIn | None = None

    def say(self, text: str, after: timedelta = MINUTE) -> CareAnswer:
        self.now += after
        assessment = DETECTOR.assess(text)
        answer = CARE.answer(self.state, assessment, text, self.language, self.now)
        self.state = answer.state
        return answer


def test_without_a_crisis_nothing_changes_and_nothing_is_kept() -> None:
    talk = Talk()
    for text in ("안녕", "노래 틀어줘", "너무 우울해", "이제 괜찮아졌어요"):
        assert talk.say(text) == CareAnswer(CareAction.ORDINARY, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("죽고 싶어", CrisisKind.SELF_HARM),
        ("아빠가 맨날 때려요", CrisisKind.VIOLENCE),
        ("친구가 죽고 싶대", CrisisKind.THIRD_PERSON),
    ],
)
def test_the_first_word_of_danger_gets_the_card_of_its_kind_and_no_song(
    text: str, kind: CrisisKind
) -> None:
    answer = Talk().say(text)
    assert (answer.action, answer.kind, answer.songs) == (CareAction.CARD, kind, SongRule.NONE)
    assert answer.grounding


def test_the_card_is_not_repeated_but_the_number_is_and_the_lines_take_turns() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    first, second = talk.say("그래도 죽고 싶어"), talk.say("진짜 죽고 싶어")
    assert {first.action, second.action} == {CareAction.REMINDER}
    assert first.lines != second.lines
    assert "109" in first.lines[0]
    assert "109" in second.lines[0]
    assert first.songs is SongRule.NONE


def test_the_card_comes_again_after_a_while() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    assert talk.say("죽고 싶어", CARD_AGAIN - MINUTE).action is CareAction.REMINDER
    assert talk.say("죽고 싶어", MINUTE).action is CareAction.CARD


def test_another_kind_of_danger_gets_its_own_card_once() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    assert talk.say("아빠가 맨날 때려요").action is CareAction.CARD
    assert talk.say("죽고 싶어").action is CareAction.REMINDER
    assert talk.say("아빠가 또 때렸어요").action is CareAction.REMINDER


def test_a_danger_at_hand_names_119_before_the_card_and_in_the_reminder() -> None:
    talk = Talk()
    first = talk.say("지금 옥상이야 뛰어내릴래")
    assert first.action is CareAction.CARD
    assert "119" in first.lines[0]
    again = talk.say("나 지금 약 다 털어 넣었어")
    assert again.action is CareAction.REMINDER
    assert "119" in again.lines[0]
    assert talk.say("지금 옥상이야 뛰어내릴래", CARD_AGAIN_URGENT).action is CareAction.CARD


def test_the_next_messages_are_met_with_care_and_then_the_talk_goes_on() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    answers = [talk.say("음") for _ in range(FOLLOW_UPS)]
    assert {answer.action for answer in answers} == {CareAction.FOLLOW_UP}
    assert len({answer.lines for answer in answers}) == FOLLOW_UPS
    assert "안전한 곳" in answers[0].lines[0]
    after = talk.say("음")
    assert (after.action, after.songs) == (CareAction.ORDINARY, SongRule.ASKED_GENTLE)


def test_what_may_speak_of_danger_in_care_is_not_left_alone() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    suspects = Assessment(CrisisLevel.LOW, suspected=CrisisKind.SELF_HARM)
    met = []
    for _ in range(12):
        answer = CARE.answer(talk.state, suspects, "다 정리했어", Language.KOREAN, talk.now)
        talk.state = answer.state
        met.append(answer.action)
    assert set(met) == {CareAction.FOLLOW_UP, CareAction.REMINDER}


TOLD = (
    "엄마가 암이래", "친구 장례식에 다녀왔어", "회사에서 잘렸어", "집에 가기 싫다",
    "너무 우울해", "아무도 내 편이 아니야", "오늘 밥도 못 먹었어", "내일이 월요일이네",
)  # fmt: skip


def test_what_is_told_in_care_is_answered_and_no_line_comes_twice() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    answers = [talk.say(text) for text in TOLD]
    kinds = [answer.action for answer in answers]
    care, usual = CareAction.FOLLOW_UP, CareAction.ORDINARY
    assert kinds == [care, usual, usual, care, usual, usual, care, usual]
    lines = [line for answer in answers for line in answer.lines]
    assert len(set(lines)) == len(lines)
    assert {answer.songs for answer in answers} == {SongRule.ASKED_GENTLE}


@pytest.mark.parametrize(
    "text",
    ["아니야 장난이야", "아니 괜찮아졌어", "오해야", "농담이야", "화나서 한 말이야",
     "ㅋㅋ 걍 하는말임", "그냥 하는 소리예요", "아니 그런건 아니고 그냥 지쳐서",
     "그런 건 아니고 그냥 좀 피곤해서 그래요",
     "i was just kidding", "it was a joke"],
)  # fmt: skip
def test_what_is_taken_back_ends_the_follow_ups_kindly(text: str) -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    safe = talk.say(text)
    assert safe.action is CareAction.SAFE
    assert "109" in safe.lines[0]
    assert talk.say("오늘 점심 뭐 먹지").action is CareAction.ORDINARY
    assert talk.say("죽고 싶어", CARD_AGAIN).action is CareAction.CARD


@pytest.mark.parametrize(
    "text",
    [
        "장난 아니야", "농담 아니야", "친구 장례식에 다녀왔어", "걍 하는 말 아님",
        "그런 건 아니고 그냥 다 놓고 싶어", "그런 거 아니고 그냥 지쳐서 죽고 싶어",
    ],
)  # fmt: skip
def test_what_is_meant_is_not_taken_back(text: str) -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    assert talk.say(text).action in {CareAction.FOLLOW_UP, CareAction.REMINDER}


@pytest.mark.parametrize("text", ["오늘 진짜 행복했어", "기분 너무 좋아", "i had a great day"])
def test_bright_news_ends_care_and_the_next_danger_is_met_as_the_first(text: str) -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    assert talk.say(text).action is CareAction.ORDINARY
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ANY
    assert talk.say("점심 뭐 먹지").songs is SongRule.ANY
    assert talk.say("죽고 싶어").action is CareAction.CARD


@pytest.mark.parametrize(
    "text", ["이제 행복해", "행복하고 싶었어", "다들 행복했으면", "내가 없으면 다들 행복할 텐데"]
)
def test_a_calm_that_may_be_a_resolve_ends_nothing(text: str) -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    talk.say(text)
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ASKED_GENTLE


@pytest.mark.parametrize(
    "text",
    ["그 사람 죽여버리고 싶어 진짜", "죽여버리고 싶어 진짜", "부장 죽이고 싶다",
     "i want to kill him"],
)  # fmt: skip
def test_rage_at_others_is_met_with_words_of_its_own(text: str) -> None:
    answer = Talk().say(text)
    assert (answer.action, answer.kind, answer.songs) == (CareAction.CALM, None, SongRule.NONE)
    assert not re.search("[0-9]", answer.lines[0])


def test_rage_that_is_at_hand_names_the_police() -> None:
    answer = Talk().say("지금 칼 들고 있어 저 인간 죽여버릴 거야")
    assert answer.action in {CareAction.CALM, CareAction.CARD}
    assert "112" in "".join(TEXTS.anger_at_hand[Language.KOREAN])


@pytest.mark.parametrize("text", ["나를 죽여버리고 싶어", "죽고 싶어 다 죽여버리고 싶어"])
def test_rage_at_oneself_is_danger(text: str) -> None:
    assert Talk().say(text).action is not CareAction.CALM


def test_voices_that_tell_to_die_get_the_card_with_109() -> None:
    assert Talk().say("귀에서 자꾸 누가 죽으라고 해").kind is CrisisKind.SELF_HARM


def test_songs_that_were_understood_as_asked_for_come_whatever_the_words() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    calm = Assessment(CrisisLevel.NONE)
    answer = CARE.answer(talk.state, calm, "아이유", Language.KOREAN, talk.now, songs=True)
    assert answer.action is CareAction.SONGS


def test_danger_again_begins_the_follow_ups_again_without_repeating_the_last() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    said = [talk.say("음").lines for _ in range(2)]
    talk.say("죽고 싶어")
    said += [talk.say("음").lines for _ in range(FOLLOW_UPS)]
    assert len(set(said)) == len(said)


def test_songs_come_back_only_when_asked_for_and_gentle_ones() -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    assert talk.say("음").songs is SongRule.ASKED_GENTLE
    asked = talk.say("잔잔한 노래 들려줘")
    assert (asked.action, asked.songs) == (CareAction.SONGS, SongRule.ASKED_GENTLE)
    assert asked.lines
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ASKED_GENTLE


def test_a_wish_for_songs_within_a_word_of_danger_brings_none() -> None:
    talk = Talk()
    answer = talk.say("죽고 싶은데 노래 틀어줘")
    assert (answer.action, answer.songs) == (CareAction.CARD, SongRule.NONE)


@pytest.mark.parametrize("text", ["이제 좀 괜찮아졌어요", "지금은 안전해요", "나쁜 생각 안 할게"])
def test_who_says_it_is_better_is_heard_and_songs_stay_gentle(text: str) -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    safe = talk.say(text)
    assert safe.action is CareAction.SAFE
    assert "109" in safe.lines[0]
    assert talk.say("오늘 점심 뭐 먹지").action is CareAction.ORDINARY
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ASKED_GENTLE


@pytest.mark.parametrize(
    "text",
    [
        "안 괜찮아",
        "괜찮지 않아",
        "괜찮아질까",
        "나아지지 않아요",
        "이제 괜찮아 곧 끝나니까",
        "괜찮은 척했어",
    ],
)
def test_doubt_is_not_taken_for_safety(text: str) -> None:
    talk = Talk()
    talk.say("죽고 싶어")
    assert talk.say(text).action in {CareAction.FOLLOW_UP, CareAction.REMINDER}


@pytest.mark.parametrize("kind", CrisisKind)
def test_care_ends_after_a_while(kind: CrisisKind) -> None:
    state = CareState(kind, NOW, {kind: NOW})
    calm = Assessment(CrisisLevel.NONE)
    before, after = NOW + LASTS[kind] - MINUTE, NOW + LASTS[kind]
    assert CARE.answer(state, calm, "음", Language.KOREAN, before).state is not None
    assert CARE.answer(state, calm, "음", Language.KOREAN, after).state is None
    assert CARE.songs_rule(state, before) is SongRule.ASKED_GENTLE
    assert CARE.songs_rule(state, after) is SongRule.ANY
    assert CARE.songs_rule(None, NOW) is SongRule.ANY


def test_the_state_holds_no_word_of_what_was_said() -> None:
    talk = Talk()
    talk.say("아무에게도 말 못 한 비밀인데 죽고 싶어")
    talk.say("철수 때문이야")
    assert talk.state is not None
    assert {field.name for field in fields(CareState)} == {
        *("kind", "danger_at", "cards", "followed", "spoken", "left", "heard", "over", "by_model"),
    }
    assert not re.search("비밀|철수", repr(talk.state))


def test_memory_forgets_when_care_ends_when_told_and_when_full() -> None:
    memory = CareMemory(capacity=2)
    state = CareState(CrisisKind.SELF_HARM, NOW, {})
    for user in ("a", "b", "c"):
        memory.keep(user, state)
    assert memory.recall("a", NOW) is None
    assert memory.recall("c", NOW) is state
    assert memory.recall("c", NOW + LASTS[CrisisKind.SELF_HARM]) is None
    assert memory.recall("c", NOW) is None
    memory.keep("b", None)
    assert memory.recall("b", NOW) is None


def test_when_danger_was_spoken_of_is_remembered_after_care_has_ended() -> None:
    memory = CareMemory(capacity=2)
    state = CareState(CrisisKind.SELF_HARM, NOW, {})
    for user in ("a", "b", "c"):
        memory.keep(user, state)
    memory.keep("c", None)
    assert [memory.spoke_lately(user, NOW) for user in ("a", "b", "c")] == [False, True, True]
    assert memory.spoke_lately("c", NOW + LATELY - timedelta(seconds=1))
    assert not memory.spoke_lately("c", NOW + LATELY)
    assert not memory.spoke_lately("c", NOW)


def all_lines(language: Language) -> list[str]:
    groups = (TEXTS.follow_up, TEXTS.reminder, TEXTS.urgent, TEXTS.safe, TEXTS.alone, TEXTS.safer)
    said = [line for group in groups for lines in group.values() for line in lines[language]]
    return [
        *said,
        *TEXTS.misunderstood[language],
        *TEXTS.songs[language],
        *TEXTS.grounding[language],
    ]


@pytest.mark.parametrize("language", Language)
def test_the_lines_are_calm_short_and_promise_nothing(language: Language) -> None:
    for line in all_lines(language):
        assert not re.search(r"[!{}\U0001f300-\U0001faff]", line), line
        assert len(line) <= (100 if language is Language.KOREAN else 190), line
        assert not re.search("반드시|꼭 나을|약속할게|promise|진단|치료해 드", line), line


def test_each_language_has_as_many_lines_and_keeps_to_itself() -> None:
    korean, english = all_lines(Language.KOREAN), all_lines(Language.ENGLISH)
    assert len(korean) == len(english)
    assert not re.search("[가-힣]", "".join(english))
    assert all(re.search(r"(요|죠)[.?]$", line) for line in korean)


def test_every_reminder_names_a_number_and_the_urgent_lines_119_or_112() -> None:
    for kind in CrisisKind:
        for language in Language:
            assert all(re.search(r"\d{3}", line) for line in TEXTS.reminder[kind][language])
            assert all(re.search(r"119|112", line) for line in TEXTS.urgent[kind][language])


def test_the_patterns_of_the_wishes_are_valid_and_bounded() -> None:
    words = TEXTS.words
    for pattern in (*words.safe, *words.doubtful, *words.songs):
        gaps = re.findall(r"\{0,(\d\d+)\}", pattern.regex.pattern)
        assert len(gaps) <= 3


def test_the_exercise_has_a_few_steps_and_a_button() -> None:
    for language in Language:
        assert 4 <= len(CARE.grounding(language)) <= 8
        assert 0 < len(load_texts(language)("button.grounding")) <= 30


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("노래 틀어줘", True),
        ("음악 듣고 싶어요", True),
        ("신청곡", True),
        ("play me a calm song", True),
        ("노래도 못 듣겠어", False),
        ("그 노래 들으면 생각나", False),
        ("", False),
        ("\ud800😀", False),
        ("가" * 10_000, False),
    ],
)
def test_a_wish_for_songs_is_told_from_talk_about_songs(text: str, asks: bool) -> None:
    assert TEXTS.words.asks_for_songs(text) is asks
    assert not TEXTS.words.says_safe(text)


Change = Callable[[dict[str, Any]], None]


def no_kind(content: dict[str, Any]) -> None:
    del content["follow_up"]["violence"]


def no_english(content: dict[str, Any]) -> None:
    del content["songs"]["en"]


def unknown_number(content: dict[str, Any]) -> None:
    content["urgent"]["violence"]["ko"] = ["{fire_brigade}에 전화해요."]


def bad_pattern(content: dict[str, Any]) -> None:
    content["words"]["safe"] = ["괜찮.*"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (no_kind, "follow_up.violence: a mapping"),
        (no_english, "songs.en: a list"),
        (unknown_number, "no help line 'fire_brigade'"),
        (bad_pattern, "leaves the pattern language"),
    ],
)
def test_damaged_texts_are_refused(tmp_path: Path, change: Change, problem: str) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "care.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with pytest.raises(DialogueError, match=problem):
        Care.load(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        *("약 먹었어", "수면제 한 통 다 먹었어", "손목 그었어", "피가 안 멈춰", "지금 옥상이야"),
        *("칼 들고 있어", "I took the pills", "뛰어내릴 거야"),
    ],
)
def test_what_is_happening_now_is_met_with_the_numbers_at_once(text: str) -> None:
    care, crisis = CARE, DETECTOR
    first = care.answer(None, crisis.assess("죽고 싶어"), "죽고 싶어", Language.KOREAN, NOW)
    later = NOW + timedelta(minutes=1)
    for _ in range(3):
        answer = care.answer(first.state, crisis.assess(text), text, Language.KOREAN, later)
        assert answer.action in {CareAction.CARD, CareAction.REMINDER}
        assert "119" in " ".join(answer.lines)
        first, later = answer, later + timedelta(minutes=1)


@pytest.mark.parametrize("text", ["아니", "아니요", "안전하지 않아", "no"])
def test_a_no_to_whether_the_place_is_safe_is_heard(text: str) -> None:
    care, crisis = CARE, DETECTOR
    first = care.answer(None, crisis.assess("죽고 싶어"), "죽고 싶어", Language.KOREAN, NOW)
    asked = care.answer(first.state, crisis.assess("응"), "응", Language.KOREAN, NOW)
    assert asked.action is CareAction.FOLLOW_UP
    told = care.answer(asked.state, crisis.assess(text), text, Language.KOREAN, NOW)
    assert told.action is CareAction.REMINDER
    assert "119" in " ".join(told.lines)


EXPLAINED = (
    "아니 돈이 없다고", "ㅋㅋ 뭐야 돈 얘기라니까", "아니 축구 경기 얘기야", "아니 불면증이라고",
    "게임 얘기야", "그런 뜻 아니야", "아니 죽으려는 게 아니라 불면증이라고", "월세 말이야",
    "아니 그게 아니라 통장이 비었다고", "뭐래 배고프다고", "오해야", "i was talking about a game",
    "you misunderstood",
)  # fmt: skip


def alarmed(text: str, group: str) -> Talk:
    """Somebody whose message was taken for danger, by the model or by a pattern."""
    talk = Talk()
    danger = Assessment(CrisisLevel.CRISIS, CrisisKind.SELF_HARM, group)
    talk.state = CARE.answer(None, danger, text, Language.KOREAN, NOW).state
    return talk


@pytest.mark.parametrize("text", EXPLAINED)
def test_who_explains_what_the_model_misunderstood_is_believed(text: str) -> None:
    talk = alarmed("근데 월세 내니까 없어", BY_MODEL)
    answer = talk.say(text)
    assert (answer.action, answer.kind, answer.songs) == (CareAction.SAFE, None, SongRule.ANY)
    assert "".join(answer.lines).count("109") == 1
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ANY
    assert talk.say("점심 뭐 먹지") == CareAnswer(CareAction.ORDINARY, talk.state)
    assert talk.say("죽고 싶어").action is CareAction.CARD


@pytest.mark.parametrize("text", EXPLAINED)
def test_what_the_floor_heard_is_explained_as_a_joke_is(text: str) -> None:
    talk = alarmed("죽고 싶어", "wish_to_die")
    assert talk.say(text).action is CareAction.SAFE
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ASKED_GENTLE


@pytest.mark.parametrize(
    "text",
    ["아니 진심이라고", "정말이야", "내 얘기야", "아니 그게 아니라 너무 지쳤어", "농담 아니야",
     "네 그런 얘기예요", "무슨 말이야", "아니 나가라고", "힘들다는 말이야", "아니 죽고 싶다고"],
)  # fmt: skip
def test_what_is_said_again_explains_nothing_away(text: str) -> None:
    talk = alarmed("다 정리했어", BY_MODEL)
    assert talk.say(text).action is not CareAction.SAFE
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ASKED_GENTLE


def test_after_a_plain_word_of_danger_an_earlier_alarm_by_the_model_is_none_of_it() -> None:
    talk = alarmed("다 정리했어", BY_MODEL)
    talk.say("죽고 싶어")
    talk.say("게임 얘기야")
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ASKED_GENTLE


@pytest.mark.parametrize("text", ["아니", "아니요"])
def test_a_bare_no_to_whether_the_place_is_safe_explains_nothing(text: str) -> None:
    talk = alarmed("다 정리했어", BY_MODEL)
    talk.say("하")
    assert "119" in talk.say(text).lines[0]


def in_care(text: str = "죽고 싶어", language: Language = Language.KOREAN) -> Talk:
    """Somebody who got the card and was asked whether the place is safe."""
    talk = Talk(language)
    talk.say(text)
    assert talk.say("하").action is CareAction.FOLLOW_UP
    return talk


@pytest.mark.parametrize(
    "text",
    ["혼자야", "응 혼자 있어", "집에 혼자 있어요", "옆에 아무도 없어", "부를 사람이 없어", "alone",
     "I'm by myself"],
)  # fmt: skip
def test_who_is_alone_is_urged_to_reach_somebody(text: str) -> None:
    talk = in_care()
    answer = talk.say(text)
    assert answer.action is CareAction.FOLLOW_UP
    assert answer.lines[0] in TEXTS.alone[CrisisKind.SELF_HARM][Language.KOREAN]
    assert "109" in answer.lines[0]
    assert answer.grounding


@pytest.mark.parametrize(
    "text", ["옥상", "다리 위야", "지금 옥상이야", "난간 앞이야", "마포대교야", "한강", "rooftop"]
)
def test_a_place_of_danger_in_a_word_is_at_hand(text: str) -> None:
    answer = in_care().say(text)
    assert answer.action in {CareAction.REMINDER, CareAction.CARD}
    assert "119" in answer.lines[0]


@pytest.mark.parametrize(
    "text",
    ["아니 괜찮아 내려왔어", "엄마랑 있어", "엄마랑 같이 있어", "친구 불렀어", "집에 왔어",
     "옥상에서 내려왔어", "친구한테 문자 보냈어. 지금 온대", "I came down", "im with my mom"],
)  # fmt: skip
def test_who_is_safer_is_met_with_relief_and_care_goes_on(text: str) -> None:
    talk = in_care()
    assert isinstance(talk.state, CareState)
    left = talk.state.left
    answer = talk.say(text)
    assert answer.action is CareAction.FOLLOW_UP
    assert answer.lines[0] in TEXTS.safer[CrisisKind.SELF_HARM][Language.KOREAN]
    assert isinstance(talk.state, CareState)
    assert talk.state.left == left
    assert CARE.songs_rule(talk.state, talk.now) is SongRule.ASKED_GENTLE


@pytest.mark.parametrize("text", ["아직 못 내려왔어", "엄마랑 싸웠어", "눈물이 나왔어"])
def test_what_is_no_relief_is_not_taken_for_it(text: str) -> None:
    answer = in_care().say(text)
    assert not set(answer.lines) & set(TEXTS.safer[CrisisKind.SELF_HARM][Language.KOREAN])


def test_who_is_there_after_violence_may_be_the_one_who_does_harm() -> None:
    told = in_care("아빠가 맨날 때려요").say("아빠랑 같이 있어")
    assert "112" in told.lines[0]
    away = in_care("아빠가 맨날 때려요").say("집에서 나왔어")
    assert away.lines[0] in TEXTS.safer[CrisisKind.VIOLENCE][Language.KOREAN]


def test_the_words_of_place_and_company_are_said_in_english_too() -> None:
    answer = in_care("i want to die", Language.ENGLISH).say("i am alone")
    assert answer.lines[0] in TEXTS.alone[CrisisKind.SELF_HARM][Language.ENGLISH]


def test_the_same_words_mean_nothing_of_the_kind_elsewhere() -> None:
    care, crisis = CARE, DETECTOR
    for text in ("감기약 먹었어", "아니", "한강에 왔어"):
        answer = care.answer(None, crisis.assess(text), text, Language.KOREAN, NOW)
        assert answer.kind is None
        assert answer.action in {CareAction.ORDINARY, CareAction.CHECK_IN}


@pytest.mark.parametrize("text", ["경찰에 신고했어요", "112에 신고했습니다"])
def test_who_called_for_help_for_another_hears_of_what_is_done(text: str) -> None:
    talk = Talk()
    assert talk.say("친구가 죽고 싶대").action is CareAction.CARD
    answer = talk.say(text)
    assert answer.action is CareAction.FOLLOW_UP
    assert "죽고 싶" not in answer.lines[0]
    assert "마음이 놓여요" in answer.lines[0]


@pytest.mark.parametrize("text", ["ㅋㅋ 걍 하는말임", "장난이에요", "그런건 아니고 그냥 지쳐서"])
def test_a_question_is_denied_in_these_words_too(text: str) -> None:
    talk = Talk()
    low = Assessment(CrisisLevel.LOW, suspected=CrisisKind.SELF_HARM)
    talk.state = CARE.answer(None, low, "", Language.KOREAN, NOW).state
    assert talk.say(text).action is CareAction.SAFE
