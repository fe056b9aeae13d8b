"""What is said to a message: the intent's reply where it fits, else a line for the emotion."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dialogue.bank import Intent, load_bank
from core.dialogue.lines import Line, Lines
from core.dialogue.pool import Pool
from core.dialogue.tones import Tone, leading_emotion, tone_of
from core.emotion.labels import COARSE
from core.models import EmotionScores, Language
from tests.readings import reading, readings

FOLDER = Path(__file__).parents[2] / "data/dialogue"
LINES = Lines.load(FOLDER)
BANK = load_bank(FOLDER / "bank")
BY_NAME = {intent.name: intent for intent in BANK}


def reply(
    scores: EmotionScores,
    intent: Intent | None,
    said: tuple[str, ...] = (),
    *,
    ask: bool = True,
    seed: int = 0,
    language: Language = Language.KOREAN,
) -> tuple[Line, ...]:
    return LINES.reply(
        scores,
        language=language,
        said=said,
        generator=np.random.default_rng(seed),
        ask=ask,
        intent=intent,
    )


def texts(pool: Pool | None) -> set[str]:
    return {line[Language.KOREAN].text for line in pool or ()}


@pytest.mark.parametrize("emotion", COARSE)
def test_over_the_whole_bank_a_reply_fits_the_emotion_or_the_emotion_is_answered(
    emotion: str,
) -> None:
    tone = tone_of(emotion)
    scores = reading(emotion)
    for intent in BANK:
        for seed in range(3):
            line = reply(scores, intent, seed=seed, ask=False)[0].text
            if tone in intent.fits:
                assert line in texts(intent.replies)
            else:
                assert line in texts(LINES.emotions[emotion])


def test_sad_news_matched_with_a_cheerful_intent_is_met_with_empathy() -> None:
    line, question = reply(reading("슬픔"), BY_NAME["work_good"])
    assert line.text in texts(LINES.emotions["슬픔"])
    assert question.text in texts(LINES.questions[Tone.HARD])


def test_an_intent_asks_its_own_questions_first_then_those_of_the_tone() -> None:
    intent = BY_NAME["breakup"]
    assert intent.questions is not None
    assert reply(reading("슬픔"), intent)[1].text in texts(intent.questions)
    asked = tuple(line[Language.KOREAN].id for line in intent.questions)
    assert reply(reading("슬픔"), intent, asked)[1].text in texts(LINES.questions[Tone.HARD])


def test_without_an_intent_the_emotion_is_answered() -> None:
    line, question = reply(reading("분노"), None)
    assert line.text in texts(LINES.emotions["분노"])
    assert question.text in texts(LINES.questions[Tone.HARD])


@pytest.mark.parametrize("ask", [True, False])
def test_a_farewell_gets_one_line(ask: bool) -> None:
    assert len(reply(reading("중립"), BY_NAME["good_night"], ask=ask)) == 1


def test_nothing_is_asked_when_songs_are_offered() -> None:
    for intent in BANK:
        (line,) = reply(reading("중립"), intent, ask=False)
        assert "?" not in line.text


@settings(max_examples=25)
@given(st.lists(st.tuples(readings(), st.sampled_from(BANK)), max_size=25), st.integers(0, 2**32))
def test_nothing_among_the_last_twenty_is_said_again(
    talk: list[tuple[EmotionScores, Intent]], seed: int
) -> None:
    said: tuple[str, ...] = ()
    for turn, (scores, intent) in enumerate(talk):
        lines = reply(scores, intent, said, seed=seed + turn)
        assert not {line.id for line in lines} & set(said)
        said = (*said, *(line.id for line in lines))[-20:]


@settings(max_examples=25)
@given(readings(), st.sampled_from(BANK), st.booleans(), st.sampled_from(Language))
def test_the_same_message_over_and_over_never_gets_the_same_words(
    scores: EmotionScores, intent: Intent, ask: bool, language: Language
) -> None:
    said: list[str] = []
    heard: list[str] = []
    for turn in range(15):
        lines = reply(scores, intent, tuple(said[-20:]), ask=ask, seed=turn, language=language)
        assert not {line.text for line in lines} & set(heard[-20:])
        said += [line.id for line in lines]
        heard += [line.text for line in lines]


@settings(max_examples=50)
@given(readings(), st.sampled_from(BANK), st.integers(0, 2**32))
def test_a_cheerful_intent_never_answers_a_hard_reading(
    scores: EmotionScores, intent: Intent, seed: int
) -> None:
    line = reply(scores, intent, seed=seed)[0].text
    if tone_of(leading_emotion(scores)) not in intent.fits:
        assert line not in texts(intent.replies)
