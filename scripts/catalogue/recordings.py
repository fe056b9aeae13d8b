"""Reads recordings and measures them, with librosa (`requirements-audio.txt`).

McFee et al. 2015, "librosa: Audio and Music Signal Analysis in Python". The file is read by
libsndfile: WAV, FLAC, Ogg, MP3, AIFF and others, of any sample rate and number of channels.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scripts.catalogue.melody import Measures, mode_of

__all__ = ["SUFFIXES", "RecordingError", "measure", "measure_file", "tags_of"]

SUFFIXES: Final = frozenset({".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff"})
RATE: Final = 22050
"""Samples a second that everything is measured at, whatever the file has."""
_LONGEST_S: Final = 120.0
_SHORTEST_S: Final = 5.0
_SILENCE_DB: Final = -60.0
_LEAST: Final = 1e-10

Samples = npt.NDArray[np.float32]


class RecordingError(Exception):
    """A recording cannot be measured; the message says why."""


def measure_file(path: Path) -> Measures:
    """What is measured of a file: of two minutes in its middle, where it is longer.

    Raises:
        RecordingError: it cannot be read, is too short or silent.
    """
    import soundfile  # noqa: PLC0415 - of requirements-audio.txt, which only this needs

    try:
        with soundfile.SoundFile(path) as file:
            rate, frames = file.samplerate, file.frames
            most = int(_LONGEST_S * rate)
            file.seek(max(0, (frames - most) // 2))
            samples = file.read(most, dtype="float32", always_2d=True)
    except (OSError, RuntimeError, ValueError) as error:  # libsndfile's own are RuntimeErrors
        raise RecordingError("it is damaged, or no format that can be read") from error
    return measure(samples.mean(axis=1), rate)


def measure(samples: Samples, rate: int) -> Measures:
    """What is measured of a signal.

    Args:
        samples: one channel, -1 to 1, [shape=(n,)].
        rate: samples a second.

    Raises:
        RecordingError: it is too short, silent, or holds what is no number.
    """
    if not np.isfinite(samples).all():
        raise RecordingError("it holds values that are no numbers")
    if len(samples) < _SHORTEST_S * rate:
        raise RecordingError(f"it is shorter than {_SHORTEST_S:.0f} seconds")
    level = 20 * float(np.log10(max(float(np.sqrt(np.mean(np.square(samples)))), _LEAST)))
    if level < _SILENCE_DB:
        raise RecordingError("it is silent")
    return _measured(samples, rate, level)


def tags_of(path: Path) -> tuple[str, str]:
    """The artist and the title that the file itself names; empty where it names none."""
    import soundfile  # noqa: PLC0415 - as above

    try:
        with soundfile.SoundFile(path) as file:
            return str(file.artist or ""), str(file.title or "")
    except (OSError, RuntimeError, ValueError, AttributeError):
        # What cannot be read is told of when it is measured.
        return "", ""


def _measured(samples: Samples, rate: int, level: float) -> Measures:
    import librosa  # noqa: PLC0415 - as above

    sound: Any = samples
    if rate != RATE:
        sound = librosa.resample(samples, orig_sr=rate, target_sr=RATE)
    strength = librosa.onset.onset_strength(y=sound, sr=RATE)
    onsets = librosa.onset.onset_detect(onset_envelope=strength, sr=RATE)
    tempo = float(librosa.feature.tempo(onset_envelope=strength, sr=RATE)[0])
    chroma = librosa.feature.chroma_stft(y=sound, sr=RATE, tuning=0.0).mean(axis=1)
    centroid = float(librosa.feature.spectral_centroid(y=sound, sr=RATE).mean())
    return Measures(
        tempo=max(tempo, 1.0),
        loudness=min(level, 0.0),
        centroid=max(centroid, 1.0),
        onsets=len(onsets) * RATE / len(sound),
        mode=mode_of(chroma),
    )
