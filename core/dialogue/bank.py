"""The bank: what people say, by intent, and what the bot answers; `data/dialogue/bank/*.yaml`.

A file is a topic. Each of its keys is an intent:

    bored:
      fits: [hard, neutral, good]   tones of a reading that the replies may answer
      small_talk: true              whether it says little of the person's feelings
      general: true                 optional, once a file: answers for the topic at large
      lasting: true                 optional: a talk stays with it while little is recognised
      ko: [...]                     utterances, written by us
      en: [...]
      replies: [{id, ko, en}, ...]  statements; none asks
      questions: [...]              open questions of its own; without the key nothing is asked

Replies are said on the strength of one recognised utterance, so they keep to what all utterances
of the intent share, advise nothing and claim nothing the bot cannot know. What fits hard readings
is never cheerful. An id is kept in users' histories: never give an old id to a new line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.dialogue.files import as_list, as_mapping, as_text, read_mapping
from core.dialogue.pool import Pool, check_ids, read_pool
from core.dialogue.tones import Tone
from core.errors import DialogueError
from core.models import Language

__all__ = ["ENOUGH_REPLIES", "Intent", "generals", "load_bank"]

ENOUGH_REPLIES: Final = 3
"""Replies of each intent, at least."""
_ENOUGH_QUESTIONS: Final = 2
_KEYS: Final = frozenset(
    {"fits", "small_talk", "general", "lasting", "ko", "en", "replies", "questions"}
)


@dataclass(frozen=True)
class Intent:
    """Something people say in many ways, and its answers.

    Attributes:
        name: unique in the bank.
        topic: the file it stands in.
        fits: the tones of readings that its replies may answer.
        small_talk: whether it says little of the person's feelings.
        general: whether it answers for its topic, where that is clear and the intent is not.
        lasting: whether a talk stays with it while little is recognised, as with a death.
        utterances: ways to say it, by language.
        replies: statements.
        questions: to go on with; None where nothing is to be asked.
    """

    name: str
    topic: str
    fits: frozenset[Tone]
    small_talk: bool
    general: bool
    lasting: bool
    utterances: Mapping[Language, tuple[str, ...]]
    replies: Pool
    questions: Pool | None


def generals(intents: Iterable[Intent]) -> dict[str, Intent]:
    """The intents that answer for a topic at large, by topic."""
    return {intent.topic: intent for intent in intents if intent.general}


def load_bank(folder: Path) -> tuple[Intent, ...]:
    """The intents of all files of the folder, in the order of their topics' names.

    Raises:
        DialogueError: there is no file, one is damaged, an intent or an id occurs twice, or a
            topic has two general intents.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise DialogueError(f"{folder}: there are no files of replies")
    intents = tuple(
        _intent(name, value, path) for path in paths for name, value in read_mapping(path).items()
    )
    _check_unique((intent.name for intent in intents), f"{folder}: the intent")
    topics = (intent.topic for intent in intents if intent.general)
    _check_unique(topics, f"{folder}: a general intent of")
    check_ids((p for i in intents for p in (i.replies, i.questions or ())), folder)
    return intents


def _intent(name: str, value: object, path: Path) -> Intent:
    where = f"{path}: {name}"
    entry = as_mapping(value, where)
    if unknown := sorted(entry.keys() - _KEYS):
        raise DialogueError(f"{where}: {unknown[0]} is not known here")
    questions = entry.get("questions")
    return Intent(
        name=name,
        topic=path.stem,
        fits=frozenset(_tone(tone, f"{where}: fits") for tone in as_list(entry.get("fits"), where)),
        small_talk=_flag(entry.get("small_talk"), f"{where}: small_talk"),
        general=_flag(entry.get("general", False), f"{where}: general"),
        lasting=_flag(entry.get("lasting", False), f"{where}: lasting"),
        utterances={
            language: tuple(
                as_text(text, f"{where}: {language}")
                for text in as_list(entry.get(language.value), f"{where}: {language}")
            )
            for language in Language
        },
        replies=read_pool(entry.get("replies"), f"{where}: replies", ENOUGH_REPLIES),
        questions=None
        if questions is None
        else read_pool(questions, f"{where}: questions", _ENOUGH_QUESTIONS),
    )


def _tone(value: object, where: str) -> Tone:
    try:
        return Tone(as_text(value, where))
    except ValueError as error:
        raise DialogueError(f"{where}: {value} is not a tone") from error


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise DialogueError(f"{where}: true or false is expected")
    return value


def _check_unique(names: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DialogueError(f"{where} {name} occurs twice")
        seen.add(name)
