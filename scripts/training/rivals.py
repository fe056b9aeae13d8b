"""The models that an encoder is compared with, each in the form it is usually built in.

All see the same normalised texts, learn from a fold's training rows, and give one probability a
label: independent ones where several labels may hold, else a distribution.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, Protocol

import joblib  # type: ignore[import-untyped]
import lightgbm
import numpy as np
import numpy.typing as npt
import torch
from kiwipiepy import Kiwi  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from torch import Tensor, nn
from transformers import BertConfig

from core.emotion.tokenizer import TextTokenizer
from scripts.training.choice import to_probabilities
from scripts.training.datasets import Dataset
from scripts.training.model import MoodEncoder
from scripts.training.run import TrainConfig
from scripts.training.tasks import LabelTask, head_logits
from scripts.training.tfidf import label_regressions, tfidf_features
from scripts.training.trainer import train

__all__ = ["FittedModel", "GruEncoder", "Rival", "fit_gru", "fit_lightgbm", "fit_tfidf"]

Array = npt.NDArray[np.float32]

_GRU_WIDTH: Final = 128  # of each direction, and of the embeddings
_GRU_TRAINING: Final = TrainConfig(epochs=8, learning_rate=2e-3, weight_decay=0.01)


class FittedModel(Protocol):
    """A model that has learnt."""

    @property
    def megabytes(self) -> float | None:
        """What it takes on disk, in 10^6 bytes; None where it is not a file of its own."""

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Of each label, [shape=(len(texts), n_labels)], 0 to 1."""


Rival = Callable[[Dataset, int], FittedModel]
"""Fits a model to training rows, with a seed."""


@dataclass(frozen=True, eq=False)
class _OnFeatures:
    """A scikit-learn classifier over the features of a vectoriser.

    Attributes:
        columns: the labels it was fitted to; any other was never seen to differ, and gets 0.
        labels: how many there are in all.
    """

    vectorizer: TfidfVectorizer
    classifier: Any
    columns: npt.NDArray[np.intp]
    labels: int

    @property
    def megabytes(self) -> float:
        """Of the vocabulary with its weights, and of the classifier as joblib writes it."""
        file = io.BytesIO()
        joblib.dump((self.vectorizer.vocabulary_, self.vectorizer.idf_, self.classifier), file)
        return file.tell() / 1e6

    def probabilities(self, texts: Sequence[str]) -> Array:
        """See `FittedModel`."""
        result = np.zeros((len(texts), self.labels), np.float32)
        features = self.vectorizer.transform(texts).astype(np.float32)
        result[:, self.columns] = self.classifier.predict_proba(features)
        return result


def fit_tfidf(rows: Dataset, seed: int) -> FittedModel:
    """Character TF-IDF and a logistic regression a label; see `tfidf`."""
    return _fit_on_features(rows, tfidf_features(), label_regressions(seed))


def fit_lightgbm(rows: Dataset, seed: int) -> FittedModel:
    """LightGBM over the TF-IDF of kiwipiepy's morphemes.

    Few leaves, few trees and at most 5,000 features: 44 labels of some thousand rows are fitted in
    a minute.
    """
    vectorizer = TfidfVectorizer(
        analyzer=_morphemes, min_df=3, max_features=5_000, sublinear_tf=True, dtype=np.float32
    )
    classifier = lightgbm.LGBMClassifier(
        n_estimators=60 if rows.several else 150,
        num_leaves=15,
        learning_rate=0.1,
        min_child_samples=10,
        random_state=seed,
        deterministic=True,
        n_jobs=torch.get_num_threads(),
        verbosity=-1,
    )
    return _fit_on_features(
        rows, vectorizer, OneVsRestClassifier(classifier) if rows.several else classifier
    )


def fit_gru(tokenizer: TextTokenizer, rows: Dataset, seed: int) -> FittedModel:
    """A bidirectional GRU over pieces, its embeddings learnt from the rows alone."""
    head = "emotions" if rows.several else "classes"
    config = BertConfig(
        vocab_size=tokenizer.size,
        hidden_size=2 * _GRU_WIDTH,
        num_attention_heads=1,
        hidden_dropout_prob=0.3,
        pad_token_id=tokenizer.pad_id,
    )
    torch.manual_seed(seed)
    start = MoodEncoder(config, {head: len(rows.names)}, encoder=GruEncoder(tokenizer.size))
    task = LabelTask(
        [tokenizer.windows(text)[0] for text in rows.texts],
        {head: rows.labels},
        tokenizer.pad_id,
        exclusive=frozenset({"classes"}),
    )
    return _TorchModel(train(start, [task], _GRU_TRAINING, name="GRU").model, head, tokenizer)


class GruEncoder(nn.Module):
    """A bidirectional GRU in the place of a transformer; see `MoodEncoder`."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embeddings = nn.Embedding(vocabulary, _GRU_WIDTH)
        self.dropout = nn.Dropout(0.3)
        self.gru = nn.GRU(_GRU_WIDTH, _GRU_WIDTH, batch_first=True, bidirectional=True)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SimpleNamespace:
        """The states of each piece, (batch, length) -> (batch, length, 2 x 128)."""
        packed = nn.utils.rnn.pack_padded_sequence(
            self.dropout(self.embeddings(input_ids)),
            attention_mask.sum(1).cpu(),
            batch_first=True,
            enforce_sorted=False,
        )
        states, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        return SimpleNamespace(last_hidden_state=states)


@dataclass(frozen=True, eq=False)
class _TorchModel:
    model: MoodEncoder
    head: str
    tokenizer: TextTokenizer

    @property
    def megabytes(self) -> float:
        """Of the weights in fp32."""
        used: Mapping[str, Tensor] = self.model.state_dict()
        skipped = ("transform.", "decoder_bias")  # there is no masked language here
        return sum(4e-6 * v.numel() for k, v in used.items() if not k.startswith(skipped))

    def probabilities(self, texts: Sequence[str]) -> Array:
        """See `FittedModel`."""
        logits = head_logits(self.model, self.tokenizer, texts)[self.head]
        return to_probabilities(logits, several=self.head == "emotions")


def _fit_on_features(rows: Dataset, vectorizer: TfidfVectorizer, classifier: Any) -> _OnFeatures:
    features = vectorizer.fit_transform(rows.texts)
    columns = np.flatnonzero(rows.labels.any(axis=0) & ~rows.labels.all(axis=0))
    if rows.several:
        classifier.fit(features, rows.labels[:, columns].astype(np.int64))
    else:
        classifier.fit(features, rows.labels.argmax(axis=1))
    return _OnFeatures(vectorizer, classifier, columns, len(rows.names))


@cache
def _kiwi() -> Kiwi:
    return Kiwi(num_workers=1)


def _morphemes(text: str) -> list[str]:
    return [f"{token.form}/{token.tag}" for token in _kiwi().tokenize(text)]
