"""The statistical part of the crisis check, its file and its training sentences."""

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.dialogue.crisis import BY_MODEL, Assessment, CrisisDetector
from core.dialogue.crisis_model import CLASSES, CrisisModel, Thresholds
from core.emotion.ngrams import NgramModel, ngram_keys
from core.errors import DialogueError
from core.models import CrisisKind, CrisisLevel
from scripts import train_crisis
from scripts.crisis_report import CORPORA, read_corpus
from scripts.train_crisis import SENTENCES, digest, ordinary_rows, read_sentences, unseen

FOLDER = Path(__file__).parents[2] / "data" / "crisis"
FILE = FOLDER / "model.npz"
FLOOR = CrisisDetector.load_floor(FOLDER)


LIMITS = Thresholds(danger=0.75, ask=0.5, low=0.25)


def small() -> NgramModel:
    """The word "나" speaks for self-harm, "멍" for violence, "슬" for low mood, others for none."""
    speaks = {
        key: label
        for char, label in (("나", 0), ("멍", 1), ("슬", 3))
        for key in set(ngram_keys(char).tolist()) - set(ngram_keys("가").tolist())
    }
    keys = np.array(sorted(speaks), np.uint32)
    weights = np.zeros((len(keys), len(CLASSES)), np.float32)
    weights[range(len(keys)), [speaks[key] for key in keys.tolist()]] = 9
    bias = np.array([0, 0, 0, 0, 3], np.float32)
    idf, scale = np.ones(len(keys), np.float32), np.ones(len(CLASSES), np.float32)
    return NgramModel(keys, idf, weights, bias, scale)


def test_the_worst_sentence_decides_level_and_kind() -> None:
    model = CrisisModel(small(), Thresholds(danger=0.5, ask=0.5, low=0.5))
    assert model.judge(["가"]).level is CrisisLevel.NONE
    assert model.judge(["가", "슬"]).level is CrisisLevel.LOW
    found = model.judge(["슬", "멍", "가"])
    assert (found.level, found.kind) == (CrisisLevel.CRISIS, CrisisKind.VIOLENCE)
    assert model.judge(["나"]).kind is CrisisKind.SELF_HARM
    assert 0.9 < found.danger <= found.low <= 1


def test_a_kind_is_named_in_a_crisis_only() -> None:
    model = CrisisModel(small(), Thresholds(danger=1.0, ask=1.0, low=0.5))
    judged = model.judge(["나"])
    assert (judged.level, judged.kind, judged.suspected) == (CrisisLevel.LOW, None, None)


def test_between_the_thresholds_danger_is_suspected() -> None:
    model = CrisisModel(small(), Thresholds(danger=1.0, ask=0.5, low=0.5))
    judged = model.judge(["가", "멍"])
    assert (judged.level, judged.kind) == (CrisisLevel.LOW, None)
    assert judged.suspected is CrisisKind.VIOLENCE
    assert model.judge(["슬"]).suspected is None


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    CrisisModel(small(), LIMITS).save(tmp_path / "model.npz", "words")
    again = CrisisModel.load(tmp_path / "model.npz")
    for text in ("나", "멍", "슬", "가"):
        assert again.judge([text]) == CrisisModel(small(), LIMITS).judge([text])
    assert np.load(tmp_path / "model.npz")["trained_on"] == "words"


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", b"[]"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: bytes) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.npz").write_bytes(damage)
    with pytest.raises(DialogueError, match="is no crisis model that fits"):
        CrisisDetector.load(tmp_path)


def test_a_missing_file_is_named_and_the_floor_does_without(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.npz").unlink()
    with pytest.raises(DialogueError, match=r"model\.npz cannot be read"):
        CrisisDetector.load(tmp_path)
    floor = CrisisDetector.load_floor(tmp_path)
    assert floor.detect("죽고 싶어") is CrisisKind.SELF_HARM
    assert floor.assess("너무 우울해") == Assessment(CrisisLevel.NONE)


def test_outputs_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="outputs"):
        CrisisModel(
            NgramModel(
                np.array([1], np.uint32),
                np.ones(1, np.float32),
                np.zeros((1, 2), np.float32),
                np.zeros(2, np.float32),
                np.ones(2, np.float32),
            ),
            LIMITS,
        )


@pytest.mark.parametrize("limits", [(0.0, 0.0, 0.5), (0.5, 0.6, 0.5), (0.5, 0.4, 1.5)])
def test_thresholds_that_do_not_fit_are_refused(limits: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        CrisisModel(small(), Thresholds(*limits))


def test_the_file_is_small_and_made_of_the_present_sentences() -> None:
    assert FILE.stat().st_size < 400_000
    # Otherwise: python -m scripts.train_crisis (docs/crisis.md)
    assert str(np.load(FILE)["trained_on"]) == digest()


def test_several_hundred_lines_of_each_side_stand_in_the_training_file() -> None:
    made = dict.fromkeys(CLASSES, 0)
    for label, _, sentences in itertools.chain.from_iterable(map(read_sentences, SENTENCES)):
        assert all(sentence and "{" not in sentence for sentence in sentences)
        made[label] += min(len(sentences), 60)
    assert min(made.values()) >= 500


def test_no_sentence_written_for_training_stands_in_a_corpus() -> None:
    rows = [row.text for path in CORPORA.values() for row in read_corpus(path)]
    assert len(rows) > 1_000
    assert unseen([f"{text}!!" for text in rows]) == []
    assert unseen(["강 건너 저편으로 홀로 걸어가 볼래"]) != []


def test_a_choice_and_a_named_list_stand_for_all_their_combinations(tmp_path: Path) -> None:
    lines = "# low\n= 해 해|해요\n{|너무 }우울{해}\n## rain\n비가 와\n# none\n밥 먹자\n"
    (tmp_path / "file").write_text(lines, "utf-8")
    assert list(read_sentences(tmp_path / "file")) == [
        ("low", "", ["우울해", "우울해요", "너무 우울해", "너무 우울해요"]),
        ("low", "rain", ["비가 와"]),
        ("none", "", ["밥 먹자"]),
    ]


def test_most_of_the_third_file_stands_in_many_families_of_every_class() -> None:
    lines = list(read_sentences(SENTENCES[2]))
    assert len(lines) >= 2_500
    assert all(line.family for line in lines)
    assert len({line.family for line in lines}) >= 60
    assert {line.label for line in lines} == set(CLASSES)
    # No family has two classes: what is held out is held out whole.
    assert len({(line.family, line.label) for line in lines}) == len({x.family for x in lines})


def test_a_sentence_under_no_class_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("# boredom\n심심해\n", "utf-8")
    with pytest.raises(ValueError, match="no class"):
        list(read_sentences(tmp_path / "file"))


def test_ordinary_messages_to_learn_from_are_apart_from_those_to_measure_on(tmp_path: Path) -> None:
    path = tmp_path / "file.tsv"
    path.write_text("text\ttopic\n" + "".join(f"{n}\tx\n" for n in range(6)), "utf-8")
    assert ordinary_rows(path, for_training=True) == ["1", "2", "4", "5"]
    assert ordinary_rows(path, for_training=False) == ["0", "3"]


def test_the_model_adds_to_the_floor_and_takes_nothing_away() -> None:
    whole = CrisisDetector.load(FOLDER)
    rows = [row for path in CORPORA.values() for row in read_corpus(path)]
    added = 0
    for row in rows[::3]:
        below, above = FLOOR.detect(row.text), whole.assess(row.text)
        assert below is None or above.kind is below
        added += below is None and row.expected != "none" and above.group == BY_MODEL
    assert added >= 15


def test_training_writes_a_model_that_tells_what_it_was_taught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught = {
        "self_harm": "파란 문 너머로 {혼자|먼저|그냥} {건너가려고|넘어가려고|들어가려고}",
        "violence": "그 손이 {또|다시|어제} {올라왔어|내려왔어|날아왔어}",
        "third_person": "그 애가 {창백한|텅 빈|꺼진} {얼굴이야|눈이야|말투야}",
        "low": "하늘이 {내내|온통|또} {잿빛이야|흐려|무거워}",
        "none": "국수를 {삶아|말아|비벼} {먹었어|줬어|볼까}",
    }
    lines = [f"# {label}\n{line}\n" for label, line in taught.items()]
    (tmp_path / "sentences.txt").write_text("".join(lines), "utf-8")
    (tmp_path / "everyday.tsv").write_text("text\tclass\n빨래를 널었어\t중립\n", "utf-8")
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "one.yaml").write_text("chores:\n  ko: [창문을 닦았어]\n", "utf-8")
    (tmp_path / "ordinary.tsv").write_text("text\n양말을 샀어\n하늘이 흐려\n", "utf-8")
    monkeypatch.setattr(train_crisis, "SENTENCES", (tmp_path / "sentences.txt",))
    monkeypatch.setattr(train_crisis, "_EVERYDAY", tmp_path / "everyday.tsv")
    (tmp_path / "learned.tsv").write_text(
        "text\texpected\tnote\n양말을 샀어\tnone\tidiom\n", "utf-8"
    )
    monkeypatch.setattr(train_crisis, "LEARNED", {"second": tmp_path / "learned.tsv"})
    monkeypatch.setattr(train_crisis, "_BANK", tmp_path / "bank")
    out = tmp_path / "model.npz"
    train_crisis.main(["--ordinary", str(tmp_path / "ordinary.tsv"), "--out", str(out)])
    model = CrisisModel.load(out)
    assert model.judge(["파란 문 너머로 건너가려고"]).kind is CrisisKind.SELF_HARM
    assert model.judge(["그 손이 또 날아왔어"]).kind is CrisisKind.VIOLENCE
    assert model.judge(["하늘이 온통 흐려"]).level is CrisisLevel.LOW
    assert model.judge(["국수를 말아 먹었어"]).level is CrisisLevel.NONE
    assert str(np.load(out)["trained_on"]) == train_crisis.digest() != digest_of_the_bundled()


def digest_of_the_bundled() -> str:
    return str(np.load(FILE)["trained_on"])
