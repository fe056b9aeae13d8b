"""The tokenizers: windows cover a text whole, and ids are those of the vocabulary."""

import json
from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.normalise import normalise
from core.emotion.tokenizer import (
    SPECIAL_PIECES,
    HubTokenizer,
    KoBertTokenizer,
    Tokenizer,
    detect_tokenizer,
    load_tokenizer,
    tokenizer_files,
)

ROOT = Path(__file__).parents[2]
PIECES = ROOT / "data/models/emotion/pieces.model"
KOBERT = ROOT.parent / "shared/data/kobert_vocab"
MODEL = sentencepiece.SentencePieceProcessor(model_file=str(PIECES))
WINDOW = 10
TOKENIZER = Tokenizer(PIECES, WINDOW)
CLS, SEP = SPECIAL_PIECES.index("[CLS]"), SPECIAL_PIECES.index("[SEP]")

texts = st.text(st.sampled_from("가나다슬퍼행복해 .!abㅋㅠ1"), max_size=200).map(normalise)


@given(texts)
def test_the_windows_together_are_the_text(text: str) -> None:
    inner = [piece for row in TOKENIZER.windows(text) for piece in row[1:-1]]
    assert inner == MODEL.encode(text)


@given(texts)
def test_windows_are_bounded_and_of_like_length(text: str) -> None:
    rows = TOKENIZER.windows(text)
    lengths = [len(row) for row in rows]
    assert max(lengths) <= WINDOW
    assert max(lengths) - min(lengths) <= 1
    assert len(rows) == max(1, -(-(sum(lengths) - 2 * len(rows)) // (WINDOW - 2)))
    assert all((row[0], row[-1]) == (CLS, SEP) for row in rows)


def test_an_empty_text_is_one_empty_window() -> None:
    assert TOKENIZER.windows("") == [[CLS, SEP]]


def test_special_pieces_cannot_be_typed() -> None:
    (row,) = Tokenizer(PIECES, 128).windows("[mask] [CLS] [PAD]")
    assert not set(row[1:-1]) & {0, CLS, SEP, SPECIAL_PIECES.index("[MASK]")}


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pieces.model").write_bytes(b"no model")
    with pytest.raises(RuntimeError):
        Tokenizer(tmp_path / "pieces.model", 128)


def test_the_special_pieces_have_their_ids() -> None:
    ids = [getattr(TOKENIZER, f"{name}_id") for name in ("pad", "unk", "cls", "sep", "mask")]
    assert ids == list(range(len(SPECIAL_PIECES)))
    assert TOKENIZER.size == MODEL.get_piece_size()


@pytest.mark.parametrize("length", [0, 2])
def test_windows_without_room_for_text_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="hold no text"):
        Tokenizer(PIECES, length)


real_kobert = pytest.mark.skipif(
    not KOBERT.exists(), reason="KoBERT's vocabulary is not beside the repository"
)


@real_kobert
def test_kobert_ids_are_those_of_its_table() -> None:
    tokenizer = KoBertTokenizer(KOBERT, 128)
    (row,) = tokenizer.windows(normalise("한국어 모델을 공유합니다."))
    assert row == [2, 4958, 6855, 2046, 7088, 1050, 7843, 54, 3]
    assert (tokenizer.unk_id, tokenizer.pad_id, tokenizer.mask_id) == (0, 1, 4)
    assert tokenizer.size == 8002


@real_kobert
def test_kobert_knows_laughter_by_another_code_point_and_has_no_tears() -> None:
    tokenizer = KoBertTokenizer(KOBERT, 128)
    assert tokenizer.unk_id not in tokenizer.pieces("ㅋㅋ")
    assert tokenizer.unk_id in tokenizer.pieces("ㅠㅠ")


@real_kobert
def test_special_pieces_of_kobert_cannot_be_typed() -> None:
    ids = KoBertTokenizer(KOBERT, 128).pieces("[CLS] [SEP] [PAD] [MASK]")
    assert not set(ids) & {1, 2, 3, 4}


def write_kobert(folder: Path, specials: str = "[UNK] [PAD] [CLS] [SEP] [MASK]") -> list[str]:
    """A vocabulary of a few letters as KoBERT has it: <unk> <s> </s> and pieces in one file, and
    the pieces in another order in the other; returns that order."""
    letters = [f"▁{letter}" for letter in "가나다라마바사"] + list("가나다라마바사")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["가 나 다 라 마 바 사", "가나다라마바사"] * 20),
        model_prefix=str(folder / "tokenizer_78b3253a26"),
        vocab_size=30,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    table = [*specials.split(), *sorted(letters), "▁"]
    (folder / "vocab.txt").write_text("\n".join(table) + "\n", "utf-8")
    return table


def test_a_kobert_table_of_one_piece_a_line_gives_the_ids(tmp_path: Path) -> None:
    table = write_kobert(tmp_path)
    tokenizer = KoBertTokenizer(tmp_path, 16)
    model = sentencepiece.SentencePieceProcessor(
        model_file=str(tmp_path / "tokenizer_78b3253a26.model")
    )
    text = "가나 다 라마바 힣 사"
    expected = [table.index(p) if p in table else 0 for p in model.encode(text, out_type=str)]
    assert tokenizer.windows(text) == [[2, *expected, 3]]
    assert 0 in expected
    assert expected != model.encode(text)


def test_the_json_table_gives_the_same_ids(tmp_path: Path) -> None:
    table = write_kobert(tmp_path)
    ids = {piece: i for i, piece in enumerate(table)}
    before = KoBertTokenizer(tmp_path, 16).pieces("가나 다 라마바")
    (tmp_path / "vocab.txt").unlink()
    (tmp_path / "kobertvocab_f38b8a4d6d.json").write_text(
        json.dumps({"idx_to_token": table, "token_to_idx": ids}), "utf-8"
    )
    assert KoBertTokenizer(tmp_path, 16).pieces("가나 다 라마바") == before
    assert detect_tokenizer(tmp_path) == "kobert"


def test_a_kobert_model_whose_own_ids_are_kobert_ids_needs_no_table(tmp_path: Path) -> None:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["가 나 다 라 마 바 사", "가나다라마바사"] * 20),
        model_prefix=str(tmp_path / "spiece"),
        vocab_size=30,
        hard_vocab_limit=False,
        unk_id=0,
        pad_id=1,
        bos_id=2,
        eos_id=3,
        unk_piece="[UNK]",
        pad_piece="[PAD]",
        bos_piece="[CLS]",
        eos_piece="[SEP]",
        control_symbols=["[MASK]"],
        minloglevel=2,
    )
    (tmp_path / "spiece.vocab").unlink()
    model = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "spiece.model"))
    assert tokenizer_files(tmp_path, "kobert") == ["spiece.model"]
    assert detect_tokenizer(tmp_path) == "kobert"
    tokenizer = load_tokenizer(tmp_path, "kobert", 16)
    assert tokenizer.windows("가나다 라") == [[2, *model.encode("가나다 라"), 3]]
    assert tokenizer.mask_id == 4


def test_a_table_that_is_not_kobert_s_is_refused(tmp_path: Path) -> None:
    write_kobert(tmp_path, specials="[PAD] [UNK] [CLS] [SEP] [MASK]")
    with pytest.raises(ValueError, match="no KoBERT vocabulary"):
        KoBertTokenizer(tmp_path, 16)


def test_a_damaged_table_is_refused(tmp_path: Path) -> None:
    write_kobert(tmp_path)
    (tmp_path / "kobertvocab_x.json").write_text('["no", "table"]', "utf-8")
    with pytest.raises(ValueError, match="no table of ids"):
        KoBertTokenizer(tmp_path, 16)


def write_hub(folder: Path, specials: tuple[str, ...]) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    pieces = [*specials, "슬", "##퍼", "행", "##복", "해"]
    model = tokenizers.models.WordPiece(
        {piece: i for i, piece in enumerate(pieces)}, unk_token=specials[1]
    )
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(3)
    tokenizer.enable_padding(length=8)
    tokenizer.save(str(folder / "tokenizer.json"))


@pytest.mark.parametrize(
    "specials",
    [SPECIAL_PIECES, ("<pad>", "<unk>", "<s>", "</s>", "<mask>")],
    ids=["bert", "roberta"],
)
def test_a_tokenizer_json_is_read_whole_without_its_own_truncation_and_padding(
    tmp_path: Path, specials: tuple[str, ...]
) -> None:
    write_hub(tmp_path, specials)
    assert detect_tokenizer(tmp_path) == "hf"
    tokenizer = load_tokenizer(tmp_path, "hf", 6)
    assert isinstance(tokenizer, HubTokenizer)
    assert tokenizer.windows("슬퍼") == [[2, 5, 6, 3]]
    assert tokenizer.windows("슬퍼 행복 해 해") == [[2, 5, 6, 7, 3], [2, 8, 9, 9, 3]]
    assert tokenizer.size == 10


def test_a_tokenizer_json_without_special_pieces_is_refused(tmp_path: Path) -> None:
    write_hub(tmp_path, ("<a>", "<b>", "<c>", "<d>", "<e>"))
    with pytest.raises(ValueError, match="special pieces"):
        load_tokenizer(tmp_path, "hf", 16)


def test_a_damaged_tokenizer_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(ValueError, match="damaged"):
        load_tokenizer(tmp_path, "hf", 16)


@pytest.mark.parametrize("kind", ["pieces", "kobert", "hf"])
def test_a_folder_without_the_files_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(FileNotFoundError):
        load_tokenizer(tmp_path, kind, 16)
    with pytest.raises(FileNotFoundError):
        tokenizer_files(tmp_path, kind)
    with pytest.raises(FileNotFoundError):
        detect_tokenizer(tmp_path)


def test_a_kind_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not one of pieces, kobert, hf"):
        load_tokenizer(tmp_path, "words", 16)
