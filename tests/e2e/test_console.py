"""The program as a person or a program starts it, with the bundled files."""

import asyncio
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import numpy as np
import pytest

from bot.config import DATA, ROOT
from core.emotion.labels import COARSE, FINE, JOY
from core.recommend.catalogue import Catalogue
from tests.llm import running_llm

SAD = "오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나"
SETTINGS = {
    *("TELEGRAM_TOKEN", "DISCORD_TOKEN", "MAEUM_LANGUAGE", "MOOD_HALF_LIFE_HOURS", "SONG_COUNT"),
    *("SONG_NOISE", "EMOTION_MODEL", "CATALOGUE", "LOG_LEVEL", "DATA_KEY", "DATA_KEY_OLD"),
    *("LLM_BASE_URL", "LLM_MODEL", "LLM_API_KEY", "LLM_TIMEOUT", "LLM_CALLS"),
}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in SETTINGS}
ENVIRONMENT["DATABASE_URL"] = "memory:"


def start(
    *arguments: str,
    sent: bytes | str,
    environment: Mapping[str, str] = MappingProxyType({}),
    python: Sequence[str] = (),
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *python, "-m", "bot", *arguments],
        input=sent.encode() if isinstance(sent, str) else sent,
        cwd=ROOT,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


def objects(
    *arguments: str, sent: bytes | str, environment: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """The answers as JSON, of a program that ended well and complained of nothing."""
    arguments = ("console", "--json", "--seed", "1", *arguments)
    done = start(*arguments, sent=sent, environment=environment)
    assert done.stderr.decode() == ""
    assert done.returncode == 0
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


@contextmanager
def program(
    *python: str,
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes], IO[bytes]]]:
    """The program between pipes, with its input, output and complaints.

    Ctrl-C reaches it even where it does not reach the tests: a shell without job control starts
    what runs in the background with SIGINT ignored, and a program inherits that. A signal that is
    handled, on the other hand, is at its default in a program started meanwhile.
    """
    outside = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        started = subprocess.Popen(
            [sys.executable, *python, "-m", "bot", "--json"],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    finally:
        signal.signal(signal.SIGINT, outside)
    with started as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        yield process, process.stdin, process.stdout, process.stderr


@pytest.fixture(scope="module")
def sad_talk() -> list[dict[str, Any]]:
    """The answers to a sad person: one of talk, then similar, opposite and twenty similar songs."""
    return objects(sent=f"{SAD}\n/songs similar\n/songs opposite\n/노래 비슷한 20\n")


@pytest.fixture(scope="module")
def unknown_talk() -> list[dict[str, Any]]:
    """The answers before anything is known: songs, mood, a crisis, mood, goodbye."""
    return objects(sent=f"/songs\n/mood\n죽고 싶어\n/mood\n/끝\n{SAD}\n")


def leading(emotion: dict[str, float]) -> str:
    return max(emotion, key=lambda label: emotion[label])


def test_a_sad_person_gets_sad_songs_and_then_brighter_ones(
    sad_talk: list[dict[str, Any]],
) -> None:
    talk, similar, opposite, _ = sad_talk
    assert [talk["kind"], similar["kind"], opposite["kind"]] == ["talk", "songs", "songs"]
    assert leading(talk["emotion"]) == "슬픔"
    assert (tuple(talk["emotion"]), tuple(talk["fine"])) == (COARSE, FINE)
    assert abs(sum(talk["emotion"].values()) - 1) < 1e-3
    assert talk["valence"] < 0 < talk["gauge"]
    assert similar["gauge"] == 0

    catalogue = Catalogue.load(DATA / "songs")
    rows = {song.id: row for row, song in enumerate(catalogue.songs)}
    sad, bright = (
        catalogue.coarse[[rows[song["id"]] for song in answer["songs"]]]
        for answer in (similar, opposite)
    )
    assert len(sad) == len(bright) == 5
    assert (sad.argmax(axis=1) == COARSE.index("슬픔")).all()
    assert bright[:, JOY].min() > sad[:, JOY].max()
    shown = [song["id"] for answer in (similar, opposite) for song in answer["songs"]]
    assert len(set(shown)) == 10


def test_every_song_says_what_it_is_where_it_is_and_why(sad_talk: list[dict[str, Any]]) -> None:
    *_, answer = sad_talk
    assert len({song["why"] for song in answer["songs"]}) == 20
    for song in answer["songs"]:
        assert set(song) == {"id", "title", "artist", "year", "genre", "url", "score", "why"}
        assert song["url"].startswith("https://")
        assert 0 <= song["score"] <= 1


def test_a_seed_makes_a_conversation_repeatable() -> None:
    sent = f"{SAD}\n회사에서 혼났어\n/songs\n고마워\n/songs opposite 3\n/mood\n"
    first, second = (start("--json", "--seed", "7", sent=sent).stdout for _ in range(2))
    assert first == second
    assert first.count(b"\n") == 6
    assert first != start("--json", "--seed", "8", sent=sent).stdout


def test_bad_lines_get_an_error_each_and_leave_the_mood_as_it_was() -> None:
    bad = [
        *("", "   ", "\x00", "\x1b\x07\x08", "\u200b\u200d\ufeff", "\u202e", "...", "/nothing"),
        "/songs 0",
    ]
    sent = "\n".join([SAD, "/mood", *bad, "/mood"]).encode() + b"\n\xff\xfe\n\xed\xa0\x80\n/mood\n"
    talk, before, *errors, _, _, after = objects(sent=sent)
    assert errors.pop(len(bad)) == before
    assert before == after
    assert talk["type"] == "reply"
    assert {answer["type"] for answer in errors} == {"error"}
    assert errors[0]["error"] == errors[4]["error"] == "empty"
    assert all(answer["error"] and answer["text"] for answer in errors)


def test_songs_before_anything_is_known_are_refused_kindly(
    unknown_talk: list[dict[str, Any]],
) -> None:
    songs, mood, *_ = unknown_talk
    assert (songs["type"], songs["error"]) == ("error", "unknown_mood")
    assert [mood[key] for key in ("emotion", "fine", "valence", "arousal")] == [None] * 4
    assert mood["gauge"] == 0


def test_odd_lines_get_a_sensible_answer() -> None:
    lines = [
        "ㅠ" * 10_000,
        "가나다라 마바사 " * 1_200,
        "a" * 10_000,
        "😭😭😭",
        f"\x1b[31m{SAD}\x1b[0m",
        f"{SAD}\x00\u200b",
        "I failed the exam today and I cannot stop crying",
        "ㅋㅋㅋㅋㅋ",
    ]
    for line, answer in zip(lines, objects(sent="\n".join(lines)), strict=True):
        assert answer["kind"] == "talk", line[:30]
        for scores in (answer, answer["message"]):
            assert abs(sum(scores["emotion"].values()) - 1) < 1e-3, line[:30]


def test_a_crisis_gets_help_lines_and_leaves_no_trace(
    unknown_talk: list[dict[str, Any]],
) -> None:
    _, _, crisis, mood, _ = unknown_talk
    assert crisis["kind"] == "crisis"
    assert "109" in crisis["text"]
    assert (crisis["songs"], crisis["gauge"], mood["emotion"]) == ([], None, None)


def test_the_bot_speaks_english() -> None:
    sent = "I miss my friend\n/songs\n/mood\n/help\n\n/quit\n"
    for answer in objects("--lang", "en", sent=sent):
        said = answer["text"] + "".join(song["why"] for song in answer.get("songs", []))
        assert said.isascii() or not any("가" <= char <= "힣" for char in said)


def test_goodbye_ends_the_conversation(unknown_talk: list[dict[str, Any]]) -> None:
    assert len(unknown_talk) == 5  # of six lines
    assert unknown_talk[-1]["kind"] == "quit"


def test_a_pipe_gets_plain_text() -> None:
    done = start(sent=f"{SAD}\n/songs similar 2\n\n")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert "AI" in text
    assert "슬픔" in text
    assert "https://music.youtube.com/search?q=" in text
    assert text.replace("\n", "").isprintable()


def test_output_is_utf_8_whatever_the_locale_says() -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    (answer,) = objects(sent=SAD, environment=ascii_only)
    assert leading(answer["emotion"]) == "슬픔"


def test_no_library_of_training_is_imported_for_a_reply() -> None:
    done = start("--json", sent=f"{SAD}\n/songs\n", python=("-X", "importtime"))
    lines = done.stderr.decode().splitlines()
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    assert done.stdout.count(b'"type": "reply"') == 2
    assert {"onnxruntime", "numpy", "bot", "core"} <= imported
    assert not imported & {"torch", "transformers", "tokenizers", "sklearn", "scipy", "pandas"}


@pytest.mark.parametrize("arguments", [("console", "--json"), ("--json",)])
def test_the_terminal_opens_where_it_is_asked_for_and_shows_no_token(
    arguments: tuple[str, ...],
) -> None:
    done = start(*arguments, sent="/help\n", environment={"TELEGRAM_TOKEN": "12345:secret"})
    assert json.loads(done.stdout)["kind"] == "help"
    assert done.stderr == b""
    assert b"secret" not in done.stdout


@pytest.mark.parametrize("name", ["EMOTION_MODEL", "CATALOGUE"])
def test_missing_files_are_one_sentence_and_status_2(name: str, tmp_path: Path) -> None:
    done = start(sent=SAD, environment={name: str(tmp_path)})
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().count("\n") == 1
    assert str(tmp_path) in done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_full_disk_is_one_sentence_and_status_1() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot"],
            input=SAD.encode(),
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert "No space left" in done.stderr.decode()


def test_the_launcher_finds_the_project_through_links(tmp_path: Path) -> None:
    scripts = tmp_path / "project" / "scripts"
    scripts.mkdir(parents=True)
    launcher = shutil.copy(ROOT / "scripts" / "run.sh", scripts)
    (scripts / "venv.sh").write_text("prepare_venv() { :; }; python=echo\n")  # installs nothing
    (tmp_path / "absolute").symlink_to(launcher)
    (tmp_path / "relative").symlink_to("absolute")
    done = subprocess.run(
        [tmp_path / "relative", "--help"], cwd="/", capture_output=True, timeout=60, check=True
    )
    assert done.stdout == b"-m bot --help\n"


def test_a_reader_that_leaves_is_no_fault() -> None:
    with program() as (process, sent, answers, complaints):
        sent.write(b"/help\n")
        sent.flush()
        assert answers.readline()
        answers.close()
        sent.write(b"/help\n" * 3)
        sent.close()
        assert complaints.read() == b""
        assert process.wait(60) == 0


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_IGN], ids=["in front", "behind"])
def job(request: pytest.FixtureRequest) -> Iterator[None]:
    """The tests as a job in front, and as one in the background of a script."""
    outside = signal.signal(signal.SIGINT, request.param)
    yield
    signal.signal(signal.SIGINT, outside)


@pytest.mark.usefixtures("job")
def test_answers_come_at_once_and_control_c_ends_without_a_fault() -> None:
    with program() as (process, sent, answers, complaints):
        sent.write(b"/help\n")
        sent.flush()
        assert json.loads(answers.readline())["kind"] == "help"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert complaints.read() == b""


def test_control_c_while_it_starts_shows_no_traceback() -> None:
    with program("-X", "importtime") as (process, _, _, complaints):
        while b" numpy\n" not in (line := complaints.readline()):
            assert line
        process.send_signal(signal.SIGINT)
        assert b"Traceback" not in complaints.read()
        assert process.wait(60) in {0, -signal.SIGINT}


@pytest.mark.parametrize("end", ["/끝\r", "\x04", "\x03"])
def test_a_person_at_a_terminal_sees_bars_and_song_cards(end: str) -> None:
    screen, terminal = pty.openpty()
    environment = {
        **{name: value for name, value in ENVIRONMENT.items() if name != "NO_COLOR"},
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        "LINES": "40",
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "console", "--seed", "1"],
        cwd=ROOT,
        env=environment,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        shown = ""
        for line in (f"{SAD}\r", "/노래 2\r", "/기분\r", end):
            shown += _until(screen, "›")
            os.write(screen, line.encode())
        shown += _until(screen, None)
        os.close(screen)
        assert process.wait(60) == 0
    for part in ("AI", "█", "▱", "슬픔", "https://music.youtube.com/search?q=", "또 만나요"):
        assert part in shown
    assert "Traceback" not in shown


def _until(screen: int, mark: str | None) -> str:
    """What the screen shows up to `mark`; None for all to the end."""
    shown = b""
    while mark is None or mark.encode() not in shown:
        try:
            part = os.read(screen, 4096)
        except OSError:  # the other end is closed
            part = b""
        if not part:
            assert mark is None, shown.decode(errors="replace")
            break
        shown += part
    return shown.decode(errors="replace")


def test_the_mood_after_many_messages_is_not_the_last_message() -> None:
    *_, last = objects(sent=f"{SAD}\n너무 슬퍼서 계속 울고 있어\n오늘 정말 행복해!\n")
    mood, message = (np.array(list(part["emotion"].values())) for part in (last, last["message"]))
    assert mood[JOY] < message[JOY]
    assert mood[COARSE.index("슬픔")] > message[COARSE.index("슬픔")]


def test_what_a_person_says_of_songs_survives_a_restart(tmp_path: Path) -> None:
    kept = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'maeum.db'}",
        "DATA_KEY": "YSBrZXkgb2YgdGhpcnR5LXR3byBieXRlcywgb25seS4=",
    }
    first = objects(sent=f"{SAD}\n/songs similar\n/like 2\n/never 1 artist\n", environment=kept)
    songs = first[1]["songs"]
    assert first[2]["data"] == {"song": songs[1]["id"], "mode": "similar", "verdict": "up"}
    assert first[3]["data"]["verdict"] == "never_artist"
    again = objects(sent="/mood\n/unvote 2\n/like 3\n/history\n/taste\n", environment=kept)
    mood, unvoted, liked, history, taste = again
    assert leading(mood["emotion"]) == "슬픔"
    assert unvoted["data"]["verdict"] is None
    assert liked["data"]["song"] == songs[2]["id"]
    assert [song["id"] for song in history["data"]["liked"]] == [songs[2]["id"]]
    assert (taste["data"]["likes"], taste["data"]["dislikes"]) == (1, 1)
    exported, asked, forgotten, nothing = objects(
        sent="/export\n/forget yes\n/forget yes\n/forget\n", environment=kept
    )
    assert len(exported["data"]["impression"]) == 5
    assert asked["data"]["kept"]["feedback"] == 4
    assert forgotten["data"]["removed"] == asked["data"]["kept"]
    assert forgotten["data"]["left"] == {}
    assert nothing["data"] == {}
    assert objects(sent="/mood\n", environment=kept)[0]["emotion"] is None


async def test_a_language_model_answers_in_the_terminal_after_a_yes() -> None:
    said = "오래 준비한 만큼 속상하고 눈물이 났겠어요."
    async with running_llm() as server:
        server.says = said

        def talk() -> list[dict[str, Any]]:
            return objects(
                sent=f"{SAD}\n/동의 대답 네\n{SAD}\n죽고 싶어\n",
                environment={"LLM_BASE_URL": server.url, "LLM_MODEL": "gemma"},
            )

        before, consent, after, danger = await asyncio.to_thread(talk)
        assert before["text"] != said
        assert server.place in consent["text"]
        assert after["text"].startswith(said)
        assert danger["kind"] == "crisis"
        (body,) = server.asked
        assert body["messages"][1]["content"] == "오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나"
        server.says = "저도 사람이라 알아요."
        assert said not in str(await asyncio.to_thread(talk))
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("language", "no", "choice", "usage", "done"),
    [
        ("ko", "아니에요", "/바로잡기 3", "4 두려움", "분노로 다시 읽었어요"),
        ("en", "that's not it", "/correct anger", "4 fear", "I read it as anger now"),
    ],
)
def test_what_was_misread_is_put_right(
    language: str, no: str, choice: str, usage: str, done: str
) -> None:
    lines = f"{SAD}\n{no}\n{choice}\n/history\n"
    talk, asked, corrected, history = objects("--lang", language, sent=lines)
    assert leading(talk["emotion"]) == "슬픔"
    assert (asked["kind"], asked["data"]) == ("correct", {"emotions": list(COARSE)})
    assert done in corrected["text"]
    assert (corrected["kind"], leading(corrected["emotion"])) == ("mood", "분노")
    (day,) = history["data"]["days"]
    assert (day["messages"], leading(day["emotion"])) == (1, "분노")
    plain = start("--lang", language, sent=f"{SAD}\n{no}\n/mood\n").stdout.decode()
    assert usage in plain


@pytest.mark.parametrize(
    ("language", "sentence"), [("ko", "천천히 해도"), ("en", "No need to rush")]
)
def test_a_terminal_has_no_limit_unless_one_is_set_and_danger_is_answered_beyond_it(
    language: str, sentence: str
) -> None:
    sent = "/help\n" * 40
    assert {answer["type"] for answer in objects(sent=sent)} == {"reply"}
    limited = objects(
        *("--lang", language),
        sent="/help\n" * 4 + "죽고 싶어\n",
        environment={"RATE_LIMITS": "talk=2/999"},
    )
    assert [answer.get("error") for answer in limited] == [None, None, "hurried", "hurried", None]
    assert sentence in limited[2]["text"]
    assert limited[-1]["kind"] == "crisis"


@pytest.mark.parametrize(
    ("language", "lines", "said"),
    [
        (
            "ko",
            ("90년대 발라드 세 곡 추천해줘", "두 곡만 더", "더 신나게"),
            "1990년대 발라드 노래예요.",
        ),
        (
            "en",
            ("recommend three ballads from the 90s", "two more songs", "livelier"),
            "Here are 1990s 발라드 songs.",
        ),
    ],
)
def test_songs_asked_for_in_words_keep_what_was_asked(
    language: str, lines: Sequence[str], said: str
) -> None:
    answers = objects("--lang", language, sent="\n".join(lines) + "\n")
    assert [answer["kind"] for answer in answers] == ["songs"] * 3
    assert [answer["text"] for answer in answers[:2]] == [said] * 2
    assert [len(answer["songs"]) for answer in answers[:2]] == [3, 2]
    songs = [song for answer in answers for song in answer["songs"]]
    assert answers[2]["songs"]
    assert all(1990 <= song["year"] < 2000 and "발라드" in song["genre"] for song in songs)
    assert len({song["id"] for song in songs}) == len(songs)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("ko", "아이유 신나는 노래 두 곡만 틀어줘", "아이유의 신나는 노래예요."),
        ("en", "play two lively songs by IU", "Here are lively songs by 아이유."),
    ],
)
def test_an_artist_is_asked_for_in_words(language: str, text: str, said: str) -> None:
    (answer,) = objects("--lang", language, sent=text + "\n")
    assert answer["text"] == said
    assert [song["artist"] for song in answer["songs"]] == ["아이유"] * 2


def test_what_is_asked_and_shown_is_talked_about_in_words() -> None:
    lines = [SAD, "아니에요", "3", "뉴진스 노래 틀어줘", "콜드플레이 노래 틀어줘", "/노래 3"]
    lines += ["1번은 왜 골랐어?", "2번 좋다", "이 노래 싫어", "3번", "노래 추천하지 마"]
    lines += ["/언어 en", "/forget", "no"]
    answers = objects(sent="\n".join(lines))
    assert [answer["kind"] for answer in answers] == [
        *("talk", "correct", "mood", "songs", "songs", "songs"),
        *("why", "vote", "search", "vote", "talk", "settings", "forget", "forget"),
    ]
    (song,) = answers[3]["songs"]
    assert song["artist"] == "NewJeans"
    assert "콜드플레이" in answers[4]["text"]


def test_all_of_an_answer_is_in_the_language_that_was_chosen_just_now() -> None:
    _, setting, songs = objects(sent=f"{SAD}\n/language en\nsome sad songs please\n")
    assert "language: English" in setting["text"]
    whys = " ".join(song["why"] for song in songs["songs"])
    assert len(songs["songs"]) == 5
    assert not any("가" <= char <= "힣" for char in whys)
