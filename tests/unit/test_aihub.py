"""The AI-Hub files as they are downloaded, in small: every oddity of theirs that we know of."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from scripts.training.datasets import Dataset, DatasetError, read_dataset

VOICE_HEADER = (
    "wav_id,발화문,상황,1번 감정,1번 감정세기,2번 감정,2번 감정세기,3번 감정,3번 감정세기,"
    "4번 감정,4번감정세기,5번 감정,5번 감정세기,나이,성별"
)
COUNSELLING = (
    "연령 성별 상황키워드 신체질환 감정_대분류 감정_소분류 사람문장1 시스템문장1 사람문장2 "
    "시스템문장2 사람문장3 시스템문장3"
).split()


def xlsx(folder: Path, *rows: tuple[object, ...]) -> Path:
    path = folder / "download.xlsx"
    width = max(map(len, rows))
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    pd.DataFrame(padded).to_excel(path, header=False, index=False)
    return path


def voices(folder: Path, *rows: tuple[str, str], encoding: str = "cp949") -> Path:
    """One row a pair of what is said and its five votes, with the intensities between them."""
    lines = [VOICE_HEADER]
    for at, (text, votes) in enumerate(rows):
        judged = ",".join(f"{vote},{1 + at % 2}" for vote in votes.split(","))
        lines.append(f'5e258fd1305bcf3ad153a{at:03},"{text}",anger,{judged},27,female')
    path = folder / "5차년도.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding=encoding, newline="")
    return path


def counselling(folder: Path, *rows: tuple[str, str, tuple[str, ...]]) -> Path:
    """One row a 대분류, a 소분류 and what the person says in up to three turns."""
    body: list[tuple[object, ...]] = []
    for major, minor, turns in rows:
        said = [*turns, "", ""][:3]
        talk = [cell for turn in said for cell in (turn, f"시스템은 {turn} 듣고 있어요.")]
        body.append((len(body), "청년", "여성", "연애", "해당없음", major, minor, *talk))
    return xlsx(folder, ("", *COUNSELLING), *body)


def labelled(data: Dataset) -> dict[str, str]:
    rows = data.labels.argmax(axis=1).tolist()
    return {text: data.names[row] for text, row in zip(data.texts, rows, strict=True)}


class TestSingleTurns:
    def test_the_seven_are_read(self, tmp_path: Path) -> None:
        path = xlsx(
            tmp_path,
            ("Sentence", "Emotion", None, None, None, None, "공포", 5468),
            ("언니 동생으로 부르는게 맞는 일인가요..??", "공포"),
            ("그냥 내 느낌일뿐겠지?", "놀람", None, None, None, None, "놀람", 5898),
            ("벌써 퇴근했어?", "중립 "),
            ("시끄러워 죽겠네", "분노"),
        )
        data = read_dataset(path)
        assert labelled(data) == {
            "언니 동생으로 부르는게 맞는 일인가요..??": "공포",
            "그냥 내 느낌일뿐겠지?": "놀람",
            "벌써 퇴근했어?": "중립",
            "시끄러워 죽겠네": "분노",
        }
        assert data.names == ("행복", "슬픔", "분노", "공포", "혐오", "놀람", "중립")
        assert not data.several
        assert data.dropped == {}

    def test_as_four_what_has_no_place_is_left_out_and_counted(self, tmp_path: Path) -> None:
        path = xlsx(
            tmp_path,
            ("Sentence", "Emotion"),
            ("아 놀래라", "놀람"),
            ("토 나와", "혐오"),
            ("네", "중립"),
        )
        data = read_dataset(path, labels="four")
        assert labelled(data) == {"아 놀래라": "놀람공포", "토 나와": "분노혐오"}
        assert data.dropped["no place in the label set"] == 1

    def test_one_class_cannot_be_read_as_the_44(self, tmp_path: Path) -> None:
        path = xlsx(tmp_path, ("Sentence", "Emotion"), ("아 놀래라", "놀람"))
        with pytest.raises(DatasetError, match="단발성 대화 has one class a row"):
            read_dataset(path, labels="kote44")


class TestDialogues:
    HEADER = ("dialog #", "발화", "감정", None, None)

    @pytest.mark.parametrize("above", [(), ((None, None, "감정 정보", None, None),)])
    def test_the_header_may_stand_in_the_second_row(
        self, tmp_path: Path, above: tuple[tuple[object, ...], ...]
    ) -> None:
        path = xlsx(
            tmp_path,
            *above,
            self.HEADER,
            ("S", "아 진짜! 사무실에서 피지 말라니깐!", "분노", None, None),
            (None, "간접흡연이 얼마나 안좋은데!", "분노", None, None),
            ("S", "오늘 정말 좋은 날이야", "행복", None, None),
        )
        assert labelled(read_dataset(path)) == {
            "아 진짜! 사무실에서 피지 말라니깐!": "분노",
            "간접흡연이 얼마나 안좋은데!": "분노",
            "오늘 정말 좋은 날이야": "행복",
        }

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("ㅈ중립", "중립"),
            ("ㄴ중립", "중립"),
            ("중립ㅂ", "중립"),
            ("중림", "중립"),
            (" 중립\n", "중립"),
            ("중 립", "중립"),
            ("분", "분노"),
            ("분ㄴ", "분노"),
            ("람", "놀람"),
        ],
    )
    def test_a_slip_of_the_hand_is_read_as_meant(
        self, tmp_path: Path, written: str, meant: str
    ) -> None:
        path = xlsx(tmp_path, self.HEADER, ("S", "뭐라고 했어", written, None, None))
        assert labelled(read_dataset(path)) == {"뭐라고 했어": meant}

    @pytest.mark.parametrize(
        ("written", "reason"),
        [
            ("줄", "unknown label"),
            ("ㅍ", "unknown label"),
            ("분픔", "unknown label"),
            (None, "no label"),
            ("  ", "no label"),
        ],
    )
    def test_what_cannot_be_told_is_left_out_and_counted(
        self, tmp_path: Path, written: str | None, reason: str
    ) -> None:
        path = xlsx(
            tmp_path,
            self.HEADER,
            ("S", "뭐라고 했어", written, None, None),
            (None, "아니야", "중립", None, None),
        )
        data = read_dataset(path)
        assert data.texts == ["아니야"]
        assert data.dropped[reason] == 1

    def test_an_utterance_without_words_is_left_out_and_counted(self, tmp_path: Path) -> None:
        path = xlsx(
            tmp_path, self.HEADER, ("S", None, "중립", None, None), (None, "네", "중립", None, None)
        )
        data = read_dataset(path)
        assert data.texts == ["네"]
        assert data.dropped["empty text"] == 1

    def test_what_reads_like_a_missing_value_is_a_text(self, tmp_path: Path) -> None:
        path = xlsx(tmp_path, self.HEADER, ("S", "NA", "중립", None, None))
        assert read_dataset(path).texts == ["na"]


class TestVoices:
    @pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig"])
    def test_most_votes_win_whatever_the_spelling(self, tmp_path: Path, encoding: str) -> None:
        path = voices(
            tmp_path,
            ("헐! 나 이벤트에 당첨 됐어.", "Happiness,happiness,surprise,Neutral,happy"),
            ("내가, 말하는데 듣지도 않아", "Angry,anger,angry,Neutral,neutral"),
            ("이러다 큰일 나겠어", "Fear,fear,Sadness,sad,FEAR"),
            ("벌레가 나왔어", "Disgust,disgust,Angry,Surprise,Sadness"),
            encoding=encoding,
        )
        assert labelled(read_dataset(path)) == {
            "헐! 나 이벤트에 당첨 됐어.": "행복",
            "내가, 말하는데 듣지도 않아": "분노",
            "이러다 큰일 나겠어": "공포",
            "벌레가 나왔어": "혐오",
        }

    def test_a_tie_is_left_out_and_counted(self, tmp_path: Path) -> None:
        path = voices(
            tmp_path,
            ("정말 그랬단 말이야", "Angry,Sadness,anger,sad,Neutral"),
            ("비 온다", "Neutral,neutral,Sadness,sad,neutral"),
            ("응", "Angry,Sadness,Fear,Neutral,Disgust"),
        )
        data = read_dataset(path)
        assert labelled(data) == {"비 온다": "중립"}
        assert data.dropped["annotators disagree"] == 2

    @pytest.mark.parametrize(
        ("votes", "reason"), [(",,,,", "no label"), ("x,y,z,x,x", "unknown label")]
    )
    def test_rows_without_a_vote_are_left_out_and_counted(
        self, tmp_path: Path, votes: str, reason: str
    ) -> None:
        data = read_dataset(voices(tmp_path, ("하나", votes), ("둘", "sad,sad,sad,sad,sad")))
        assert labelled(data) == {"둘": "슬픔"}
        assert data.dropped[reason] == 1

    def test_annotators_who_said_nothing_do_not_vote(self, tmp_path: Path) -> None:
        assert labelled(read_dataset(voices(tmp_path, ("하나", ",,Fear,,")))) == {"하나": "공포"}


class TestCounselling:
    def test_the_turns_of_the_person_are_one_text(self, tmp_path: Path) -> None:
        path = counselling(
            tmp_path,
            ("분노 ", "노여워하는", ("일은 왜 해도 끝이 없을까?", "그만두고 싶어.", "화가 나.")),
            ("기쁨", "신이 난", ("드디어 졸업이야", "친구들과 놀러 갈 거야")),
        )
        assert labelled(read_dataset(path)) == {
            "일은 왜 해도 끝이 없을까? 그만두고 싶어. 화가 나.": "분노",
            "드디어 졸업이야 친구들과 놀러 갈 거야": "기쁨",
        }

    def test_embarrassment_has_no_place_among_the_five(self, tmp_path: Path) -> None:
        path = counselling(tmp_path, ("당황", "부끄러운", ("창피해",)), ("상처", "상처", ("아파",)))
        data = read_dataset(path)
        assert data.names == ("기쁨", "분노", "불안", "상처", "슬픔")
        assert labelled(data) == {"아파": "상처"}
        assert data.dropped["no place in the label set"] == 1

    def test_as_seven_all_six_have_a_place(self, tmp_path: Path) -> None:
        majors = ("기쁨", "분노", "불안", "당황", "상처", "슬픔")
        path = counselling(tmp_path, *((major, major, (f"{major} 말",)) for major in majors))
        assert [*labelled(read_dataset(path, labels="seven")).values()] == [
            *("행복", "분노", "공포", "놀람", "슬픔", "슬픔")
        ]

    def test_another_column_of_labels_can_be_named(self, tmp_path: Path) -> None:
        path = counselling(tmp_path, ("당황", "혐오스러운", ("징그러워", "싫어")))
        data = read_dataset(path, text="사람문장1", label="감정_소분류", labels="seven")
        assert labelled(data) == {"징그러워": "혐오"}


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "shuffled.csv"
    path.write_text(
        "\ufeff 감정 , dialog #,발화 \n행복,S,좋은 날\n슬픔,,나쁜 날\n", encoding="utf-8"
    )
    assert labelled(read_dataset(path)) == {"좋은 날": "행복", "나쁜 날": "슬픔"}


def test_every_row_is_either_kept_or_counted(tmp_path: Path) -> None:
    rows = [
        ("응", "중립"),
        ("응", "중립"),
        ("응", "행복"),
        ("왜", "분노"),
        ("왜", "슬픔"),
        ("", "중립"),
    ]
    path = xlsx(tmp_path, ("발화", "감정"), *rows, ("가", "줄"), ("나", None))
    data = read_dataset(path)
    assert labelled(data) == {"응": "중립"}
    assert Counter(data.dropped) == {
        "repeated": 2,
        "contradicting labels": 2,
        "empty text": 1,
        "unknown label": 1,
        "no label": 1,
    }
    assert len(data.texts) + sum(data.dropped.values()) == 8
