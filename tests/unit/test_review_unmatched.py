"""The operator's review of messages that no reply fitted."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from core.dialogue.bank import load_bank
from core.errors import DialogueError
from core.models import Language, UserKey
from core.records import Consent, ConsentKind
from core.store.unit_of_work import open_store
from core.utterances import Utterance
from scripts.review_unmatched import group, main, promote
from tests.keepsakes import NOW

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    for name in ("body", "loss"):
        shutil.copy(ROOT / f"data/dialogue/bank/{name}.yaml", tmp_path)
    return tmp_path


def utterances(bank: Path, name: str) -> dict[Language, tuple[str, ...]]:
    (intent,) = (intent for intent in load_bank(bank) if intent.name == name)
    return dict(intent.utterances)


def test_sentences_are_grouped_around_the_one_with_most_near_it() -> None:
    angles = np.radians([0, 10, 20, 90, 95, 200])
    embeddings = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    groups = group(list("abcdef"), embeddings, np.cos(np.radians(12)))
    assert [each.sentences for each in groups] == [("b", "a", "c"), ("d", "e"), ("f",)]
    assert [each.middle for each in groups] == [1, 3, 5]


def test_every_sentence_is_in_one_group() -> None:
    generator = np.random.default_rng(3)
    embeddings = generator.normal(size=(60, 4)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    names = [str(number) for number in range(60)]
    groups = group(names, embeddings, 0.6)
    assert sorted(s for each in groups for s in each.sentences) == sorted(names)
    sizes = [len(each.sentences) for each in groups]
    assert sizes == sorted(sizes, reverse=True)
    assert group([], np.zeros((0, 4), np.float32), 0.5) == []


@pytest.mark.parametrize(
    ("sentence", "language"),
    [("갈비뼈가 욱신거려", Language.KOREAN), ("My rib aches", Language.ENGLISH)],
)
def test_a_promoted_sentence_is_an_utterance_and_nothing_else_changes(
    bank: Path, sentence: str, language: Language
) -> None:
    path = bank / "body.yaml"
    before = path.read_text(encoding="utf-8")
    assert promote(bank, "pain", f"  {sentence} ") == path
    assert sentence in utterances(bank, "pain")[language]
    assert utterances(bank, "pain")[language][0] == sentence
    after = path.read_text(encoding="utf-8")
    assert after.replace(f'"{sentence}",\n    ', "", 1) == before


def test_quotes_and_backslashes_survive(bank: Path) -> None:
    promote(bank, "pain", r'"아" 소리가 나 \o/')
    assert r'"아" 소리가 나 \o/' in utterances(bank, "pain")[Language.KOREAN]


def test_replies_stay_as_they_were(bank: Path) -> None:
    def replies() -> list[object]:
        return [(intent.replies, intent.questions) for intent in load_bank(bank)]

    before = replies()
    promote(bank, "pet_death", "앵무새가 떠났어")
    assert replies() == before


@pytest.mark.parametrize(
    ("intent", "sentence", "message"),
    [
        ("nowhere", "갈비뼈가 욱신거려", "no intent nowhere"),
        ("pain", "두통이 심해!!", "pain has this sentence already"),
        ("pain", "감기걸렸어", "sick has this sentence already"),
        ("pain", "...", "nothing to read"),
        ("pain", "010-1234-5678 아파", "personal data"),
        ("pain", "제 이름은 김민수예요", "personal data"),
        ("pain", "[이름] 때문에 아파", "personal data"),
    ],
)
def test_what_may_not_be_promoted_leaves_the_file_alone(
    bank: Path, intent: str, sentence: str, message: str
) -> None:
    before = (bank / "body.yaml").read_bytes()
    with pytest.raises(DialogueError, match=message):
        promote(bank, intent, sentence)
    assert (bank / "body.yaml").read_bytes() == before


def test_the_review_masks_groups_and_names_the_nearest_intent(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kept.txt"
    file.write_text("갈비뼈가 아파\n갈비뼈가 아파\n\n010-1234-5678로 전화해\n", encoding="utf-8")
    main(["show", str(file), "--bank", str(bank), "--model", str(ROOT / "data/models/emotion")])
    shown = capsys.readouterr().out
    assert shown.count("갈비뼈가 아파") == 1
    assert "nearest pain" in shown
    assert "5678" not in shown


async def keep(address: str, texts: dict[str, bool]) -> None:
    """Keep a message of somebody else each, who agreed to it or took that back later."""
    async with open_store(address) as store:
        for number, (text, agreed) in enumerate(texts.items()):
            async with store.unit_of_work() as work:
                user = await work.users.get(UserKey("console", str(number)))
                await work.users.put(user)
                await work.utterances.add(Utterance(user.person, text, NOW))
                for given, at in ((True, NOW), (agreed, NOW + timedelta(hours=1))):
                    kind = ConsentKind.UTTERANCES
                    await work.consents.add(Consent(user.person, kind, given, at, "1"))
                await work.commit()


def test_what_is_kept_of_people_who_agreed_is_reviewed_without_them(
    bank: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"sqlite:///{tmp_path / 'maeum.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    texts = {
        "갈비뼈가 아파": True,
        "갈비뼈가  아파": True,
        "민수라고 불러줘, 갈비뼈가 아파": True,
        "쿠쿠루삥뽕": False,
    }
    asyncio.run(keep(address, texts))
    main(["show", "--bank", str(bank), "--model", str(ROOT / "data/models/emotion")])
    shown = capsys.readouterr().out
    assert "민수" not in shown
    assert "삥뽕" not in shown
    assert shown.count("messages, nearest pain") >= 1
    assert "1. 2 messages" in shown or "1. 3 messages" in shown


def test_a_database_that_forgets_has_nothing_to_review(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "memory:")
    with pytest.raises(SystemExit, match="nothing to review"):
        main(["show"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="nowhere"):
        main(["show", str(tmp_path / "nowhere.txt")])
