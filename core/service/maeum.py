"""All use cases together, as the platforms are given them, and how they are put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional, Self

from core.dialogue.replies import Replies
from core.emotion.state import StateConfig
from core.ports import EmotionReader, UnitOfWork
from core.recommend.catalogue import Catalogue
from core.recommend.learned import ModelFolder
from core.recommend.personal import PersonalRecommender
from core.recommend.search import SongSearch
from core.service.conversation import Conversation
from core.service.learning import Learning
from core.service.people import People
from core.service.safety import Safety
from core.service.schedule import Schedule
from core.service.songs import Shelf, Songs
from core.service.transactions import Transactions
from core.service.updates import Updates
from core.service.votes import Votes

if TYPE_CHECKING:
    from core.recommend.learning import LearnConfig

__all__ = ["MaeumService", "Parts"]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the use cases are made of.

    Attributes:
        unit_of_work: opens the store.
        reader: of emotions; the one that read the bank of `replies`.
        replies: what is said.
        safety: hears danger.
        state: how a mood is remembered.
        catalogue: of the songs.
        recommender: of the same songs, without what was learned: that comes by
            `Learning.take_over`.
        search: of songs by name.
        folder: of the learned models on this machine.
        schedule: when learning is due.
        learn_config: how models are fitted and judged; None for the usual way.
    """

    unit_of_work: Callable[[], UnitOfWork]
    reader: EmotionReader
    replies: Replies
    safety: Safety
    state: StateConfig
    catalogue: Catalogue
    recommender: PersonalRecommender
    search: SongSearch
    folder: ModelFolder
    schedule: Schedule
    learn_config: Optional["LearnConfig"] = None


@dataclass(frozen=True)
class MaeumService:
    """What can be asked of the bot.

    Attributes:
        conversation: talk, and the mood that comes of it.
        songs: lists of songs.
        votes: what people say of songs.
        people: settings, consents, and all that is kept of a person.
        learning: from everybody's votes.
        updates: what was handled already.
    """

    conversation: Conversation
    songs: Songs
    votes: Votes
    people: People
    learning: Learning
    updates: Updates

    @classmethod
    def of(cls, parts: Parts) -> Self:
        """The use cases over these parts; they share one way to the store, and one shelf."""
        transactions = Transactions(parts.unit_of_work)
        shelf = Shelf(parts.recommender, parts.catalogue.version)
        return cls(
            conversation=Conversation(
                transactions,
                reader=parts.reader,
                replies=parts.replies,
                safety=parts.safety,
                state=parts.state,
            ),
            songs=Songs(
                transactions,
                reader=parts.reader,
                shelf=shelf,
                search=parts.search,
                safety=parts.safety,
                state=parts.state,
            ),
            votes=Votes(transactions, {song.id: song for song in parts.catalogue.songs}),
            people=People(transactions, parts.state),
            learning=Learning(
                transactions,
                catalogue=parts.catalogue,
                folder=parts.folder,
                shelf=shelf,
                schedule=parts.schedule,
                config=parts.learn_config,
            ),
            updates=Updates(transactions),
        )
