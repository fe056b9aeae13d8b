"""The command lines that show and search songs."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import evaluate_slates, recommend, search_songs

SAD = '{"슬픔": 0.7, "행복": 0.1, "공포": 0.2}'


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert recommend.main([*arguments, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize("mode", ["similar", "opposite", "path", "surprise"])
def test_a_vector_gets_explained_songs_with_the_parts_of_their_scores(
    mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(capsys, "--vector", SAD, "--mode", mode, "-k", "4")
    assert answer["mode"] == mode
    assert answer["mood"]["emotions"]["슬픔"] == pytest.approx(0.7)
    assert len(answer["songs"]) == 4
    for song in answer["songs"]:
        assert {"mood", "taste", "lift", "popularity", "explored"} <= song["parts"].keys()
        assert song["reason"]["text"]
    assert len({song["reason"]["text"] for song in answer["songs"]}) == 4


def test_the_same_seed_gives_the_same_list(capsys: pytest.CaptureFixture[str]) -> None:
    one, same, other = (ask(capsys, "--vector", SAD, "--seed", seed) for seed in "112")
    assert one == same != other


def test_a_text_is_read_by_the_model_and_a_diary_by_its_parts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "오늘은 바다에 다녀왔다. 파도 소리를 들으니 숨이 트였다. 친구들과 밤하늘의 별도 봤다."
    answer = ask(capsys, "--text", text, "--mode", "diary")
    assert len(answer["songs"]) == 3
    assert all("topic" in song["parts"] for song in answer["songs"])


def test_songs_like_one_filters_and_refinements(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "--mode", "like_song", "--song", "아이유 밤편지", "--genre", "발라드")
    assert all("발라드" in song["genres"] for song in answer["songs"])
    plain = ask(capsys, "--vector", SAD, "--decade", "2000")
    tapped = ask(capsys, "--vector", SAD, "--decade", "2000", "--refine", "brighter")
    means = [sum(song["valence"] for song in each["songs"]) for each in (plain, tapped)]
    assert means[1] > means[0]
    assert all(2000 <= song["year"] < 2010 for song in tapped["songs"])


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["--vector", "{"],
        ["--vector", "[1, 2]"],
        ["--vector", '{"사랑": 1}'],
        ["--vector", '{"슬픔": -1}'],
        ["--vector", '{"슬픔": "많이"}'],
        ["--vector", '{"슬픔": NaN}'],
        ["--vector", "{}"],
        ["--vector", SAD, "-k", "0"],
        ["--vector", SAD, "-k", "21"],
        ["--vector", SAD, "--genre", "'; DROP TABLE songs"],
        ["--vector", SAD, "--familiarity", "3"],
        ["--mode", "like_song"],
        ["--mode", "diary", "--vector", SAD],
        ["--text", "\u200b\u200b", "--mode", "similar"],
        ["--vector", SAD, "--catalogue", "nowhere"],
    ],
)
def test_what_cannot_be_answered_is_said_in_one_sentence(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert recommend.main(wrong) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


def test_songs_are_searched(capsys: pytest.CaptureFixture[str]) -> None:
    assert search_songs.main(["아이유 - 밤편지", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["songs"][0]["title"], found["songs"][0]["artist"]) == ("밤편지", "아이유")
    assert search_songs.main(["zzzzqqqq"]) == 1
    assert search_songs.main([" "]) == 2
    assert "nothing to search for" in capsys.readouterr().err
    assert search_songs.main(["봄", "--catalogue", str(Path("nowhere"))]) == 2


def test_the_report_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate_slates.main(["--moods", "12"]) == 0
    assert "share of the catalogue reached" in capsys.readouterr().out
