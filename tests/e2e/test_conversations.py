"""Whole conversations with the bundled files: what is said fits what people say."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from bot.chat.answers import Answer, AnswerKind
from bot.config import ROOT
from core.dialogue.bank import load_bank
from core.models import Language
from scripts.conversations import (
    CONVERSATIONS,
    Conversation,
    Exchange,
    open_chat,
    play,
    read_conversations,
)
from scripts.write_conversations import PAGE, page

ALL = read_conversations(ROOT / CONVERSATIONS)
CHEERFUL = {
    Language.KOREAN: re.compile(
        r"(?<![가-힣])우?와[,!]|축하|신나|신났|좋겠어요!|기뻐|기쁘|ㅎㅎ|ㅋㅋ|!"
    ),
    Language.ENGLISH: re.compile(r"\b(?:wow|congrat\w*|great|yay|haha)\b|!", re.IGNORECASE),
}
SPOKEN = {AnswerKind.TALK, AnswerKind.CARE, AnswerKind.CRISIS}
EXPECTATIONS = {
    *("say", "press", "of", "hours", "kind", "about", "sad", "offer", "gentle", "card"),
    *("error", "contains", "count"),
}


@dataclass(frozen=True)
class Had:
    """The conversations as they went, and the page about them."""

    exchanges: Mapping[str, Sequence[Exchange]]
    page: str


@pytest.fixture(scope="session")
def had() -> Had:
    async def talk() -> Had:
        async with open_chat() as chat:
            exchanges = {each.name: await play(chat, each) for each in ALL}
            return Had(exchanges, page(chat, [(each, exchanges[each.name]) for each in ALL]))

    return asyncio.run(talk())


@pytest.fixture(scope="session")
def intents() -> Mapping[str, str]:
    """The intent of each reply of the bank, by its text."""
    return {
        line[language].text: intent.name
        for intent in load_bank(ROOT / "data/dialogue/bank")
        for line in intent.replies
        for language in Language
    }


def problems(turn: Mapping[str, Any], answer: Answer, intents: Mapping[str, str]) -> Iterator[str]:
    """What is not as the turn expects it."""
    reply, text = answer.reply, "\n".join(answer.text)
    slate = reply.slate if reply else None
    if answer.kind != turn.get("kind", "talk"):
        yield f"is about {answer.kind}"
    if "about" in turn and (name := intents.get(answer.text[0])) not in turn["about"]:
        yield f"answers {name}"
    if turn.get("sad") and CHEERFUL[answer.language].search(text):
        yield "is cheerful"
    facts = {
        "error": answer.error,
        "offer": bool(reply and reply.offer),
        "gentle": bool(reply and reply.gentle),
        "card": bool(reply and reply.card),
        "count": len(slate.items) if slate else 0,
    }
    for name, fact in facts.items():
        if name in turn and fact != turn[name]:
            yield f"{name}: {fact}"
    for part in turn.get("contains", ()):
        if part not in text:
            yield f"lacks {part}"


def test_there_are_ten_conversations_of_twelve_turns() -> None:
    assert [len(each.turns) for each in ALL] == [12] * 10


def test_the_file_expects_nothing_that_is_not_checked() -> None:
    for each in ALL:
        for turn in each.turns:
            assert turn.keys() <= EXPECTATIONS
            assert ("say" in turn) != ("press" in turn)


@pytest.mark.parametrize("conversation", ALL, ids=lambda each: each.name)
def test_every_answer_is_what_the_turn_expects(
    conversation: Conversation, had: Had, intents: Mapping[str, str]
) -> None:
    wrong = [
        f"{exchange.turn.get('say') or exchange.turn['press']} -> {exchange.answer.text}: {problem}"
        for exchange in had.exchanges[conversation.name]
        for problem in problems(exchange.turn, exchange.answer, intents)
    ]
    assert not wrong


@pytest.mark.parametrize("conversation", ALL, ids=lambda each: each.name)
def test_no_line_is_said_twice_in_a_conversation(conversation: Conversation, had: Had) -> None:
    said = [
        line
        for exchange in had.exchanges[conversation.name]
        if exchange.answer.kind in SPOKEN and exchange.answer.reply is not None
        for line in exchange.answer.reply.lines
    ]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("conversation", ALL, ids=lambda each: each.name)
def test_who_it_is_stands_only_before_the_first_answer(
    conversation: Conversation, had: Had
) -> None:
    replies = [exchange.answer.reply for exchange in had.exchanges[conversation.name]]
    talk = [reply.first for reply in replies if reply is not None]
    assert talk[0]
    assert not any(talk[1:])


def test_songs_are_offered_once_the_gauge_is_full_and_not_before(had: Had) -> None:
    offers = 0
    for exchanges in had.exchanges.values():
        due = True
        for exchange in exchanges:
            reply = exchange.answer.reply
            if reply is None or exchange.answer.kind not in {AnswerKind.TALK, AnswerKind.SONGS}:
                continue
            full = reply.gauge is not None and reply.gauge >= 100
            assert full or not reply.offer
            assert reply.offer or not (full and due)
            assert bool(exchange.answer.buttons) == reply.offer
            due = not full
            offers += reply.offer
    assert offers >= len(ALL)


def test_what_is_offered_is_asked_no_question_as_well(had: Had) -> None:
    for exchanges in had.exchanges.values():
        for exchange in exchanges:
            if exchange.answer.reply is not None and exchange.answer.reply.offer:
                assert not any("?" in line for line in exchange.answer.reply.lines)


def test_the_card_of_a_crisis_is_shown_once_and_nothing_is_read_from_what_follows(
    had: Had,
) -> None:
    exchanges = had.exchanges["crisis"]
    replies = [exchange.answer.reply for exchange in exchanges]
    assert [bool(reply and reply.card) for reply in replies].count(True) == 1
    cared = [e for e in exchanges if e.answer.kind in {AnswerKind.CRISIS, AnswerKind.CARE}]
    assert len(cared) == 5
    for exchange in cared:
        assert exchange.answer.reply is not None
        assert exchange.answer.reply.reading is None
        assert exchange.answer.reply.slate is None


def test_no_song_comes_twice_in_a_conversation(had: Had) -> None:
    for exchanges in had.exchanges.values():
        shown = [
            item.song.id
            for exchange in exchanges
            if exchange.answer.reply is not None and exchange.answer.reply.slate is not None
            for item in exchange.answer.reply.slate.items
        ]
        assert len(shown) == len(set(shown))


def test_the_page_is_up_to_date(had: Had) -> None:
    """Run `python -m scripts.write_conversations` where it is not."""
    assert (ROOT / PAGE).read_text(encoding="utf-8") == had.page
