"""Tags and audio are compared with the moods of songs."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bot.config import DATA
from core.recommend.catalogue import Catalogue
from scripts.evaluate_song_moods import main


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Songs tagged by their own valence, so that what has to come out is known."""
    catalogue = Catalogue.load(DATA / "songs")
    order = np.argsort(catalogue.valence)
    rows = np.concatenate([order[:200], order[-200:]])
    table = pd.DataFrame(
        {
            "title": [catalogue.songs[row].title for row in rows],
            "artist": [catalogue.songs[row].artist for row in rows],
            "tag": ["슬픔"] * 200 + ["신나는"] * 200,
            "audio_valence": catalogue.valence[rows],
        }
    )
    path = tmp_path_factory.mktemp("tags") / "tags.csv"
    table.to_csv(path, index=False)
    return path


def test_songs_are_told_apart_by_what_they_were_tagged_by(
    tagged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tagged), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["슬픔"]["song valence"] > 0.99
    assert measured["신나는"]["song valence"] > 0.99
    assert measured["슬픔"]["song"] > 0.85
    assert measured["audio"]["song"] > 0.97
    assert measured["audio"]["lyrics"] > 0.3


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n"])
def test_a_table_that_names_no_song_is_refused_in_a_sentence(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "no.csv"
    path.write_text(content)
    assert main([str(path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
