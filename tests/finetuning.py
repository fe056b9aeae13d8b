"""A tiny encoder and tiny labelled files, to fine-tune in seconds."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import torch

from core.emotion.labels import COARSE, FINE
from scripts.training.checkpoint import save_checkpoint
from scripts.training.model import EncoderShape, MoodEncoder, encoder_config
from scripts.training.vocabulary import train_vocabulary

SHAPE = EncoderShape(layers=2, width=32, heads=2, positions=32)

WHO = "나는 너는 우리는 엄마는 친구는 동생은".split()
WHEN = "아침에 저녁에 학교에서 집에서 회사에서 길에서 계속".split()
FEELINGS = {
    "행복": "기뻐서웃었어",
    "슬픔": "슬퍼서울었어",
    "분노": "화나서소리쳤어",
    "공포": "무서워서떨었어",
    "혐오": "더러워서토했어",
    "놀람": "놀라서멈췄어",
    "중립": "밥먹었어",
}
_PIECES = 59


def sentences(label: str) -> list[str]:
    """What people of one class say."""
    return [f"{who} {when} {FEELINGS[label]}" for who, when in product(WHO, WHEN)]


def write_classes(path: Path, labels: Sequence[str] = COARSE) -> Path:
    """A file with `text` and `label`."""
    rows = [f"{text}\t{label}" for label in labels for text in sentences(label)]
    path.write_text("text\tlabel\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def write_emotions(path: Path) -> Path:
    """A file with `text` and `labels`: names of the 44, two a row, 30 of them nowhere."""
    rows = [
        f"{text}\t{FINE[6 * place]},{FINE[6 * place + 1]}"
        for place, label in enumerate(COARSE)
        for text in sentences(label)
    ]
    path.write_text("text\tlabels\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def write_encoder(folder: Path) -> Path:
    """A checkpoint with random weights, as a bundled model has it; returns `folder`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    pieces = folder.parent / "pieces.model"
    train_vocabulary([text for label in COARSE for text in sentences(label)], pieces, size=_PIECES)
    torch.manual_seed(0)
    labels = {"emotions": FINE, "classes": COARSE}
    heads = {name: len(names) for name, names in labels.items()}
    model = MoodEncoder(encoder_config(_PIECES, SHAPE), heads, embedding=16)
    save_checkpoint(folder, model, [pieces], "pieces", SHAPE.positions, labels)
    return folder
