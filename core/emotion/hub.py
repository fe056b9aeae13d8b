"""Models from the Hugging Face hub. Its client comes with transformers: the bot runs without it."""

from pathlib import Path
from typing import Final

from core.errors import ModelError

__all__ = ["fetch"]

_FILES: Final = ("*.json", "*.txt", "*.model", "*.spiece", "*.safetensors", "*.onnx", "*.npz")


def fetch(name: str) -> Path:
    """The folder of a model on the hub, downloaded where it is not yet.

    Args:
        name: its id, "owner/name".

    Raises:
        ModelError: there is no such model, the hub cannot be reached, or the client for it is not
            installed.
    """
    try:
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - comes with transformers

        folder = Path(snapshot_download(name, allow_patterns=list(_FILES)))
        if not any(folder.glob("*.safetensors")) and not any(folder.glob("*.onnx")):
            # Only then: most models that have both formats are twice as large with it.
            snapshot_download(name, allow_patterns=["pytorch_model.bin"])
    except ModuleNotFoundError as error:
        raise ModelError(
            f"{name} is no folder here, and the hub needs {error.name}, which is not installed: "
            "pip install -r requirements.txt"
        ) from error
    except Exception as error:  # of the hub's client, of its HTTP library, or an OSError
        raise ModelError(
            f"the emotion model {name} is no folder here, and {_problem(error)}"
        ) from error
    return folder


def _problem(error: Exception) -> str:
    from huggingface_hub import errors  # noqa: PLC0415 - comes with transformers

    if isinstance(error, errors.RepositoryNotFoundError):
        return "the Hugging Face hub has no such model, or none that is public"
    if isinstance(error, errors.LocalEntryNotFoundError):
        return "the Hugging Face hub cannot be reached"
    return f"the Hugging Face hub does not give it: {' '.join(str(error).split())}"
