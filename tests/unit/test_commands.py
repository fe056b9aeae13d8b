from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import COMMAND_NAMES, Command, Request, parse
from bot.errors import UnknownCommandError, UsageError
from core.models import Mode

S, O = Mode.SIMILAR, Mode.OPPOSITE  # noqa: E741


@pytest.mark.parametrize(
    ("text", "mode", "count"),
    [
        ("/songs", S, None),
        ("/songs similar", S, None),
        ("/songs opposite 3", O, 3),
        ("/songs 3 opposite", O, 3),
        ("/SONGS Opposite", O, None),
        ("  /songs   10  ", S, 10),
        ("/노래", S, None),
        ("/노래 비슷한", S, None),
        ("/노래 반대 3", O, 3),
        ("/노래 반대 3곡", O, 3),
        ("/노래 3 곡 반대로", O, 3),
        ("/음악 2개", S, 2),
        ("／노래 １２", S, 12),  # full width
        ("/\u1102\u1169\u1105\u1162 \u1107\u1161\u11ab\u1103\u1162", O, None),  # decomposed
        ("\u200b/songs\u200b opposite", O, None),
        ("/songs 0", S, 0),
        ("/songs -3", S, -3),
        ("/songs " + "9" * 5000, S, 10**6),
        ("노래", S, None),
        ("노래 추천해줘", S, None),
        ("노래 추천해 주세요!", S, None),
        ("음악 좀 틀어줘~", S, None),
        ("노래 3곡 골라줘", S, 3),
        ("노래를 추천해줘 ㅎㅎ", S, None),
        ("추천해줘", S, None),
        ("비슷한 노래", S, None),
        ("반대 노래", O, None),
        ("반대 노래 3곡", O, 3),
        ("반대되는 분위기의 노래 들려줘요", O, None),
        ("신나는 노래 추천해줘", S, None),
        ("슬픈 노래 틀어줘", S, None),
        ("노래 하나만 골라줘", S, 1),
        ("노래 한 곡만 추천해줘", S, 1),
        ("노래 추천 좀", S, None),
        ("노래 듣고 싶어", S, None),
        ("다른 노래 추천해줘", S, None),
        ("노래 더 추천해줘", S, None),
        ("비슷한 노래 2곡만", S, 2),
        ("열 곡 추천해줘", S, 10),
        ("한 곡만 더", S, 1),
        ("하나만 추천해줘", S, 1),
        ("기분 전환할 노래 추천해줘", O, None),
        ("다른 기분의 노래 들려줘", O, None),
        ("반대 노래 세 곡", O, 3),
        ("/노래 반대 두 곡", O, 2),
        ("/노래반대", O, None),
        ("/노래3곡 반대", O, 3),
        ("recommend songs", S, None),
        ("Please play me 3 opposite songs", O, 3),
        ("3 opposite songs", O, 3),
        ("songs, please", S, None),
    ],
)
def test_songs_are_asked_for(text: str, mode: Mode, count: int | None) -> None:
    assert replace(parse(text), asked=None) == Request(Command.SONGS, text, mode, count)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/mood", Command.MOOD),
        ("/기분", Command.MOOD),
        ("내 기분 보여줘", Command.MOOD),
        ("/help", Command.HELP),
        ("/도움말!", Command.HELP),
        ("/quit", Command.QUIT),
        ("/끝", Command.QUIT),
        ("exit", Command.QUIT),
        ("끝", Command.QUIT),
        *((text, Command.QUIT) for text in ("종료", "그만하자", "대화 끝낼게요", "얘기 그만하자")),
        *((text, Command.FORGET) for text in ("내 기록 지워줘", "다 잊어줘", "내 데이터 지워줘")),
        *((text, Command.FORGET) for text in ("개인정보 다 삭제해 주세요", "Delete my data")),
        *((text, Command.HISTORY) for text in ("기록 보여줘", "내 마음 기록 보여줘")),
        *(
            (text, Command.WEEK)
            for text in ("한주 보여줘", "이번 주 어땠어 보여줘", "show my week")
        ),
        *((text, Command.PRIVACY) for text in ("개인정보 알려줘", "개인정보 어떻게 써?")),
        *((text, Command.HELP) for text in ("명령어 알려줘", "뭐 할 수 있어?", "what can you do?")),
        *((text, Command.SETTINGS) for text in ("설정 보여줘", "설정 바꿔줘", "show settings")),
        *((text, Command.REMIND) for text in ("알림 설정해줘", "알림 켜줘")),
        ("기분", Command.MOOD),
        ("지금 내 기분 어때?", Command.MOOD),
        ("도움", Command.HELP),
        ("너 누구야?", Command.ABOUT),
        ("넌 누구니", Command.ABOUT),
        ("이름이 뭐야", Command.ABOUT),
        ("Who are you?", Command.ABOUT),
    ],
)
def test_commands_have_korean_and_english_names(text: str, command: Command) -> None:
    assert replace(parse(text), spoken=False) == Request(command, text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "아니에요",
            "아니예요.",
            "아니야",
            "아냐 ㅠㅠ",
            "아닌데요",
            "아니거든요",
            "음 아닌 것 같아요",
        ),
        *("그런 마음 아니에요", "그게 아니야", "내 기분 그런 거 아니야", "아니, 그거 아니야"),
        *("난 슬픈 거 아니야", "슬픔 아니에요", "잘못 읽었어요", "내 마음을 잘못 읽은 것 같아"),
        *("잘못 보셨어요", "잘못 읽으셨네요", "제 마음 잘못 읽으신 것 같아요", "틀렸어요"),
        *("That's not it", "that’s not right", "No, that's wrong", "you got it wrong"),
        *("You read me wrong.", "I don't feel that way", "wrong emotion", "i'm not sad"),
    ],
)
def test_that_a_reading_was_wrong_is_said_in_many_ways(text: str) -> None:
    assert parse(text) == Request(Command.CORRECT, text, spoken=True)


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("아니에요, 분노예요", "분노"),
        ("아니 두려움이야", "공포"),
        ("슬픔 아니고 분노야", "분노"),
        ("슬픈 게 아니라 화였어", "분노"),
        ("그게 아니라 싫은 마음이에요", "혐오"),
        ("아니야 행복이야", "행복"),
        ("슬픔이 아니라 분노", "분노"),
        ("아니야 화난거야", "분노"),
        ("그게 아니라 우울한 거예요", "슬픔"),
        ("no, it's anger", "분노"),
        ("That's not it, I feel happy", "행복"),
        ("No it was fear", "공포"),
    ],
)
def test_what_it_was_instead_may_be_said_with_it(text: str, feeling: str) -> None:
    assert parse(text) == Request(Command.CORRECT, text, feeling=feeling, spoken=True)


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("/correct", None),
        ("/correct 슬픔", "슬픔"),
        ("/바로잡기 2", "슬픔"),
        ("/아니에요 싫은 마음", "혐오"),
        ("/correct Anger", "분노"),
        ("/correct 7", "중립"),
    ],
)
def test_a_reading_is_put_right_by_name_or_number(text: str, feeling: str | None) -> None:
    assert parse(text) == Request(Command.CORRECT, text, feeling=feeling)


@pytest.mark.parametrize(
    "text",
    [
        *("아니요", "아니", "아뇨", "no", "Nope", "not really", "슬픔이야", "행복이에요", "화났어"),
        *("아니야 괜찮아", "나는 괜찮은 사람이 아니야", "그 사람은 친구가 아니야", "잘못했어요"),
        *(
            "내가 잘못했어",
            "잘못 봤어 시험",
            "시험 다 틀렸어",
            "이번 생은 틀렸어",
            "아니라고 말해줘",
        ),
        *(
            "아닌 것 같은데 왜 자꾸 생각나지",
            "행복한 게 아니야",
            "I'm not happy",
            "it's wrong to lie",
        ),
        *("그만할래", "이제 그만", "그만", "그만해", "이제 끝낼게", "기억을 지워줘 걔에 대한"),
        *("걔 기록 지워줘", "날 잊어줘", "다 잊었어", "이번 주 힘들었어", "기록이 다 지워졌어"),
        *(
            "매일 아침 8시에 일어나",
            "매일 전화해서 알려줘",
            "친구가 매일 8시에 알려줘",
            "알림 지겨워",
        ),
        *("remind me of him", "내가 뭐 할 수 있어?", "나 이제 뭐 할 수 있을까", "설정이 이상해"),
        *("개인정보 유출됐어", "이번 주 보여줄 게 없어"),
        "오늘 시험에 떨어졌어",
        "노래 듣다가 울었어",
        "그 노래 추천해준 친구가 보고 싶다",
        "추천해줄 사람이 없어",
        "반대로 생각하면 괜찮아",
        "기분이 안 좋아",
        "I cried over songs",
        "help",
        "끝.",
        "끝ㅠㅠ",
        "도와줘",
        "하나",
        "하나만 알려줘",
        "세 곡에 또 울컥",
        "노래 듣기 싫어",
        "매일 같은 노래만",
        "위로노래",
        "기분 전환이 안 돼",
        "내 기분 어때 보였을까",
        "이름이 뭐야 그 사람",
        "1/2 남았어",
        "/ㅠㅠ 힘들다",
        "",
        "   ",
        "\x00",
        "😀",
        "\ud800",
    ],
)
def test_everything_else_is_talk_as_it_was_typed(text: str) -> None:
    assert parse(text) == Request(Command.TALK, text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/songz", "songs"),
        ("/노레", "노래"),
        ("/xyz", None),
        ("/빼기", None),
        ("/그만", None),
        ("/", None),
    ],
)
def test_an_unknown_command_is_told_what_was_meant(text: str, meant: str | None) -> None:
    with pytest.raises(UnknownCommandError) as caught:
        parse(text)
    assert caught.value.meant == meant


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/songs similar opposite", Command.SONGS),
        ("/songs 1 2", Command.SONGS),
        ("/노래 하나 가 나 다 라 마 바 사", Command.SONGS),
        ("/mood now", Command.MOOD),
        ("/correct 빨강", Command.CORRECT),
        ("/바로잡기 8", Command.CORRECT),
    ],
)
def test_words_a_command_does_not_know_are_refused(text: str, command: Command) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.command == command


def test_what_songs_have_in_common_is_passed_on() -> None:
    request = parse("/노래 천천히 3 발라드 2010년대")
    assert (request.mode, request.count) == (Mode.PATH, 3)
    assert request.words == ("발라드", "2010년대")


@given(st.text())
def test_any_text_is_a_request_or_refused_as_a_command(text: str) -> None:
    try:
        assert parse(text).text == text
    except (UnknownCommandError, UsageError):
        assert "/" in text or "／" in text


def test_no_name_stands_for_two_commands() -> None:
    names = [name for names in COMMAND_NAMES.values() for name in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("영어로 말해줘", "english"),
        ("한국어로 얘기해 주세요", "korean"),
        ("Please answer in Korean.", "korean"),
        ("speak english", "english"),
    ],
)
def test_a_language_is_asked_for_in_plain_words(text: str, language: str) -> None:
    assert parse(text) == Request(Command.SETTINGS, text, words=("language", language))


@pytest.mark.parametrize("text", ["영어로 말하는 게 어려워", "한국어로 말해서 미안해", "영어로"])
def test_talk_of_languages_is_talk(text: str) -> None:
    assert parse(text).command is Command.TALK
