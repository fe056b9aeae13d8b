"""What the tests of the terminal talk to: a service without a model, and results made by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from bot.bootstrap import load_texts
from bot.config import DATA
from bot.presentation import Presenter
from core.dialogue.help_lines import HelpLines
from core.emotion.labels import COARSE, FINE
from core.models import (
    CrisisKind,
    EmotionScores,
    Language,
    Mode,
    Mood,
    Reason,
    ReasonKind,
    Recommendation,
    Reply,
    ReplyKind,
    Slate,
    Song,
    UserKey,
)
from core.service import MaeumService

HELP_LINES = HelpLines.load(DATA / "crisis")


@dataclass(frozen=True)
class Call:
    """One call of the service."""

    name: str
    user: UserKey
    now: datetime
    text: str = ""
    mode: Mode | None = None
    count: int | None = None
    generator: np.random.Generator | None = None
    language: Language | None = None


@dataclass
class FakeService(MaeumService):
    """Answers with `replies`, one after the other, or raises them; keeps the calls."""

    replies: list[Reply | Exception]
    calls: list[Call] = field(default_factory=list)
    known: Reply = field(default_factory=lambda: Reply(ReplyKind.MOOD))

    async def respond(
        self,
        user: UserKey,
        text: str,
        *,
        now: datetime,
        generator: np.random.Generator,
        language: Language,
    ) -> Reply:
        self.calls.append(Call("respond", user, now, text, generator=generator, language=language))
        return self._next()

    async def crisis_reply(self, text: str) -> Reply | None:
        danger = CrisisKind.SELF_HARM if "죽고 싶어" in text else None
        return Reply(ReplyKind.CRISIS, crisis=danger) if danger else None

    async def songs(
        self,
        user: UserKey,
        *,
        mode: Mode,
        count: int | None,
        now: datetime,
        generator: np.random.Generator,
    ) -> Reply:
        self.calls.append(Call("songs", user, now, mode=mode, count=count, generator=generator))
        return self._next()

    async def mood(self, user: UserKey, *, now: datetime) -> Reply:
        self.calls.append(Call("mood", user, now))
        return self.known

    def _next(self) -> Reply:
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


def presenter(language: Language = Language.KOREAN) -> Presenter:
    return Presenter(load_texts(language), HELP_LINES)


def mood(valence: float = 0.0, arousal: float = 0.0, **shares: float) -> Mood:
    """Shares of `labels.COARSE` as given, fine scores where a label is named so; rest 0."""
    return Mood(
        coarse=np.array([shares.get(label, 0.0) for label in COARSE], np.float32),
        fine=np.array([shares.get(f"fine_{label}", 0.0) for label in FINE], np.float32),
        valence=valence,
        arousal=arousal,
    )


SAD = mood(-0.62, -0.2, 슬픔=0.62, 공포=0.14, 분노=0.08, 중립=0.16, fine_서러움=0.8, fine_절망=0.4)


def reading(scores: EmotionScores = SAD) -> Reply:
    return Reply(
        ReplyKind.TALK,
        lines=("많이 속상했겠어요.", "무슨 일이 있었어요?"),
        reading=scores,
        mood=SAD,
        gauge=47,
    )


def song(number: int = 1, **facts: object) -> Song:
    return Song(
        **{  # type: ignore[arg-type]
            "id": f"melon:{number}",
            "title": f"노래 {number}",
            "artist": "가수",
            "genres": ("발라드",),
            "year": 2010,
            "link": f"https://www.melon.com/song/detail.htm?songId={number}",
            **facts,
        }
    )


def slate(
    songs: Sequence[Song],
    kind: ReasonKind = ReasonKind.SHARED,
    mode: Mode = Mode.SIMILAR,
    emotion: str = "슬픔",
    share: float = 0.62,
) -> Slate:
    return Slate(
        mode, tuple(Recommendation(s, 0.98765, Reason(kind, emotion, share)) for s in songs)
    )


def offered(*songs: Song) -> Reply:
    return Reply(ReplyKind.SONGS, mood=SAD, gauge=0, slate=slate(songs))
