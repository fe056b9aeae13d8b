"""The bank with the bundled emotion model: what is found for messages, and what is said."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from core.dialogue.bank import load_bank
from core.dialogue.bank_embeddings import embedding_by
from core.dialogue.listening import Heard
from core.dialogue.replies import CLEAR, Answer, Replies
from core.dialogue.retrieval import Retriever
from core.emotion.classifier import Classifier
from core.models import Language, Reading
from scripts.dialogue_sample import Labelled, judge, read_sample, read_utterances, search

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests/data/dialogue_own.tsv"
SHARED = ROOT.parent / "shared/data"


@pytest.fixture(scope="module")
def model() -> Classifier:
    return Classifier.load(ROOT / "data/models/emotion")


@dataclass(frozen=True)
class Bank:
    """What is recognised, and what is said to it."""

    retriever: Retriever
    replies: Replies

    @classmethod
    def read_by(cls, model: Classifier) -> Self:
        intents = load_bank(ROOT / "data/dialogue/bank")
        replies = Replies.load(ROOT / "data/dialogue", intents)
        return cls(Retriever(intents, embedding_by(model.read_now)), replies)

    def reply(self, text: str, reading: Reading, language: Language, said: Sequence[str]) -> Answer:
        return self.replies.reply(
            text,
            Heard(reading, self.retriever.find(text, reading.embedding)),
            language=language,
            said=said,
            generator=np.random.default_rng(len(said)),
            ask=True,
        )


@pytest.fixture(scope="module")
def replies(model: Classifier) -> Bank:
    return Bank.read_by(model)


def answer(
    replies: Bank, model: Classifier, text: str, language: Language = Language.KOREAN
) -> Answer:
    (reading,) = model.read_now([text])
    assert reading is not None
    return replies.reply(text, reading, language, ())


def test_sentences_of_ours_find_an_intent_that_fits(replies: Bank, model: Classifier) -> None:
    """None of them is in the bank."""
    with OWN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sample = [Labelled(row["text"], "test", frozenset(row["intents"].split(","))) for row in rows]
    texts = [labelled.text for labelled in sample]
    bank = {intent.name for intent in replies.replies.intents}
    assert len(sample) >= 60
    assert all(labelled.intents <= bank for labelled in sample)
    outcome = judge(sample, search(replies.retriever, texts, model.read_now(texts)))
    assert outcome.fitting >= 0.75


def test_sentences_people_really_typed_find_an_intent_that_fits(
    replies: Bank, model: Classifier
) -> None:
    if not SHARED.exists():
        pytest.skip("the utterances of the shared data are not here, and may not be copied")
    sample = [row for row in read_sample(read_utterances(SHARED)) if row.split == "test"]
    texts = [labelled.text for labelled in sample]
    outcome = judge(sample, search(replies.retriever, texts, model.read_now(texts)))
    # 76.0 % with the model the numbers were tuned with; another edition may differ a little.
    assert len(sample) == 200
    assert outcome.fitting >= 0.72
    assert outcome.wrong <= 0.3


def test_the_labels_name_intents_of_the_bank(replies: Bank) -> None:
    if not SHARED.exists():
        pytest.skip("the utterances of the shared data are not here, and may not be copied")
    bank = {intent.name for intent in replies.replies.intents}
    sample = read_sample(read_utterances(SHARED))
    assert all(labelled.intents <= bank for labelled in sample)
    assert len({labelled.text for labelled in sample}) == len(sample) == 1200


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("너 누구야?", Language.KOREAN, ("AI", "치료사")),
        ("너 상담사야?", Language.KOREAN, ("AI", "치료사")),
        ("너 사람이야?", Language.KOREAN, ("치료",)),
        ("are you a therapist?", Language.ENGLISH, ("AI", "therapist")),
        ("are you human?", Language.ENGLISH, ("AI", "therapist")),
    ],
)
def test_who_asks_hears_that_it_is_an_ai_and_no_therapist(
    replies: Bank, model: Classifier, question: str, language: Language, words: tuple[str, ...]
) -> None:
    line = answer(replies, model, question, language).lines[0].text
    assert all(word in line for word in words)


def test_loss_is_met_with_its_own_words(replies: Bank, model: Classifier) -> None:
    found = answer(replies, model, "어제 우리 강아지가 죽었어").match
    assert found is not None
    assert found.intent.name == "pet_death"


def talk(replies: Bank, model: Classifier, *messages: str) -> list[Answer]:
    said: tuple[str, ...] = ()
    answers: list[Answer] = []
    for text, reading in zip(messages, model.read_now(messages), strict=True):
        assert reading is not None
        found = replies.reply(text, reading, Language.KOREAN, said)
        said = (*said, *(line.id for line in found.lines))[-20:]
        answers.append(found)
    return answers


def test_a_talk_about_a_loss_stays_with_it(replies: Bank, model: Classifier) -> None:
    answers = talk(replies, model, "우리 강아지가 어제 죽었어", "열다섯 살이었어", "이름은 보리야")
    assert [each.intent and each.intent.name for each in answers] == ["pet_death"] * 3


def test_what_is_clearly_said_changes_the_subject(replies: Bank, model: Classifier) -> None:
    answers = talk(replies, model, "우리 강아지가 어제 죽었어", "너 몇 살이야?", "배고파")
    assert [each.intent and each.intent.name for each in answers[1:]] == ["bot_life", "hungry"]


def test_trouble_at_work_after_a_death_is_answered_as_such(
    replies: Bank, model: Classifier
) -> None:
    """None of the second sentences is in the bank."""
    troubles = {
        "상사가 자꾸 소리 질러서 화가 나": "boss",
        "회사에서 큰 실수를 해서 너무 창피해": "work_mistake",
        "월급날이면 치킨을 사 오셨어": "bereavement",
    }
    for text, intent in troubles.items():
        _, second = talk(replies, model, "할머니가 돌아가셨어", text)
        assert second.intent is not None
        assert second.intent.name == intent


@pytest.mark.parametrize(
    ("before", "then", "topic"),
    [
        ("우리 강아지가 어제 무지개다리를 건넜어", "그나저나 내일 면접인데 너무 떨려", "work"),
        ("헤어진 지 3년 됐어", "회사에서도 상사가 계속 뭐라고 해", "work"),
        ("시험에 또 떨어졌어", "동창들끼리 단톡방에서 내 욕을 하더라", "people"),
        ("친구랑 싸웠어", "됐고 오늘 저녁은 떡볶이다", "daily"),
    ],
)
def test_another_topic_is_followed_though_no_utterance_is_near(
    replies: Bank, model: Classifier, before: str, then: str, topic: str
) -> None:
    first, second = talk(replies, model, before, then)
    assert second.match is not None
    assert second.match.similarity < CLEAR
    assert first.intent is not None
    assert second.intent is not None
    assert (first.intent.topic == topic, second.intent.topic) == (False, topic)


def test_what_is_near_to_everything_does_not_end_what_the_talk_is_about(
    replies: Bank, model: Classifier
) -> None:
    """The votes of many everyday utterances are no other subject."""
    loss = ("우리 강아지가 어제 죽었어", "산책 나가면 그렇게 좋아했는데", "그날 비가 많이 왔어")
    answers = talk(replies, model, *loss)
    assert [each.intent and each.intent.name for each in answers] == ["pet_death"] * 3


def test_what_the_talk_is_about_gives_way_where_it_has_no_answer_in_that_tone(
    replies: Bank, model: Classifier
) -> None:
    """Laughed away and read as joy, tears are tears still, and no matter of work."""
    answers = talk(
        replies, model, "오늘도 야근이야", "창밖 보는데 갑자기 눈물이 나더라 ㅋㅋ 웃기지"
    )
    assert [each.intent and each.intent.name for each in answers] == ["overwork", "tears"]


def test_small_talk_is_no_subject_to_stay_with(replies: Bank, model: Classifier) -> None:
    alone = talk(replies, model, "이름은 보리야")[0].intent
    assert talk(replies, model, "심심해", "이름은 보리야")[1].intent == alone


@pytest.mark.parametrize(
    "text",
    [
        "😭😭😭",
        "' OR 1=1; DROP TABLE users; --",
        "<b>안녕</b><script>alert(1)</script>",
        "ㅋ" * 500,
        "아 진짜 " * 2500,
        "힘\u200b들\u200b어",
        "\ud800힘들어",
        "a" * 10_000,
        "12345",
    ],
)
def test_strange_input_is_answered(replies: Bank, model: Classifier, text: str) -> None:
    lines = answer(replies, model, text).lines
    assert lines
    assert all(line.text for line in lines)


def test_what_is_longer_than_any_utterance_is_answered_by_its_emotion(
    replies: Bank, model: Classifier
) -> None:
    long = "오늘 회사에서 있었던 일을 처음부터 끝까지 다 말해 볼게. " * 12
    assert answer(replies, model, long).match is None


def test_the_same_model_and_bank_find_the_same(model: Classifier, replies: Bank) -> None:
    again = Bank.read_by(model)
    for text in ("오늘 너무 힘들었어", "짝사랑이 힘들어", "점심 뭐 먹지"):
        first, second = answer(replies, model, text), answer(again, model, text)
        assert first.lines == second.lines
        assert (first.match and first.match.nearest) == (second.match and second.match.nearest)


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("엄마도 같이 우셨어요", {"parents_tears"}),
        ("나 드디어 합격했어요!!", {"work_good"}),
        ("남친이랑 오늘 백일", {"partner_happy"}),
        ("복권 당첨됐어", {"lucky"}),
        ("저 오늘 생일이에요!!", {"birthday"}),
        ("내일 졸업식이야", {"graduation"}),
        ("기말고사 드디어 끝났어!", {"exam_over"}),
        ("친구들이랑 점심 먹고 왔어", {"ate_together", "friend_good"}),
        ("손녀가 주말에 온다고 하는구려", {"family_visit"}),
        ("오늘 월급 들어왔어요", {"payday"}),
        ("드디어 취업했어!!", {"work_good"}),
        ("오늘 회사에서 정말 좋은 하루였어", {"happy"}),
        ("I had a great day at work today", {"happy"}),
        ("I finally got a job!", {"work_good"}),
        ("바다 보러 왔어 너무 좋다", {"travelling"}),
        ("제주도 여행 왔는데 너무 행복해", {"travelling"}),
        ("아이가 처음으로 엄마라고 불렀어", {"child_first"}),
        ("우리 아기가 첫걸음마를 했어", {"child_first"}),
        ("my baby took her first steps", {"child_first"}),
    ],
)
def test_good_news_is_answered_as_such_whatever_was_read(
    replies: Bank, model: Classifier, text: str, intents: set[str]
) -> None:
    """None of them is in the bank; some of them the model reads as hard."""
    found = answer(replies, model, text)
    assert found.intent is not None
    assert found.intent.name in intents
    assert found.lines[0].id.startswith(found.intent.name)


def test_the_tears_of_parents_after_good_news_are_no_worry(
    replies: Bank, model: Classifier
) -> None:
    answers = talk(replies, model, "나 합격했어", "부모님도 우셨어")
    assert [each.intent and each.intent.name for each in answers] == ["work_good", "parents_tears"]


@pytest.mark.parametrize(
    "text",
    [
        "합격했는데 하나도 안 기뻐",
        "여친이랑 200일인데 헤어졌어",
        "시험 끝났는데 망했어",
        "취업했는데 걱정이야",
    ],
)
def test_bad_news_that_begins_like_good_is_not_congratulated(
    replies: Bank, model: Classifier, text: str
) -> None:
    said = " ".join(line.text for line in answer(replies, model, text).lines)
    assert not re.search("축하|기뻐|좋겠|홀가분|!", said)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("수행평가 완전 망했어 ㅋㅋ", "exam_bad"),
        ("아 진짜 킹받는다", "irritated"),
        ("네 좋아요!!", "agreeing"),
        ("9급 시험 두 문제 차이로 떨어졌어요", "rejected"),
        ("혼자 산 지 이십 년 됐소", "living_alone"),
        ("약 먹고 일찍 잘게", "sick"),
        ("순두부찌개 먹었는데 맛있었어", "ate"),
        ("병원에 더 일찍 데려갔어야 했는데 내 탓이야", "loss_guilt"),
        ("이번주말에는 뭐하지?", "weekend_plan"),
        ("옥상에서 친구들이랑 삼겹살 구워먹음", "ate_together"),
        ("나 이제 자야겠다 잘자요", "good_night"),
        ("번지점프 꼭 해보고 싶어", "thrill_ride"),
        ("바이킹 탔는데 죽는 줄 알았어", "thrill_ride"),
        ("발표하다가 망쳐서 너무 창피했어", "presentation_bad"),
        ("선생님을 엄마라고 부른 적 있어 창피해", "ashamed"),
        ("아이가 처음으로 학교에서 맞고 왔어", "parents_trouble"),
        ("아이가 처음으로 시험을 망쳤어", "family_setback"),
        ("친구가 위로해줘서 조금 나아졌어", "a_bit_better"),
        ("동생이 달래줘서 좀 괜찮아졌어", "a_bit_better"),
        ("오늘 반차 내고 쉬었어", "took_rest"),
        ("연차 내고 집에서 쉬는 중이야", "took_rest"),
    ],
)
def test_the_answer_is_about_what_was_said(
    replies: Bank, model: Classifier, text: str, intent: str
) -> None:
    """None of them is in the bank."""
    found = answer(replies, model, text)
    assert found.intent is not None
    assert found.intent.name == intent
    assert found.lines[0].id.startswith(f"{intent}.")


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("저 암이래요", {"serious_illness"}),
        ("제가 췌장암에 걸렸다고 합니다", {"serious_illness"}),
        ("4기랍니다", {"serious_illness"}),
        ("외할머니가 암에 걸리셨어요", {"family_illness"}),
        ("mom has cancer", {"family_illness"}),
        ("이번에도 진급 못했어", {"passed_over"}),
        ("승진 물먹었다", {"passed_over"}),
        ("아들이 가출했어요", {"family_missing"}),
        ("애가 집에 왔어요 다행히", {"came_back"}),
        ("ㅅㅂ 개열받네", {"swearing", "angry", "irritated"}),
        ("시발 진짜", {"swearing"}),
        ("야근 5일 연속 실화냐", {"overwork"}),
        ("맨날 야근이라 죽겠다 ㅋㅋㅋ", {"overwork"}),
        ("시험관 5차 실패", {"infertility"}),
        ("our IVF failed again", {"infertility"}),
        ("누나가 교통사고 났어", {"family_accident"}),
        ("아빠가 사다리에서 떨어지셨어요", {"family_accident"}),
        ("오늘 차에 치였어", {"injured"}),
        ("나 임신했대", {"pregnant"}),
        ("임신했는데 아무한테도 말 못 했어", {"pregnant_afraid"}),
        ("아이 수술이 잘 끝났습니다", {"recovered"}),
        ("암 완치됐어요", {"recovered"}),
        ("오늘 해고 통지받음", {"laid_off"}),
        ("식당 접었어", {"closing_business"}),
        ("우리 딸이 서울대에 합격했습니다", {"child_success"}),
        ("어머니 칠순이셨어요", {"family_birthday"}),
        ("my grandpa turned 85", {"family_birthday"}),
        ("오늘 조카 태어남!", {"baby_born"}),
        ("my niece was born yesterday", {"baby_born"}),
        ("수능 망했어요", {"exam_bad"}),
        ("오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나", {"exam_bad"}),
        ("한두 번도 아니고 매번", {"happens_often"}),
        ("뉴진스 너무 귀여워", {"fan_life"}),
        ("저 지난달에 이혼했어요", {"divorced"}),
    ],
)
def test_what_turns_a_life_over_is_not_taken_for_something_else(
    replies: Bank, model: Classifier, text: str, intents: set[str]
) -> None:
    """None of them is in the bank."""
    english = not re.search("[ㄱ-ㅎ가-힣]", text)
    found = answer(replies, model, text, Language.ENGLISH if english else Language.KOREAN)
    assert found.intent is not None
    assert found.intent.name in intents
    assert found.lines[0].id.startswith(f"{found.intent.name}.")


@pytest.mark.parametrize(
    "text",
    [
        "아들이 대학에서 떨어졌대요",
        "딸이 취업을 못 하고 있어요",
        "남편이 이번에 승진에서 떨어졌대",
        "수술이 잘 안됐대요",
        "강아지를 아직 못 찾았어요",
        "딸이 아직도 안 돌아왔어요",
        "합격이 갑자기 취소됐어요",
        "임신 못 한대요",
        "엄마가 안 깨어나요",
        "승진 심사에서 떨어졌어요",
    ],
)
def test_bad_news_in_the_words_of_good_is_not_met_with_relief(
    replies: Bank, model: Classifier, text: str
) -> None:
    """None of them is in the bank."""
    found = answer(replies, model, text)
    glad = ("work_good", "child_success", "recovered", "came_back", "baby_born", "pregnant")
    assert not found.lines[0].id.startswith(tuple(f"{name}." for name in glad))


@pytest.mark.parametrize(
    "text", ["저 이번에 승진했대요", "드디어 과장 달았습니다", "팀장으로 승진했어요"]
)
def test_a_promotion_is_not_mourned(replies: Bank, model: Classifier, text: str) -> None:
    found = answer(replies, model, text)
    assert found.intent is not None
    assert found.intent.name == "work_good"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("할머니가 너무 보고 싶다", Language.KOREAN),
        ("멀리 사는 딸이 보고 싶어", Language.KOREAN),
        ("아빠 진짜 보고 싶어 ㅠㅠ", Language.KOREAN),
        ("I miss my mum so much", Language.ENGLISH),
    ],
)
def test_who_misses_their_family_is_answered_tenderly(
    replies: Bank, model: Classifier, text: str, language: Language
) -> None:
    """None of them is in the bank."""
    found = answer(replies, model, text, language)
    assert found.intent is not None
    assert found.intent.name == "family_miss"
    assert found.lines[0].id.startswith("family_miss.")


def test_who_misses_somebody_that_died_is_answered_as_bereaved(
    replies: Bank, model: Classifier
) -> None:
    answers = talk(replies, model, "할머니가 돌아가셨어", "할머니가 보고 싶어")
    assert [each.intent and each.intent.name for each in answers] == ["bereavement"] * 2


def test_a_pet_that_died_is_not_taken_for_a_lover(replies: Bank, model: Classifier) -> None:
    answers = talk(replies, model, "우리 강아지 초코가 어제 죽었어", "초코야 정말 보고싶다")
    assert all(each.intent and each.intent.topic == "loss" for each in answers)


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("너 혹시 챗GPT로 만든 거야?", Language.KOREAN, "bot_maker"),
        ("너는 내 편 맞지?", Language.KOREAN, "on_my_side"),
        ("내일 비 온대?", Language.KOREAN, "weather_question"),
        ("재밌는 농담 하나만 해줘", Language.KOREAN, "tell_joke"),
        ("내가 하는 말 다 저장되는 거야?", Language.KOREAN, "bot_privacy"),
        ("내가 어제 뭐라고 했는지 기억나?", Language.KOREAN, "bot_memory"),
        ("could you speak in english please?", Language.ENGLISH, "speak_language"),
        ("i'm feeling a little bit better now", Language.ENGLISH, "a_bit_better"),
        ("do you save what i write?", Language.ENGLISH, "bot_privacy"),
    ],
)
def test_questions_about_the_bot_are_answered(
    replies: Bank, model: Classifier, text: str, language: Language, intent: str
) -> None:
    """None of them is in the bank."""
    found = answer(replies, model, text, language)
    assert found.intent is not None
    assert found.intent.name == intent
    assert found.lines[0].id.startswith(f"{intent}.")


@pytest.mark.parametrize("text", ["질문 좀 하지마", "그냥 내 얘기 듣기만 해줘"])
def test_who_asks_only_to_be_listened_to_is_asked_nothing_afterwards(
    replies: Bank, model: Classifier, text: str
) -> None:
    messages = ("오늘 회사에서 혼났어", "너무 속상해", "집에 와서 울었어")
    answers = talk(replies, model, text, *messages)
    assert not [line for each in answers for line in each.lines if "?" in line.text]
    asked = talk(replies, model, *messages)
    assert all("?" in each.lines[-1].text for each in asked)
