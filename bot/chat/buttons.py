"""The buttons below songs, and those of the questions the bot asks."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.chat.actions import Action
from bot.chat.answers import Button, Rows
from bot.chat.feelings import FEELINGS
from bot.presentation import Presenter
from bot.texts import Texts
from core.models import Mode
from core.recommend.links import song_url
from core.recommend.query import Refinement
from core.records import ConsentKind, Verdict
from core.service.votes import Vote

__all__ = [
    "OFFERED",
    "consent_row",
    "consent_rows",
    "correct_rows",
    "emotion_rows",
    "forget_rows",
    "grounding_rows",
    "list_rows",
    "mode_rows",
    "more_rows",
    "never_rows",
    "refine_rows",
    "single_rows",
]

OFFERED: Final = (Mode.SIMILAR, Mode.OPPOSITE, Mode.PATH)
_MARKS: Final = {Verdict.UP: "👍", Verdict.DOWN: "👎"}
_REFINEMENTS: Final = (
    (Refinement.BRIGHTER, Refinement.CALMER, Refinement.LIVELIER, Refinement.COMFORTING),
    (Refinement.OTHER_ARTISTS, Refinement.OLDER, Refinement.NEWER),
)
_EMOTIONS_A_ROW: Final = 3
_NEVER: Final = (Verdict.NEVER_SONG, Verdict.NEVER_ARTIST)


def single_rows(vote: Vote, presenter: Presenter) -> Rows:
    """Below a song that has a message of its own."""
    texts, impression = presenter.texts, vote.impression
    first = [_thumb(vote, verdict, "vs", "") for verdict in _MARKS]
    if vote.song is not None:
        first.append(Button(texts("songs.listen"), url=song_url(vote.song)))
    return (
        tuple(first),
        (
            Button(texts("button.why"), Action("w", (impression,))),
            Button(_never_label(vote, texts), Action("ns", (impression,))),
        ),
    )


def list_rows(votes: Sequence[Vote], presenter: Presenter) -> Rows:
    """Below a message that shows a whole list: a row for each song, in its order."""
    texts = presenter.texts
    songs = tuple(
        (
            *(_thumb(vote, verdict, "vl", f"{number} ") for verdict in _MARKS),
            Button(texts("button.why"), Action("w", (vote.impression,))),
            Button(_never_label(vote, texts), Action("nl", (vote.impression,))),
        )
        for number, vote in enumerate(votes, start=1)
    )
    if not votes:
        return ()
    return (
        *songs,
        *refine_rows(votes[0].impression, texts),
        *more_rows(votes[0].impression, texts),
    )


def mode_rows(texts: Texts) -> Rows:
    """Offers songs, of each mode."""
    return (tuple(Button(texts(f"button.{mode}"), Action("s", (mode,))) for mode in OFFERED),)


def more_rows(impression: str, texts: Texts) -> Rows:
    """Offers further songs of what the list was asked for, in each mode."""
    return (
        tuple(Button(texts(f"button.{mode}"), Action("m", (mode, impression))) for mode in OFFERED),
    )


def refine_rows(impression: str, texts: Texts) -> Rows:
    """Offers to move the list that the impression stands in."""
    return tuple(
        tuple(Button(texts(f"refine.{name}"), Action("r", (name, impression))) for name in row)
        for row in _REFINEMENTS
    )


def never_rows(impression: str, texts: Texts, *, listed: bool) -> Rows:
    """Asks what is never to come again."""
    name = "vl" if listed else "vs"
    return (
        tuple(
            Button(texts(f"button.{verdict}"), Action(name, (verdict, impression)))
            for verdict in _NEVER
        ),
    )


def grounding_rows(texts: Texts) -> Rows:
    """Offers the exercise for the senses."""
    return ((Button(texts("button.grounding"), Action("g", ())),),)


def forget_rows(texts: Texts) -> Rows:
    """Asks whether all is to be removed."""
    return (
        (
            Button(texts("button.forget"), Action("f", ("yes",))),
            Button(texts("button.keep"), Action("f", ("no",))),
        ),
    )


def consent_rows(texts: Texts, kinds: Iterable[ConsentKind]) -> Rows:
    """Asks for each consent of `kinds`."""
    return tuple(consent_row(kind, texts) for kind in kinds)


def consent_row(kind: ConsentKind, texts: Texts) -> tuple[Button, ...]:
    """Asks for one consent."""
    return tuple(
        Button(texts(f"button.consent.{kind}.{answer}"), Action("c", (kind, answer)))
        for answer in ("yes", "no")
    )


def correct_rows(reading: str, texts: Texts) -> Rows:
    """Offers to say that a reading was wrong."""
    return ((Button(texts("button.correct"), Action("e", (reading,))),),)


def emotion_rows(reading: str, texts: Texts) -> Rows:
    """Asks which of the seven emotions the message of a reading was."""
    buttons = [
        Button(texts(f"feeling.{label}"), Action("ec", (word, reading)))
        for word, label in FEELINGS.items()
    ]
    return tuple(
        tuple(buttons[start : start + _EMOTIONS_A_ROW])
        for start in range(0, len(buttons), _EMOTIONS_A_ROW)
    )


def _thumb(vote: Vote, verdict: Verdict, name: str, number: str) -> Button:
    """A thumb; one that is up already is taken back by it."""
    stands = vote.verdict is verdict
    does = Verdict.RETRACTED if stands else verdict
    mark = f"{number}{_MARKS[verdict]}{' ✓' if stands else ''}"
    return Button(mark, Action(name, (does, vote.impression)))


def _never_label(vote: Vote, texts: Texts) -> str:
    return texts("button.never") + (" ✓" if vote.verdict in _NEVER else "")
