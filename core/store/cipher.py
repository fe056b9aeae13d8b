"""Encrypts what is kept, and hashes what is only looked up.

A sealed value says how it is sealed, so that keys can change while the bot runs:

    0x00 | value                                                 no key was set
    0x01 | key id (4 bytes) | nonce (12 bytes) | AES-256-GCM     the table and column are
                                                                 authenticated with the value

Nonces are random, which NIST SP 800-38D allows for 2^32 values under one key.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import DatabaseError, StoreError

__all__ = ["Cipher", "KeyedHash", "new_key"]

_PLAIN: Final = b"\x00"
_SEALED: Final = b"\x01"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12


def new_key() -> str:
    """A key for DATA_KEY: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


class KeyedHash:
    """HMAC-SHA256 with one key."""

    def __init__(self, key: bytes) -> None:
        # Begun once. `hmac.digest` would do in a line, but lets other threads in each time, which
        # takes longer than the hash.
        self._begun = hmac.new(key, digestmod="sha256")

    def __call__(self, *parts: str) -> bytes:
        """Of the parts, 32 bytes; parts that only join differently differ."""
        whole = self._begun.copy()
        whole.update(b"".join(len(part := text.encode()).to_bytes(4) + part for text in parts))
        return whole.digest()


class Cipher:
    """Seals with the current key and opens with any it knows.

    Args:
        current: as `new_key` makes them; None to keep values as they are.
        old: keys that values may still be sealed with.

    Raises:
        DatabaseError: a key is not one.
    """

    def __init__(self, current: str | None = None, old: Sequence[str] = ()) -> None:
        self._boxes: dict[bytes, AESGCM] = {}
        self.prefix = _PLAIN
        """How values sealed now begin; any other beginning is due for rotation."""
        for text in old:
            self._learn(text)
        if current is not None:
            self.prefix = _SEALED + self._learn(current)

    @property
    def encrypts(self) -> bool:
        """Whether there is a current key."""
        return self.prefix != _PLAIN

    def seal(self, value: bytes, place: str) -> bytes:
        """The value as it is kept; `place` is the table and the column."""
        if not self.encrypts:
            return _PLAIN + value
        nonce = secrets.token_bytes(_NONCE_BYTES)
        box = self._boxes[self.prefix[1:]]
        return self.prefix + nonce + box.encrypt(nonce, value, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The value that was sealed for `place`.

        Raises:
            StoreError: it was sealed with a key that is not known, for another place, or is
                damaged.
        """
        if sealed[:1] == _PLAIN:
            return sealed[1:]
        box = self._boxes.get(sealed[1 : 1 + _ID_BYTES])
        if sealed[:1] != _SEALED or box is None:
            raise StoreError(f"a value of {place} is encrypted with a key that is not known")
        body = 1 + _ID_BYTES + _NONCE_BYTES
        try:
            return box.decrypt(sealed[1 + _ID_BYTES : body], sealed[body:], place.encode())
        except (InvalidTag, ValueError) as error:  # the latter where it is cut off
            raise StoreError(f"a value of {place} is damaged") from error

    def _learn(self, text: str) -> bytes:
        try:
            key = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            key = b""
        if len(key) != _KEY_BYTES:
            raise DatabaseError(
                "DATA_KEY and DATA_KEY_OLD have to be 32 bytes in URL-safe base64; "
                "`python -m scripts.rotate_key --new` prints one"
            )
        id_ = hashlib.sha256(b"maeum data key" + key).digest()[:_ID_BYTES]
        self._boxes[id_] = AESGCM(key)
        return id_
