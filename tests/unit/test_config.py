import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import config
from bot.config import (
    DATA,
    ROOT,
    Secret,
    Settings,
    SettingsError,
    TelegramSettings,
    load_settings,
    spoken_language,
)
from bot.pace import RATES, Deed, Rate
from core.errors import SetupError
from core.models import Language

NOWHERE = Path("no") / "such" / "file"


def settings(**environment: str) -> Settings:
    return load_settings(environment, NOWHERE)


def test_without_any_setting_the_bot_speaks_korean_and_uses_the_bundled_files() -> None:
    assert settings() == Settings(
        telegram_token=None,
        discord_token=None,
        language=Language.KOREAN,
        half_life_hours=24.0,
        song_count=5,
        song_noise=1 / 30,
        emotion_model=DATA / "models" / "emotion",
        catalogue=DATA / "songs",
        log_level="WARNING",
        database=None,
        data_key=None,
        data_keys_old=(),
    )


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ({}, Language.KOREAN),
        ({"MAEUM_LANGUAGE": "en", "SONG_COUNT": "many"}, Language.ENGLISH),
        ({"MAEUM_LANGUAGE": "klingon"}, Language.KOREAN),
    ],
)
def test_the_language_is_known_where_other_settings_cannot_be_used(
    told: dict[str, str], language: Language
) -> None:
    assert spoken_language(told, NOWHERE) is language


def test_of_a_file_that_cannot_be_read_one_is_told_in_korean(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"MAEUM_LANGUAGE=en\xff")
    assert spoken_language({}, tmp_path / ".env") is Language.KOREAN


def test_every_setting_is_read(tmp_path: Path) -> None:
    found = settings(
        TELEGRAM_TOKEN="t-token",
        DISCORD_TOKEN="d-token",
        MAEUM_LANGUAGE="EN",
        MOOD_HALF_LIFE_HOURS="1.5",
        SONG_COUNT="7",
        SONG_NOISE="0",
        EMOTION_MODEL=str(tmp_path),
        CATALOGUE=str(tmp_path),
        LOG_LEVEL="debug",
        DATABASE_URL="sqlite:///somewhere.db",
        DATA_KEY="new",
        DATA_KEY_OLD="old, older,",
    )
    assert found.telegram_token is not None
    assert found.discord_token is not None
    assert found.telegram_token.reveal() == "t-token"
    assert found.discord_token.reveal() == "d-token"
    assert found.language is Language.ENGLISH
    assert (found.half_life_hours, found.song_count, found.song_noise) == (1.5, 7, 0.0)
    assert (found.emotion_model, found.catalogue) == (tmp_path, tmp_path)
    assert found.log_level == "DEBUG"
    assert found.database_address == "sqlite:///somewhere.db"
    assert found.keys == ("new", ["old", "older"])


WEBHOOK = {
    "TELEGRAM_WEBHOOK_URL": "https://bot.example.org",
    "TELEGRAM_WEBHOOK_SECRET": "0123456789_abcd-EF",
}


def test_telegram_is_polled_unless_a_webhook_is_named() -> None:
    assert settings().telegram == TelegramSettings()
    found = settings(
        **WEBHOOK,
        TELEGRAM_WEBHOOK_HOST="0.0.0.0",
        TELEGRAM_WEBHOOK_PORT="8443",
        TELEGRAM_CONCURRENCY="5",
    ).telegram
    assert found.webhook_url == "https://bot.example.org"
    assert found.webhook_secret is not None
    assert found.webhook_secret.reveal() == "0123456789_abcd-EF"
    assert (found.webhook_host, found.webhook_port, found.concurrency) == ("0.0.0.0", 8443, 5)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("TELEGRAM_WEBHOOK_URL", "http://bot.example.org"),
        ("TELEGRAM_WEBHOOK_SECRET", ""),
        ("TELEGRAM_WEBHOOK_SECRET", "too-short"),
        ("TELEGRAM_WEBHOOK_SECRET", "with spaces and 한글"),
        ("TELEGRAM_WEBHOOK_PORT", "0"),
        ("TELEGRAM_WEBHOOK_PORT", "65536"),
        ("TELEGRAM_CONCURRENCY", "0"),
    ],
)
def test_a_webhook_that_cannot_work_is_named_at_the_start(key: str, value: str) -> None:
    with pytest.raises(SettingsError, match=key):
        settings(**{**WEBHOOK, key: value})


LLM = {"LLM_BASE_URL": "http://localhost:11434/v1/", "LLM_MODEL": "gemma"}


def test_no_language_model_is_asked_unless_one_is_named() -> None:
    assert settings().writer is None
    assert settings(LLM_MODEL="gemma").writer is None


def test_a_language_model_is_met_as_it_is_set_up() -> None:
    writer = settings(**LLM).writer
    assert writer is not None
    assert (writer.url, writer.model, writer.key) == ("http://localhost:11434/v1", "gemma", None)
    assert (writer.place, writer.timeout_s, writer.calls) == ("localhost:11434", 6.0, 4)
    more = {"LLM_API_KEY": "sk-secret", "LLM_TIMEOUT": "2.5", "LLM_CALLS": "9"}
    writer = settings(**LLM, **more).writer
    assert writer is not None
    assert writer.key is not None
    assert writer.key.reveal() == "sk-secret"
    assert "sk-secret" not in repr(writer)
    assert (writer.timeout_s, writer.calls) == (2.5, 9)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/v1",
        "http://127.0.0.1:8000/v1",
        "http://192.168.0.7/v1",
        "http://[::1]:8000/v1",
        "http://ollama:11434/v1",
        "http://model.internal/v1",
    ],
)
def test_messages_may_go_encrypted_or_within_ones_own_network(url: str) -> None:
    assert settings(**LLM | {"LLM_BASE_URL": url}).writer is not None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("LLM_BASE_URL", "localhost:11434"),
        ("LLM_BASE_URL", "ftp://localhost/v1"),
        ("LLM_BASE_URL", "http://api.example.com/v1"),
        ("LLM_BASE_URL", "http://8.8.8.8/v1"),
        ("LLM_BASE_URL", "https://me:secret@api.example.com/v1"),
        ("LLM_BASE_URL", f"https://{'a' * 50}.example.com/v1"),
        ("LLM_MODEL", ""),
        ("LLM_TIMEOUT", "0"),
        ("LLM_TIMEOUT", "61"),
        ("LLM_CALLS", "0"),
    ],
)
def test_a_language_model_that_cannot_be_asked_is_named_at_the_start(key: str, value: str) -> None:
    with pytest.raises(SettingsError, match=key):
        settings(**LLM | {key: value})


def test_people_are_remembered_in_a_file_that_git_ignores() -> None:
    assert settings().database_address == f"sqlite:///{DATA / 'local' / 'maeum.db'}"
    assert settings().keys == (None, [])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("MAEUM_LANGUAGE", "fr"),
        ("MOOD_HALF_LIFE_HOURS", "0"),
        ("MOOD_HALF_LIFE_HOURS", "-1"),
        ("MOOD_HALF_LIFE_HOURS", "nan"),
        ("MOOD_HALF_LIFE_HOURS", "inf"),
        ("MOOD_HALF_LIFE_HOURS", "a day"),
        ("EMOTION_PROCESS", "maybe"),
        ("SONG_COUNT", "0"),
        ("SONG_COUNT", "21"),
        ("SONG_COUNT", "2.5"),
        ("SONG_COUNT", "9" * 5000),
        ("SONG_NOISE", "1.1"),
        ("EMOTION_MODEL", "/no/such/folder"),
        ("CATALOGUE", "/no/such/folder"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_is_refused_by_its_key(key: str, value: str) -> None:
    with pytest.raises(SettingsError, match=key):
        settings(**{key: value})


def test_a_model_may_be_the_id_of_one_on_the_hub() -> None:
    assert settings(EMOTION_MODEL="klue/roberta-large").emotion_model == "klue/roberta-large"


def test_a_folder_wins_over_an_id_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models/own").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert settings(EMOTION_MODEL="models/own").emotion_model == Path("models/own")


@pytest.mark.parametrize("value", ["no folder", "a/b/c", "../x", "-x/y", "owner/", "/name"])
def test_what_is_neither_a_folder_nor_an_id_is_refused(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="EMOTION_MODEL"):
        settings(EMOTION_MODEL=value)


def test_a_refusal_is_a_setup_error() -> None:
    assert issubclass(SettingsError, SetupError)


def test_an_empty_value_counts_as_not_set() -> None:
    assert settings(TELEGRAM_TOKEN="", SONG_COUNT="  ") == settings()


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SONG_COUNT=3\nMAEUM_LANGUAGE=en # 영어\nDISCORD_TOKEN='a$b'\n", "utf-8")
    found = load_settings({"SONG_COUNT": "4"}, file)
    assert found.song_count == 4
    assert found.language is Language.ENGLISH
    assert found.discord_token is not None
    assert found.discord_token.reveal() == "a$b"


def test_the_file_does_not_reach_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=hidden\n", "utf-8")
    load_settings(None, file)
    assert "DISCORD_TOKEN" not in os.environ


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("MAEUM_LANGUAGE=한국어".encode("cp949"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings({}, file)


def test_a_secret_does_not_print_its_value() -> None:
    found = settings(TELEGRAM_TOKEN="12345:abcdef", DATABASE_URL="12345", DATA_KEY="abcdef")
    for shown in (repr(found), str(found), f"{found.telegram_token}", repr(Secret("12345:abcdef"))):
        assert "12345" not in shown
        assert "abcdef" not in shown


def test_threads_are_limited_before_numpy_is_imported_unless_set_otherwise() -> None:
    code = (
        "import os, sys; from bot.config import limit_threads; assert 'numpy' not in sys.modules;"
        "limit_threads(); print(os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'])"
    )
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "OMP_NUM_THREADS": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "3"]


def test_rates_are_the_usual_ones_unless_told() -> None:
    assert settings().rates is None
    found = settings(RATE_LIMITS="talk=5/10").rates
    assert found is not None
    assert (found[Deed.TALK], found[Deed.SONGS]) == (Rate(5, 10), RATES[Deed.SONGS])
    assert settings(RATE_LIMITS="none").rates == {}
    with pytest.raises(SettingsError, match="RATE_LIMITS"):
        settings(RATE_LIMITS="talk=many")


def test_every_secret_is_kept_from_other_processes() -> None:
    source = Path(config.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'read\.secrets?\("(\w+)"', source)) == config._SECRETS


@pytest.mark.parametrize(
    ("said", "cores", "apart"),
    [
        ({}, 1, False),
        ({}, 2, True),
        ({"EMOTION_PROCESS": "off"}, 2, False),
        ({"EMOTION_PROCESS": "On"}, 1, True),
    ],
)
def test_with_two_cores_messages_are_listened_to_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str], cores: int, apart: bool
) -> None:
    monkeypatch.setattr("bot.config._cores", lambda: cores)
    assert settings(**said).listens_apart is apart
