import io
import json
import re
from collections.abc import Callable
from typing import Any, TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.chat.answers import Answer, AnswerKind
from bot.chat.chat import HELP_ENTRIES
from bot.console import View
from bot.handlers.console_json import JsonView
from bot.handlers.console_plain import PlainView
from bot.handlers.console_screen import ScreenView
from bot.presentation import Presenter
from core.emotion.labels import COARSE, FINE
from core.models import CrisisKind, Language, Reply, ReplyKind
from tests.unit.console_fakes import SAD, mood, offered, presenter, reading, song

TALK = Answer(AnswerKind.TALK, ("많이 속상했겠어요.",), reading())
MOOD = Answer(AnswerKind.MOOD, ("지금 마음은요.",), Reply(ReplyKind.MOOD, mood=SAD, gauge=47))
UNKNOWN = Answer(AnswerKind.MOOD, ("아직 몰라요.",), Reply(ReplyKind.MOOD))
SONGS = Answer(AnswerKind.SONGS, ("골라봤어요.",), offered(song(1), song(2)))
NO_SONGS = Answer(AnswerKind.SONGS, ("없어요.",), offered())
CARD = ("혼자 견디지 않아도 돼요.", "109 상담전화", "1577-0199 위기상담", "여기 있을게요.")
CRISIS = Answer(AnswerKind.CRISIS, CARD, Reply(ReplyKind.CRISIS, crisis=CrisisKind.SELF_HARM))
HELP = Answer(AnswerKind.HELP, ("도움말",), Reply(ReplyKind.MOOD), explains=HELP_ENTRIES)
ABOUT = Answer(AnswerKind.HELP, ("저는 AI예요.",), Reply(ReplyKind.MOOD))
QUIT = Answer(AnswerKind.QUIT, ("또 만나요.",), Reply(ReplyKind.MOOD, mood=SAD))
ERROR = Answer(AnswerKind.ERROR, ("읽을 수 없어요.",), error="empty")
ANSWERS = [TALK, MOOD, UNKNOWN, SONGS, NO_SONGS, CRISIS, HELP, ABOUT, QUIT, ERROR]

EVIL = "[bold red]제목[/bold red] \x1b[31m:smile: [link=https://x]\x9b2J\u202e"
EVIL_SONGS = Answer(
    AnswerKind.SONGS, ("골라봤어요.",), offered(song(title=EVIL, artist=EVIL, genres=(EVIL,)))
)

MakeView = Callable[[TextIO, Presenter], View]


def shown(
    view: MakeView, *answers: Answer, language: Language = Language.KOREAN, greet: bool = False
) -> str:
    out = io.StringIO()
    made = view(out, presenter(language))
    if greet:
        made.greet()
    for answer in answers:
        made.show(answer)
    return out.getvalue()


def record(answer: Answer, language: Language = Language.KOREAN) -> dict[str, Any]:
    (line,) = shown(JsonView, answer, language=language).splitlines()
    return dict(json.loads(line))


@pytest.fixture
def columns(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return lambda width: monkeypatch.setenv("COLUMNS", str(width))


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.kind)
def test_every_answer_is_one_line_of_json(answer: Answer) -> None:
    found = record(answer)
    assert found["type"] == ("error" if answer is ERROR else "reply")
    assert found["text"] == "\n".join(answer.text)


def test_an_answer_to_talk_has_the_mood_and_the_message() -> None:
    sad = mood(-0.62, 0.123456, 슬픔=0.3333333, 중립=0.6666667, fine_서러움=0.98765)
    now = Reply(ReplyKind.TALK, lines=("네.",), reading=sad, mood=SAD, gauge=47)
    found = record(Answer(AnswerKind.TALK, ("네.",), now))
    assert set(found) == {
        *("type", "kind", "text", "emotion", "fine", "valence", "arousal", "gauge", "message"),
        "songs",
    }
    assert (found["kind"], found["gauge"], found["songs"]) == ("talk", 47, [])
    assert list(found["emotion"]) == list(COARSE)
    assert list(found["fine"]) == list(FINE)
    assert (found["emotion"]["슬픔"], found["valence"]) == (0.62, -0.62)
    assert found["message"]["emotion"]["슬픔"] == 0.3333
    assert found["message"]["fine"]["서러움"] == 0.9876
    assert found["message"]["arousal"] == 0.1235


@given(st.lists(st.floats(0.001, 1), min_size=7, max_size=7))
def test_rounded_shares_still_sum_to_one(masses: list[float]) -> None:
    shares = dict(zip(COARSE, (mass / sum(masses) for mass in masses), strict=True))
    found = record(Answer(AnswerKind.MOOD, ("",), Reply(ReplyKind.MOOD, mood=mood(**shares))))
    assert abs(sum(found["emotion"].values()) - 1) < 1e-3


def test_an_unknown_mood_is_null() -> None:
    found = record(UNKNOWN)
    assert [found[key] for key in ("emotion", "fine", "valence", "arousal")] == [None] * 4
    assert found["message"] is None


def test_nothing_is_read_in_a_crisis_not_even_the_gauge() -> None:
    found = record(CRISIS)
    assert [found[key] for key in ("emotion", "gauge", "message")] == [None] * 3


def test_songs_are_listed_with_their_facts() -> None:
    first, second = record(SONGS)["songs"]
    assert first == {
        "id": "melon:1",
        "title": "노래 1",
        "artist": "가수",
        "year": 2010,
        "genre": "발라드",
        "url": "https://music.youtube.com/search?q=%EA%B0%80%EC%88%98%20%EB%85%B8%EB%9E%98%201",
        "score": 0.9877,
        "why": "슬픔이 은은하게 깔려 있어서 지금 마음의 결과 잘 맞아요.",
    }
    assert second["why"] != first["why"]


def test_what_is_not_known_of_a_song_is_null() -> None:
    reply = offered(song(genres=(), year=None))
    (found,) = record(Answer(AnswerKind.SONGS, ("",), reply))["songs"]
    assert (found["year"], found["genre"]) == (None, None)


def test_an_error_has_a_code() -> None:
    assert record(ERROR) == {"type": "error", "error": "empty", "text": "읽을 수 없어요."}


def test_nothing_is_written_before_the_first_line_of_json() -> None:
    assert shown(JsonView, greet=True) == ""


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.kind)
@pytest.mark.parametrize("view", [PlainView, ScreenView])
def test_every_answer_says_its_text(
    view: MakeView, answer: Answer, columns: Callable[[int], None]
) -> None:
    columns(80)
    found = shown(view, answer)
    if (view, answer) != (ScreenView, HELP):  # which is laid out in its own way
        words = found.split()
        assert all(word in words for paragraph in answer.text for word in paragraph.split())


@pytest.mark.parametrize("view", [PlainView, ScreenView])
@pytest.mark.parametrize(("language", "word"), [("ko", "상담"), ("en", "therapy")])
def test_the_greeting_says_that_it_is_an_ai(
    view: MakeView, language: str, word: str, columns: Callable[[int], None]
) -> None:
    columns(80)
    found = shown(view, greet=True, language=Language(language))
    assert "AI" in found
    assert word in found


@pytest.mark.parametrize("view", [PlainView, ScreenView])
def test_talk_shows_what_was_read_and_the_gauge(
    view: MakeView, columns: Callable[[int], None]
) -> None:
    columns(80)
    found = shown(view, TALK)
    for part in ("슬픔", "62%", "서러움", "47%"):
        assert part in found


@pytest.mark.parametrize("view", [PlainView, ScreenView])
def test_a_song_is_shown_with_its_facts_reason_and_links(
    view: MakeView, columns: Callable[[int], None]
) -> None:
    columns(80)
    found = shown(view, SONGS)
    for part in (
        "노래 1",
        "가수",
        "2010 · 발라드",
        "슬픔이 62% 담긴 노래라 지금 마음과 닮았어요.",
        "https://music.youtube.com/search?q=가수+노래+1",
        "https://www.melon.com/song/detail.htm?songId=1",
    ):
        assert part in found


@pytest.mark.parametrize("view", [JsonView, PlainView, ScreenView])
def test_a_title_cannot_steer_the_terminal(view: MakeView, columns: Callable[[int], None]) -> None:
    columns(200)
    found = shown(view, EVIL_SONGS)
    assert found.replace("\n", "").isprintable()
    assert "[bold red]제목[/bold red] [31m:smile: [link=https://x]2J" in found


def test_plain_text_has_a_blank_line_after_each_answer() -> None:
    assert [part.count("\n\n") for part in (shown(PlainView, TALK), shown(PlainView, SONGS))] == [
        1,
        1,
    ]


def test_the_screen_shows_all_classes_of_the_mood(columns: Callable[[int], None]) -> None:
    columns(80)
    found = shown(ScreenView, MOOD)
    assert all(re.search(rf"^ +{label} .*%", found, re.MULTILINE) for label in COARSE)


def test_a_longer_bar_is_a_larger_share(columns: Callable[[int], None]) -> None:
    columns(80)
    bars = [line.count("█") for line in shown(ScreenView, MOOD).splitlines() if "█" in line]
    assert bars == sorted(bars, reverse=True)
    assert bars[0] > bars[-1]


@pytest.mark.parametrize(("value", "filled"), [(0, 0), (9, 0), (47, 4), (99, 9), (100, 10)])
def test_the_gauge_is_full_at_100_percent_only(
    value: int, filled: int, columns: Callable[[int], None]
) -> None:
    columns(80)
    reply = Reply(ReplyKind.MOOD, mood=SAD, gauge=value)
    found = shown(ScreenView, Answer(AnswerKind.MOOD, ("",), reply))
    assert (found.count("▰"), found.count("▱")) == (filled, 10 - filled)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_nothing_is_wider_than_the_terminal_or_cut_off(
    width: int, language: Language, columns: Callable[[int], None]
) -> None:
    columns(width)
    found = shown(ScreenView, *ANSWERS, EVIL_SONGS, language=language, greet=True)
    assert max(map(cell_len, found.splitlines())) <= width
    assert "…" not in found


def test_the_screen_has_no_colours_where_there_is_no_terminal(
    columns: Callable[[int], None],
) -> None:
    columns(80)
    assert "\x1b" not in shown(ScreenView, *ANSWERS, greet=True)


def test_a_broken_address_is_one_link(
    columns: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns(40)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    reply = offered(song(title="오래오래 기억에 남을 아주 긴 제목…", link=None))
    found = shown(ScreenView, Answer(AnswerKind.SONGS, ("",), reply))
    links = re.findall(r"\x1b]8;id=(\d+);(https:[^\x1b]+)\x1b", found)
    assert len(links) > 1
    assert len(set(links)) == 1


def test_colours_and_links_are_shown_on_a_terminal_and_no_colours_with_no_color(
    columns: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns(80)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm")
    coloured = shown(ScreenView, MOOD, SONGS)
    assert "\x1b[38;2;" in coloured
    assert "\x1b]8;" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[38;2;" not in shown(ScreenView, MOOD, SONGS)
