"""The bank of lines as it is bundled, and how a line is chosen from it."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dialogue.lines import Line, Lines, Tone, leading_emotion, outstanding_fine
from core.emotion.labels import COARSE, FINE
from core.errors import DialogueError
from core.models import EmotionScores, Language
from tests.readings import reading, readings

FOLDER = Path(__file__).parents[2] / "data" / "dialogue"
LINES = Lines.load(FOLDER)
HARD = ("슬픔", "분노", "공포", "혐오")
FINE_WITH_LINES = (
    "고마움",
    "불안/걱정",
    "힘듦/지침",
    "서러움",
    "당황/난처",
    "뿌듯함",
    "기대감",
    "죄책감",
    "부끄러움",
    "짜증",
    "귀찮음",
    "안심/신뢰",
)
CHEERFUL = {
    Language.KOREAN: re.compile(
        r"(?<![가-힣])우?와(?![가-힣])|축하|신나|신났|좋겠|기뻐|기쁘|ㅎㅎ|ㅋㅋ|!"
    ),
    Language.ENGLISH: re.compile(r"\b(?:wow|congrat\w*|great|yay|haha)\b|!", re.IGNORECASE),
}
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def mixture(fine: Mapping[str, float] | None = None, /, **shares: float) -> EmotionScores:
    scores = np.zeros(len(FINE), np.float32)
    for name, score in (fine or {}).items():
        scores[FINE.index(name)] = score
    coarse = np.array([shares.get(name, 0.0) for name in COARSE], np.float32)
    assert abs(coarse.sum() - 1) < 1e-5
    return EmotionScores(coarse, scores, 0.0, 0.0, ambiguous=float(coarse.max()) < 0.4)


def reply(
    scores: EmotionScores,
    said: tuple[str, ...] = (),
    *,
    seed: int = 0,
    ask: bool = True,
    language: Language = Language.KOREAN,
) -> tuple[Line, ...]:
    generator = np.random.default_rng(seed)
    return LINES.reply(scores, language=language, said=said, generator=generator, ask=ask)


def ids(pool: tuple[Mapping[Language, Line], ...]) -> list[str]:
    return [line[Language.KOREAN].id for line in pool]


def statements() -> Iterator[Mapping[Language, Line]]:
    for pool in (*LINES.emotions.values(), LINES.mixed, *LINES.fine.values()):
        yield from pool


def questions() -> Iterator[Mapping[Language, Line]]:
    for pool in LINES.questions.values():
        yield from pool


# the bank


def test_every_emotion_tone_and_named_fine_emotion_has_enough_lines() -> None:
    assert tuple(LINES.emotions) == COARSE
    assert set(LINES.questions) == set(Tone)
    assert set(LINES.fine) >= set(FINE_WITH_LINES)
    assert all(len(pool) >= 12 for pool in (*LINES.emotions.values(), LINES.mixed))
    assert all(len(pool) >= 12 for pool in LINES.questions.values())
    assert all(len(pool) >= 4 for pool in LINES.fine.values())


@pytest.mark.parametrize("language", Language)
def test_every_line_and_id_stands_in_one_place_only(language: Language) -> None:
    lines = [line[language] for line in (*statements(), *questions())]
    assert len({line.id for line in lines}) == len(lines)
    assert len({line.text for line in lines}) == len(lines)
    pools = (*LINES.emotions.values(), LINES.mixed, *LINES.fine.values(), *LINES.questions.values())
    prefixes = [{line[language].id.split(".")[0] for line in pool} for pool in pools]
    assert all(len(prefix) == 1 for prefix in prefixes)
    assert len(set.union(*prefixes)) == len(prefixes)


def test_english_lines_hold_no_hangul() -> None:
    for line in (*statements(), *questions()):
        assert not HANGUL.search(line[Language.ENGLISH].text)
        assert len(line[Language.ENGLISH].text) <= 80


def test_korean_lines_are_short_and_every_sentence_is_polite() -> None:
    for line in (*statements(), *questions()):
        text = line[Language.KOREAN].text
        assert len(text) < 60
        for sentence in re.split(r"[.?!]+", text):
            assert not sentence.strip() or sentence.strip().endswith(("요", "죠")), text
            assert not sentence or not re.search("[A-Za-z]", sentence)


@pytest.mark.parametrize("language", Language)
def test_questions_ask_and_other_lines_do_not(language: Language) -> None:
    assert all(line[language].text.endswith("?") for line in questions())
    assert not any("?" in line[language].text for line in statements())


def test_lines_for_hard_feelings_do_not_exclaim() -> None:
    fine = [name for name in LINES.fine if name not in {"고마움", "뿌듯함", "기대감", "안심/신뢰"}]
    pools = [LINES.emotions[name] for name in HARD] + [LINES.fine[name] for name in fine]
    texts = [line[language].text for pool in pools for line in pool for language in Language]
    assert not [text for text in texts if "!" in text]


@pytest.mark.parametrize("language", Language)
def test_lines_that_may_answer_misread_bad_news_are_never_cheerful(language: Language) -> None:
    pools = (
        LINES.emotions["놀람"],
        LINES.emotions["중립"],
        LINES.fine["당황/난처"],
        LINES.mixed,
        LINES.questions[Tone.NEUTRAL],
    )
    texts = [line[language].text for pool in pools for line in pool]
    assert not [text for text in texts if CHEERFUL[language].search(text)]


@pytest.mark.parametrize("language", Language)
def test_cheerful_words_are_recognised_where_they_belong(language: Language) -> None:
    assert any(CHEERFUL[language].search(line[language].text) for line in LINES.emotions["행복"])


# what is chosen


@pytest.mark.parametrize("emotion", COARSE)
@pytest.mark.parametrize("language", Language)
def test_line_and_question_fit_the_emotion(emotion: str, language: Language) -> None:
    tone = {"행복": Tone.GOOD, "놀람": Tone.NEUTRAL, "중립": Tone.NEUTRAL}.get(emotion, Tone.HARD)
    for seed in range(30):
        line, question = reply(reading(emotion), seed=seed, language=language)
        assert line in [each[language] for each in LINES.emotions[emotion]]
        assert question in [each[language] for each in LINES.questions[tone]]


def test_without_asking_there_is_no_question() -> None:
    (line,) = reply(reading("슬픔"), ask=False)
    assert line.id in ids(LINES.emotions["슬픔"])


@pytest.mark.parametrize(
    "scores",
    [
        mixture(슬픔=0.39, 분노=0.31, 중립=0.3),
        mixture(행복=0.48, 슬픔=0.42, 중립=0.1),
        mixture(슬픔=0.48, 행복=0.42, 중립=0.1),
        mixture(행복=0.45, 슬픔=0.25, 분노=0.25, 중립=0.05),
        mixture({"고마움": 0.9}, 행복=0.5, 슬픔=0.5),
        mixture(**dict.fromkeys(COARSE, 1 / 7)),
    ],
)
def test_a_mixed_reading_gets_a_line_that_is_not_sure(scores: EmotionScores) -> None:
    line, question = reply(scores)
    assert line.id in ids(LINES.mixed)
    assert question.id in ids(LINES.questions[Tone.NEUTRAL])


@pytest.mark.parametrize(
    "scores", [mixture(슬픔=0.45, 분노=0.42, 중립=0.13), mixture(슬픔=0.6, 행복=0.4)]
)
def test_a_clear_lead_or_a_rival_of_the_same_tone_is_not_mixed(scores: EmotionScores) -> None:
    assert leading_emotion(scores) == "슬픔"


@pytest.mark.parametrize(
    ("fine", "emotion"),
    [
        *zip(
            FINE_WITH_LINES,
            "행복 공포 슬픔 슬픔 놀람 행복 행복 슬픔 슬픔 분노".split(),
            strict=False,
        ),
        ("귀찮음", "분노"),
        ("귀찮음", "중립"),
        ("안심/신뢰", "행복"),
    ],
)
def test_a_fine_emotion_that_stands_out_gets_a_line_of_its_own(fine: str, emotion: str) -> None:
    scores = mixture({fine: 0.8, "없음": 0.6}, **{emotion: 1.0})
    assert reply(scores)[0].id in ids(LINES.fine[fine])


@pytest.mark.parametrize(
    "fine",
    [
        {"힘듦/지침": 0.49},  # not high
        {"힘듦/지침": 0.8, "슬픔": 0.9},  # not the strongest
        {"고마움": 0.9},  # of another class
    ],
)
def test_otherwise_the_line_is_of_the_class(fine: dict[str, float]) -> None:
    assert reply(mixture(fine, 슬픔=1.0))[0].id in ids(LINES.emotions["슬픔"])


def test_once_its_lines_are_said_a_fine_emotion_gets_lines_of_the_class() -> None:
    scores = mixture({"힘듦/지침": 0.8}, 슬픔=1.0)
    assert outstanding_fine(scores) == "힘듦/지침"
    line = reply(scores, tuple(ids(LINES.fine["힘듦/지침"])))[0]
    assert line.id in ids(LINES.emotions["슬픔"])


@given(readings(), st.integers(0, 2**32 - 1))
def test_a_reply_never_takes_the_opposite_side(scores: EmotionScores, seed: int) -> None:
    """Whatever the reading, the line is of its leading class, or of none."""
    line, question = reply(scores, seed=seed)
    emotion = leading_emotion(scores)
    fitting = ids(LINES.mixed) if emotion is None else ids(LINES.emotions[emotion])
    closer = ids(LINES.fine.get(outstanding_fine(scores) or "", ()))
    assert line.id in (closer or fitting)
    hard = float(sum(scores.coarse[COARSE.index(name)] for name in HARD))
    joy = float(scores.coarse[COARSE.index("행복")])
    if question.id in ids(LINES.questions[Tone.GOOD]):
        assert joy > hard
    if question.id in ids(LINES.questions[Tone.HARD]):
        assert max(float(scores.coarse[COARSE.index(name)]) for name in HARD) > joy


@given(readings(), st.integers(0, 2**32 - 1), st.sampled_from(Language), st.booleans())
def test_the_same_generator_gives_the_same_reply(
    scores: EmotionScores, seed: int, language: Language, ask: bool
) -> None:
    first = reply(scores, seed=seed, language=language, ask=ask)
    assert reply(scores, seed=seed, language=language, ask=ask) == first


@given(st.lists(readings(), min_size=1, max_size=30), st.integers(0, 2**32 - 1))
def test_nothing_among_the_last_twenty_is_said_again(talk: list[EmotionScores], seed: int) -> None:
    generator = np.random.default_rng(seed)
    said: tuple[str, ...] = ()
    for scores in talk:
        lines = LINES.reply(
            scores, language=Language.ENGLISH, said=said, generator=generator, ask=True
        )
        assert not {line.id for line in lines} & set(said)
        said = (*said, *(line.id for line in lines))[-20:]


@pytest.mark.parametrize("emotion", COARSE)
def test_an_exhausted_pool_gives_way_to_lines_that_take_no_side(emotion: str) -> None:
    line = reply(reading(emotion), tuple(ids(LINES.emotions[emotion])), ask=False)[0]
    assert line.id in ids(LINES.mixed)
    asked = tuple(ids(LINES.questions[Tone.HARD]))
    assert reply(reading("슬픔"), asked)[1].id in ids(LINES.questions[Tone.NEUTRAL])


def test_when_all_is_said_the_line_said_longest_ago_comes_again() -> None:
    said = (*ids(LINES.mixed), *ids(LINES.emotions["중립"]))
    assert reply(reading("중립"), said, ask=False)[0].id == said[0]
    assert reply(reading("중립"), said[::-1], ask=False)[0].id == said[-1]
    assert reply(reading("중립"), (*said, said[0]), ask=False)[0].id == said[1]


@settings(max_examples=20)
@given(readings(), st.integers(0, 2**32 - 1), st.booleans())
def test_twenty_answers_to_one_message_are_all_different(
    scores: EmotionScores, seed: int, ask: bool
) -> None:
    said: tuple[str, ...] = ()
    for turn in range(20):
        lines = reply(scores, said, seed=seed + turn, ask=ask)
        assert not {line.id for line in lines} & set(said)
        said = (*said, *(line.id for line in lines))[-20:]


def test_different_generators_vary_the_line() -> None:
    assert len({reply(reading("슬픔"), seed=seed)[0].id for seed in range(50)}) > 6


# damaged files


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("empathy.yaml", "questions.yaml"):
        shutil.copy(FOLDER / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["empathy.yaml", "questions.yaml"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(DialogueError, match=name):
        Lines.load(copy)


@pytest.mark.parametrize("name", ["empathy.yaml", "questions.yaml"])
@pytest.mark.parametrize(
    "content", [b"", b"a: [", b"- a", b"hard: 1\nemotions: 1", b"\xff\xfe\xfa"]
)
def test_a_damaged_file_is_named(copy: Path, name: str, content: bytes) -> None:
    (copy / name).write_bytes(content)
    with pytest.raises(DialogueError, match=name):
        Lines.load(copy)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda bank: bank["emotions"]["슬픔"].pop(), "슬픔: 11 lines are too few"),
        (lambda bank: bank["emotions"].pop("공포"), "emotions: 공포"),
        (lambda bank: bank["emotions"].update(사랑=[]), "사랑 is not known"),
        (lambda bank: bank["mixed"].pop(), "mixed: 11 lines"),
        (lambda bank: bank["fine"]["짜증"].pop(), "짜증: 3 lines"),
        (lambda bank: bank["fine"].update(사랑=[]), "사랑 is not a fine emotion"),
        (lambda bank: bank["mixed"][3].pop("en"), "mixed, line 4: en"),
        (lambda bank: bank["mixed"][3].update(ko=" "), "mixed, line 4: ko"),
        (lambda bank: bank["mixed"][3].update(id="joy.1"), "joy.1 occurs twice"),
        (lambda bank: bank["mixed"][3].update(id="hard.1"), "hard.1 occurs twice"),
    ],
)
def test_what_is_wrong_in_the_bank_is_said(
    copy: Path, damage: Callable[[dict[str, object]], object], message: str
) -> None:
    path = copy / "empathy.yaml"
    bank = yaml.safe_load(path.read_text(encoding="utf-8"))
    damage(bank)
    path.write_text(yaml.safe_dump(bank, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DialogueError, match=message):
        Lines.load(copy)
