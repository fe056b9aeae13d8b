"""The sentences of data/locales, in every language, and how they are filled in."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from bot.chat.chat import HELP_ENTRIES
from bot.chat.commands import Command
from bot.chat.settings import CHOICES
from bot.config import ROOT
from bot.error_codes import ERROR_CODES, INTERNAL
from bot.texts import Texts, Word, load_texts
from core.emotion.labels import COARSE, FINE
from core.errors import DialogueError
from core.models import AccountSettings, Contrast, Language, Mode, ReasonKind, Subject, Wish
from core.recommend.query import Refinement, SongLanguage
from core.records import ConsentKind, Verdict
from core.reminders import Rhythm

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
LANGUAGES = list(Language)
# A test of the store holds that these are all that can be counted of a person.
TABLES = (
    "person",
    "account",
    "link_code",
    "mood_point",
    "impression",
    "post",
    "feedback",
    "consent",
    "utterance",
    "correction",
    "reminder",
)
ENTRIES = (*HELP_ENTRIES, Command.QUIT)
DISCORD_COMMANDS = (
    *("songs", "mood", "history", "week", "taste", "consent", "grounding", "privacy", "export"),
    *("forget", "link", "help", "like_song", "diary", "correct", "remind"),
)
DISCORD_OWN = ("talk", "settings", "language", "server")
DISCORD_OPTIONS = (
    *(
        "text",
        "mode",
        "count",
        "days",
        "zone",
        "every",
        "time",
        "code",
        "language",
        "on",
        "channel",
        "genre",
        "decade",
        "song",
    ),
)
# Families of keys that are put together at run time, and the members each has to have.
# How many sentences there are for each kind of reason; two kinds have others for some emotions.
WHYS: dict[str, int] = {
    **dict.fromkeys(map(str, ReasonKind), 5),
    ReasonKind.SHARED: 7,
    ReasonKind.LIFT: 7,
    ReasonKind.CALM: 6,
    ReasonKind.TASTE: 7,
    ReasonKind.ASKED: 8,
    ReasonKind.GENTLE: 8,
    ReasonKind.PLAIN: 7,
    "turn": 5,
    "cool": 5,
}
CONTRASTS = {Contrast.BRIGHT_WORDS: 4, Contrast.DARK_WORDS: 3}
# How many lines a reminder has to choose from.
CHECK_INS = {"morning": 5, "evening": 8, "weekly": 4, "report": 3, "gentle": 3}
FAMILIES = {
    "emotion": set(COARSE),
    "feeling": set(COARSE),
    "fine": set(FINE),
    "error": {*ERROR_CODES.values(), INTERNAL, "misspelt_command", "nothing_shown_yet", "wordless"},
    "help": {f"{name}.{part}" for name in ENTRIES for part in ("usage", "text")},
    "plane": {f"{v}.{a}" for v in ("low", "even", "high") for a in ("low", "even", "high")},
    "mood": {f"{axis}{end}" for axis in ("valence", "arousal") for end in ("", ".low", ".high")},
    "why": {f"{name}.{n}" for name, most in WHYS.items() for n in range(1, most + 1)}
    | {f"contrast.{name}.{n}" for name, most in CONTRASTS.items() for n in range(1, most + 1)},
    "console.greeting": {"1", "2", "3"},
    "songs": {*Mode, "gentle", "none", "listen", "source"},
    "songs.offer": {"1", "2", "3", "4"},
    "asked": {"decade", *SongLanguage, *Subject},
    "ask": {Command.LIKE_SONG, Command.DIARY, "reply"},
    "wish": set(Wish),
    "refine": set(Refinement),
    "refined": set(Refinement),
    "charts.weekday": set("1234567"),
    "charts.month": {str(month) for month in range(1, 13)},
    "charts.change": {
        f"{axis}.{way}"
        for axis in ("valence", "arousal")
        for way in ("same", "up", "up.slightly", "down", "down.slightly")
    },
    "vote": {*Verdict, "ask_never"},
    "button": {
        *Mode,
        *("why", "never", "never_song", "never_artist", "forget", "keep", "grounding"),
        "correct",
        *(f"consent.{kind}.{said}" for kind in ConsentKind for said in ("yes", "no")),
        *("remind.talk", "remind.stop"),
    },
    "remind": {"none", "how", "stopped", "every", *Rhythm},
    "remind.where": {"telegram", "discord", "console"},
    "remind.every": {"day", "week"},
    "remind.day": set("1234567"),
    "remind.say": {
        f"{kind}.{number}" for kind, most in CHECK_INS.items() for number in range(1, most + 1)
    },
    "remind.talk": {"1", "2", "3"},
    "remind.place": {"seoul", "elsewhere"},
    "taste": {"none", "votes", "liked", "disliked", "unclear", "artist", "genre", "years"},
    "settings": {
        *("title", "songs", "how"),
        *(field.name for field in fields(AccountSettings)),
        *(f"allowed.{field.name}" for field in fields(AccountSettings)),
    },
    "setting": {
        f"{name}.{value}"
        for name in ("language", "memory", "layout", "theme")
        for value in CHOICES[name]
    },
    "consent": {
        *("title", "open", "given", "refused", "how"),
        *(f"{kind}.{part}" for kind in ConsentKind for part in ("text", "yes", "no")),
    },
    "privacy": {"1", "2", "3", "4", "5", "replies"},
    "export.readme": {str(number) for number in range(1, 14)},
    "kept": {*TABLES, "none", "all", "rows"},
    "discord.command": {
        *(f"{name}.name" for name in (*DISCORD_COMMANDS, *DISCORD_OWN, "preview")),
        *(f"{name}.text" for name in DISCORD_OWN),
    },
    "discord.option": {f"{name}.{part}" for name in DISCORD_OPTIONS for part in ("name", "text")},
}


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    return load_texts(request.param)


def literals() -> Iterator[str]:
    """Every text constant in the code that speaks."""
    for folder in ("bot", "core/charts"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def used_keys() -> set[str]:
    heads = {key.partition(".")[0] for key in load_texts(Language.KOREAN).entries}
    plain = {
        text
        for text in literals()
        if re.fullmatch(r"[a-z]+(\.[a-z_]+)+", text) and text.partition(".")[0] in heads
    }
    composed = {f"{family}.{member}" for family, members in FAMILIES.items() for member in members}
    return plain - set(FAMILIES) | composed


def placeholders(entry: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(entry) if name is not None}


def test_every_key_that_is_used_has_a_text_and_every_text_is_used(texts: Texts) -> None:
    assert set(texts.entries) == used_keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_are_filled_in_in_every_language(language: Language) -> None:
    korean, other = load_texts(Language.KOREAN).entries, load_texts(language).entries
    assert {key: placeholders(other[key]) for key in other} == {
        key: placeholders(korean[key]) for key in korean
    }


def test_no_text_is_empty_or_stands_in_stray_spaces(texts: Texts) -> None:
    assert [key for key, text in texts.entries.items() if not text or text != text.strip()] == []


def test_english_is_written_without_hangul() -> None:
    entries = load_texts(Language.ENGLISH).entries
    assert [key for key, text in entries.items() if HANGUL.search(text)] == []


def test_english_has_a_different_name_for_every_class() -> None:
    english = load_texts(Language.ENGLISH)
    assert len({english(f"emotion.{label}") for label in COARSE}) == len(COARSE)


def test_the_greeting_says_that_it_is_an_ai_and_no_therapist(texts: Texts) -> None:
    greeting = " ".join(texts(key) for key in texts.variants("console.greeting"))
    assert "AI" in greeting
    assert {"ko": "상담", "en": "therapy"}[texts.language] in greeting


@pytest.mark.parametrize(
    ("word", "spec", "expected"),
    [
        ("슬픔", "이/가", "슬픔이"),
        ("분노", "이/가", "분노가"),
        ("놀라움", "을/를", "놀라움을"),
        ("/노래", "을/를", "/노래를"),
        ("흐뭇함(귀여움/예쁨)", "은/는", "흐뭇함(귀여움/예쁨)은"),
        ("62%", "이/가", "62%가"),
        ("", "이/가", "가"),
        ("슬픔", "", "슬픔"),
    ],
)
def test_a_particle_fits_the_last_syllable(word: str, spec: str, expected: str) -> None:
    assert format(Word(word), spec) == expected


def test_words_with_braces_are_filled_in_as_they_are() -> None:
    texts = Texts(Language.KOREAN, {"a.b": "‘{title}’ {count:이/가}"})
    assert texts("a.b", title="{count}", count=3) == "‘{count}’ 3가"


def test_variants_are_the_numbered_keys() -> None:
    texts = Texts(Language.KOREAN, {"a.1": "", "a.2": "", "a.4": "", "ab.3": ""})
    assert texts.variants("a") == ["a.1", "a.2"]
    assert texts.variants("b") == []


@pytest.mark.parametrize("content", ["- a", "a: {b: c}", "a: 1", "1: a", "a: [", "", "\xff"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "ko.yaml").write_bytes(content.encode("latin-1"))
    with pytest.raises(DialogueError, match="ko"):
        Texts.load(tmp_path, Language.KOREAN)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DialogueError, match="en"):
        Texts.load(tmp_path, Language.ENGLISH)
