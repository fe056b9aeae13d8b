"""Column types: times that know their zone, and values that are encrypted at rest."""

import json
from abc import abstractmethod
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Dialect, Engine, LargeBinary
from sqlalchemy.types import DateTime, TypeDecorator

from core.models import Vector
from core.store.cipher import Cipher

__all__ = [
    "Encrypted",
    "EncryptedJson",
    "EncryptedText",
    "EncryptedVector",
    "UtcDateTime",
    "encrypt_with",
]

_Value = TypeVar("_Value")

# A column's type is shared by all engines; the dialect tells which one is asking.
_CIPHERS: Final[WeakKeyDictionary[Dialect, Cipher]] = WeakKeyDictionary()


def encrypt_with(engine: Engine, cipher: Cipher) -> None:
    """Make the encrypted columns of `engine` use `cipher`."""
    _CIPHERS[engine.dialect] = cipher


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept and returned in UTC, exact to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring it to UTC; SQLite knows no zones and gets it without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time has to say its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.replace(tzinfo=UTC)


class Encrypted(TypeDecorator[_Value]):
    """Bytes sealed by the engine's cipher.

    Args:
        place: the table and the column, which the cipher authenticates with the value.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    @abstractmethod
    def dump(self, value: _Value) -> bytes:
        """The value as bytes."""

    @abstractmethod
    def load(self, data: bytes) -> _Value:
        """The value that `dump` made `data` of."""

    def process_bind_param(self, value: _Value | None, dialect: Dialect) -> bytes | None:
        """Seal it."""
        return None if value is None else _CIPHERS[dialect].seal(self.dump(value), self.place)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> _Value | None:
        """Open it."""
        return None if value is None else self.load(_CIPHERS[dialect].open(value, self.place))


class EncryptedText(Encrypted[str]):
    """A text."""

    cache_ok = True

    def dump(self, value: str) -> bytes:
        """UTF-8."""
        return value.encode()

    def load(self, data: bytes) -> str:
        """Of UTF-8."""
        return data.decode()


class EncryptedJson(Encrypted[Any]):
    """A value JSON knows."""

    cache_ok = True

    def dump(self, value: Any) -> bytes:
        """The shortest JSON; numbers keep every digit."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def load(self, data: bytes) -> Any:
        """Of JSON."""
        return json.loads(data)


class EncryptedVector(Encrypted[Vector]):
    """32-bit floats, [shape=(n,)]."""

    cache_ok = True

    def dump(self, value: Vector) -> bytes:
        """Little-endian, whatever the machine."""
        return value.astype("<f4").tobytes()

    def load(self, data: bytes) -> Vector:
        """A read-only array."""
        return np.frombuffer(data, dtype="<f4").astype(np.float32, copy=False)
