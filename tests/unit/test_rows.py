from pathlib import Path

import pytest

from core.emotion.labels import COARSE
from scripts.training.corpus import is_validation
from scripts.training.datasets import DatasetError
from scripts.training.rows import held_out, read_rows


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_text("text\tlabel\n" + "".join(f"{t}\t{c}\n" for t, c in rows), encoding="utf-8")
    return path


def some(name: str, count: int = 100) -> list[tuple[str, str]]:
    return [(f"{name} {number}", COARSE[number % 7]) for number in range(count)]


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return write(tmp_path / "one.tsv", some("하나"))


def test_a_share_is_held_out_and_no_text_stands_in_both(one: Path) -> None:
    rows = read_rows([one], 0.3)
    assert len(rows.training.texts) + len(rows.validation.texts) == 100
    assert 18 <= len(rows.validation.texts) <= 42
    assert not set(rows.training.texts) & set(rows.validation.texts)
    again = read_rows([one], 0.3)
    assert again.validation.texts == rows.validation.texts


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_a_share_of_up_to_a_fifth_is_of_texts_the_bundled_model_has_not_seen(share: float) -> None:
    texts = [f"문장 {number}" for number in range(5000)]
    held = [text for text in texts if held_out(text, share)]
    assert all(map(is_validation, held))
    assert len(held) / len(texts) == pytest.approx(share, abs=0.02)


def test_a_larger_share_holds_all_of_these_and_others() -> None:
    texts = [f"문장 {number}" for number in range(5000)]
    held = {text for text in texts if held_out(text, 0.4)}
    assert held > set(filter(is_validation, texts))
    assert len(held) / len(texts) == pytest.approx(0.4, abs=0.02)


def test_rows_are_held_out_by_these_rules(one: Path) -> None:
    rows = read_rows([one], 0.2)
    assert all(map(is_validation, rows.validation.texts))


def test_files_are_joined_and_a_text_is_taken_from_the_first(tmp_path: Path, one: Path) -> None:
    other = write(tmp_path / "two.tsv", [("하나 0", "중립"), *some("둘")])
    rows = read_rows([one, other], 0.2)
    texts = rows.training.texts + rows.validation.texts
    assert len(texts) == len(set(texts)) == 200
    where = rows.training if "하나 0" in rows.training.texts else rows.validation
    assert where.labels[where.texts.index("하나 0")].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert [file["file"] for file in rows.files] == ["one.tsv", "two.tsv"]
    assert [file["rows"] for file in rows.files] == [100, 101]


def test_the_texts_of_a_validation_file_are_taken_out(tmp_path: Path, one: Path) -> None:
    held = write(tmp_path / "held.tsv", [*some("하나", 5), *some("셋", 20)])
    rows = read_rows([one], held)
    assert len(rows.training.texts) == 95
    assert len(rows.validation.texts) == 25
    assert rows.files[1]["file"] == "held.tsv"


def test_rows_without_a_letter_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "marks.tsv", [("!!", "행복"), ("...", "슬픔"), *some("하나")])
    rows = read_rows([path], 0.2)
    assert len(rows.training.texts) + len(rows.validation.texts) == 100


def test_files_of_different_labels_are_one_clear_sentence(tmp_path: Path, one: Path) -> None:
    four = [(f"넷 {i}", ("분노혐오", "놀람공포", "슬픔", "행복")[i % 4]) for i in range(40)]
    other = write(tmp_path / "four.tsv", four)
    with pytest.raises(DatasetError, match=r"four\.tsv has the labels .*--labels"):
        read_rows([one, other], 0.2)
    joined = read_rows([one, other], 0.2, labels="four")
    assert joined.training.names == ("분노혐오", "놀람공포", "슬픔", "행복")
    assert joined.files[0]["dropped"]


def test_too_few_rows_are_one_clear_sentence(one: Path) -> None:
    with pytest.raises(DatasetError, match=r"to validate on are too few, each needs 10$"):
        read_rows([one], 0.02)
