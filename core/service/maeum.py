"""All use cases together, as the platforms are given them."""

from dataclasses import dataclass

from core.service.asking import Asking
from core.service.conversation import Conversation
from core.service.learning import Learning
from core.service.people import People
from core.service.songs import Songs
from core.service.updates import Updates
from core.service.votes import Votes

__all__ = ["MaeumService"]


@dataclass(frozen=True)
class MaeumService:
    """What can be asked of the bot.

    Attributes:
        conversation: talk, and the mood that comes of it.
        songs: lists of songs.
        asking: what is meant by who asks for them in plain words.
        votes: what people say of songs.
        people: settings, consents, and all that is kept of a person.
        learning: from everybody's votes.
        updates: what was handled already.
    """

    conversation: Conversation
    songs: Songs
    asking: Asking
    votes: Votes
    people: People
    learning: Learning
    updates: Updates
