"""The whole build on a small table, with a scorer of our own in the model's place."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.emotion.labels import COARSE, FINE, JOY
from core.models import EmotionScores, Mode, Reading
from core.recommend.catalogue import Catalogue
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.recommender import RecommenderConfig
from scripts.build_catalogue import PICTURE, build, main
from scripts.catalogue.table import TableError
from tests.catalogues import mood

# What is sung in these songs says its emotion by name.
WORDS = {"행복": "웃음꽃", "슬픔": "눈물", "분노": "열불", "공포": "두려움"}


def scorer(texts: Sequence[str]) -> list[Reading | None]:
    """Counts words: every text also is somewhat sad, as lyrics are to a model."""
    readings: list[Reading | None] = []
    for text in texts:
        mass = np.full(len(COARSE), 0.1, np.float32)
        mass[COARSE.index("슬픔")] += 1
        for name, word in WORDS.items():
            mass[COARSE.index(name)] += text.count(word)
        coarse = mass / mass.sum()
        fine = np.full(len(FINE), coarse[JOY], np.float32)
        scores = EmotionScores(coarse, fine, float(coarse[JOY]), 0.1)
        readings.append(None if "외계어" in text else Reading(scores, mass / np.linalg.norm(mass)))
    return readings


def lyrics(word: str, strength: int) -> str:
    return "\n".join(
        f"{line}째 줄에 담은 노래 {' '.join([word] * strength)}" for line in "첫둘셋넷다여"
    )


def songs() -> list[dict[str, object]]:
    return [
        {
            "곡명": f"{name} 노래 {n}",
            "가수": f"가수 {name}{n}",
            "가사": lyrics(word, n),
            "발매일": f"20{n:02}.01.02",
        }
        for name, word in WORDS.items()
        for n in range(1, 6)
    ]


BAD_ROWS = [
    {"곡명": "", "가수": "누구", "가사": lyrics("눈물", 1)},
    {"곡명": "가사 없는 노래", "가수": "누구", "가사": ""},
    {
        "곡명": "행복노래 1 (Feat. 누구)",
        "가수": "가수 행복1 (Singer)",
        "가사": lyrics("웃음꽃", 2),
        "발매일": "2019.03.04",
    },
    {
        "곡명": "읽을 수 없는 노래",
        "가수": "누구",
        "가사": lyrics("외계어", 1),
    },
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "songs.csv"
    pd.DataFrame(songs() + BAD_ROWS).to_csv(path, index=False)
    return path


def test_a_table_becomes_a_catalogue_that_can_be_recommended_from(
    table: Path, tmp_path: Path
) -> None:
    build(table, tmp_path / "out", scorer, "fake-1")
    catalogue = Catalogue.load(tmp_path / "out")
    assert len(catalogue.songs) == 20
    assert catalogue.model_version == "fake-1"
    config = PersonalConfig(classic=True, lists=RecommenderConfig(noise=0))
    recommender = PersonalRecommender(catalogue, None, config)
    for name in WORDS:
        items = recommender.recommend(
            mood(**{name: 0.9}), Mode.SIMILAR, 3, (), (), np.random.default_rng(0)
        )
        best = [item.recommendation for item in items]
        assert all(each.song.title.startswith(f"{name} 노래") for each in best)
        assert best[0].reason.emotion == name


def test_the_facts_of_korean_columns_are_kept(table: Path, tmp_path: Path) -> None:
    catalogue = build(table, tmp_path / "out", scorer, "fake-1")
    song = next(song for song in catalogue.songs if song.title == "분노 노래 3")
    assert (song.artist, song.year) == ("가수 분노3", 2003)


def test_the_same_table_gives_the_same_bytes_in_whatever_order(table: Path, tmp_path: Path) -> None:
    build(table, tmp_path / "one", scorer, "fake-1")
    first = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert PICTURE in first
    assert len(first) == 4
    shuffled = tmp_path / "shuffled.csv"
    for seed in range(4):
        pd.read_csv(table).sample(frac=1, random_state=seed).to_csv(shuffled, index=False)
        build(shuffled, tmp_path / "again", scorer, "fake-1")
        assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == first


def test_the_summary_says_what_was_dropped_and_why_and_quotes_no_lyrics(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(table, tmp_path / "out", scorer, "fake-1")
    printed, progress = capsys.readouterr()
    assert "24 rows: 20 songs kept, 4 dropped" in printed
    assert "1 same song: 행복노래 1 (Feat. 누구) - 가수 행복1 (Singer)" in printed
    assert "1 no title" in printed
    assert "1 no usable lyrics: 가사 없는 노래 - 누구" in printed
    assert "1 the model could read nothing" in printed
    assert "reading lyrics" in progress
    assert not any(word in printed + progress for word in WORDS.values())


def test_no_file_holds_lyrics(table: Path, tmp_path: Path) -> None:
    build(table, tmp_path / "out", scorer, "fake-1")
    for path in (tmp_path / "out").iterdir():
        data = path.read_bytes()
        assert not any(word.encode() in data for word in WORDS.values())


def test_a_table_without_a_usable_song_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "songs.csv"
    pd.DataFrame(BAD_ROWS[:2]).to_csv(path, index=False)
    with pytest.raises(TableError, match="no song that can be used"):
        build(path, tmp_path / "out", scorer, "fake-1")
    assert not (tmp_path / "out").exists()


def test_the_command_line_answers_a_missing_model_with_one_sentence(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["--songs", str(table), "--out", str(tmp_path), "--model", str(tmp_path / "no")])
    assert status == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
