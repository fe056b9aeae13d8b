"""The encoder and its heads, as trained: a transformers `BertModel` read out by mean pooling."""

from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from core.emotion.labels import FINE
from core.emotion.tokenizer import SPECIAL_PIECES
from scripts.training.corpus import GOEMOTIONS

__all__ = ["EncoderShape", "MoodEncoder", "encoder_config", "mean_pool"]

PAD_ID: Final = SPECIAL_PIECES.index("[PAD]")


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
    """A BERT encoder with one linear head a task on the mean of its last hidden states.

    Heads: `fine` (44 KOTE emotions), `goemotions` (28), `rating` (1, NSMC), all independent
    logits; and the masked-language head, whose decoder is the embedding matrix.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.config = config
        width = config.hidden_size
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.heads = nn.ModuleDict(
            {
                "fine": nn.Linear(width, len(FINE)),
                "goemotions": nn.Linear(width, len(GOEMOTIONS)),
                "rating": nn.Linear(width, 1),
            }
        )
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.decoder_bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Last hidden states, (batch, length) -> (batch, length, width)."""
        output: Any = self.encoder(input_ids=ids, attention_mask=mask)
        states: Tensor = output.last_hidden_state
        return states

    def logits(self, hidden: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """The heads' logits, one (batch, n_labels) a head."""
        pooled = self.dropout(mean_pool(hidden, mask))
        return {name: head(pooled).float() for name, head in self.heads.items()}

    def pieces(self, hidden: Tensor) -> Tensor:
        """Masked-language logits of chosen states, (n, width) -> (n, vocabulary)."""
        embedding = self.encoder.embeddings.word_embeddings.weight
        return nn.functional.linear(self.transform(hidden), embedding, self.decoder_bias)


def mean_pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """The mean over the real tokens, (batch, length, width) -> (batch, width)."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)  # (batch, length, 1)
    return (hidden * weights).sum(1) / weights.sum(1)
