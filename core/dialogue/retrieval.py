"""Finds what a message says: the intent of the authored utterances nearest to it.

Two similarities are mixed, for they err differently: the cosine of sentence embeddings, and that
of character n-grams. The nearest utterances vote for their intents (distance-weighted k-nearest
neighbours; Dudani 1976). Where no intent wins clearly but a topic does, the topic's general intent
answers; where nothing is near, none does. The numbers of `RetrievalConfig` were tuned on labelled
sentences of `tests/data/dialogue_sample.tsv`; `docs/dialogue.md` has the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.dialogue.bank import Intent, generals
from core.dialogue.bank_embeddings import Embed
from core.dialogue.embedding_index import EmbeddingIndex, Likeness, Rows
from core.dialogue.ngram_index import NgramIndex, fold
from core.models import Vector

__all__ = ["Match", "RetrievalConfig", "Retriever"]

LONGEST: Final = 200
"""Letters of a message that is looked up; a longer one says more than any utterance."""


@dataclass(frozen=True)
class RetrievalConfig:
    """What decides a search.

    Attributes:
        embedding: the share of the embedding in the similarity, 0 to 1; n-grams have the rest.
        neighbours: utterances that vote.
        sharpness: a neighbour less similar by d than the nearest has a vote of exp(-sharpness d).
        least: nothing is found where the nearest utterance is less similar than this.
        majority: the share of the votes from which an intent is taken.
        topic_majority: the share from which a topic's general intent is, where no intent has one.
        plurality: the share from which an intent is taken for want of a topic.
    """

    embedding: float = 0.4
    neighbours: int = 40
    sharpness: float = 12.0
    least: float = 0.36
    majority: float = 0.29
    topic_majority: float = 0.25
    plurality: float = 0.15


@dataclass(frozen=True)
class Match:
    """What was found.

    Attributes:
        intent: whose replies fit.
        similarity: of the nearest utterance, 0 to 1.
        nearest: that utterance.
    """

    intent: Intent
    similarity: float
    nearest: str


class Retriever:
    """Searches a bank."""

    def __init__(
        self, intents: Sequence[Intent], embed: Embed, config: RetrievalConfig | None = None
    ) -> None:
        """Embed all utterances of `intents` with `embed`, which takes seconds unless they are kept.

        Raises:
            ModelError: the model of `embed` can read none of them.
        """
        self._config = config or RetrievalConfig()
        self._intents = tuple(intents)
        texts = [
            (text, number)
            for number, intent in enumerate(intents)
            for utterances in intent.utterances.values()
            for text in utterances
        ]
        self._utterances = tuple(text for text, _ in texts)
        self._owners = np.array([number for _, number in texts], np.intp)
        self._index = NgramIndex([fold(t) for t in self._utterances], self._owners.tolist())
        self._embeddings = EmbeddingIndex(embed(self._utterances))
        topics = sorted({intent.topic for intent in intents})
        self._topics = np.array([topics.index(intent.topic) for intent in intents], np.intp)
        self._topic_names = topics
        self._generals = generals(intents)

    def find(self, text: str, embedding: Vector) -> Match | None:
        """What `text` says; None where nothing is near enough.

        Args:
            text: as it came.
            embedding: of the same text by the model that read the bank, [shape=(d,)].
        """
        folded = fold(text)
        if not folded or len(folded) > LONGEST:
            return None
        share, count = self._config.embedding, self._config.neighbours
        by_letters = (1 - share) * self._index.similarities(folded)
        voters, similarity = self._embeddings.nearest(embedding, share, by_letters, count)
        nearest = int(similarity.argmax())
        best = float(similarity[nearest])
        if best < self._config.least:
            return None
        intent = self._vote(voters, similarity - best)
        return None if intent is None else Match(intent, best, self._utterances[voters[nearest]])

    def _vote(self, voters: Rows, behind: Likeness) -> Intent | None:
        """What the nearest utterances say; `behind` is how alike they are, less the nearest."""
        config = self._config
        votes = np.exp(config.sharpness * behind)
        votes /= votes.sum()
        shares = np.bincount(self._owners[voters], votes, minlength=len(self._intents))
        winner = int(shares.argmax())
        if shares[winner] >= config.majority:
            return self._intents[winner]
        by_topic = np.bincount(self._topics, shares)
        topic = int(by_topic.argmax())
        general = self._generals.get(self._topic_names[topic])
        if general and by_topic[topic] >= config.topic_majority:
            return general
        return self._intents[winner] if shares[winner] >= config.plurality else None
