"""What a handler has at hand: the use cases, the words, and the turn it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.answers import Answer, AnswerKind, Turn
from bot.chat.told import Told
from bot.presentation import Presenter
from bot.texts import Texts
from core.charts.painter import Painter
from core.models import AccountSettings, Language, Layout, Reply, Theme, User
from core.service.maeum import MaeumService

__all__ = ["Desk"]


@dataclass(frozen=True)
class Desk:
    """What a handler has at hand.

    Attributes:
        service: the use cases.
        presenter: in the person's language.
        presenters: in each.
        turn: what the person did.
        person: as kept before the turn; None where the store is away.
        default_zone: of people who did not choose a time zone, an IANA name.
        painter: draws moods; None where there are no pictures.
        warned: who read what forgetting means.
        asked_consent: who was asked whether corrections may be learned from.
    """

    service: MaeumService
    presenter: Presenter
    presenters: Mapping[Language, Presenter]
    turn: Turn
    person: User | None
    default_zone: str
    painter: Painter | None
    warned: Told = field(default_factory=Told)
    asked_consent: Told = field(default_factory=Told)

    @property
    def texts(self) -> Texts:
        """The sentences, in the person's language."""
        return self.presenter.texts

    @property
    def language(self) -> Language:
        """The person's."""
        return self.texts.language

    @property
    def settings(self) -> AccountSettings | None:
        """What the person chose; None where the store is away."""
        return self.person.settings if self.person else None

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone."""
        return ZoneInfo((self.settings and self.settings.time_zone) or self.default_zone)

    @property
    def theme(self) -> Theme:
        """Of pictures, the person's."""
        return (self.settings and self.settings.theme) or Theme.LIGHT

    async def state(self) -> Reply:
        """The person's mood, as it is."""
        return await self.service.conversation.mood(self.turn.user, now=self.turn.now)

    def answer(self, kind: AnswerKind, text: tuple[str, ...], **rest: Any) -> Answer:
        """An answer in the person's language."""
        layout = (self.settings and self.settings.layout) or Layout.LIST
        return Answer(kind, text, language=self.language, layout=layout, **rest)
