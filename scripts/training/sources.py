"""What the bundled model is fine-tuned on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.emotion.labels import COARSE, FINE_TO_COARSE
from core.emotion.mapping import sigmoid
from core.emotion.normalise import normalise
from core.emotion.tokenizer import TextTokenizer
from scripts.training.corpus import (
    EVERYDAY,
    LabelledTexts,
    goemotion_classes,
    is_validation,
    read_everyday,
    read_goemotions,
    read_kote,
    read_sentence_pairs,
)
from scripts.training.model import MoodEncoder
from scripts.training.pairs import ScoredPairTask
from scripts.training.run import TrainConfig
from scripts.training.tasks import LabelTask, head_logits
from scripts.training.trainer import Task
from scripts.training.tune import gold_classes
from scripts.training.variants import MIXED, vary

__all__ = [
    "Recipe",
    "basics_beside",
    "everyday_split",
    "finetune_tasks",
    "sentence_pairs",
    "wide_rows",
]

_VARIED: Final = 0.3
"""Share of the copies that are written otherwise."""

Array = npt.NDArray[np.float32]
_Everyday = tuple[LabelledTexts, npt.NDArray[np.intp]]


@dataclass(frozen=True)
class Recipe:
    """How a model is fine-tuned.

    Attributes:
        copies: how often each labelled text is seen, each time perhaps written otherwise.
        learning_rate: the peak.
        gold: share of people's labels in the targets of KOTE's emotions, 0 to 1; the rest is what
            the model scored before. Pre-training has taught it these emotions from far more text
            than KOTE's rows, which it would rather memorise.
        everyday: weight of the emotions of our own sentences, whose annotator named fewer a text
            than KOTE's; their classes weigh 1.
    """

    copies: int = 3
    learning_rate: float = 2e-4
    gold: float = 1.0
    everyday: float = 1.0

    @property
    def training(self) -> TrainConfig:
        """Of the loop: one epoch over the copies."""
        return TrainConfig(epochs=1, learning_rate=self.learning_rate)


def everyday_split(path: Path = EVERYDAY) -> tuple[_Everyday, _Everyday]:
    """Our everyday sentences with their classes: training and validation rows.

    The basics beside them ("속상해", "진짜 화나요") are put together of words and endings, so that
    each is much like another: they are for training only.
    """
    rows, classes = read_everyday(path)
    held = np.array([is_validation(text) for text in rows.texts])
    validation = (rows.where(held), classes[held])
    rows, classes = rows.where(~held), classes[~held]
    if (basics := basics_beside(path)).exists():
        more, of_more = read_everyday(basics)
        known = set(validation[0].texts)
        new = np.array([text not in known for text in more.texts])
        more, of_more = more.where(new), of_more[new]
        labels = np.concatenate([rows.labels, more.labels])
        rows = LabelledTexts([*rows.texts, *more.texts], labels)
        classes = np.concatenate([classes, of_more])
    return (rows, classes), validation


def basics_beside(everyday: Path) -> Path:
    """The file of the basics; it may be missing."""
    return everyday.with_name("basics.tsv")


def finetune_tasks(
    data: Path,
    everyday: Path,
    model: MoodEncoder,
    tokenizer: TextTokenizer,
    recipe: Recipe,
    generator: np.random.Generator,
) -> list[Task]:
    """KOTE's training rows, our everyday ones, GoEmotions, and KorSTS for the embedding.

    People talk to a friend otherwise than to a forum: hence our own sentences, as many a step as
    of KOTE. GoEmotions, in both languages, keeps up what "no emotion" looks like.

    Args:
        data: the folder described in its README.
        everyday: the file of our own sentences.
        model: as it is before.
        tokenizer: of the encoder.
        recipe: how.
        generator: of the ways of writing.
    """
    kote, _ = read_kote(data).split()
    (own, classes), _ = everyday_split(everyday)
    posts = [read_goemotions(data, column=column) for column in ("text", "text_en")]
    goemotions = LabelledTexts(
        [*posts[0].texts, *posts[1].texts], np.concatenate([rows.labels for rows in posts])
    )
    emotions = kote.labels
    if recipe.gold < 1:
        before = sigmoid(head_logits(model, tokenizer, kote.texts)["emotions"])
        emotions = recipe.gold * emotions + (1 - recipe.gold) * before
    one_hot = np.eye(len(COARSE), dtype=np.float32)[classes]
    shares = kote.labels @ FINE_TO_COARSE
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    of_posts = {"goemotions": goemotions.labels, "classes": goemotion_classes(goemotions.labels)}
    labelled = [
        # The classes of these two follow from other labels, so they count less than those that
        # were chosen as such.
        (kote, {"emotions": emotions, "classes": shares}, {"classes": 0.3}),
        (own, {"emotions": own.labels, "classes": one_hot}, {"emotions": recipe.everyday}),
        (goemotions, of_posts, {"goemotions": 0.5, "classes": 0.3}),
    ]
    tasks: list[Task] = []
    for rows, targets, weights in labelled:
        texts = _written_otherwise(rows.texts * recipe.copies, generator)
        tasks.append(
            LabelTask(
                [tokenizer.windows(text)[0] for text in texts],
                {name: np.tile(values, (recipe.copies, 1)) for name, values in targets.items()},
                tokenizer.pad_id,
                exclusive=frozenset({"classes"}),
                head_weights=weights,
            )
        )
    return [*tasks, sentence_pairs(data, tokenizer, batch=32, weight=0.125)]


def sentence_pairs(
    data: Path, tokenizer: TextTokenizer, batch: int, weight: float
) -> ScoredPairTask:
    """KorSTS's training pairs."""
    left, right, scores = read_sentence_pairs(data, "train")
    rows = [[tokenizer.windows(text)[0] for text in side] for side in (left, right)]
    return ScoredPairTask(rows[0], rows[1], scores, tokenizer.pad_id, batch, weight)


def wide_rows(data: Path, everyday: Path = EVERYDAY) -> LabelledTexts:
    """What the n-gram part is fitted on: KOTE's and our training rows.

    The labels are the 44 emotions and the seven classes, [shape=(n, 51)]. What our annotator left
    open counts as 0; a KOTE row has the class that most of its labels speak for.
    """
    kote, _ = read_kote(data).split()
    (own, classes), _ = everyday_split(everyday)
    one_hot = np.eye(len(COARSE), dtype=np.float32)
    of_kote, clear = gold_classes(kote.labels)
    rows = kote.where(clear)
    labels = np.concatenate(
        [
            np.hstack([rows.labels, one_hot[of_kote]]),
            np.hstack([np.nan_to_num(own.labels), one_hot[classes]]),
        ]
    )
    return LabelledTexts([*rows.texts, *own.texts], labels)


def _written_otherwise(texts: Sequence[str], generator: np.random.Generator) -> list[str]:
    """The texts, some of them as another person might write them."""
    varied = generator.random(len(texts)) < _VARIED
    return [
        (normalise(vary(text, MIXED, generator)) or text) if chosen else text
        for text, chosen in zip(texts, varied, strict=True)
    ]
