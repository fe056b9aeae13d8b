"""Tokenizers: normalised text to rows of piece ids, `[CLS] ... [SEP]`, in windows over long texts.

Three kinds, by the name that a model's configuration gives:

pieces   SentencePiece, our own vocabulary, its ids (`Tokenizer`)
kobert   KoBERT's SentencePiece model, ids from its own table (`KoBertTokenizer`)
hf       a `tokenizer.json` as transformers writes it (`HubTokenizer`); needs `tokenizers`
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import sentencepiece

__all__ = [
    "SPECIAL_PIECES",
    "HubTokenizer",
    "KoBertTokenizer",
    "TextTokenizer",
    "Tokenizer",
    "detect_tokenizer",
    "load_tokenizer",
    "tokenizer_files",
]

SPECIAL_PIECES: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
"""In the order of their ids in our own vocabulary, 0 to 4."""
_ROBERTA_SPECIALS: Final = ("<pad>", "<unk>", "<s>", "</s>", "<mask>")

_KOBERT_IDS: Final = {"[UNK]": 0, "[PAD]": 1, "[CLS]": 2, "[SEP]": 3}
# As SKTBrain/KoBERT, monologg/kobert and skt/kobert-base-v1 name their files; all hold the same
# 8,002 pieces in the same order.
_KOBERT_MODELS: Final = ("tokenizer_*.model", "*.spiece", "spiece.model")
_KOBERT_TABLES: Final = ("kobertvocab_*.json", "vocab.txt")
_HUB_FILES: Final = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


class TextTokenizer(ABC):
    """Turns normalised text into rows of ids of bounded length.

    Attributes:
        size: the number of ids; all are below it.
        pad_id, unk_id, cls_id, sep_id, mask_id: of the special pieces.
    """

    def __init__(self, specials: Sequence[int], size: int, max_length: int) -> None:
        """Keep what all kinds have in common.

        Args:
            specials: ids of the special pieces, in the order of `SPECIAL_PIECES`.
            size: the number of ids.
            max_length: the most ids in one row, with [CLS] and [SEP].

        Raises:
            ValueError: rows of `max_length` hold no text.
        """
        if max_length < 3:
            raise ValueError(f"windows of {max_length} ids hold no text")
        self.pad_id, self.unk_id, self.cls_id, self.sep_id, self.mask_id = specials
        self.size = size
        self.max_length = max_length

    @abstractmethod
    def pieces(self, text: str) -> list[int]:
        """The ids of the whole `text`, without [CLS] and [SEP]."""

    def windows(self, text: str) -> list[list[int]]:
        """The rows that cover `text` whole, without overlap; at least one.

        Windows differ in length by at most one piece, so that no stub is read out of context.
        """
        pieces = self.pieces(text)
        count = max(1, -(-len(pieces) // (self.max_length - 2)))
        bounds = [len(pieces) * i // count for i in range(count + 1)]
        return [[self.cls_id, *pieces[start:end], self.sep_id] for start, end in pairwise(bounds)]


class Tokenizer(TextTokenizer):
    """Our own SentencePiece vocabulary."""

    def __init__(self, path: Path, max_length: int) -> None:
        """Load a SentencePiece model that holds the `SPECIAL_PIECES`.

        Args:
            path: the `.model` file.
            max_length: the most ids in one row, with [CLS] and [SEP].

        Raises:
            OSError: the file cannot be read.
            RuntimeError: it is no SentencePiece model.
        """
        self._model = sentencepiece.SentencePieceProcessor(model_proto=path.read_bytes())
        specials = [self._model.piece_to_id(piece) for piece in SPECIAL_PIECES]
        super().__init__(specials, self._model.get_piece_size(), max_length)

    def pieces(self, text: str) -> list[int]:
        """The ids of the whole `text`, without [CLS] and [SEP]."""
        ids: list[int] = self._model.encode(text)
        return ids


class KoBertTokenizer(TextTokenizer):
    """KoBERT's vocabulary: SentencePiece cuts the text, and a table of its own gives the ids."""

    def __init__(self, folder: Path, max_length: int) -> None:
        """Load the SentencePiece model in `folder` and the table beside it.

        Where there is no table, the ids are those of the SentencePiece model itself, as in
        skt/kobert-base-v1.

        Args:
            folder: holds the files, under one of the names they are published by.
            max_length: the most ids in one row, with [CLS] and [SEP].

        Raises:
            OSError: a file is missing or cannot be read.
            RuntimeError: the model is no SentencePiece model.
            ValueError: the ids are not KoBERT's.
        """
        files = tokenizer_files(folder, "kobert")
        self._model = sentencepiece.SentencePieceProcessor(
            model_proto=(folder / files[0]).read_bytes()
        )
        pieces = [self._model.id_to_piece(i) for i in range(self._model.get_piece_size())]
        table = _kobert_table(folder / files[1]) if len(files) > 1 else _numbered(pieces)
        if any(table.get(piece) != id_ for piece, id_ in _KOBERT_IDS.items()):
            raise ValueError(f"{folder} has no KoBERT vocabulary: {_KOBERT_IDS} expected")
        unknown = table["[UNK]"]
        self._ids = [table.get(piece, unknown) for piece in pieces]
        specials = [table.get(piece, unknown) for piece in SPECIAL_PIECES]
        super().__init__(specials, max(table.values()) + 1, max_length)

    def pieces(self, text: str) -> list[int]:
        """The ids of the whole `text`, without [CLS] and [SEP]."""
        return [self._ids[i] for i in self._model.encode(text)]


class HubTokenizer(TextTokenizer):
    """A `tokenizer.json`, as most models on the hub have it."""

    def __init__(self, path: Path, max_length: int) -> None:
        """Load the file.

        Args:
            path: the `tokenizer.json`.
            max_length: the most ids in one row, with [CLS] and [SEP].

        Raises:
            OSError: the file cannot be read.
            ValueError: it is damaged, or lacks BERT's or RoBERTa's special pieces.
            ModuleNotFoundError: the package `tokenizers` is not installed.
        """
        import tokenizers  # noqa: PLC0415 - no bundled model needs it

        text = path.read_text(encoding="utf-8")
        try:
            self._model = tokenizers.Tokenizer.from_str(text)
        except Exception as error:  # the package raises plain Exception
            raise ValueError(f"{path.name} is damaged: {error}") from error
        self._model.no_truncation()
        self._model.no_padding()
        specials = _specials(self._model.token_to_id)
        size = max(self._model.get_vocab(with_added_tokens=True).values()) + 1
        super().__init__(specials, size, max_length)

    def pieces(self, text: str) -> list[int]:
        """The ids of the whole `text`, without [CLS] and [SEP]."""
        return self._model.encode(text, add_special_tokens=False).ids


_LOADERS: Final[Mapping[str, Callable[[Path, int], TextTokenizer]]] = {
    "pieces": lambda folder, length: Tokenizer(folder / "pieces.model", length),
    "kobert": KoBertTokenizer,
    "hf": lambda folder, length: HubTokenizer(folder / "tokenizer.json", length),
}


def load_tokenizer(folder: Path, kind: str, max_length: int) -> TextTokenizer:
    """The tokenizer of a model's folder.

    Args:
        folder: holds the files that `tokenizer_files` names.
        kind: "pieces", "kobert" or "hf".
        max_length: the most ids in one row, with [CLS] and [SEP].

    Raises:
        OSError: a file is missing or cannot be read.
        RuntimeError: a SentencePiece model is damaged.
        ValueError: the kind is unknown, or the files do not fit it.
        ModuleNotFoundError: a "hf" tokenizer, and the package `tokenizers` is not installed.
    """
    if kind not in _LOADERS:
        raise ValueError(f"the tokenizer is {kind!r}, not one of {', '.join(_LOADERS)}")
    return _LOADERS[kind](folder, max_length)


def tokenizer_files(folder: Path, kind: str) -> list[str]:
    """The names of the files in `folder` that a tokenizer of this kind is made of.

    Raises:
        FileNotFoundError: the one it cannot do without is missing.
    """
    if kind == "kobert":
        models = _matching(folder, _KOBERT_MODELS)[:1]
        files = [*models, *_matching(folder, _KOBERT_TABLES)[:1]] if models else []
        needed = " or ".join(_KOBERT_MODELS)
    else:
        known = _HUB_FILES if kind == "hf" else ("pieces.model",)
        needed = known[0]
        files = _matching(folder, known) if (folder / needed).is_file() else []
    if not files:
        raise FileNotFoundError(f"{folder} has no {needed}")
    return files


def detect_tokenizer(folder: Path) -> str:
    """The kind of tokenizer whose files are in `folder`.

    Raises:
        FileNotFoundError: there are none of any kind.
    """
    if (folder / "pieces.model").is_file():
        return "pieces"
    if _matching(folder, _KOBERT_MODELS):
        try:
            KoBertTokenizer(folder, 128)
        except (ValueError, RuntimeError):
            pass  # of another model, ALBERT for one, that has a tokenizer.json beside it
        else:
            return "kobert"
    tokenizer_files(folder, "hf")
    return "hf"


def _matching(folder: Path, patterns: Sequence[str]) -> list[str]:
    """Names of the files, in the order of the patterns."""
    return [path.name for pattern in patterns for path in sorted(folder.glob(pattern))]


def _numbered(pieces: Sequence[str]) -> dict[str, int]:
    return {piece: i for i, piece in enumerate(pieces)}


def _kobert_table(path: Path) -> dict[str, int]:
    """Id of each piece, of KoBERT's json table or of a list with one piece a line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".json":
        return _numbered(text.removesuffix("\n").split("\n"))
    raw: Any = json.loads(text)
    try:
        return {str(piece): int(id_) for piece, id_ in raw["token_to_idx"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{path.name} holds no table of ids") from error


def _specials(find: Callable[[str], int | None]) -> list[int]:
    for names in (SPECIAL_PIECES, _ROBERTA_SPECIALS):
        ids = [id_ for name in names if (id_ := find(name)) is not None]
        if len(ids) == len(names):
            return ids
    raise ValueError("the tokenizer has neither BERT's nor RoBERTa's special pieces")
