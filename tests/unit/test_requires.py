import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.requires import require_all

ROOT = Path(__file__).parents[2]
SCRIPTS = [
    "scripts.train_emotion",
    "scripts.evaluate_emotion",
    "scripts.build_catalogue",
    "scripts.bench.message",
]


def test_nothing_happens_where_everything_is_installed() -> None:
    require_all()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else 1)
    with pytest.raises(SystemExit, match=r"torch missing.*requirements\.txt"):
        require_all()


@pytest.mark.parametrize("module", SCRIPTS)
def test_a_script_without_torch_says_so_in_one_sentence(module: str) -> None:
    code = (
        "import importlib.util, runpy, sys\n"
        "real = importlib.util.find_spec\n"
        "def find(name, package=None):\n"
        "    return None if name in {'torch', 'pandas'} else real(name, package)\n"
        "importlib.util.find_spec = find\n"
        "sys.modules['torch'] = sys.modules['pandas'] = None\n"
        f"runpy.run_module({module!r}, run_name='__main__')"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert run.stderr.count("\n") == 1
    assert "requirements.txt" in run.stderr


def test_what_is_wrong_with_a_file_of_songs_is_said_without_torch(tmp_path: Path) -> None:
    songs = tmp_path / "songs.csv"
    songs.write_text("title,artist,lyrics\n제목,,가사\n", encoding="utf-8")
    code = (
        "import sys; sys.modules['torch'] = sys.modules['sklearn'] = None\n"
        "from scripts.import_songs import main\n"
        f"sys.exit(main([{str(songs)!r}]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "no artist" in run.stderr
    assert "Traceback" not in run.stderr
