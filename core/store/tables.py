"""The tables. `docs/data.md` says of every column why it is kept, and for how long."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.models import Vector
from core.store.types import EncryptedJson, EncryptedText, EncryptedVector, UtcDateTime

__all__ = [
    "Account",
    "Base",
    "ConsentAnswer",
    "CorrectionRow",
    "Delivery",
    "FeedbackRow",
    "ImpressionRow",
    "LeaseRow",
    "LinkCode",
    "MoodPointRow",
    "Person",
    "Post",
    "ReminderRow",
    "Setting",
    "UtteranceRow",
]

_Id = String(32)
_Word = String(64)
# SQLite numbers rows by itself only where the type is its own INTEGER.
_Counter = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The root of the tables; names constraints alike on every database."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


def _owner() -> Mapped[str]:
    """To whom a row belongs; it goes when that person goes."""
    return mapped_column(_Id, ForeignKey("person.id", ondelete="CASCADE"))


class Person(Base):
    """One person, on however many platforms."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(_Id, primary_key=True)
    state: Mapped[Any | None] = mapped_column(EncryptedJson("person.state"))
    shown: Mapped[list[str]] = mapped_column(JSON)
    said: Mapped[list[str]] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)


class Account(Base):
    """A person's account on a platform."""

    __tablename__ = "account"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    platform: Mapped[str] = mapped_column(_Word)
    platform_id: Mapped[str] = mapped_column(EncryptedText("account.platform_id"))
    person: Mapped[str] = _owner()

    __table_args__ = (Index(None, "person"),)


class LinkCode(Base):
    """A one-time code that links another account to a person."""

    __tablename__ = "link_code"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person: Mapped[str] = _owner()
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "person"),)


class MoodPointRow(Base):
    """A mood of the past: seven emotions, then valence and arousal."""

    __tablename__ = "mood_point"

    id: Mapped[int] = mapped_column(_Counter, primary_key=True)
    person: Mapped[str] = _owner()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    mood: Mapped[Vector] = mapped_column(EncryptedVector("mood_point.mood"))
    reading: Mapped[str | None] = mapped_column(_Id)

    __table_args__ = (Index(None, "person", "at"),)


class ImpressionRow(Base):
    """A song that was shown."""

    __tablename__ = "impression"

    id: Mapped[str] = mapped_column(_Id, primary_key=True)
    person: Mapped[str] = _owner()
    slate: Mapped[str] = mapped_column(_Id)
    song_id: Mapped[str] = mapped_column(Text)
    artist: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(Integer)
    score: Mapped[float] = mapped_column(EncryptedJson("impression.score"))
    parts: Mapped[dict[str, float]] = mapped_column(EncryptedJson("impression.parts"))
    propensity: Mapped[float] = mapped_column(Float(53))
    mood: Mapped[Vector] = mapped_column(EncryptedVector("impression.mood"))
    mode: Mapped[str] = mapped_column(_Word)
    model_version: Mapped[str] = mapped_column(_Word)
    catalogue_version: Mapped[str] = mapped_column(_Word)
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    choices: Mapped[list[str] | None] = mapped_column(JSON)
    asked: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("impression.asked"))

    __table_args__ = (
        Index(None, "slate", "rank", unique=True),
        Index(None, "person", "shown_at"),
    )


class Post(Base):
    """A message of a platform that shows an impression."""

    __tablename__ = "post"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    impression: Mapped[str] = mapped_column(_Id, ForeignKey("impression.id", ondelete="CASCADE"))

    __table_args__ = (Index(None, "impression"),)


class FeedbackRow(Base):
    """What somebody said of a song. Only added to."""

    __tablename__ = "feedback"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    impression: Mapped[str | None] = mapped_column(
        _Id, ForeignKey("impression.id", ondelete="SET NULL")
    )
    person: Mapped[str] = _owner()
    song_id: Mapped[str] = mapped_column(Text)
    artist: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(_Word)
    verdict: Mapped[str] = mapped_column(_Word)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "person", "song_id", "mode", "at"),
        Index(None, "impression"),
        Index(None, "at"),
    )


class ConsentAnswer(Base):
    """An answer to a question for consent. Only added to."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(_Counter, primary_key=True)
    person: Mapped[str] = _owner()
    kind: Mapped[str] = mapped_column(_Word)
    given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text_version: Mapped[str] = mapped_column(_Word)

    __table_args__ = (Index(None, "person", "kind", "at"),)


class UtteranceRow(Base):
    """A message that no reply fitted, of somebody who agreed."""

    __tablename__ = "utterance"

    id: Mapped[int] = mapped_column(_Counter, primary_key=True)
    person: Mapped[str] = _owner()
    text: Mapped[str] = mapped_column(EncryptedText("utterance.text"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "person", "at"), Index(None, "at"))


class CorrectionRow(Base):
    """A reading that was corrected by somebody who agreed."""

    __tablename__ = "correction"

    reading: Mapped[str] = mapped_column(_Id, primary_key=True)
    person: Mapped[str] = _owner()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read: Mapped[Vector] = mapped_column(EncryptedVector("correction.read"))
    model_version: Mapped[str] = mapped_column(_Word)
    chosen: Mapped[str] = mapped_column(EncryptedText("correction.chosen"))

    __table_args__ = (Index(None, "person", "at"),)


class ReminderRow(Base):
    """When a person wants to be asked how it goes: daily, weekly, or both."""

    __tablename__ = "reminder"

    id: Mapped[str] = mapped_column(_Id, primary_key=True)
    person: Mapped[str] = _owner()
    account_hash: Mapped[bytes] = mapped_column(
        LargeBinary, ForeignKey("account.key_hash", ondelete="CASCADE")
    )
    platform: Mapped[str] = mapped_column(_Word)
    rhythm: Mapped[str] = mapped_column(_Word)
    weekday: Mapped[int | None] = mapped_column(Integer)
    minute: Mapped[int] = mapped_column(Integer)
    zone: Mapped[str] = mapped_column(_Word)
    language: Mapped[str] = mapped_column(_Word)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "person", "rhythm", unique=True),
        Index(None, "account_hash"),
        Index(None, "platform", "next_at"),
    )


class Delivery(Base):
    """An update of a platform that was handled."""

    __tablename__ = "delivery"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "at"),)


class LeaseRow(Base):
    """A job that one process does."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(_Word, primary_key=True)
    holder: Mapped[str] = mapped_column(_Word)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Setting(Base):
    """A fact about the bot itself."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(_Word, primary_key=True)
    value: Mapped[str] = mapped_column(EncryptedText("setting.value"))
