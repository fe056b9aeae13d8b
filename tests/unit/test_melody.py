"""From measures to a mood, from moods to a catalogue, and from files to songs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.labels import COARSE, JOY
from core.models import Contrast, Song
from core.recommend.catalogue import MELODY, Catalogue
from core.recommend.personal import PersonalConfig, PersonalRecommender
from core.recommend.query import SongQuery
from scripts.catalogue.matching import Matches, match_recordings
from scripts.catalogue.melody import Measures, Melody, melody_mood, mode_of, with_melodies
from tests.catalogues import catalogue, distribution, mood

USUAL = Measures(tempo=110, loudness=-18, centroid=2000, onsets=3, mode=0)
C_MAJOR = np.array([1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0], float)
A_MINOR = np.array([1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0], float)
C_MINOR = np.array([1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0], float)


def test_what_is_usual_is_in_the_middle() -> None:
    melody = melody_mood(USUAL)
    assert (melody.valence, melody.arousal) == (0, 0)


@pytest.mark.parametrize(
    ("change", "valence", "arousal"),
    [
        ({"tempo": 160.0}, 1, 1),
        ({"tempo": 65.0}, -1, -1),
        ({"loudness": -8.0}, 0, 1),
        ({"loudness": -35.0}, 0, -1),
        ({"centroid": 4000.0}, 1, 1),
        ({"onsets": 6.0}, 1, 1),
        ({"onsets": 0.5}, -1, -1),
        ({"mode": 0.3}, 1, 0),
        ({"mode": -0.3}, -1, 0),
    ],
)
def test_each_measure_moves_the_mood_its_way(
    change: dict[str, float], valence: int, arousal: int
) -> None:
    melody = melody_mood(replace(USUAL, **change))
    assert (np.sign(melody.valence), np.sign(melody.arousal)) == (valence, arousal)


def test_mode_weighs_most_in_valence_and_loudness_in_arousal() -> None:
    ends = {"tempo": 110 * 2**0.6, "loudness": -10.0, "centroid": 2000 * 2**0.8, "onsets": 5.0}
    moods = {name: melody_mood(replace(USUAL, **{name: end})) for name, end in ends.items()}
    moods["mode"] = melody_mood(replace(USUAL, mode=0.2))
    assert max(moods, key=lambda name: moods[name].valence) == "mode"
    assert max(moods, key=lambda name: moods[name].arousal) == "loudness"


@given(
    st.floats(1, 400), st.floats(-60, 0), st.floats(1, 11025), st.floats(0, 50), st.floats(-2, 2)
)
def test_moods_stay_on_the_plane(
    tempo: float, loudness: float, centroid: float, onsets: float, mode: float
) -> None:
    melody = melody_mood(Measures(tempo, loudness, centroid, onsets, mode))
    assert -1 <= melody.valence <= 1
    assert -1 <= melody.arousal <= 1


@pytest.mark.parametrize("tonic", range(12))
def test_chords_are_major_or_minor_in_every_key(tonic: int) -> None:
    assert mode_of(np.roll(C_MAJOR, tonic)) > 0.05
    assert mode_of(np.roll(C_MINOR, tonic)) < -0.05
    assert mode_of(np.roll(A_MINOR, tonic)) < -0.05


def test_noise_without_a_pitch_is_neither() -> None:
    assert mode_of(np.ones(12)) == 0
    assert mode_of(np.zeros(12)) == 0


def base() -> Catalogue:
    even = distribution(행복=0.2, 슬픔=0.2)
    return catalogue([even, even, even])


GAY, GRAVE = Melody(0.8, 0.7, 150.0, 0.4), Melody(-0.8, -0.6, 60.0, -0.4)


def test_a_melody_moves_the_mood_of_its_song_alone() -> None:
    heard = with_melodies(base(), {"melody:0": GAY, "melon:1": GAY, "melon:2": GRAVE}, 0.4)
    assert heard.melody is not None
    np.testing.assert_allclose(heard.valence, [0.32, -0.32, 0], atol=1e-3)
    np.testing.assert_allclose(heard.arousal, [0.28, -0.24, 0], atol=1e-3)
    np.testing.assert_allclose(heard.coarse.sum(axis=1), 1, atol=1e-5)
    sad = COARSE.index("슬픔")
    assert heard.coarse[0, JOY] > heard.coarse[2, JOY] > heard.coarse[1, JOY]
    assert heard.coarse[1, sad] > heard.coarse[2, sad] > heard.coarse[0, sad]
    np.testing.assert_array_equal(heard.coarse[2], base().coarse[2])
    np.testing.assert_allclose(heard.melody[0], [0.8, 0.7, 150, 0.4], atol=1e-3)
    assert not heard.melody[2].any()
    assert heard.calibration["melody"] == {"weight": 0.4}


def test_a_weight_of_nothing_leaves_moods_as_they_are() -> None:
    heard = with_melodies(base(), {"melon:1": GAY}, 0.0)
    np.testing.assert_allclose(heard.coarse, base().coarse, atol=1e-6)
    np.testing.assert_array_equal(heard.valence, base().valence)


def test_a_catalogue_says_what_its_moods_are_made_of(tmp_path: Path) -> None:
    plain, heard = base(), with_melodies(base(), {"melon:1": GAY})
    assert plain.made_of == ("lyrics", "genres")
    heard.save(tmp_path / "heard")
    plain.save(tmp_path / "plain")
    assert Catalogue.load(tmp_path / "heard").made_of == ("lyrics", "genres", "melody")
    again = Catalogue.load(tmp_path / "heard")
    np.testing.assert_array_equal(again.melody, heard.melody)
    assert Catalogue.load(tmp_path / "plain").melody is None


def test_songs_with_and_without_melodies_are_joined_and_taken() -> None:
    heard = with_melodies(base(), {"melon:1": GAY})
    other = catalogue([distribution(행복=0.3)], [Song("melon:9", "다른 노래", "다른 가수")])
    joined = heard.joined(other)
    assert joined.melody is not None
    assert joined.melody.shape == (4, len(MELODY))
    assert not joined.melody[3].any()
    taken = joined.take(np.array([3, 0]))
    assert taken.melody is not None
    assert taken.melody[1, 2] == 150


def test_a_reason_tells_where_words_and_melody_part() -> None:
    songs = catalogue(
        [distribution(행복=0.8)] * 2, lyric_valence=[0.6, 0.6], style_valence=[0.5, 0.5]
    )
    heard = with_melodies(songs, {"melon:1": GRAVE}, 0.0)
    items = PersonalRecommender(heard, None, PersonalConfig()).answer(
        mood(행복=0.9), SongQuery(count=2), (), (), np.random.default_rng(0)
    )
    contrasts = {i.recommendation.song.id: i.recommendation.reason.contrast for i in items}
    assert contrasts == {"melon:1": Contrast.BRIGHT_WORDS, "melon:2": None}


SONGS = [
    Song("melon:1234", "밤편지 (Through the Night)", "아이유 (IU)"),
    Song("melon:2345", "사랑 (Part 2)", "AKMU (악뮤)"),
    Song("melon:3456", "사랑", "가수"),
    Song("melon:4567", "사랑", "가수, 다른 가수"),
    Song("own-1", "Good Day", "Some Band"),
]


def matched(folder: Path, *names: str, tags: dict[str, tuple[str, str]] | None = None) -> Matches:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return match_recordings(folder, SONGS, lambda path: (tags or {}).get(path.name, ("", "")))


@pytest.mark.parametrize(
    ("name", "song"),
    [
        ("아이유 - 밤편지.mp3", "melon:1234"),
        ("밤편지 - 아이유.flac", "melon:1234"),
        ("IU - 밤 편지.MP3", "melon:1234"),
        ("deep/er/01. 아이유 (IU) - 밤편지.wav", "melon:1234"),
        ("some_band_-_good_day.ogg", "own-1"),
        ("Some Band – Good Day (feat. 누구).mp3", "own-1"),
        ("악뮤 - 사랑 (Part 2).mp3", "melon:2345"),
        ("melon_1234.mp3", "melon:1234"),
        ("1234.mp3", "melon:1234"),
        ("own-1.mp3", "own-1"),
    ],
)
def test_a_file_finds_its_song_by_its_name(tmp_path: Path, name: str, song: str) -> None:
    assert matched(tmp_path, name).files == {song: tmp_path / name}


def test_a_file_finds_its_song_by_a_list_or_by_its_tags(tmp_path: Path) -> None:
    (tmp_path / "audio.csv").write_text("file,id\na/x.mp3,1234\ny.mp3,own-1\nz.mp3,9999\n", "utf-8")
    tags = {"track07.mp3": ("악뮤", "사랑 (Part 2)")}
    found = matched(tmp_path, "a/x.mp3", "y.mp3", "z.mp3", "track07.mp3", tags=tags)
    assert {song: path.name for song, path in found.files.items()} == {
        "melon:1234": "x.mp3",
        "own-1": "y.mp3",
        "melon:2345": "track07.mp3",
    }
    assert [path.name for path in found.unmatched] == ["z.mp3"]


def test_files_of_no_song_of_several_and_of_one_again_are_told_apart(tmp_path: Path) -> None:
    found = matched(
        tmp_path,
        *("가수 - 사랑.mp3", "아이유 - 밤편지.flac", "아이유 - 밤편지.mp3", "x.mp3", "cover.jpg"),
        "누구 - 무엇.mp3",
    )
    assert [path.name for path in found.ambiguous] == ["가수 - 사랑.mp3"]
    assert [path.name for path in found.again] == ["아이유 - 밤편지.mp3"]
    assert [path.name for path in found.unmatched] == ["x.mp3", "누구 - 무엇.mp3"]
