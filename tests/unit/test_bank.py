"""The bank of replies as it is bundled, and what is said of a damaged one."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.dialogue.bank import Intent, load_bank
from core.dialogue.lines import Lines
from core.dialogue.ngram_index import fold
from core.dialogue.pool import Line, check_ids
from core.dialogue.tones import Tone
from core.emotion.normalise import normalise
from core.errors import DialogueError
from core.models import Language
from scripts.dialogue_sample import read_utterances

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data/dialogue"
SHARED = ROOT.parent / "shared/data"
BANK = load_bank(FOLDER / "bank")
BY_NAME = {intent.name: intent for intent in BANK}
ABOUT_THE_BOT = ("who_are_you", "are_you_human", "therapist_question", "bot_life")
CHEERFUL = {
    Language.KOREAN: re.compile(
        r"(?<![가-힣])우?와[,!]|축하|신나|신났|좋겠어요!|기뻐|기쁘|ㅎㅎ|ㅋㅋ|!"
    ),
    Language.ENGLISH: re.compile(r"\b(?:wow|congrat\w*|great|yay|haha)\b|!", re.IGNORECASE),
}
# What a friend who listens does not say unasked.
ADVICE = {
    Language.KOREAN: re.compile(
        r"해야 (?:해|돼|합)|(?<!안녕)하세요|해 보세요|하는 게 좋|해봐요|마세요|힘내"
    ),
    Language.ENGLISH: re.compile(r"\byou (?:should|must not|need to|had better)\b", re.IGNORECASE),
}
CLINICAL = re.compile(
    r"우울증|공황|장애|증상|진단|치료|처방|depress|disorder|symptom|diagnos|treat"
)


def lines(intent: Intent) -> Iterator[tuple[Language, Line]]:
    for pool in (intent.replies, intent.questions or ()):
        for line in pool:
            yield from line.items()


def test_the_bank_is_as_large_as_was_asked_for() -> None:
    assert len(BANK) >= 120
    assert sum(len(intent.utterances[Language.KOREAN]) for intent in BANK) >= 1500
    assert all(len(intent.replies) >= 3 for intent in BANK)
    assert all(len(intent.utterances[language]) >= 2 for intent in BANK for language in Language)
    assert sum(len(intent.replies) for intent in BANK) >= 4 * len(BANK)


@pytest.mark.parametrize(
    "name",
    "greeting thanks how_are_you who_are_you bored tired exam overwork boss friend_fight "
    "parents_conflict breakup crush_new lonely insomnia weather_rain hungry good_news birthday "
    "work_good pet_cute regret angry anxious money sick bereavement pet_death insult_bot "
    "song_talk random_thought".split(),
)
def test_what_people_come_with_has_an_intent(name: str) -> None:
    assert name in BY_NAME


def test_no_utterance_stands_twice_nor_says_nothing() -> None:
    folded = [
        (fold(utterance), intent.name)
        for intent in BANK
        for utterances in intent.utterances.values()
        for utterance in utterances
    ]
    assert all(text for text, _ in folded)
    assert not [entry for entry in Counter(text for text, _ in folded).items() if entry[1] > 1]


def test_utterances_are_in_their_language() -> None:
    for intent in BANK:
        assert not re.search("[가-힣]", "".join(intent.utterances[Language.ENGLISH]))
        for utterance in intent.utterances[Language.KOREAN]:
            assert not re.search("[A-Za-z]", utterance) or intent.topic == "talk", utterance


def test_no_longer_utterance_is_one_of_the_shared_data() -> None:
    if not SHARED.exists():
        pytest.skip("the shared data are not here")
    typed = {fold(text) for text in read_utterances(SHARED)}
    copied = [
        utterance
        for intent in BANK
        for utterances in intent.utterances.values()
        for utterance in utterances
        if len(fold(utterance)) >= 8 and fold(utterance) in typed
    ]
    assert not copied


def test_a_line_has_one_id_wherever_it_stands_and_an_id_one_line() -> None:
    pools = [*Lines.load(FOLDER).pools()]
    pools += [pool for intent in BANK for pool in (intent.replies, intent.questions or ())]
    check_ids(pools, FOLDER)
    for language in Language:
        ids: dict[str, str] = {}
        for pool in pools:
            for line in pool:
                assert ids.setdefault(line[language].text, line[language].id) == line[language].id


def test_replies_are_not_shared_between_intents() -> None:
    counts = Counter(line[Language.KOREAN].id for intent in BANK for line in intent.replies)
    assert set(counts.values()) == {1}


def test_korean_lines_are_short_and_every_sentence_is_polite() -> None:
    for intent in BANK:
        for language, line in lines(intent):
            if language is Language.KOREAN:
                assert len(line.text) < 60, line
                for sentence in re.split(r"[.?!]+", line.text):
                    assert not sentence.strip() or sentence.strip().endswith(("요", "죠")), line
                assert not re.search("[A-Za-z]", re.sub(r"AI|DJ|/[a-z]+", "", line.text)), line


def test_no_line_calls_the_person_by_a_cold_word() -> None:
    texts = [line.text for intent in BANK for _, line in lines(intent)]
    assert not [text for text in texts if re.search("그쪽|당신|너는|네가|고객", text)]


def test_english_lines_are_short_and_hold_no_hangul() -> None:
    for intent in BANK:
        for language, line in lines(intent):
            if language is Language.ENGLISH:
                assert len(line.text) <= 100, line
                assert not re.search("[ㄱ-ㅣ가-힣]", line.text), line


@pytest.mark.parametrize("language", Language)
def test_questions_ask_and_replies_do_not(language: Language) -> None:
    for intent in BANK:
        assert not [line for line in intent.replies if "?" in line[language].text]
        assert all(line[language].text.endswith("?") for line in intent.questions or ())


@pytest.mark.parametrize("language", Language)
def test_what_fits_hard_readings_is_not_cheerful(language: Language) -> None:
    texts = [
        line.text
        for intent in BANK
        if Tone.HARD in intent.fits
        for spoken, line in lines(intent)
        if spoken is language
    ]
    assert len(texts) > 500
    assert not [text for text in texts if CHEERFUL[language].search(text)]


@pytest.mark.parametrize("language", Language)
def test_cheerful_words_are_recognised_where_they_belong(language: Language) -> None:
    good = [line.text for spoken, line in lines(BY_NAME["work_good"]) if spoken is language]
    assert any(CHEERFUL[language].search(text) for text in good)


def test_good_news_is_not_answered_on_a_hard_reading_nor_failure_on_a_good_one() -> None:
    for name in ("work_good", "happy", "good_news", "birthday", "together_now", "married_happy"):
        assert Tone.HARD not in BY_NAME[name].fits
    for name in ("rejected", "exam", "angry", "sad", "money_loss"):
        assert Tone.GOOD not in BY_NAME[name].fits


def test_grief_is_met_with_care_however_it_was_read() -> None:
    for name in ("bereavement", "pet_death", "breakup", "bullied", "hospital", "cheated"):
        assert BY_NAME[name].fits == frozenset(Tone)


@pytest.mark.parametrize("language", Language)
def test_nothing_advises_unasked_or_sounds_like_a_clinic(language: Language) -> None:
    for intent in BANK:
        for spoken, line in lines(intent):
            if spoken is language:
                assert not ADVICE[language].search(line.text), line
                # It may say that it does not diagnose or treat.
                assert intent.name in ABOUT_THE_BOT or not CLINICAL.search(
                    line.text.replace("치료사", "")
                ), line


def test_who_asks_about_the_bot_hears_that_it_is_an_ai_and_no_therapist() -> None:
    for name in ABOUT_THE_BOT:
        for line in BY_NAME[name].replies:
            assert "AI" in line[Language.KOREAN].text or "기계" in line[Language.KOREAN].text
            if name == "bot_life":  # who asks for its age asks for no therapist
                continue
            assert re.search("치료", line[Language.KOREAN].text), line
            assert re.search(r"\bAI\b", line[Language.ENGLISH].text), line
            assert "therapist" in line[Language.ENGLISH].text, line


def test_a_farewell_is_followed_by_no_question() -> None:
    for name in ("good_night", "goodbye", "dont_want_to_talk", "just_listen", "ask_for_song"):
        assert BY_NAME[name].questions is None


def test_no_joke_is_followed_by_a_question_and_there_are_enough_of_them() -> None:
    assert BY_NAME["tell_joke"].questions is None
    assert len(BY_NAME["tell_joke"].replies) >= 6


def test_what_is_kept_of_a_talk_is_said_plainly() -> None:
    """No words unless agreed to, and the numbers of the mood; see `privacy.1` of the locales."""
    for line in BY_NAME["bot_privacy"].replies:
        assert re.search("/privacy|/forget|수치", line[Language.KOREAN].text), line
    for line in BY_NAME["bot_memory"].replies:
        assert re.search("못해요|몰라요|다시|없어요", line[Language.KOREAN].text), line


def test_a_question_about_a_song_is_asked_in_talk_of_music_alone() -> None:
    asked = [
        (intent.name, line[Language.KOREAN].text)
        for intent in BANK
        for line in intent.questions or ()
        if re.search("그 노래|첫 곡", line[Language.KOREAN].text)
    ]
    assert {name for name, _ in asked} <= {"song_talk", "karaoke", "fan_life"}
    music = re.compile("노래|곡|가사|음악|가수|자장가|발라드|song|lyrics|repeat", re.IGNORECASE)
    talk = BY_NAME["song_talk"].utterances
    silent = [text for texts in talk.values() for text in texts if not music.search(text)]
    assert not silent


def test_a_topic_s_general_answers_fit_its_hard_messages() -> None:
    generals = [intent for intent in BANK if intent.general]
    assert len({intent.topic for intent in generals}) == len(generals) >= 8
    for intent in generals:
        assert Tone.NEUTRAL in intent.fits
        assert len(intent.replies) >= 4


def test_a_talk_stays_with_the_dead_and_with_topics_but_with_no_mood() -> None:
    for intent in BANK:
        story = intent.general and intent.topic not in ("feelings", "daily")
        assert intent.lasting == (story or intent.topic == "loss"), intent.name


def test_utterances_read_the_same_normalised() -> None:
    """Nothing authored is lost on the way to the model."""
    for intent in BANK:
        for utterances in intent.utterances.values():
            assert all(normalise(utterance) for utterance in utterances)


# damaged files


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(FOLDER / "bank/body.yaml", tmp_path)
    shutil.copy(FOLDER / "bank/loss.yaml", tmp_path)
    return tmp_path


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(DialogueError, match=re.escape(str(tmp_path))):
        load_bank(tmp_path)


@pytest.mark.parametrize("content", [b"", b"a: [", b"- a", b"sick: 1", b"\xff\xfe\xfa"])
def test_a_damaged_file_is_named(copy: Path, content: bytes) -> None:
    (copy / "body.yaml").write_bytes(content)
    with pytest.raises(DialogueError, match="body"):
        load_bank(copy)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda bank: bank["pain"].pop("fits"), "pain"),
        (lambda bank: bank["pain"].update(fits=["sad"]), "pain: fits: sad is not a tone"),
        (lambda bank: bank["pain"].update(small_talk="no"), "small_talk: true or false"),
        (lambda bank: bank["pain"].update(lasting=1), "lasting: true or false"),
        (lambda bank: bank["pain"].update(ko=[]), "pain: ko"),
        (lambda bank: bank["pain"].pop("en"), "pain: en"),
        (lambda bank: bank["pain"].update(ko=[7]), "pain: ko: a text"),
        (lambda bank: bank["pain"].update(replies=bank["pain"]["replies"][:2]), "2 lines are too"),
        (lambda bank: bank["pain"].update(questions=[]), "pain: questions"),
        (lambda bank: bank["pain"].update(answers=[]), "answers is not known here"),
        (lambda bank: bank["pain"].update(general=True), "a general intent of body occurs twice"),
        (lambda bank: bank.update(bereavement=bank["pain"]), "the intent bereavement occurs twice"),
        (lambda bank: bank["pain"]["replies"][0].update(id="sick.1"), "sick.1 occurs twice"),
        (lambda bank: bank["pain"]["replies"][1].update(id="pain.1"), "pain.1 occurs twice"),
    ],
)
def test_what_is_wrong_in_the_bank_is_said(
    copy: Path, damage: Callable[[dict[str, Any]], object], message: str
) -> None:
    path = copy / "body.yaml"
    bank = yaml.safe_load(path.read_text(encoding="utf-8"))
    damage(bank)
    path.write_text(yaml.safe_dump(bank, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DialogueError, match=message):
        load_bank(copy)
