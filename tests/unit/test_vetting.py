"""What a language model wrote is said only where nothing speaks against it."""

from pathlib import Path

import pytest

from core.dialogue.bank import Intent, load_bank
from core.dialogue.lines import Lines
from core.dialogue.tones import Tone
from core.dialogue.vetting import LONGEST, Vetting
from core.dialogue.writer import Instructions
from core.errors import DialogueError
from core.models import Language
from tests.readings import reading

FOLDER = Path(__file__).parents[2] / "data/dialogue"
VETTING = Vetting.load(FOLDER)
INSTRUCTIONS = Instructions.load(FOLDER)
KOREAN, ENGLISH = Language.KOREAN, Language.ENGLISH


def fault(
    text: str, language: Language = KOREAN, tone: Tone = Tone.HARD, *, ask: bool = True
) -> str | None:
    return VETTING.fault(text, language, tone, ask=ask)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("시험 때문에 마음이 많이 무거웠겠어요. 결과를 보고 제일 먼저 든 생각은 뭐였어요?", KOREAN),
        ("오래 준비한 만큼 속상했겠어요…\n오늘은 어떻게 보냈어요?", KOREAN),
        ("그런 말을 들으면 누구라도 화가 나죠.", KOREAN),
        ("MBTI가 다르면 부딪힐 때가 있죠. 어떤 점이 제일 답답했어요?", KOREAN),
        ("그건 당신 잘못이 아니에요.", KOREAN),
        ("That must have hurt. It isn't your fault.", ENGLISH),
        ("Two years is a long time to wait. What was the hardest part?", ENGLISH),
    ],
)
def test_a_warm_answer_may_be_said(text: str, language: Language) -> None:
    assert fault(text, language) is None


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("empty", ""),
        ("long", "마음이 아팠겠어요. " * 30),
        ("long", "그랬군요. 네요. 그래요. 맞아요. 그렇죠."),
        ("long", "그랬군요.\n많이 힘들었겠어요.\n듣고 있어요."),
        ("letters", "**많이** 힘들었겠어요."),
        ("letters", "많이 힘들었겠어요 😊."),
        ("letters", "<p>많이 힘들었겠어요.</p>"),
        ("letters", "많이 힘들었겠어요ㅠㅠ."),
        ("letters", "많이 힘들었겠어요 心."),
        ("letters", "많이 힘들\u200b었겠어요."),
        ("letters", "https://example.com 을 보세요."),
        ("letters", "[이름] 님, 많이 힘들었겠어요."),
        ("markup", "- 많이 힘들었겠어요."),
        ("markup", "1. 많이 힘들었겠어요."),
        ("markup", "마음DJ: 많이 힘들었겠어요."),
        ("unfinished", "많이 힘들었겠어요. 그래서"),
        ("address", "자세한 건 example.com 에 있어요."),
        ("number", "지금 109에 전화해 보세요."),
        ("number", "02-12-34로 전화해 보세요."),
        ("number", "공일공 일이삼사 오육칠팔로 전화해 주세요."),
        ("language", "That must have been hard."),
        ("language", "네, that must have been really hard 요."),
        ("impolite", "많이 힘들었겠다."),
        ("impolite", "그랬구나. 힘들었겠어요."),
        ("rude", "그 정도로 징징대지 마세요."),
        ("rude", "한심하네요."),
        ("rude", "다 네 탓이에요."),
        ("claim", "저도 사람이라 그 마음 알아요."),
        ("claim", "저는 심리 상담을 하는 사람이에요."),
        ("claim", "네, 사람이에요."),
        ("claim", "상담사로서 말씀드리면 괜찮아요."),
        ("claim", "저도 예전에 그런 적이 있어요."),
        ("claim", "우리 강아지도 작년에 떠났어요."),
        ("clinical", "우울증일 수 있어요."),
        ("clinical", "약을 먹어 보는 건 어때요?"),
        ("promise", "내일 제가 전화할게요."),
        ("machine", "저는 언어 모델이라 알 수 없어요."),
        ("cheerful", "축하해요. 잘됐네요."),
        ("cheerful", "힘내요!"),
        ("question", "어디예요? 누구예요?"),
    ],
)
def test_what_speaks_against_a_reply_is_named(expected: str, text: str) -> None:
    assert fault(text) == expected


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("letters", "많이 힘들었겠어요."),
        ("language", "..."),
        ("claim", "I'm a real person and I care."),
        ("claim", "As your therapist, let me say this is fine."),
        ("claim", "When I was young my dog died too."),
        ("rude", "Get over it."),
        ("rude", "It is your own fault."),
        ("clinical", "It sounds like depression."),
        ("promise", "I'll call you tomorrow."),
        ("machine", "As an AI I cannot help."),
        ("cheerful", "Cheer up."),
        ("number", "Call 988 now."),
    ],
)
def test_in_english_too(expected: str, text: str) -> None:
    assert fault(text, ENGLISH) == expected


def test_joy_may_be_met_with_joy() -> None:
    assert fault("축하해요! 정말 잘됐네요.", tone=Tone.GOOD) is None


def test_nothing_is_asked_where_songs_are_offered() -> None:
    assert fault("오늘은 어땠어요?", ask=False) == "question"


@pytest.mark.parametrize("language", Language)
def test_most_of_what_we_wrote_ourselves_may_be_said(language: Language) -> None:
    """A check that refuses the bank would refuse everything; what it is allowed to miss is small.

    What the bank says of the bot itself (that it is no therapist) is refused of a model.
    """
    lines = Lines.load(FOLDER)
    pools = [(i.replies, Tone.HARD if Tone.HARD in i.fits else Tone.GOOD) for i in _bank()]
    pools += [(pool, Tone.HARD) for name, pool in lines.emotions.items() if name == "슬픔"]
    said = [(line[language].text, tone) for pool, tone in pools for line in pool]
    refused = [text for text, tone in said if fault(text, language, tone)]
    assert len(refused) < 0.04 * len(said), refused
    assert max(len(text) for text, _ in said) <= LONGEST[language]


def _bank() -> list[Intent]:
    return [intent for intent in load_bank(FOLDER / "bank") if intent.topic != "talk"]


def test_the_model_is_told_the_feeling_and_the_answer_at_hand() -> None:
    told = INSTRUCTIONS.on(reading("슬픔"), "속상했겠어요.\n언제부터요?", KOREAN, ask=True)
    assert "사람이 아니고" in told
    assert "슬픔 100%" in told
    assert "무거운" in told
    assert "속상했겠어요. 언제부터요?" in told
    english = INSTRUCTIONS.on(reading("행복"), "Good.", ENGLISH, ask=False)
    assert "joy 100%" in english
    assert "bright" in english
    assert english.endswith("Ask no question this time.")


def test_braces_that_nothing_fills_are_named(tmp_path: Path) -> None:
    text = (FOLDER / "writer.yaml").read_text(encoding="utf-8")
    (tmp_path / "writer.yaml").write_text(text.replace("{draft}", "{drift}"), encoding="utf-8")
    with pytest.raises(DialogueError, match="braces"):
        Instructions.load(tmp_path)


@pytest.mark.parametrize("damage", ["unfit: {rude: ['(']}\ncheerful: ['a']", "cheerful: ['a']"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    (tmp_path / "writer.yaml").write_text(damage, encoding="utf-8")
    with pytest.raises(DialogueError, match=r"writer\.yaml"):
        Vetting.load(tmp_path)
    with pytest.raises(DialogueError, match=r"writer\.yaml"):
        Instructions.load(tmp_path)
