"""What is held out of the training of the crisis model to measure it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.dialogue.crisis_model import Thresholds
from core.emotion.ngrams import NgramModel
from scripts import crisis_families, crisis_report, train_crisis
from scripts.crisis_families import Judged, main, mark, table
from scripts.training.crisis_fit import Example, fit_whole

LIMITS = Thresholds(danger=0.6, ask=0.4, low=0.5)


def test_the_page_has_the_figures_of_the_present_sentences() -> None:
    # Otherwise: python -m scripts.crisis_families (docs/crisis.md)
    assert mark() in crisis_report.PAGE.read_text("utf-8").splitlines()


def test_a_card_counts_as_asked_too() -> None:
    judged = [Judged("a", danger) for danger in (0.6, 0.5, 0.4, 0.1)] + [Judged("b", 1.0)]
    assert table(judged, LIMITS).splitlines()[2:] == [
        "| a | 4 | 25.0 % | 75.0 % |",
        "| b | 1 | 100.0 % | 100.0 % |",
    ]


def test_what_is_judged_was_not_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {
        "self_harm": "가나다라마",
        "violence": "고노도로모",
        "third_person": "구누두루무",
        "low": "바사아자차",
        "none": "카타파하거",
    }
    lines = [
        f"# {label}\n" + "".join(f"## {word}\n{word * 3} {word * 2}\n{word * 2}\n" for word in all_)
        for label, all_ in words.items()
    ]
    (tmp_path / "sentences.txt").write_text("\n".join(lines), "utf-8")
    rows = "text\texpected\tnote\n너너너\tself_harm\toblique\n더더더\tnone\tidiom\n"
    corpora = {name: tmp_path / f"{name}.tsv" for name in ("second", "third")}
    for path in corpora.values():
        path.write_text(rows, "utf-8")
    (tmp_path / "everyday.tsv").write_text("text\tclass\n빨래를 널었어\t중립\n", "utf-8")
    (tmp_path / "ordinary.tsv").write_text("text\n양말을 샀어\n창문을 닦았어\n", "utf-8")
    page = tmp_path / "crisis.md"
    page.write_text("<!-- held out: begin (of old) -->\n<!-- held out: end -->\n", "utf-8")
    monkeypatch.setattr(train_crisis, "SENTENCES", (tmp_path / "sentences.txt",))
    monkeypatch.setattr(train_crisis, "_EVERYDAY", tmp_path / "everyday.tsv")
    monkeypatch.setattr(train_crisis, "LEARNED", corpora)
    monkeypatch.setattr(crisis_families, "SENTENCES", (tmp_path / "sentences.txt",))
    monkeypatch.setattr(crisis_families, "LEARNED", corpora)
    monkeypatch.setattr(crisis_families, "_FOLDS", tuple(corpora))
    monkeypatch.setattr(crisis_families, "PAGE", page)
    learned: list[set[str]] = []

    def watched(examples: Sequence[Example]) -> NgramModel:
        learned.append({example.family for example in examples})
        return fit_whole(examples)

    monkeypatch.setattr(crisis_families, "fit_whole", watched)
    main(["--ordinary", str(tmp_path / "ordinary.tsv")])
    everything, *folds = learned
    assert {"second", "가", "하"} <= everything
    for fold, families in enumerate(folds):
        held_out = {name for name, place in crisis_families._dealt().items() if place == fold}
        assert held_out & everything
        assert families == everything - held_out
    written = page.read_text("utf-8")
    assert mark() in written
    assert "| families: self harm | 10 |" in written
    assert "| corpora: oblique | 2 |" in written
    assert "| ordinary messages | 1 |" in written
    assert capsys.readouterr().out.strip() in written


def test_families_are_dealt_evenly_and_always_alike() -> None:
    dealt = crisis_families._dealt()
    assert dealt == crisis_families._dealt()
    counts = np.bincount(list(dealt.values()))
    assert counts.max() - counts.min() <= 1
