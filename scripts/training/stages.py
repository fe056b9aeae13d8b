"""The stages that make the bundled encoder; each is made, or found where it was made before."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from core.emotion.labels import COARSE, FINE
from core.emotion.mapping import sigmoid
from core.emotion.tokenizer import Tokenizer
from scripts.training.corpus import EVERYDAY, GOEMOTIONS, read_kote
from scripts.training.embeddings import company_embeddings
from scripts.training.model import PAD_ID, EncoderShape, MoodEncoder, encoder_config
from scripts.training.pairs import InTurn, MatchTask, ScoredPairTask
from scripts.training.prepare import first_rows, second_rows, vocabulary_texts
from scripts.training.pretrain import MaskedTask, PretrainRows, pretrain_config
from scripts.training.run import SavedRun
from scripts.training.sources import (
    Recipe,
    basics_beside,
    finetune_tasks,
    sentence_pairs,
    wide_rows,
)
from scripts.training.tasks import head_logits
from scripts.training.trainer import Task, train
from scripts.training.vocabulary import SIZE, train_vocabulary
from scripts.training.wide import fit_wide, wide_logits

__all__ = ["HEADS", "Build", "Stage", "TaughtRows", "averaged"]

HEADS: Final = {
    "emotions": len(FINE),
    "classes": len(COARSE),
    "goemotions": len(GOEMOTIONS),
    "rating": 1,
}
_SPELLINGS: Final = Path(__file__).with_name("spellings.tsv")
_EMBEDDING_SCALE: Final = 0.05
"""Standard deviation of the token embeddings at the start; the layer norm behind them undoes it,
but weight decay and the learning rate are made for weights of about this size."""


@dataclass(frozen=True)
class _Round:
    """How a round of pre-training is run.

    Attributes:
        weights: of the tasks beside masked language.
        rate: the peak learning rate.
        seed: of the order of the batches and of what is hidden.
    """

    weights: Mapping[str, float]
    rate: float
    seed: int


_FIRST: Final = _Round({"emotions": 4.0, "goemotions": 4.0, "rating": 1.0}, 1e-3, seed=5)
_SECOND: Final = _Round(
    {"emotions": 6.0, "goemotions": 3.0, "rating": 1.0, "classes": 0.5}, 7e-4, seed=6
)
"""The emotions weigh more in the second round: its teacher is better."""


@dataclass(frozen=True, eq=False)
class TaughtRows:
    """The rows of a round of pre-training.

    Attributes:
        key: a digest of all they depend on, their teacher included.
        rows: with the teacher's scores.
    """

    key: str
    rows: PretrainRows


@dataclass(frozen=True, eq=False)
class Stage:
    """What a stage made.

    Attributes:
        key: a digest of all it depends on.
        model: its weights.
    """

    key: str
    model: MoodEncoder


class Build:
    """The stages before export; each is made, or found where it was made before."""

    def __init__(
        self,
        data: Path,
        work: Path,
        everyday: Path = EVERYDAY,
        shape: EncoderShape = EncoderShape(),  # noqa: B008 - it is immutable
        vocabulary_size: int = SIZE,
    ) -> None:
        """Prepare to build.

        Args:
            data: the folder described in its README.
            work: where results are kept.
            everyday: the file of our own sentences.
            shape: of the encoder.
            vocabulary_size: number of pieces.
        """
        self._data, self._work, self._everyday = data, work, everyday
        self._shape, self._size = shape, vocabulary_size
        work.mkdir(parents=True, exist_ok=True)
        self._inputs = _digest(
            [
                *sorted(data.glob("*/*.*")),
                *(path for path in (everyday, basics_beside(everyday)) if path.exists()),
                _SPELLINGS,
            ]
        )
        self._tokenizer = Tokenizer(self.vocabulary(), shape.positions)

    def vocabulary(self) -> Path:
        """The SentencePiece model."""
        path = self._work / f"pieces-{self._key()}.model"
        if not path.exists():
            train_vocabulary(vocabulary_texts(self._data), path, self._size)
        return path

    def first_rows(self) -> TaughtRows:
        """Rows taught by an n-gram model of KOTE's training rows."""
        kote, _ = read_kote(self._data).split()

        def make() -> PretrainRows:
            wide = fit_wide(kote.texts, kote.labels)
            return first_rows(
                self._data, self._tokenizer, lambda texts: sigmoid(wide_logits(wide, texts))
            )

        return self._rows(self._key("first"), make)

    def second_rows(self, teacher: Stage) -> TaughtRows:
        """Rows taught by the plain average of an encoder and an n-gram model."""

        def make() -> PretrainRows:
            labelled = wide_rows(self._data, self._everyday)
            wide = fit_wide(labelled.texts, labelled.labels[:, : len(FINE)])

            def scores(texts: Sequence[str]) -> npt.NDArray[np.float32]:
                deep = head_logits(teacher.model, self._tokenizer, texts)["emotions"]
                mean = (sigmoid(deep) + sigmoid(wide_logits(wide, texts))) / 2
                return np.asarray(mean, np.float32)

            generator = np.random.default_rng(5)
            return second_rows(self._data, self._tokenizer, scores, generator)

        return self._rows(self._key("second", teacher.key), make)

    def pretrained(self, name: str, steps: int, taught: TaughtRows, start: Stage | None) -> Stage:
        """A round of pre-training; the first one starts from nothing but token embeddings."""
        how, rows = _SECOND if start else _FIRST, taught.rows
        key = self._key(name, steps, how, taught.key, start.key if start else "")
        path = self._work / f"{name}-{key}.pt"
        model = self._fresh(dropout=0.0)
        if start is None:
            _start_embeddings(model, rows)
        else:
            model.load_state_dict(start.model.state_dict())
        tasks: list[Task] = [MaskedTask(rows, how.weights)]
        if start is not None:
            tasks.append(InTurn(self._pair_tasks(rows), every=3))
        config = pretrain_config(steps, how.rate, how.seed)
        result = train(model, tasks, config, saved=SavedRun(path, key), name=f"{name} round")
        return Stage(key, result.model)

    def finetuned(self, name: str, start: Stage, recipe: Recipe, runs: int) -> Stage:
        """The average of the weights of several runs: they begin in one place and stay near it."""
        key = self._key(name, start.key, runs, recipe)
        models = []
        for seed in range(runs):
            model = self._fresh(dropout=0.1)
            model.load_state_dict(start.model.state_dict())
            generator = np.random.default_rng(seed)
            tasks = finetune_tasks(
                self._data, self._everyday, model, self._tokenizer, recipe, generator
            )
            config = replace(recipe.training, seed=seed)
            saved = SavedRun(self._work / f"{name}{seed}-{key}.pt", key)
            models.append(train(model, tasks, config, saved=saved, name=f"{name} {seed}").model)
        return averaged([Stage(key, model) for model in models])

    def _fresh(self, dropout: float) -> MoodEncoder:
        torch.manual_seed(0)
        config = encoder_config(self._tokenizer.size, self._shape, dropout)
        return MoodEncoder(config, HEADS, embedding=self._shape.width)

    def _rows(self, key: str, make: Callable[[], PretrainRows]) -> TaughtRows:
        path = self._work / f"rows-{key}.npz"
        if not path.exists():
            make().save(path)
        return TaughtRows(key, PretrainRows.load(path))

    def _pair_tasks(self, rows: PretrainRows) -> list[MatchTask | ScoredPairTask]:
        """KorSTS, translations, and two ways of writing one text."""
        tasks: list[MatchTask | ScoredPairTask] = [
            sentence_pairs(self._data, self._tokenizer, batch=48, weight=0.5)
        ]
        for name in ("translations", "variants"):
            sides = [_Rows(rows, side) for side in rows.pairs[name].T]
            tasks.append(MatchTask(sides[0], sides[1], PAD_ID, weight=0.5))
        return tasks

    def _key(self, *settings: object) -> str:
        text = repr((self._inputs, self._shape, self._size, *settings))
        return hashlib.sha256(text.encode()).hexdigest()[:10]


class _Rows(Sequence[list[int]]):
    """Chosen rows, read when they are asked for."""

    def __init__(self, rows: PretrainRows, numbers: npt.NDArray[np.int64]) -> None:
        self._rows, self._numbers = rows, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, place: Any) -> Any:
        return self._rows.row(self._numbers[place])


def _start_embeddings(model: MoodEncoder, rows: PretrainRows) -> None:
    table = model.encoder.embeddings.word_embeddings.weight
    start = company_embeddings(rows.ids, rows.offsets, *table.shape)
    table.data.copy_(torch.from_numpy(start * _EMBEDDING_SCALE))


def averaged(stages: Sequence[Stage]) -> Stage:
    """The plain average of the weights (Wortsman et al. 2022, "Model soups")."""
    states = [stage.model.state_dict() for stage in stages]
    mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    model = deepcopy(stages[0].model)
    model.load_state_dict(mean)
    return Stage(" ".join(dict.fromkeys(stage.key for stage in stages)), model)


def _digest(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
