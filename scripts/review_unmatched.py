"""Shows the operator what no reply fitted, and takes chosen sentences into the bank.

    python -m scripts.review_unmatched show [FILE] [--model DIR] [--bank DIR] [--least X]
    python -m scripts.review_unmatched promote INTENT SENTENCE [--bank DIR]

`show` reads what is kept in the database of DATABASE_URL of people who agreed to it, or FILE, one
message a line. It was masked as `core.dialogue.masking` does, and is masked again with what that
finds today. `show` groups it by meaning, the largest group first, each with the intent that comes
nearest, and says nothing of who wrote it.
`promote` adds a sentence to the utterances of an intent, so that the next message like it is
recognised. A sentence is only ever compared with, never said; reword it so that it is nobody's.
"""

import argparse
import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.bootstrap import open_units_of_work
from bot.config import load_settings
from core.dialogue.bank import load_bank
from core.dialogue.bank_embeddings import embedding_by
from core.dialogue.masking import MASKS, mask
from core.dialogue.ngram_index import fold
from core.dialogue.retrieval import RetrievalConfig, Retriever
from core.emotion.classifier import Classifier
from core.errors import DialogueError, MaeumError
from core.models import Language

__all__ = ["Group", "group", "main", "promote"]

_BANK: Final = Path("data/dialogue/bank")
_MODEL: Final = Path("data/models/emotion")
_HANGUL: Final = re.compile(r"[ㄱ-ㅣ가-힣]")
# Whatever is nearest, however far and however narrowly it wins.
_NEAREST: Final = RetrievalConfig(least=0.0, majority=0.0)


@dataclass(frozen=True)
class Group:
    """Sentences of like meaning.

    Attributes:
        sentences: the one in the middle first, then by likeness to it.
        middle: the index, among all sentences, of the first.
    """

    sentences: tuple[str, ...]
    middle: int


def group(
    sentences: Sequence[str], embeddings: npt.NDArray[np.float32], least: float
) -> list[Group]:
    """Group sentences around those that have the most others near, largest group first.

    Args:
        sentences: n of them.
        embeddings: of each, unit length, [shape=(n, d)].
        least: cosine from which on a sentence is near.
    """
    likeness = embeddings @ embeddings.T
    left = np.ones(len(sentences), np.bool_)
    groups = []
    while left.any():
        near = (likeness >= least) & left
        np.fill_diagonal(near, left)
        middle = int(np.where(left, near.sum(axis=1), -1).argmax())
        members = np.flatnonzero(near[middle])
        members = members[np.argsort(-likeness[middle, members], kind="stable")]
        ordered = [middle, *(int(member) for member in members if member != middle)]
        groups.append(Group(tuple(sentences[index] for index in ordered), middle))
        left[ordered] = False
    return groups


def promote(bank: Path, intent: str, sentence: str) -> Path:
    """Add a sentence to an intent's utterances in its file, comments and order kept.

    Returns:
        The file.

    Raises:
        DialogueError: the bank is damaged, has no such intent, knows the sentence already, or
            the sentence holds something masked or nothing to read.
    """
    intents = {each.name: each for each in load_bank(bank)}
    if intent not in intents:
        raise DialogueError(f"{bank}: there is no intent {intent}")
    sentence = " ".join(sentence.split())
    if not fold(sentence):
        raise DialogueError("there is nothing to read in the sentence")
    if any(instead in mask(sentence) for instead in MASKS):
        raise DialogueError("the sentence holds personal data: reword it first")
    for each in intents.values():
        if any(fold(sentence) == fold(u) for us in each.utterances.values() for u in us):
            raise DialogueError(f"the intent {each.name} has this sentence already")
    language = Language.KOREAN if _HANGUL.search(sentence) else Language.ENGLISH
    path = bank / f"{intents[intent].topic}.yaml"
    before = path.read_text(encoding="utf-8")
    quoted = json.dumps(sentence, ensure_ascii=False)
    opening = re.compile(
        rf"(^{re.escape(intent)}:\n(?:  .*\n)*?  {language.value}: \[)", re.MULTILINE
    )
    after, count = opening.subn(lambda found: f"{found.group()}{quoted},\n    ", before)
    if count != 1:
        raise DialogueError(
            f"{path}: the list {language.value} of {intent} is not where it should be"
        )
    path.write_text(after, encoding="utf-8")
    try:
        load_bank(bank)
    except DialogueError:
        path.write_text(before, encoding="utf-8")
        raise
    return path


def main(argv: list[str] | None = None) -> None:
    """Show groups, or promote a sentence."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="group kept messages by meaning")
    show.add_argument("file", type=Path, nargs="?", help="instead of the database")
    show.add_argument("--model", type=Path, default=_MODEL)
    show.add_argument("--least", type=float, default=0.75, help="cosine within a group")
    adding = commands.add_parser("promote", help="add a sentence to an intent")
    adding.add_argument("intent")
    adding.add_argument("sentence")
    for command in (show, adding):
        command.add_argument("--bank", type=Path, default=_BANK)
    arguments = parser.parse_args(argv)
    try:
        if arguments.command == "show":
            kept = _lines(arguments.file) if arguments.file else asyncio.run(_stored())
            _show(kept, arguments.model, arguments.bank, arguments.least)
        else:
            print(f"added to {promote(arguments.bank, arguments.intent, arguments.sentence)}")
    except (MaeumError, OSError) as error:
        sys.exit(str(error))


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


async def _stored() -> list[str]:
    """What is kept of people who agreed to it.

    Raises:
        DialogueError: the database is one that forgets.
    """
    settings = load_settings()
    if settings.forgetful:
        raise DialogueError("DATABASE_URL is memory: there is nothing to review")
    async with open_units_of_work(settings) as unit_of_work, unit_of_work() as work:
        return [kept.text for kept in await work.utterances.agreed()]


def _show(kept: Sequence[str], model_folder: Path, bank: Path, least: float) -> None:
    counts = Counter(" ".join(line.split()) for line in map(mask, kept) if fold(line))
    sentences = sorted(counts)
    model = Classifier.load(model_folder)
    read = [
        (text, reading.embedding)
        for text, reading in zip(sentences, model.read_now(sentences), strict=True)
        if reading
    ]
    if not read:
        print("nothing to review")
        return
    texts = [text for text, _ in read]
    embeddings = np.stack([embedding for _, embedding in read])
    retriever = Retriever(load_bank(bank), embedding_by(model.read_now), _NEAREST)
    for number, found in enumerate(group(texts, embeddings, least), start=1):
        match = retriever.find(texts[found.middle], embeddings[found.middle])
        nearest = f"nearest {match.intent.name} ({match.similarity:.2f})" if match else "too long"
        count = sum(counts[sentence] for sentence in found.sentences)
        print(f"\n{number}. {count} messages, {nearest}")
        for sentence in found.sentences:
            print(f"   {sentence}")


if __name__ == "__main__":
    main()
