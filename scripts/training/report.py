"""The report of a fine-tuning run: report.json, report.md and pictures."""

import importlib.metadata
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib import font_manager
from matplotlib.figure import Figure

from scripts.training.label_names import ENGLISH
from scripts.training.metrics import ReliabilityBins
from scripts.training.reliability import draw_reliability
from scripts.training.scoring import Figures

__all__ = ["commit_of", "draw_confusion", "versions", "write_report"]

_PACKAGES: Final = ("torch", "transformers", "onnxruntime", "scikit-learn", "numpy")
_KOREAN_FONTS: Final = (
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "NanumGothic",
    "Nanum Gothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
    "UnDotum",
    "Baekmuk Dotum",
)
_MOST_NUMBERED: Final = 12
"""Classes up to which the counts are written into the squares."""


def write_report(
    folder: Path, report: Mapping[str, Any], bins: Mapping[str, ReliabilityBins]
) -> None:
    """Write the report and its pictures into `folder`.

    Args:
        folder: made where it is missing.
        report: plain values. `figures` are those of `scoring.figures_of`; the rest is shown in
            report.md as it stands.
        bins: panels of the reliability diagram; none are drawn where it is empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=2)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    pictures = []
    figures: Figures = report["figures"]
    if "confusion" in figures:
        counts = np.array(figures["confusion"]["counts"])
        draw_confusion(folder / "confusion.png", counts, tuple(figures["labels"]))
        pictures.append("![Confusion matrix](confusion.png)")
    if bins:
        draw_reliability(folder / "reliability.png", bins, int(figures["rows"]))
        pictures.append("![Reliability diagram](reliability.png)")
    lines = [f"# Fine-tuning of {report['encoder']['name']}", "", *_markdown(report), *pictures]
    (folder / "report.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """Of Python and of the packages that a result depends on."""
    return {"python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in _PACKAGES
    }


def commit_of(folder: Path) -> str | None:
    """The git commit of a working tree, with a "+" where files were changed; None outside."""
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return commit + ("+" if _git(folder, "status", "--porcelain", "-uno") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def draw_confusion(
    path: Path, counts: npt.NDArray[np.integer], names: Sequence[str], font: str | None = None
) -> None:
    """Draw a confusion matrix: rows are what people said, columns what the model read.

    Colours are shares of the row. Without a Korean font the names are English.

    Args:
        path: of the PNG.
        counts: [shape=(k, k)].
        names: of the k classes.
        font: None takes a Korean one where one is installed.
    """
    font = font or _korean_font()
    shown = list(names) if font else [_in_latin(name, i) for i, name in enumerate(names)]
    family = font or "DejaVu Sans"
    side = 1.6 + 0.55 * len(names)
    figure = Figure(figsize=(side + 0.6, side), dpi=150, facecolor="white", layout="constrained")
    axes: Any = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    places = range(len(names))
    axes.set_xticks(places, shown, fontfamily=family, rotation=45, ha="right")
    axes.set_yticks(places, shown, fontfamily=family)
    axes.set(xlabel="read", ylabel="gold")
    if len(names) <= _MOST_NUMBERED:
        for row, column in np.ndindex(counts.shape):
            colour = "white" if shares[row, column] > 0.6 else "black"
            style = {"ha": "center", "va": "center", "color": colour, "size": 8}
            axes.text(column, row, str(counts[row, column]), **style)
    figure.savefig(path, format="png", metadata={"Software": None})


def _in_latin(name: str, number: int) -> str:
    return ENGLISH.get(name) or (name if name.isascii() else f"label {number}")


def _korean_font() -> str | None:
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _KOREAN_FONTS if name in installed), None)


def _git(folder: Path, *arguments: str) -> str:
    # Not run in a shell, and no argument comes from outside.
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


def _markdown(report: Mapping[str, Any]) -> list[str]:
    figures: Figures = report["figures"]
    plain = {name: value for name, value in figures.items() if not isinstance(value, dict)}
    lines = ["## Validation rows", "", *_table(plain), ""]
    lines += ["| part | macro-F1 | micro-F1 |", "|---|---:|---:|"]
    parts = {"served": figures} | {k: v for k, v in figures.items() if k.endswith("alone")}
    lines += [
        f"| {name} | {part['macro-F1']:.4f} | {part['micro-F1']:.4f} |"
        for name, part in parts.items()
    ]
    lines += ["", "| label | precision | recall | F1 | rows |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {name} | {row['precision']:.3f} | {row['recall']:.3f} | {row['F1']:.3f} | "
        f"{row['support']} |"
        for name, row in figures["labels"].items()
    ]
    for title, part in report.items():
        if title != "figures":
            shown = part if isinstance(part, dict) else {title: part}
            lines += ["", f"## {title.capitalize()}", "", *_table(shown)]
    return [*lines, ""]


def _table(values: Mapping[str, Any]) -> list[str]:
    rows = [f"| {name} | {_shown(value)} |" for name, value in values.items()]
    return ["| | |", "|---|---|", *rows]


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(part)}" for name, part in value.items()) or "none"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_shown(part) for part in value) or "none"
    return "none" if value is None else str(value).replace("|", "\\|")
