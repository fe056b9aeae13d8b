"""Trains the bundled emotion model: vocabulary, pre-training, fine-tuning, export.

    python -m scripts.train_emotion --data ../shared/data --out data/models/emotion

Every stage leaves its result in `--work` (build/emotion) and is skipped when that is there
already; pre-training goes on from its last checkpoint. On two cores pre-training takes an hour or
more, the rest ten minutes. The figures in the model card are what `scripts.evaluate_emotion`
prints.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from scripts.requires import require_all

require_all()  # before the imports that need them

import numpy as np
import torch

from core.emotion.classifier import OnnxClassifier
from core.emotion.labels import COARSE, FINE
from core.emotion.mapping import Scale, sigmoid
from core.emotion.tokenizer import Tokenizer
from scripts.training.corpus import read_kote
from scripts.training.embeddings import company_embeddings
from scripts.training.export import Tuning, quantised, write_bundle, write_config
from scripts.training.finetune import FinetuneConfig, finetune
from scripts.training.model import EncoderShape, MoodEncoder, encoder_config
from scripts.training.prepare import pretrain_rows, vocabulary_texts
from scripts.training.pretrain import PretrainConfig, PretrainRows, pretrain
from scripts.training.sources import everyday_split, finetune_sources, wide_rows
from scripts.training.tune import Parts, tune
from scripts.training.vocabulary import train_vocabulary
from scripts.training.wide import fit_wide, wide_logits

_EMBEDDING_SCALE = 0.05
"""Standard deviation of the token embeddings at the start; the layer norm behind them undoes it,
but weight decay and the learning rate are made for weights of about this size."""


def main() -> None:
    """Run the stages that are still to be run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("build/emotion"))
    parser.add_argument("--out", type=Path, default=Path("data/models/emotion"))
    parser.add_argument("--steps", type=int, default=8_000, help="of pre-training")
    arguments = parser.parse_args()
    data, work = arguments.data, arguments.work
    work.mkdir(parents=True, exist_ok=True)

    if not (work / "pieces.model").exists():
        train_vocabulary(vocabulary_texts(data), work / "pieces.model")
    tokenizer = Tokenizer(work / "pieces.model", EncoderShape().positions)
    pretrained = _pretrained(data, work, tokenizer, arguments.steps)
    model = finetune(pretrained, tokenizer, finetune_sources(data), FinetuneConfig())
    torch.save(model.state_dict(), work / "finetuned.pt")
    labelled = wide_rows(data)
    wide = fit_wide(labelled.texts, labelled.labels)

    # Tuned on what is served: the int8 encoder, over all windows of a text.
    ones, zeros = np.ones(len(FINE), np.float32), np.zeros(len(COARSE), np.float32)
    untuned = Tuning(0.0, Scale(ones, neutral=1.0, sharpness=1.0, bias=zeros))
    write_bundle(arguments.out, model, work / "pieces.model", wide, untuned)
    served = OnnxClassifier.load(arguments.out)

    def parts(texts: Sequence[str]) -> Parts:
        deep, neutral = served.fine_scores(texts)
        return Parts(deep, sigmoid(wide_logits(quantised(wide), texts)), neutral)

    _, kote = read_kote(data).split()
    _, (everyday, classes) = everyday_split()
    tuning = tune(parts(kote.texts), kote.labels, parts(everyday.texts), classes)
    write_config(arguments.out, EncoderShape().positions, tuning)
    print(f"wrote {arguments.out}: n-gram share {tuning.wide_share:.2f}")


def _pretrained(data: Path, work: Path, tokenizer: Tokenizer, steps: int) -> MoodEncoder:
    rows = _rows(data, work / "rows.npz", tokenizer)
    torch.manual_seed(0)
    # A pass and a half over millions of texts leaves nothing to overfit to.
    model = MoodEncoder(encoder_config(tokenizer.size, EncoderShape(), dropout=0.0))
    checkpoint = work / "pretrained.pt"
    if not checkpoint.exists():
        start = company_embeddings(rows.ids, rows.offsets, tokenizer.size, EncoderShape().width)
        table = model.encoder.embeddings.word_embeddings.weight
        table.data.copy_(torch.from_numpy(start * _EMBEDDING_SCALE))
    pretrain(model, rows, PretrainConfig(steps=steps), checkpoint)
    ready = MoodEncoder(encoder_config(tokenizer.size, EncoderShape()))
    ready.load_state_dict(model.state_dict())
    return ready


def _rows(data: Path, path: Path, tokenizer: Tokenizer) -> PretrainRows:
    if not path.exists():
        kote, _ = read_kote(data).split()
        rows = pretrain_rows(data, tokenizer, teacher=fit_wide(kote.texts, kote.labels))
        part = path.with_suffix(".part.npz")
        np.savez(part, allow_pickle=False, ids=rows.ids, offsets=rows.offsets, **rows.targets)
        part.replace(path)
    with np.load(path) as saved:
        targets = {name: saved[name] for name in ("fine", "goemotions", "rating")}
        return PretrainRows(saved["ids"], saved["offsets"], targets)


if __name__ == "__main__":
    main()
