import csv
import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emotion.label_sets import LABEL_SETS
from core.emotion.labels import FINE
from core.emotion.normalise import normalise
from scripts.training.datasets import Dataset, DatasetError, read_dataset
from scripts.training.tables import read_table


def write(folder: Path, content: str, name: str = "data.tsv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(content, encoding=encoding, newline="")
    return path


def labelled(data: Dataset) -> dict[str, set[str]]:
    return {
        text: {data.names[at] for at in np.flatnonzero(row)}
        for text, row in zip(data.texts, data.labels, strict=True)
    }


class TestOneLabel:
    def test_a_label_set_is_recognised_by_its_names(self, tmp_path: Path) -> None:
        names = ["기쁨", "평화", "슬픔", "긴장", "분노", "중립"]
        rows = "".join(f"{at}번째 문장\t{name}\n" for at, name in enumerate(names))
        data = read_dataset(write(tmp_path, f"text\tlabel\n{rows}"))
        assert data.names == LABEL_SETS["six"].labels
        assert labelled(data) == {f"{at}번째 문장": {name} for at, name in enumerate(names)}
        assert not data.several

    def test_english_names_of_a_set_are_its_labels(self, tmp_path: Path) -> None:
        names = "joy sadness anger fear disgust surprise neutral".split()
        rows = "".join(f"sentence {name},{name.title()}\n" for name in names)
        data = read_dataset(write(tmp_path, f"text,label\n{rows}"))
        assert data.names == LABEL_SETS["seven"].labels
        assert labelled(data)["sentence fear"] == {"공포"}

    def test_other_names_stand_for_themselves(self, tmp_path: Path) -> None:
        data = read_dataset(write(tmp_path, "text\tlabel\n좋다\t+\n싫다\t-\n"))
        assert data.names == ("+", "-")
        assert labelled(data) == {"좋다": {"+"}, "싫다": {"-"}}

    def test_numbers_stand_for_themselves_in_their_order(self, tmp_path: Path) -> None:
        content = "id\tdocument\tlabel\n7\t그저 그래\t10\n8\t싫다\t2\n9\t좋다\t1.0\n"
        data = read_dataset(write(tmp_path, content), text="document")
        assert data.names == ("1.0", "2", "10")

    def test_numbers_are_places_in_the_set_that_is_asked_for(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n좋다\t0\n그저 그래\t6\n")
        assert labelled(read_dataset(path, labels="ekman7")) == {
            "좋다": {"행복"},
            "그저 그래": {"중립"},
        }

    def test_seven_classes_are_read_as_four(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n좋다\t행복\n무서워\t공포\n징그러\t혐오\n네\t중립\n")
        data = read_dataset(path, labels=LABEL_SETS["four"])
        assert labelled(data) == {"좋다": {"행복"}, "무서워": {"놀람공포"}, "징그러": {"분노혐오"}}
        assert data.dropped["no place in the label set"] == 1

    def test_names_can_be_given(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n좋다\tpositive\n싫다\tNegative\n")
        data = read_dataset(path, labels=["negative", "neutral", "positive"])
        assert data.names == ("negative", "neutral", "positive")
        assert labelled(data) == {"좋다": {"positive"}, "싫다": {"negative"}}

    def test_a_comma_is_part_of_a_single_label(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n집세가 밀렸어\t가난한, 불우한\n")
        assert labelled(read_dataset(path, labels="five")) == {"집세가 밀렸어": {"상처"}}


class TestSeveralLabels:
    def test_indices_are_those_of_kote(self, tmp_path: Path) -> None:
        data = read_dataset(write(tmp_path, "text\tlabels\n좋다\t1,40\n그저 그래\t24\n"))
        assert data.names == FINE
        assert data.several
        assert data.labels.dtype == np.float32
        assert labelled(data) == {"좋다": {FINE[1], FINE[40]}, "그저 그래": {"없음"}}

    def test_names_of_kote_are_taken_with_or_without_their_marks(self, tmp_path: Path) -> None:
        data = read_dataset(
            write(tmp_path, "text\tlabels\n좋다\t기쁨, 부담/안 내킴\n싫다\t공포무서움")
        )
        assert data.names == FINE
        assert labelled(data) == {"좋다": {"기쁨", "부담/안_내킴"}, "싫다": {"공포/무서움"}}

    def test_lists_as_python_prints_them_are_understood(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text,labels\n좋다,\"['joy', 'love']\"\n싫다,['anger']\n")
        data = read_dataset(path, labels=("anger", "joy", "love"))
        assert labelled(data) == {"좋다": {"joy", "love"}, "싫다": {"anger"}}
        assert data.several

    def test_one_of_a_label_set_each_is_one_class(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabels\n좋다\t0\n싫다\t2\n")
        assert not read_dataset(path, labels="seven").several
        both = write(tmp_path, "text\tlabels\n좋다\t0\n싫다\t2,4\n")
        assert read_dataset(both, labels="seven").several

    def test_a_column_of_another_name_may_hold_several_of_the_44(self, tmp_path: Path) -> None:
        path = write(tmp_path, 'comment,ids\n좋다,"5,40"\n')
        data = read_dataset(path, text="comment", label="ids", labels="kote44")
        assert labelled(data) == {"좋다": {FINE[5], FINE[40]}}
        assert data.several

    def test_lists_in_parquet_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "data"
        frame = pd.DataFrame({"labels": [[3, 5], [40], []], "text": ["하나", "둘", "셋"]})
        frame.to_parquet(path)
        data = read_dataset(path)
        assert labelled(data) == {"하나": {FINE[3], FINE[5]}, "둘": {FINE[40]}}
        assert data.dropped["no label"] == 1


class TestContainers:
    EXPECTED = ("좋다, 정말", "싫다")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_encodings_and_line_ends(self, tmp_path: Path, encoding: str, newline: str) -> None:
        lines = ["text,label", '"좋다, 정말",행복', "싫다,분노", ""]
        path = write(tmp_path, newline.join(lines), "any.name", encoding)
        assert tuple(read_dataset(path).texts) == self.EXPECTED

    def test_a_table_is_the_same_in_every_container(self, tmp_path: Path) -> None:
        frame = pd.DataFrame({"label": [1, 0], " Text": self.EXPECTED})
        frame.to_csv(tmp_path / "a", index=False)
        frame.to_csv(tmp_path / "b", index=False, sep="\t")
        frame.to_parquet(tmp_path / "c")
        frame.to_excel(tmp_path / "d.xlsx", index=False)
        (tmp_path / "d.xlsx").rename(tmp_path / "d")
        expected = {"좋다, 정말": {"1"}, "싫다": {"0"}}
        for name in "abcd":
            assert labelled(read_dataset(tmp_path / name)) == expected, name

    def test_a_lone_quotation_mark_swallows_no_lines(self, tmp_path: Path) -> None:
        path = write(tmp_path, 'text\tlabel\n"좋다고 했는데\t1\n싫다\t0\n그렇다"\t1\n')
        assert read_dataset(path).texts == ['"좋다고 했는데', "싫다", '그렇다"']

    # A text with tabs and line breaks can look like lines of the table itself.
    @given(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t")),
            min_size=1,
            max_size=6,
        )
    )
    def test_a_quoted_table_is_read_as_it_was_written(
        self, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
    ) -> None:
        path = tmp_path_factory.mktemp("quoted") / "data.tsv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL)
            writer.writerows([["text", "label"], *([text, "x"] for text in texts)])
        assert read_table(path)[1:] == [[text.strip(), "x"] for text in texts]

    def test_a_short_row_has_no_label(self, tmp_path: Path) -> None:
        data = read_dataset(write(tmp_path, "text,label\n좋다\n싫다,0,\n"))
        assert data.texts == ["싫다"]
        assert data.dropped["no label"] == 1

    def test_the_digest_is_that_of_the_file(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n좋다\t행복\n")
        assert read_dataset(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


class TestRepeatedTexts:
    def test_texts_are_normalised_and_then_merged(self, tmp_path: Path) -> None:
        path = write(
            tmp_path, "text\tlabel\n좋다ㅋㅋㅋㅋ\t1\n 좋다ㅋㅋ\u200b\t1\n싫다\t0\n\u200b\t0\n"
        )
        data = read_dataset(path)
        assert data.texts == ["좋다ㅋㅋ", "싫다"] == [normalise(text) for text in data.texts]
        assert data.dropped == {"empty text": 1, "repeated": 1}

    def test_the_label_of_most_copies_holds(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n응\ta\n응\tb\n응\tb\n왜\ta\n왜\tb\n")
        data = read_dataset(path)
        assert labelled(data) == {"응": {"b"}}
        assert data.dropped["contradicting labels"] == 2

    def test_of_several_labels_those_of_half_the_copies_hold(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabels\n응\ta,b\n응\tb,c\n응\tb,c\n왜\ta\n왜\tb\n왜\tc\n")
        data = read_dataset(path)
        assert labelled(data) == {"응": {"b", "c"}}
        assert data.dropped["contradicting labels"] == 3


class TestErrors:
    def check(self, path: Path, match: str, **options: str) -> None:
        with pytest.raises(DatasetError, match=match) as caught:
            read_dataset(path, **options)
        assert str(path) in str(caught.value)

    def test_no_file(self, tmp_path: Path) -> None:
        self.check(tmp_path / "none.tsv", "there is no such file")
        self.check(tmp_path, "there is no such file")

    @pytest.mark.parametrize("content", ["", "\ufeff", "\n \n"])
    def test_an_empty_file(self, tmp_path: Path, content: str) -> None:
        self.check(write(tmp_path, content), "the file is empty")

    def test_a_header_alone(self, tmp_path: Path) -> None:
        self.check(write(tmp_path, "text\tlabel\n"), "no rows below the header")

    def test_missing_columns(self, tmp_path: Path) -> None:
        path = write(tmp_path, "sentence\tscore\n좋다\t1\n")
        self.check(path, r"a column text and a column label .* AI-Hub .* has sentence, score")
        self.check(
            path, "a column sentence and a column mood, but has", text="sentence", label="mood"
        )

    def test_unknown_labels_are_listed(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n좋다\t행복\n싫다\t미움\n글쎄\t애매\n")
        self.check(path, r"unknown labels: 미움, 애매 \(known are 행복, 슬픔", labels="seven")

    @pytest.mark.parametrize("choice", ["kote44", None])
    def test_an_index_out_of_range(self, tmp_path: Path, choice: str | None) -> None:
        path = write(tmp_path, "text\tlabels\n좋다\t1,44\n")
        options = {"labels": choice} if choice else {}
        self.check(path, "labels out of the range 0 to 43: 44", **options)

    def test_a_label_that_is_no_label(self, tmp_path: Path) -> None:
        rows = "".join(f"문장 {at}\t{at / 7}\n" for at in range(200))
        self.check(write(tmp_path, f"text\tlabel\n{rows}"), "200 different labels")

    def test_no_labels_at_all(self, tmp_path: Path) -> None:
        self.check(write(tmp_path, "text\tlabel\n좋다\t\n"), "no row has a label")

    def test_nothing_left(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n네\t중립\n\u200b\t슬픔\n")
        self.check(path, "no row can be used .*no place in the label set: 1", labels="four")

    def test_an_unknown_label_set(self, tmp_path: Path) -> None:
        path = write(tmp_path, "text\tlabel\n네\t중립\n")
        with pytest.raises(DatasetError, match=r"no label set nine, only kote44, .*seven"):
            read_dataset(path, labels="nine")

    def test_an_encoding_nobody_uses(self, tmp_path: Path) -> None:
        (tmp_path / "data.tsv").write_bytes(b"text\tlabel\n\xff\xff\xff\t1\n")
        self.check(tmp_path / "data.tsv", "neither UTF-8 nor cp949")

    def test_a_zip_that_is_no_workbook(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "data.xlsx", "w") as archive:
            archive.writestr("readme.txt", "not here")
        self.check(tmp_path / "data.xlsx", "or a zip archive of another kind")

    @pytest.mark.parametrize(
        ("start", "said"),
        [
            (b"PK\x03\x04", "damaged xlsx file"),
            (b"PAR1", "parquet file, and damaged"),
            (b"\xd0\xcf\x11\xe0", "old Excel format"),
            (b"%PDF-1.7\x00", "is no text"),
            ("text\tlabel".encode("utf-16-le"), "is no text"),
            ("text\tlabel".encode("utf-16"), "UTF-16"),
        ],
    )
    def test_a_damaged_file_is_known_for_what_it_is_and_not_quoted(
        self, tmp_path: Path, start: bytes, said: str
    ) -> None:
        (tmp_path / "data").write_bytes(start + b"\x00 secret")
        self.check(tmp_path / "data", rf"cannot be read \([^)]*{said}[^)]*\)$")

    @pytest.mark.parametrize("kind", ["xlsx", "parquet"])
    @pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.95])
    def test_a_file_damaged_anywhere_is_not_taken_for_text(
        self, tmp_path: Path, kind: str, where: float
    ) -> None:
        frame = pd.DataFrame({"text": [f"비밀 {at}" for at in range(300)], "label": "행복"})
        path = tmp_path / f"data.{kind}"
        frame.to_excel(path, index=False) if kind == "xlsx" else frame.to_parquet(path)
        content = bytearray(path.read_bytes())
        at = int(where * len(content))
        content[at : at + 400] = bytes(range(7, 207)) * 2
        path.write_bytes(content)
        complaint, rows = "cannot be read", 300
        try:
            rows = len(read_dataset(path).texts)  # where nothing that counts was hit
        except DatasetError as error:
            complaint = str(error)
        assert rows == 300
        assert "cannot be read" in complaint
        assert "비밀" not in complaint
