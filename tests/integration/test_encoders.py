"""Any encoder as a start: from folders as transformers writes them, and from checkpoints."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer as HubFile
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertModel,
    ElectraConfig,
    ElectraModel,
    GPT2Config,
    GPT2Model,
    RobertaConfig,
    RobertaForMaskedLM,
)

from core.emotion.labels import COARSE, FINE
from core.emotion.tokenizer import SPECIAL_PIECES
from core.errors import ModelError
from scripts.training.encoders import load_start, with_heads
from scripts.training.tasks import padded
from tests.finetuning import write_encoder

KOBERT = Path(__file__).parents[2].parent / "shared/data/kobert_vocab"
ROBERTA = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 40,
}


def write_hub_tokenizer(folder: Path, specials: tuple[str, ...]) -> int:
    words = {
        word: i for i, word in enumerate([*specials, *"나는 너는 슬퍼 기뻐 밥 을 먹었다".split()])
    }
    model = HubFile(WordLevel(words, unk_token=specials[-2] if "<unk>" in specials else "[UNK]"))
    model.pre_tokenizer = Whitespace()
    model.save(str(folder / "tokenizer.json"))
    return len(words)


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    size = write_hub_tokenizer(tmp_path, SPECIAL_PIECES)
    torch.manual_seed(0)
    BertForMaskedLM(BertConfig(vocab_size=size, **SIZES)).save_pretrained(tmp_path)
    return tmp_path


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return write_encoder(tmp_path / "checkpoint")


def test_a_transformers_folder_gives_its_states_and_its_masked_language_head(bert: Path) -> None:
    start = load_start(str(bert))
    assert (start.tokenizer_kind, start.model.pooling, start.heads) == ("hf", "cls", {})
    assert [file.name for file in start.files] == ["tokenizer.json"]
    assert start.tokenizer.max_length == 40
    whole = BertForMaskedLM.from_pretrained(bert).eval()
    row = start.tokenizer.windows("나는 밥 을 먹었다")[0]
    ids, mask = padded([row], start.tokenizer.pad_id)
    with torch.no_grad():
        expected = whole(input_ids=ids, attention_mask=mask).logits
        found = start.model.pieces(start.model.hidden(ids, mask))
    # Its layer norm has an epsilon of its own.
    torch.testing.assert_close(found, expected, atol=2e-3, rtol=0)


def test_roberta_keeps_its_positions_and_its_masked_language_head(tmp_path: Path) -> None:
    size = write_hub_tokenizer(tmp_path, ROBERTA)
    config = RobertaConfig(vocab_size=size, pad_token_id=1, **SIZES)
    torch.manual_seed(0)
    RobertaForMaskedLM(config).save_pretrained(tmp_path)
    start = load_start(str(tmp_path), pooling="mean")
    assert start.tokenizer.max_length == 38  # two places are before the first piece
    assert start.model.pooling == "mean"
    whole = RobertaForMaskedLM.from_pretrained(tmp_path).eval()
    ids, mask = padded([start.tokenizer.windows("너는 슬퍼")[0]], start.tokenizer.pad_id)
    with torch.no_grad():
        expected = whole(input_ids=ids, attention_mask=mask).logits
        found = start.model.pieces(start.model.hidden(ids, mask))
    # Its layer norm has an epsilon of its own.
    torch.testing.assert_close(found, expected, atol=2e-3, rtol=0)


def test_electra_is_taken_without_the_head_it_was_not_published_with(tmp_path: Path) -> None:
    size = write_hub_tokenizer(tmp_path, SPECIAL_PIECES)
    config = ElectraConfig(vocab_size=size, embedding_size=16, **SIZES)
    ElectraModel(config).save_pretrained(tmp_path)
    model = with_heads(load_start(str(tmp_path)), {"classes": COARSE})
    ids, mask = padded([[2, 7, 8, 3]], 0)
    assert model.logits(model.hidden(ids, mask), mask)["classes"].shape == (1, 7)
    assert model.pieces(model.hidden(ids, mask)).shape == (1, 4, size)


@pytest.mark.skipif(not KOBERT.is_dir(), reason="KoBERT's vocabulary is not at ../shared/data")
@pytest.mark.parametrize("table", ["kobertvocab_f38b8a4d6d.json", "vocab.txt"])
def test_kobert_is_loaded_with_the_ids_of_its_own_table(table: str, tmp_path: Path) -> None:
    shutil.copy(KOBERT / "tokenizer_78b3253a26.model", tmp_path)
    pieces = json.loads((KOBERT / "kobertvocab_f38b8a4d6d.json").read_text("utf-8"))
    if table == "vocab.txt":  # as monologg/kobert has it
        (tmp_path / table).write_text("\n".join(pieces["idx_to_token"]) + "\n", "utf-8")
    else:
        shutil.copy(KOBERT / table, tmp_path)
    config = BertConfig(vocab_size=8002, pad_token_id=1, **SIZES)
    BertModel(config).save_pretrained(tmp_path)
    start = load_start(str(tmp_path))
    assert start.tokenizer_kind == "kobert"
    (row,) = start.tokenizer.windows("한국어 모델을 공유합니다.")
    assert row == [2, 4958, 6855, 2046, 7088, 1050, 7843, 54, 3]
    assert start.tokenizer.pad_id == 1
    assert {file.name for file in start.files} == {"tokenizer_78b3253a26.model", table}


def test_a_checkpoint_keeps_its_pooling_its_projection_and_its_heads(checkpoint: Path) -> None:
    start = load_start(str(checkpoint))
    assert start.model.pooling == "mean"
    assert start.heads == {"emotions": FINE, "classes": COARSE}
    assert start.digest == load_start(str(checkpoint)).digest
    again = with_heads(start, {"classes": COARSE})
    assert again.embedding is not None
    for name, value in again.state_dict().items():
        assert torch.equal(value, start.model.state_dict()[name]), name


def test_a_head_of_the_same_labels_in_another_order_begins_with_its_weights(
    checkpoint: Path,
) -> None:
    start = load_start(str(checkpoint))
    turned = with_heads(start, {"classes": COARSE[::-1]}).state_dict()
    known = start.model.state_dict()
    for part in ("weight", "bias"):
        name = f"heads.classes.{part}"
        assert torch.equal(turned[name], known[name].flip(0))
    other = with_heads(start, {"classes": COARSE[:4]}).state_dict()
    assert other["heads.classes.weight"].shape == (4, 32)
    assert not torch.equal(other["heads.classes.weight"], known["heads.classes.weight"][:4])


def test_dropout_is_set_throughout(checkpoint: Path) -> None:
    start = load_start(str(checkpoint))
    model = with_heads(start, {"classes": COARSE}, dropout=0.25)
    rates = {module.p for module in model.modules() if isinstance(module, torch.nn.Dropout)}
    assert rates == {0.25}
    assert model.config.attention_probs_dropout_prob == 0.25
    assert start.model.config.hidden_dropout_prob == 0.1


def test_a_folder_that_is_no_encoder_is_one_clear_sentence(bert: Path, tmp_path: Path) -> None:
    (bert / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"cannot be used.*tokenizer\.json"):
        load_start(str(bert))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match=r"^there is no model in .*empty: it has no config\.json$"):
        load_start(str(empty))
    (empty / "config.json").write_text('{"model_type": ')
    with pytest.raises(ModelError, match=r"cannot be used: config\.json is damaged: it stops"):
        load_start(str(empty))
    other = tmp_path / "gpt"
    GPT2Model(GPT2Config(n_layer=1, n_embd=8, n_head=1, vocab_size=50)).save_pretrained(other)
    with pytest.raises(ModelError, match="it is a gpt2, and not one of bert"):
        load_start(str(other))
    for name in ("no_such_folder", "./no/such/folder", "/no/such"):
        with pytest.raises(ModelError, match="there is no folder"):
            load_start(name)


def test_weights_that_are_missing_are_not_made_up(bert: Path) -> None:
    weights = load_file(bert / "model.safetensors")
    kept = {name: value for name, value in weights.items() if "layer.1.attention" not in name}
    save_file(kept, bert / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"its weights lack bert\.encoder\.layer\.1\.attention"):
        load_start(str(bert))


def test_a_tokenizer_of_more_pieces_than_embeddings_is_refused(bert: Path) -> None:
    BertModel(BertConfig(vocab_size=8, **SIZES)).save_pretrained(bert)
    with pytest.raises(ModelError, match="12 pieces, its embeddings are of 8"):
        load_start(str(bert))
