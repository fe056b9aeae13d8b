"""The catalogue that is shipped: whole, balanced, small, and without a line of lyrics."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from core.emotion.bundle import load_bundle
from core.emotion.labels import COARSE, JOY
from core.models import Mode
from core.recommend.artists import artist_keys
from core.recommend.catalogue import Catalogue
from core.recommend.facts import COLUMNS
from core.recommend.personal import PersonalConfig, PersonalRecommender
from scripts.catalogue.calibration import LEADING_SHARES, Calibration
from tests.catalogues import mood

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data/songs"
LYRICS = ROOT / "../shared/data/songs/melon_chart_songs.parquet"
SAD = mood(슬픔=0.7)
CLASSIC = PersonalConfig(classic=True)
MOOD_MODES = (Mode.SIMILAR, Mode.OPPOSITE)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(FOLDER)


def test_it_holds_about_seven_thousand_songs_in_a_few_megabytes(catalogue: Catalogue) -> None:
    assert len(catalogue.songs) > 7000
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4e6


def test_its_moods_were_read_by_the_bundled_model(catalogue: Catalogue) -> None:
    assert catalogue.model_version == load_bundle(ROOT / "data/models/emotion").config.version


def test_its_values_are_in_their_ranges(catalogue: Catalogue) -> None:
    assert (catalogue.coarse >= 0).all()
    assert np.allclose(catalogue.coarse.sum(axis=1), 1, atol=1e-5)
    assert (catalogue.fine >= 0).all()
    assert (catalogue.fine <= 1).all()
    for plane in (catalogue.valence, catalogue.arousal):
        assert np.abs(plane).max() <= 1
        assert abs(plane.mean()) < 0.1
        assert 0.3 < plane.std() < 0.8


def test_every_class_leads_in_its_share_of_the_songs(catalogue: Catalogue) -> None:
    led = np.bincount(catalogue.coarse.argmax(axis=1), minlength=len(COARSE)) / len(catalogue.songs)
    assert led == pytest.approx([LEADING_SHARES[name] for name in COARSE], abs=0.01)


def test_its_constants_calibrate_further_songs(catalogue: Catalogue) -> None:
    assert catalogue.calibration["window_lines"] > 0
    calibration = Calibration.from_json(catalogue.calibration)
    average = 1 / (1 + np.exp(-np.array(calibration.center)))
    (song,) = calibration.distribution(average[None])
    bias = np.exp(calibration.bias)
    assert song == pytest.approx(bias / bias.sum(), abs=1e-4)


@pytest.mark.parametrize("name", [name for name in COARSE if name != "중립"])
def test_there_are_songs_for_every_mood_and_brighter_ones_against_it(
    catalogue: Catalogue, name: str
) -> None:
    recommender = PersonalRecommender(catalogue, None, CLASSIC)
    rows = {song.id: row for row, song in enumerate(catalogue.songs)}
    found = {
        mode: [
            rows[item.recommendation.song.id]
            for item in recommender.recommend(
                mood(**{name: 0.7}), mode, 20, (), (), np.random.default_rng(1)
            )
        ]
        for mode in MOOD_MODES
    }
    similar, opposite = (catalogue.coarse[found[mode]] for mode in MOOD_MODES)
    assert (similar.argmax(axis=1) == COARSE.index(name)).mean() > 0.8
    if name == "행복":
        assert opposite[:, JOY].mean() < similar[:, JOY].mean() - 0.2
        assert catalogue.valence[found[Mode.OPPOSITE]].mean() < (
            catalogue.valence[found[Mode.SIMILAR]].mean()
        )
    else:
        assert opposite[:, JOY].mean() > similar[:, JOY].mean() + 0.2
        assert catalogue.valence[found[Mode.OPPOSITE]].mean() > (
            catalogue.valence[found[Mode.SIMILAR]].mean()
        )


@pytest.mark.parametrize("mode", MOOD_MODES)
@pytest.mark.parametrize("name", COARSE)
def test_no_song_comes_again_within_fifty_and_no_artist_within_a_list(
    catalogue: Catalogue, name: str, mode: Mode
) -> None:
    recommender = PersonalRecommender(catalogue, None, CLASSIC)
    generator = np.random.default_rng(0)
    shown: list[str] = []
    for _ in range(40):
        before = shown[-50:]
        items = recommender.recommend(mood(**{name: 0.7}), mode, None, before, (), generator)
        songs = [item.recommendation.song for item in items]
        found = [song.id for song in songs]
        assert len(set(found)) == 5
        assert set(found).isdisjoint(before)
        keys = [key for song in songs for key in artist_keys(song.artist)]
        assert len(keys) == len(set(keys))
        shown += found


def test_lists_of_a_sad_mood_stay_sad_while_the_last_fifty_are_left_out(
    catalogue: Catalogue,
) -> None:
    recommender = PersonalRecommender(catalogue, None, CLASSIC)
    generator = np.random.default_rng(0)
    shown: list[str] = []
    for _ in range(20):
        items = recommender.recommend(SAD, Mode.SIMILAR, None, shown[-50:], (), generator)
        assert [item.recommendation.reason.emotion for item in items] == ["슬픔"] * 5
        shown += [item.recommendation.song.id for item in items]
    assert len(set(shown)) > 60


def test_its_facts_have_no_room_for_lyrics() -> None:
    assert not any(re.search("lyric|text|가사", column) for column in COLUMNS)
    head, *lines = (FOLDER / "songs.tsv").read_text(encoding="utf-8").splitlines()
    assert head == "\t".join(COLUMNS)
    assert max(len(cell) for line in lines for cell in line.split("\t")) <= 200
    expected = {"songs.tsv", "catalogue.json", "README.md", "calibration.png"}
    assert {path.name for path in FOLDER.iterdir()} == expected | {"arrays.bin"}


def repository_texts() -> dict[str, str]:
    """Every text file that is committed or would be, white space as one space."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    texts = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in data[:8000]:
            texts[name] = " ".join(data.decode("utf-8", "replace").split())
    return texts


@pytest.mark.skipif(not LYRICS.exists(), reason="the lyrics are not on this machine")
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_no_line_of_lyrics_is_in_the_repository() -> None:
    import pandas as pd

    table = pd.read_parquet(LYRICS, columns=["title", "lyrics"]).iloc[::10]
    names = {
        " ".join(name.split())
        for name in (FOLDER / "songs.tsv").read_text(encoding="utf-8").split("\t")
    }
    lines = {
        line
        for text in table["lyrics"]
        for line in (" ".join(raw.split()) for raw in text.splitlines())
        # English of a few words ("for a long time") is anybody's.
        if len(line) >= (15 if re.search("[가-힣]", line) else 40)
    }
    assert len(lines) > 5000  # of about 70,000
    joined = "\n".join(repository_texts().values())
    # A title may well be a line of its song.
    found = [line for line in lines if line in joined and not any(line in name for name in names)]
    assert found == []
