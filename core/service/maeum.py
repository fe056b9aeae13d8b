"""All use cases together, as the platforms are given them, and how they are put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional, Self

from core.dialogue.care import Care
from core.dialogue.crisis import CrisisDetector
from core.dialogue.replies import Replies
from core.emotion.state import StateConfig
from core.ports import MessageReader, ReplyWriter, UnitOfWork
from core.recommend.catalogue import Catalogue
from core.recommend.learned import ModelFolder
from core.recommend.personal import PersonalRecommender
from core.recommend.search import SongSearch
from core.service.asking import Asking
from core.service.conversation import Conversation
from core.service.corrections import Corrections
from core.service.learning import Learning
from core.service.people import People
from core.service.reminding import Reminding
from core.service.safety import Safety
from core.service.schedule import Schedule
from core.service.shelf import Shelf
from core.service.songs import Songs
from core.service.transactions import Transactions
from core.service.updates import Updates
from core.service.votes import Votes
from core.service.writing import Guide, Writing, WritingLimits

if TYPE_CHECKING:
    from core.recommend.learning import LearnConfig

__all__ = ["MaeumService", "Parts"]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the use cases are made of.

    Attributes:
        unit_of_work: opens the store.
        listener: hears what messages say, in the bank of `replies`.
        replies: what is said.
        crisis: hears danger.
        care: says what to do then.
        state: how a mood is remembered.
        catalogue: of the songs.
        recommender: of the same songs, without what was learned: that comes by
            `Learning.take_over`.
        search: of songs by name.
        folder: of the learned models on this machine.
        schedule: when learning is due.
        guide: of a language model that writes replies.
        writer: the language model; None for replies of the bank alone.
        writing_limits: of the writer; None for the usual ones.
        learn_config: how models are fitted and judged; None for the usual way.
    """

    unit_of_work: Callable[[], UnitOfWork]
    listener: MessageReader
    replies: Replies
    crisis: CrisisDetector
    care: Care
    state: StateConfig
    catalogue: Catalogue
    recommender: PersonalRecommender
    search: SongSearch
    folder: ModelFolder
    schedule: Schedule
    guide: Guide
    writer: ReplyWriter | None = None
    writing_limits: WritingLimits | None = None
    learn_config: Optional["LearnConfig"] = None


@dataclass(frozen=True)
class MaeumService:
    """What can be asked of the bot.

    Attributes:
        conversation: talk, and the mood that comes of it.
        corrections: of what was misread.
        songs: lists of songs.
        asking: what is meant by who asks for them in plain words.
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
    asking: Asking
    votes: Votes
    people: People
    learning: Learning
    updates: Updates
    writing: Writing
    reminding: Reminding

    @classmethod
    def of(cls, parts: Parts) -> Self:
        """The use cases over these parts; they share one way to the store, and one shelf."""
        transactions = Transactions(parts.unit_of_work)
        safety = Safety(parts.crisis, parts.care, transactions)
        shelf = Shelf(parts.recommender, parts.catalogue.version)
        return cls(
            conversation=Conversation(
                transactions,
                listener=parts.listener,
                replies=parts.replies,
                safety=safety,
                state=parts.state,
            ),
            corrections=Corrections(
                transactions, reader=parts.listener, safety=safety, state=parts.state
            ),
            songs=Songs(
                transactions,
                reader=parts.listener,
                shelf=shelf,
                search=parts.search,
                safety=safety,
                state=parts.state,
            ),
            asking=Asking(parts.catalogue.songs, parts.search, parts.recommender.genres),
            votes=Votes(transactions, {song.id: song for song in parts.catalogue.songs}),
            people=People(transactions, parts.state, safety),
            learning=Learning(
                transactions,
                catalogue=parts.catalogue,
                folder=parts.folder,
                shelf=shelf,
                schedule=parts.schedule,
                config=parts.learn_config,
            ),
            updates=Updates(transactions),
            writing=Writing(
                transactions,
                parts.writer,
                guide=parts.guide,
                reader=parts.listener,
                safety=safety,
                limits=parts.writing_limits,
            ),
            reminding=Reminding(transactions),
        )
