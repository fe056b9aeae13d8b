"""What the tests of talk and of views use: fakes of two use cases, and results made by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.bootstrap import load_presenters
from bot.chat.chat import HELP_ENTRIES, Chat
from bot.chat.commands import Command
from bot.config import DATA
from bot.handlers.console_turns import ConsoleTalk
from bot.presentation import Presenter
from core.dialogue.help_lines import HelpLines
from core.emotion.labels import COARSE, FINE
from core.models import (
    EmotionScores,
    Language,
    Message,
    Mode,
    Mood,
    Reason,
    ReasonKind,
    Recommendation,
    Reply,
    ReplyKind,
    Slate,
    Song,
    User,
    UserKey,
)
from core.recommend.query import SongQuery
from core.service.conversation import Conversation
from core.service.maeum import MaeumService
from core.service.songs import Songs
from tests.services import service_over

NOW = datetime(2026, 11, 21, tzinfo=UTC)
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
class FakeConversation(Conversation):
    """Answers with `replies`, one after the other, or raises them; keeps the calls."""

    replies: list[Reply | Exception]
    calls: list[Call] = field(default_factory=list)
    known: Reply = field(default_factory=lambda: Reply(ReplyKind.MOOD))

    async def respond(
        self,
        user: UserKey,
        message: Message,
        *,
        now: datetime,
        generator: np.random.Generator,
        language: Language,
        base: User | None = None,
    ) -> Reply:
        call = Call("respond", user, now, message.text, generator=generator, language=language)
        self.calls.append(call)
        return self.next()

    async def hears_danger(self, text: str) -> bool:
        return "죽고 싶어" in text

    def in_care(self, user: UserKey, now: datetime) -> bool:
        return False

    async def mood(self, user: UserKey, *, now: datetime) -> Reply:
        self.calls.append(Call("mood", user, now))
        return self.known

    def next(self) -> Reply:
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


@dataclass
class FakeSongs(Songs):
    """Answers with the replies of the conversation, in their order."""

    conversation: FakeConversation
    genres = ()

    async def recommend(
        self,
        user: UserKey,
        query: SongQuery,
        *,
        now: datetime,
        generator: np.random.Generator,
        mood: EmotionScores | None = None,
    ) -> Reply:
        self.conversation.calls.append(
            Call("songs", user, now, mode=query.mode, count=query.count, generator=generator)
        )
        return self.conversation.next()


def service(conversation: FakeConversation) -> MaeumService:
    """The real use cases but for talk and songs."""
    return replace(service_over(), conversation=conversation, songs=FakeSongs(conversation))


PRESENTERS = load_presenters()


def console(
    conversation: FakeConversation, language: Language = Language.KOREAN, folder: Path = Path()
) -> ConsoleTalk:
    """The talk at a terminal, where it always is the same moment."""
    return ConsoleTalk(
        Chat(service(conversation), PRESENTERS, "Asia/Seoul", (*HELP_ENTRIES, Command.QUIT)),
        language=language,
        generator=np.random.default_rng(1),
        clock=lambda: NOW,
        folder=folder,
    )


def presenter(language: Language = Language.KOREAN) -> Presenter:
    return PRESENTERS[language]


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
