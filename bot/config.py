"""The settings, and the only place that reads or writes the environment.

Numpy is imported with `core.models` and reads its own variables then, so this module does not
import it before `limit_threads` can have run.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dotenv import dotenv_values

from bot.pace import Deed, Rate
from bot.secret import Secret
from bot.shards import Shards
from bot.telegram_settings import TelegramSettings
from bot.values import SettingsError, Values
from bot.writer_settings import WriterSettings

if TYPE_CHECKING:
    from core.models import Language

__all__ = [
    "DATA",
    "DATABASE_FILE",
    "FORGETFUL",
    "LOCAL",
    "ROOT",
    "Secret",
    "Settings",
    "SettingsError",
    "TelegramSettings",
    "choose_library_modes",
    "environment_without_secrets",
    "limit_threads",
    "load_settings",
    "spoken_language",
]

ROOT: Final = Path(__file__).resolve().parents[1]
"""The folder that holds `data/` and `.env`."""
DATA: Final = ROOT / "data"
"""The bundled files."""
LOCAL: Final = DATA / "local"
"""What the bot writes itself."""
DATABASE_FILE: Final = LOCAL / "maeum.db"
"""Where people are remembered unless DATABASE_URL says otherwise."""

FORGETFUL: Final = "memory:"
"""The DATABASE_URL of a bot that forgets everybody when it ends."""

_THREAD_VARIABLES: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_SECRETS: Final = frozenset(
    {
        *("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "DISCORD_TOKEN", "LLM_API_KEY"),
        *("DATABASE_URL", "DATA_KEY", "DATA_KEY_OLD"),
    }
)
_MOST_SONGS: Final = 20
_LONGEST_HALF_LIFE: Final = 24 * 365.0
_WEBHOOK_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")


@dataclass(frozen=True)
class Settings:
    """What can be set from outside, checked.

    Attributes:
        telegram_token: TELEGRAM_TOKEN; None where the bot is not on Telegram.
        discord_token: DISCORD_TOKEN; likewise.
        language: MAEUM_LANGUAGE, what the bot speaks unless a person chose otherwise.
        half_life_hours: MOOD_HALF_LIFE_HOURS, after which a message counts half, above 0.
        song_count: SONG_COUNT, songs in a list where nobody said how many, 1 to 20.
        song_noise: SONG_NOISE, variety of the lists, 0 (none) to 1.
        emotion_model: EMOTION_MODEL, the folder of the emotion model, or as a string the id of
            one on the Hugging Face hub, "owner/name".
        catalogue: CATALOGUE, the folder of the song catalogue.
        log_level: LOG_LEVEL, a name of the logging module.
        database: DATABASE_URL, sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME, or
            "memory:" to forget everything at the end; None for SQLite in `DATABASE_FILE`.
        data_key: DATA_KEY, with which moods and platform ids are encrypted; None to keep them
            as they are.
        data_keys_old: DATA_KEY_OLD, separated by commas, with which some values may still be
            encrypted.
        time_zone: TIME_ZONE, an IANA name, of people who did not choose one, and of `learn_at`.
        learn_at: LEARN_AT, the time of day, "04:00", at which the bot learns from the votes.
        learn_votes: LEARN_VOTES, new votes after which it learns sooner, 1 or more.
        telegram: how the bot meets Telegram.
        voice_model: VOICE_MODEL, the folder of a Whisper model in CTranslate2's format; None where
            voice messages are not heard.
        voice_seconds: VOICE_SECONDS, the longest recording that is listened to, 1 to 600.
        rates: RATE_LIMITS, how much one person may ask for in a while, "talk=30/60,songs=12/60" or
            "none"; None for the usual rates on platforms with many people, and none in a terminal.
        discord_shards: DISCORD_SHARDS, "a-b/N", the part of the shards that this process runs;
            None for as many as Discord advises.
        writer: a language model that may write replies; None where none is asked.
        emotion_process: EMOTION_PROCESS, "on" or "off", whether messages of platforms are listened
            to in a process of its own; None to do so where there are two cores.
    """

    telegram_token: Secret | None
    discord_token: Secret | None
    language: "Language"
    half_life_hours: float
    song_count: int
    song_noise: float
    emotion_model: Path | str
    catalogue: Path
    log_level: str
    database: Secret | None = None
    data_key: Secret | None = None
    data_keys_old: tuple[Secret, ...] = ()
    time_zone: str = "Asia/Seoul"
    learn_at: time = time(4)
    learn_votes: int = 500
    telegram: TelegramSettings = field(default_factory=TelegramSettings)
    discord_shards: Shards | None = None
    voice_model: Path | None = None
    voice_seconds: int = 60
    writer: WriterSettings | None = None
    rates: Mapping[Deed, Rate] | None = None
    emotion_process: bool | None = None

    @property
    def database_address(self) -> str:
        """Where people are remembered."""
        return self.database.reveal() if self.database else f"sqlite:///{DATABASE_FILE}"

    @property
    def forgetful(self) -> bool:
        """Whether everybody is forgotten when the bot ends."""
        return self.database_address == FORGETFUL

    @property
    def listens_apart(self) -> bool:
        """Whether messages of platforms are listened to in a process of its own."""
        wanted = _cores() > 1 if self.emotion_process is None else self.emotion_process
        return wanted and os.name == "posix"  # a socket cannot be handed on elsewhere

    @property
    def keys(self) -> tuple[str | None, list[str]]:
        """The key to encrypt with, and the older ones."""
        current = self.data_key.reveal() if self.data_key else None
        return current, [key.reveal() for key in self.data_keys_old]


def environment_without_secrets() -> dict[str, str]:
    """The variables of this process, for one that needs none of the bot's secrets."""
    return {name: value for name, value in os.environ.items() if name not in _SECRETS}


def limit_threads() -> None:
    """One thread for each linear algebra call, unless the environment says otherwise.

    Our matrices are small: more threads only wait for each other. Has to run before numpy is
    imported for the first time.
    """
    for name in _THREAD_VARIABLES:
        os.environ.setdefault(name, "1")


def choose_library_modes() -> None:
    """Durations from the Telegram library are timedeltas; it warns about numbers it gives else.

    It reads the variable whenever it gives one. What the environment says wins.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")


def load_settings(
    environment: Mapping[str, str] | None = None, env_file: Path | None = None
) -> Settings:
    """Read the settings.

    Args:
        environment: the variables; None for those of the process. They win over the file, and
            an empty one counts as not set.
        env_file: lines of KEY=value; None for `.env` in `ROOT`. It may be missing.

    Raises:
        SettingsError: a value cannot be used.
    """
    return _settings(Values(_values(environment, env_file)))


def spoken_language(
    environment: Mapping[str, str] | None = None, env_file: Path | None = None
) -> "Language":
    """MAEUM_LANGUAGE, for who has to be told that the settings cannot be used; else Korean.

    Args:
        environment: as for `load_settings`.
        env_file: likewise.
    """
    from core.models import Language  # noqa: PLC0415 - see the head of this module

    try:
        return Values(_values(environment, env_file)).language("MAEUM_LANGUAGE")
    except SettingsError:
        return Language.KOREAN


def _cores() -> int:
    """How many this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # there is none on macOS
        return os.cpu_count() or 1


def _values(environment: Mapping[str, str] | None, env_file: Path | None) -> dict[str, str]:
    path = env_file or ROOT / ".env"
    try:
        # Kept out of os.environ, so that no child process inherits the tokens.
        written = dotenv_values(path, interpolate=False)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as UTF-8 text") from error
    merged = {**written, **(os.environ if environment is None else environment)}
    return {key: value.strip() for key, value in merged.items() if value and value.strip()}


def _settings(read: Values) -> Settings:
    return Settings(
        telegram_token=read.secret("TELEGRAM_TOKEN"),
        discord_token=read.secret("DISCORD_TOKEN"),
        language=read.language("MAEUM_LANGUAGE"),
        half_life_hours=read.number("MOOD_HALF_LIFE_HOURS", 24.0, 0.01, _LONGEST_HALF_LIFE),
        song_count=read.whole("SONG_COUNT", 5, 1, _MOST_SONGS),
        song_noise=read.number("SONG_NOISE", 1 / 30, 0.0, 1.0),
        emotion_model=read.model("EMOTION_MODEL", DATA / "models" / "emotion"),
        catalogue=read.folder("CATALOGUE", DATA / "songs"),
        log_level=read.level("LOG_LEVEL", "WARNING"),
        database=read.secret("DATABASE_URL"),
        data_key=read.secret("DATA_KEY"),
        data_keys_old=read.secrets("DATA_KEY_OLD"),
        time_zone=read.time_zone("TIME_ZONE", "Asia/Seoul"),
        learn_at=read.time_of_day("LEARN_AT", time(4)),
        learn_votes=read.whole("LEARN_VOTES", 500, 1, 10**6),
        telegram=_telegram(read),
        discord_shards=read.shards("DISCORD_SHARDS"),
        voice_model=read.optional_folder("VOICE_MODEL"),
        voice_seconds=read.whole("VOICE_SECONDS", 60, 1, 600),
        writer=_writer(read),
        rates=read.rates("RATE_LIMITS"),
        emotion_process=read.switch("EMOTION_PROCESS"),
    )


def _writer(read: Values) -> WriterSettings | None:
    url = read.text("LLM_BASE_URL")
    if not url:
        return None
    try:
        return WriterSettings(
            url.rstrip("/"),
            read.text("LLM_MODEL") or "",
            read.secret("LLM_API_KEY"),
            timeout_s=read.number("LLM_TIMEOUT", WriterSettings.timeout_s, 0.1, 60.0),
            calls=read.whole("LLM_CALLS", WriterSettings.calls, 1, 64),
        )
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _telegram(read: Values) -> TelegramSettings:
    url, secret = read.text("TELEGRAM_WEBHOOK_URL"), read.secret("TELEGRAM_WEBHOOK_SECRET")
    if url and not url.startswith("https://"):
        raise SettingsError("TELEGRAM_WEBHOOK_URL has to begin with https://")
    if url and not (secret and _WEBHOOK_SECRET.fullmatch(secret.reveal())):
        raise SettingsError(
            "TELEGRAM_WEBHOOK_SECRET has to be 16 to 256 of A-Z, a-z, 0-9, _ and - where there is "
            "a TELEGRAM_WEBHOOK_URL"
        )
    return TelegramSettings(
        webhook_url=url,
        webhook_secret=secret,
        webhook_host=read.text("TELEGRAM_WEBHOOK_HOST") or TelegramSettings.webhook_host,
        webhook_port=read.whole("TELEGRAM_WEBHOOK_PORT", 8080, 1, 65535),
        concurrency=read.whole("TELEGRAM_CONCURRENCY", 64, 1, 1000),
        api_url=(read.text("TELEGRAM_API_URL") or TelegramSettings.api_url).rstrip("/"),
    )
