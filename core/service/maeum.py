"""All use cases together, as the platforms are given them."""

from dataclasses import dataclass

from core.service.conversation import Conversation
from core.service.corrections import Corrections
from core.service.learning import Learning
from core.service.people import People
from core.service.reminding import Reminding
from core.service.songs import Songs
from core.service.updates import Updates
from core.service.votes import Votes
from core.service.writing import Writing

__all__ = ["MaeumService"]


@dataclass(frozen=True)
class MaeumService:
    """What can be asked of the bot.

    Attributes:
        conversation: talk, and the mood that comes of it.
        corrections: of what was misread.
        songs: lists of songs.
        votes: what people say of songs.
        people: settings, consents, and all that is kept of a person.
        learning: from everybody's votes.
        updates: what was handled already.
        writing: replies of a language model elsewhere, where people agreed to it.
        reminding: asks people how it goes, when they want to be asked.
    """

    conversation: Conversation
    corrections: Corrections
    songs: Songs
    votes: Votes
    people: People
    learning: Learning
    updates: Updates
    writing: Writing
    reminding: Reminding
