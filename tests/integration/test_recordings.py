"""Recordings made by the tests: chords in major and minor, fast and slow, loud and soft."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("librosa", reason="needs requirements-audio.txt")
soundfile = pytest.importorskip("soundfile", reason="needs requirements-audio.txt")

from scripts.build_catalogue import Recordings, build, hear  # noqa: E402
from scripts.catalogue.melody import Melody, melody_mood  # noqa: E402
from scripts.catalogue.recordings import (  # noqa: E402
    RecordingError,
    measure,
    measure_file,
    tags_of,
)
from tests.integration.test_build_catalogue import scorer, songs, table  # noqa: E402, F401

MAJOR, MINOR = (0, 4, 7), (0, 3, 7)
PROGRESSION = (0, 5, 7, 0)
Signal = npt.NDArray[np.float32]

# numba and audio libraries warn of things that are none of ours.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def chords(
    third: tuple[int, ...], *, tempo: float, loud: float, seconds: float = 12, rate: int = 22050
) -> Signal:
    """A chord on every beat, I-IV-V-I a beat each, in C; struck hard where it is loud."""
    time = np.arange(int(seconds * rate)) / rate
    beat = 60 / tempo
    signal = np.zeros_like(time)
    for number in range(int(seconds / beat)):
        root = PROGRESSION[number // 4 % 4]
        since = time - number * beat
        sounding = (since >= 0) & (since < beat)
        shape = np.exp(-since[sounding] * 2)
        for step in third:
            frequency = 261.63 * 2 ** ((root + step) / 12)
            # Octaves make a tone bright and leave its chord as it is.
            for octave in range(5 if loud > 0.3 else 1):
                signal[sounding] += shape * np.sin(
                    2**octave * 2 * np.pi * frequency * since[sounding]
                )
    loudest = np.clip(loud * 2 * signal / np.abs(signal).max(), -1, 1)
    return np.asarray(loudest, np.float32)


def gay(**changes: float) -> Signal:
    return chords(MAJOR, tempo=150, loud=0.9, **changes)  # type: ignore[arg-type]


def grave(**changes: float) -> Signal:
    return chords(MINOR, tempo=60, loud=0.05, **changes)  # type: ignore[arg-type]


def mood_of(signal: Signal, rate: int = 22050) -> Melody:
    return melody_mood(measure(signal, rate))


def test_fast_loud_major_chords_are_bright_and_slow_soft_minor_ones_sad() -> None:
    bright, sad = mood_of(gay()), mood_of(grave())
    assert bright.valence > 0.3 > -0.3 > sad.valence
    assert bright.arousal > 0.3 > -0.3 > sad.arousal
    assert bright.mode > 0 > sad.mode
    assert bright.tempo == pytest.approx(150, rel=0.1)


def test_mode_alone_moves_valence_and_not_arousal() -> None:
    major = mood_of(chords(MAJOR, tempo=110, loud=0.5))
    minor = mood_of(chords(MINOR, tempo=110, loud=0.5))
    assert major.valence - minor.valence > 0.3
    assert abs(major.arousal - minor.arousal) < 0.1


def test_loudness_alone_moves_arousal() -> None:
    signal = gay()
    assert mood_of(signal).arousal > mood_of(signal * np.float32(0.05)).arousal + 0.2


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 48000, 96000])
def test_the_sample_rate_hardly_matters(rate: int) -> None:
    usual, other = mood_of(gay()), mood_of(gay(rate=rate), rate)
    assert other.valence == pytest.approx(usual.valence, abs=0.2)
    assert other.arousal == pytest.approx(usual.arousal, abs=0.2)


@pytest.mark.parametrize(
    ("signal", "why"),
    [
        (np.zeros(22050 * 8, np.float32), "silent"),
        (np.full(22050 * 8, 1e-5, np.float32), "silent"),
        (gay(seconds=3), "shorter"),
        (np.zeros(0, np.float32), "shorter"),
        (np.full(22050 * 8, np.nan, np.float32), "no numbers"),
    ],
)
def test_what_has_no_mood_is_refused(signal: Signal, why: str) -> None:
    with pytest.raises(RecordingError, match=why):
        measure(signal, 22050)


@pytest.mark.parametrize("name", ["song.wav", "song.flac", "song.ogg", "song.mp3"])
def test_files_are_read_in_stereo_and_in_every_format(tmp_path: Path, name: str) -> None:
    stereo = np.stack([gay(rate=44100)] * 2, axis=1)
    soundfile.write(tmp_path / name, stereo, 44100)
    assert melody_mood(measure_file(tmp_path / name)).valence > 0.3


@pytest.mark.parametrize("name", ["song.wav", "song.mp3", "song.flac"])
def test_damaged_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for content in (b"", b"no sound", b"RIFF\x00\x00\x00\x00WAVEfmt "):
        path.write_bytes(content)
        with pytest.raises(RecordingError):
            measure_file(path)
        assert tags_of(path) == ("", "")
    with pytest.raises(RecordingError):
        measure_file(tmp_path / "missing.wav")


def test_tags_are_read(tmp_path: Path) -> None:
    with soundfile.SoundFile(tmp_path / "a.flac", "w", 22050, 1) as file:
        file.artist, file.title = "아이유", "밤편지"
        file.write(gay())
    assert tags_of(tmp_path / "a.flac") == ("아이유", "밤편지")


def test_a_build_hears_the_recordings_it_is_given(
    table: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "audio"
    folder.mkdir()
    soundfile.write(folder / "가수 슬픔1 - 슬픔 노래 1.wav", gay(), 22050)
    soundfile.write(folder / "행복 노래 1 - 가수 행복1.flac", grave(), 22050)
    soundfile.write(folder / "아무도 - 모르는 노래.wav", grave(), 22050)
    (folder / "가수 분노2 - 분노 노래 2.wav").write_bytes(b"no sound")
    plain = build(table, tmp_path / "plain", scorer, "fake-1")
    heard = build(table, tmp_path / "heard", scorer, "fake-1", recordings=Recordings(folder, 0.4))
    printed = capsys.readouterr().out
    assert "2 of 20 songs heard" in printed
    assert "1 files of no song of the catalogue: 아무도 - 모르는 노래.wav" in printed
    assert "1 files cannot be used: 가수 분노2 - 분노 노래 2.wav (it is damaged" in printed
    assert "moods are made of lyrics, genres, melody" in printed
    rows = {song.title: row for row, song in enumerate(heard.songs)}
    moved = heard.valence - plain.valence
    assert moved[rows["슬픔 노래 1"]] > 0 > moved[rows["행복 노래 1"]]
    assert np.count_nonzero(moved) == 2
    np.testing.assert_array_equal(heard.lyric_valence, plain.lyric_valence)
    assert hear(tmp_path / "plain", heard.songs) == {}
