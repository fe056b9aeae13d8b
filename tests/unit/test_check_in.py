"""An uncertain message is asked about, once, and the answer is heard."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.dialogue.care import Care
from core.dialogue.care_answer import CareAction, CareAnswer, SongRule
from core.dialogue.care_state import CareMemory, CareState
from core.dialogue.check_in import AGAIN, DENIED_FOR, CheckIn
from core.dialogue.crisis import Assessment, CrisisDetector
from core.dialogue.crisis_model import CLASSES, CrisisModel, Thresholds
from core.emotion.ngrams import NgramModel
from core.models import CrisisKind, CrisisLevel, Language, ReplyKind
from core.service.safety import Safety
from core.service.transactions import Transactions
from core.store.memory import MemoryStore
from tests.services import USER

CARE = Care.load(Path(__file__).parents[2] / "data" / "crisis")
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING = Assessment(CrisisLevel.NONE)


def suspects(kind: CrisisKind = CrisisKind.SELF_HARM) -> Assessment:
    return Assessment(CrisisLevel.LOW, suspected=kind)


class Talk:
    """A conversation of which the assessments are given, one message a minute."""

    def __init__(self, language: Language = Language.KOREAN) -> None:
        self.language = language
        self.now = NOW
        self.state: CareState | CheckIn | None = None

    def say(
        self, text: str, assessment: Assessment = NOTHING, after: timedelta = MINUTE
    ) -> CareAnswer:
        self.now += after
        answer = CARE.answer(self.state, assessment, text, self.language, self.now)
        self.state = answer.state
        return answer


@pytest.fixture
def asked() -> Talk:
    talk = Talk()
    talk.say("화분에 물 주는 것도 오늘까지만", suspects())
    return talk


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (CrisisKind.SELF_HARM, "109"),
        (CrisisKind.VIOLENCE, "1366"),
        (CrisisKind.THIRD_PERSON, "109"),
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_the_question_names_the_help_line_and_shows_no_card(
    kind: CrisisKind, number: str, language: Language
) -> None:
    for minute in range(2):
        talk = Talk(language)
        answer = talk.say("음", suspects(kind), after=minute * MINUTE)
        assert answer.action is CareAction.CHECK_IN
        assert answer.kind is None
        assert number in answer.lines[0]
        assert "?" in answer.lines[0]
        assert answer.songs is SongRule.NONE


@pytest.mark.parametrize(
    "text",
    [
        "네", "응", "ㅇㅇ", "어 그래", "응 있어", "조금", "가끔", "사실 그래", "맞아요", "모르겠어",
        "그런 것 같아요", "아니라고는 못 하겠어", "yes", "maybe", "sometimes", "i don't know",
    ],
)  # fmt: skip
def test_a_yes_or_half_a_yes_brings_the_card(asked: Talk, text: str) -> None:
    answer = asked.say(text)
    assert (answer.action, answer.kind) == (CareAction.CARD, CrisisKind.SELF_HARM)
    assert isinstance(asked.state, CareState)


@pytest.mark.parametrize(
    "text",
    ["아니", "아니요", "아뇨 그런 건 아니에요", "ㄴㄴ", "없어요", "전혀 아니야", "아 그런 뜻 아냐",
     "응 아니야", "괜찮아요", "no", "nope", "not at all"],
)  # fmt: skip
def test_a_no_ends_the_matter_kindly(asked: Talk, text: str) -> None:
    answer = asked.say(text)
    assert answer.action is CareAction.SAFE
    assert answer.lines
    assert answer.songs is SongRule.ANY
    again = asked.say("미련이 없어", suspects())
    assert again.action is CareAction.ORDINARY
    assert CARE.songs_rule(again.state, asked.now) is SongRule.ANY


def test_another_uncertain_message_is_answered_with_the_card(asked: Talk) -> None:
    assert asked.say("그냥 날씨가 좋네").action is CareAction.FOLLOW_UP
    answer = asked.say("강아지도 부탁해놨어", suspects())
    assert (answer.action, answer.kind) == (CareAction.CARD, CrisisKind.SELF_HARM)


def test_what_is_no_answer_is_met_with_care_once_and_soon_the_usual_talk_goes_on(
    asked: Talk,
) -> None:
    answer = asked.say("나 지금 뭐하는 걸까")
    assert (answer.action, answer.songs) == (CareAction.FOLLOW_UP, SongRule.ASKED_GENTLE)
    assert "109" in answer.lines[0]
    second = asked.say("점심 뭐 먹지")
    assert (second.action, second.songs) == (CareAction.ORDINARY, SongRule.ASKED_GENTLE)
    assert asked.say("졸려").songs is SongRule.ANY
    # A yes later on is one to something else.
    assert asked.say("네").action is CareAction.ORDINARY


def test_bright_news_after_the_question_ends_the_matter(asked: Talk) -> None:
    answer = asked.say("오늘 진짜 행복했어")
    assert (answer.action, answer.songs) == (CareAction.ORDINARY, SongRule.ANY)


def test_songs_asked_for_after_the_question_are_gentle(asked: Talk) -> None:
    answer = asked.say("노래 틀어줘")
    assert (answer.action, answer.songs) == (CareAction.SONGS, SongRule.ASKED_GENTLE)


def test_danger_after_the_question_gets_the_card_and_danger_at_hand_its_line(asked: Talk) -> None:
    answer = asked.say("약 다 먹었어")
    assert answer.action is CareAction.CARD
    assert "119" in answer.lines[0]
    other = Talk()
    other.say("음", suspects())
    said = Assessment(CrisisLevel.CRISIS, CrisisKind.VIOLENCE, "hit_by_someone")
    assert other.say("아빠가 때려요", said).kind is CrisisKind.VIOLENCE


def test_after_a_while_it_is_asked_again(asked: Talk) -> None:
    asked.say("아니요")
    assert asked.say("정리 다 했어", suspects(), after=AGAIN).action is CareAction.CHECK_IN


def test_a_no_counts_for_some_messages_and_what_is_said_later_is_asked_anew(asked: Talk) -> None:
    asked.say("아니요")
    for _ in range(DENIED_FOR):
        assert asked.say("그냥 그래", suspects()).action is not CareAction.CHECK_IN
    assert asked.say("나 다리 위야", suspects()).action is CareAction.CHECK_IN


def test_in_care_no_question_interrupts() -> None:
    talk = Talk()
    talk.say("죽고 싶어", Assessment(CrisisLevel.CRISIS, CrisisKind.SELF_HARM, "wish_to_die"))
    assert talk.say("다 정리했어", suspects()).action is CareAction.FOLLOW_UP


def test_a_question_is_remembered_as_long_as_it_counts(asked: Talk) -> None:
    memory = CareMemory()
    memory.keep("somebody", asked.state)
    assert memory.recall("somebody", asked.now) == asked.state
    assert memory.recall("somebody", asked.now + AGAIN) is None


def never_sure() -> CrisisDetector:
    """A detector that suspects danger in every message, and is sure of none."""
    ngrams = NgramModel(
        keys=np.array([1], np.uint32),
        idf=np.ones(1, np.float32),
        weights=np.zeros((1, len(CLASSES)), np.float32),
        bias=np.array([1, 0, 0, 0, 0], np.float32),
        scale=np.ones(len(CLASSES), np.float32),
    )
    return CrisisDetector([], [], [], CrisisModel(ngrams, Thresholds(danger=1, ask=0.1, low=0.1)))


async def test_safety_asks_in_place_of_an_answer_and_hears_no_danger_yet() -> None:
    safety = Safety(never_sure(), CARE, Transactions(MemoryStore().unit_of_work))
    asked = await safety.reply(USER, "화분에 물 주는 것도 오늘까지만", Language.KOREAN, NOW)
    assert asked is not None
    assert (asked.kind, asked.crisis, asked.card) == (ReplyKind.CARE, None, False)
    assert "109" in asked.lines[0]
    # In a group nobody is to see a card for something that is only asked about.
    assert not await safety.hears_danger("화분에 물 주는 것도 오늘까지만")
    assert safety.gentle_only(USER, NOW)
    relieved = await safety.reply(USER, "아니요", Language.KOREAN, NOW + MINUTE)
    assert relieved is not None
    assert relieved.kind is ReplyKind.CARE
    assert not safety.gentle_only(USER, NOW + MINUTE)
    assert await safety.reply(USER, "점심 뭐 먹지", Language.KOREAN, NOW + 2 * MINUTE) is None


def test_a_no_that_goes_on_to_worry_is_no_plain_no(asked: Talk) -> None:
    answer = asked.say("아니요 그냥 이제 다 정리하고 편해지려고요", suspects())
    assert answer.action is CareAction.CARD


@pytest.mark.parametrize(
    "text", ["아니 글씨가 작다고", "그게 아니라 축구 얘기야", "아니 당뇨라고", "i meant the game"]
)
@pytest.mark.parametrize("assessment", [NOTHING, suspects()])
def test_who_explains_what_was_asked_about_is_believed(
    asked: Talk, text: str, assessment: Assessment
) -> None:
    answer = asked.say(text, assessment)
    assert (answer.action, answer.songs) == (CareAction.SAFE, SongRule.ANY)
    assert "109" in answer.lines[0]
    assert CARE.songs_rule(asked.state, asked.now) is SongRule.ANY


def test_a_correction_that_may_speak_of_danger_is_not_believed(asked: Talk) -> None:
    assert asked.say("그게 아니라 정리 다 했어", suspects()).action is CareAction.CARD


def test_a_card_by_a_yes_is_no_false_alarm_and_one_by_a_second_doubt_may_be(asked: Talk) -> None:
    asked.say("네")
    asked.say("게임 얘기야")
    assert CARE.songs_rule(asked.state, asked.now) is SongRule.ASKED_GENTLE
    other = Talk()
    other.say("글씨가 작아서 안 보여요", suspects())
    assert other.say("안 보여", suspects()).action is CareAction.CARD
    assert other.say("아니 글씨 얘기라니까").songs is SongRule.ANY


async def test_a_yes_to_safety_brings_the_card() -> None:
    safety = Safety(never_sure(), CARE, Transactions(MemoryStore().unit_of_work))
    await safety.reply(USER, "다 정리했어", Language.KOREAN, NOW)
    card = await safety.reply(USER, "네", Language.KOREAN, NOW + MINUTE)
    assert card is not None
    assert (card.kind, card.crisis, card.card) == (ReplyKind.CRISIS, CrisisKind.SELF_HARM, True)
