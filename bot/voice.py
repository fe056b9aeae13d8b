"""Voice messages as text. `faster-whisper` is an extra (requirements-voice.txt), off by default."""

import asyncio
import importlib
import io
from pathlib import Path
from typing import Any, Final, Protocol

from bot.config import SettingsError
from core.models import Language

__all__ = ["Transcriber", "WhisperTranscriber", "open_transcriber"]

_BEAM: Final = 1
"""Greedy: a voice message on a small server takes seconds, not minutes."""


class Transcriber(Protocol):
    """Writes down what is said."""

    async def transcribe(self, audio: bytes, language: Language) -> str:
        """The words of a recording; empty where none are heard.

        Args:
            audio: an OGG, MP3, M4A or WAV file.
            language: that is probably spoken.

        Raises:
            ValueError: it is no recording that can be read.
        """
        ...


class WhisperTranscriber:
    """Implements `Transcriber` with a Whisper model in CTranslate2's format."""

    def __init__(self, folder: Path) -> None:
        """Load the model.

        Raises:
            SettingsError: the package is not installed, or the folder holds no such model.
        """
        try:
            # By name: the extra is not installed where the code is checked.
            package = importlib.import_module("faster_whisper")
        except ImportError as error:
            raise SettingsError(
                "VOICE_MODEL needs faster-whisper: pip install -r requirements-voice.txt"
            ) from error
        try:
            self._model: Any = package.WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=2
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise SettingsError(f"VOICE_MODEL: {folder} holds no Whisper model") from error
        # One at a time: two would only take each other's cores.
        self._free = asyncio.Lock()

    async def transcribe(self, audio: bytes, language: Language) -> str:
        """The words of a recording; see `Transcriber`. Nothing is written to disk."""
        async with self._free:
            return await asyncio.to_thread(self._transcribe, audio, language)

    def _transcribe(self, audio: bytes, language: Language) -> str:
        try:
            segments, _ = self._model.transcribe(
                io.BytesIO(audio), language=language.value, beam_size=_BEAM, vad_filter=False
            )
            return " ".join(segment.text.strip() for segment in segments).strip()
        except (RuntimeError, OSError, IndexError) as error:  # of the decoder and the model
            raise ValueError("the recording cannot be read") from error


def open_transcriber(folder: Path | None) -> Transcriber | None:
    """What writes voice messages down; None where no model is set up.

    Raises:
        SettingsError: the model cannot be loaded.
    """
    return None if folder is None else WhisperTranscriber(folder)
