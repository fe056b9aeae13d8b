"""Says in one sentence what to install where a script needs more than the bot does."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["require_all"]

_REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
_PACKAGES = (
    *("torch", "transformers", "sklearn", "pandas", "scipy", "onnx", "tqdm", "matplotlib"),
    *("openpyxl", "kiwipiepy", "lightgbm", "implicit"),
)


def require_all(packages: Sequence[str] = _PACKAGES) -> None:
    """End the program where a package of `requirements.txt` is missing.

    To be called before the imports that would fail: a bot is set up without these packages.
    """
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        pins = _REQUIREMENTS.read_text(encoding="utf-8").splitlines()
        torch = next(line for line in pins if line.startswith("torch=="))
        sys.exit(
            f"This needs packages that running the bot does not ({', '.join(missing)} missing). "
            f"Install them with ./scripts/test.sh, or with `pip install {torch}` and then "
            "`pip install -r requirements.txt`."
        )
