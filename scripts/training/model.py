"""An encoder and its heads, as trained: any BERT-like transformers model with linear heads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from transformers import AutoModel, BertConfig, PreTrainedConfig, PreTrainedModel

from core.emotion.labels import FINE
from core.emotion.tokenizer import SPECIAL_PIECES
from scripts.training.corpus import GOEMOTIONS
from scripts.training.hardware import best_attention, best_device

__all__ = [
    "PAD_ID",
    "POOLINGS",
    "PRETRAINING_HEADS",
    "EncoderShape",
    "MoodEncoder",
    "encoder_config",
    "mean_pool",
    "position_offset",
    "without_pooler",
]

PAD_ID: Final = SPECIAL_PIECES.index("[PAD]")
"""Of the bundled vocabulary; other encoders have `config.pad_token_id`."""

POOLINGS: Final = ("mean", "cls")

PRETRAINING_HEADS: Final[Mapping[str, int]] = {
    "fine": len(FINE),
    "goemotions": len(GOEMOTIONS),
    "rating": 1,
}
"""The tasks of the bundled encoder's pre-training: the 44 KOTE emotions, the 28 GoEmotions labels
and the rating of a film review."""


@dataclass(frozen=True)
class EncoderShape:
    """The size of the bundled encoder.

    Attributes:
        layers, width, heads: 4 x 256 reads a message in half a millisecond on one core and is as
            large as an hour of pre-training on two cores can fill.
        positions: the longest row of ids; 95 of 100 comments fit, the others are read in windows.
    """

    layers: int = 4
    width: int = 256
    heads: int = 4
    positions: int = 128


def encoder_config(vocabulary: int, shape: EncoderShape, dropout: float = 0.1) -> BertConfig:
    """The transformers configuration of a bundled encoder."""
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=4 * shape.width,
        max_position_embeddings=shape.positions,
        type_vocab_size=1,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        pad_token_id=PAD_ID,
    )


class MoodEncoder(nn.Module):
    """An encoder with linear heads on one vector a text.

    Beside the heads there may be a projection to the sentence embedding, and there is the
    masked-language head, whose decoder is the matrix of token embeddings.

    Attributes:
        encoder: a transformers `BertModel`, `RobertaModel` or `ElectraModel` without its pooler.
        heads: name -> linear layer.
        embedding: the projection, without bias; None where the pooled vector itself is embedded.
        pooling: "mean" over the real tokens, or "cls", the state of the first one.
    """

    def __init__(
        self,
        config: PreTrainedConfig,
        heads: Mapping[str, int] = PRETRAINING_HEADS,
        pooling: str = "mean",
        embedding: int | None = None,
        encoder: nn.Module | None = None,
    ) -> None:
        """Build the model with random weights.

        Args:
            config: of the encoder; its `model_type` is "bert", "roberta" or "electra".
            heads: name -> number of labels.
            pooling: "mean" or "cls".
            embedding: width of the sentence embedding's projection; None for no projection. A
                square one starts as the identity.
            encoder: taken as it is instead of a random one; built from `config`.

        Raises:
            ValueError: there is no such pooling.
        """
        super().__init__()
        if pooling not in POOLINGS:
            raise ValueError(f"the pooling is {pooling!r}, not one of {', '.join(POOLINGS)}")
        self.config = config
        self.pooling = pooling
        width: int = config.hidden_size
        built: Any = encoder or AutoModel.from_config(
            config, dtype=torch.float32, **without_pooler(config)
        )
        if isinstance(built, PreTrainedModel):
            built.set_attn_implementation(best_attention(best_device()))
        self.encoder: Any = built
        self.heads = nn.ModuleDict({name: nn.Linear(width, n) for name, n in heads.items()})
        self.embedding = None if embedding is None else nn.Linear(width, embedding, bias=False)
        if self.embedding is not None and embedding == width:
            nn.init.eye_(self.embedding.weight)
        # ELECTRA's token embeddings may be narrower than its states.
        narrow: int = getattr(config, "embedding_size", width)
        self.transform = nn.Sequential(nn.Linear(width, narrow), nn.GELU(), nn.LayerNorm(narrow))
        self.decoder_bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Last hidden states, (batch, length) -> (batch, length, width)."""
        output: Any = self.encoder(input_ids=ids, attention_mask=mask)
        states: Tensor = output.last_hidden_state
        return states

    def pool(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """One vector a text, (batch, length, width) -> (batch, width)."""
        return hidden[:, 0] if self.pooling == "cls" else mean_pool(hidden, mask)

    def logits(self, hidden: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """The heads' logits, one (batch, n_labels) a head."""
        pooled = self.dropout(self.pool(hidden, mask))
        return {name: head(pooled).float() for name, head in self.heads.items()}

    def embed(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Sentence embeddings of unit length, (batch, length, width) -> (batch, d)."""
        pooled = self.pool(hidden, mask)
        if self.embedding is not None:
            pooled = self.embedding(pooled)
        return nn.functional.normalize(pooled.float(), dim=-1)

    def pieces(self, hidden: Tensor) -> Tensor:
        """Masked-language logits of chosen states, (n, width) -> (n, vocabulary)."""
        embedding = self.encoder.embeddings.word_embeddings.weight
        return nn.functional.linear(self.transform(hidden), embedding, self.decoder_bias)


def mean_pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """The mean over the real tokens, (batch, length, width) -> (batch, width)."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)  # (batch, length, 1)
    return (hidden * weights).sum(1) / weights.sum(1)


def without_pooler(config: PreTrainedConfig) -> dict[str, bool]:
    """Keyword arguments that leave out the pooler, where the model has one (ELECTRA has none)."""
    return {} if config.model_type == "electra" else {"add_pooling_layer": False}


def position_offset(config: PreTrainedConfig) -> int:
    """The row of the position table that belongs to a text's first token."""
    if config.model_type != "roberta":
        return 0
    padding: int = config.pad_token_id
    return padding + 1
