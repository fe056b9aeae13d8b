import hmac

import pytest

from core.errors import DatabaseError, StoreError
from core.store.cipher import Cipher, KeyedHash, new_key
from core.store.tables import Base
from core.store.types import Encrypted

KEY, OTHER = new_key(), new_key()


def test_what_is_sealed_is_opened_and_cannot_be_read_before() -> None:
    cipher = Cipher(KEY)
    sealed = cipher.seal("슬픔".encode(), "person.state")
    assert cipher.open(sealed, "person.state") == "슬픔".encode()
    assert "슬픔".encode() not in sealed


def test_the_same_value_never_looks_the_same() -> None:
    assert len({Cipher(KEY).seal(b"x", "t.c") for _ in range(100)}) == 100


def test_without_a_key_a_value_stays_as_it_is() -> None:
    sealed = Cipher().seal(b"x", "t.c")
    assert sealed == b"\x00x"
    assert Cipher(KEY).open(sealed, "t.c") == b"x"


def test_an_old_key_opens_and_does_not_seal() -> None:
    old = Cipher(KEY).seal(b"x", "t.c")
    both = Cipher(OTHER, [KEY])
    assert both.open(old, "t.c") == b"x"
    assert not old.startswith(both.prefix)
    assert both.seal(b"x", "t.c").startswith(Cipher(OTHER).prefix)


@pytest.mark.parametrize("cipher", [Cipher(), Cipher(OTHER)])
def test_an_unknown_key_is_said_so(cipher: Cipher) -> None:
    with pytest.raises(StoreError, match="not known"):
        cipher.open(Cipher(KEY).seal(b"x", "t.c"), "t.c")


def test_a_value_of_another_column_or_a_damaged_one_is_refused() -> None:
    cipher = Cipher(KEY)
    sealed = cipher.seal(b"value", "t.c")
    with pytest.raises(StoreError, match="damaged"):
        cipher.open(sealed, "t.d")
    for place in range(5, len(sealed)):
        damaged = bytearray(sealed)
        damaged[place] ^= 1
        with pytest.raises(StoreError):
            cipher.open(bytes(damaged), "t.c")
    for length in range(len(sealed)):
        with pytest.raises(StoreError):
            cipher.open(sealed[:length], "t.c")


@pytest.mark.parametrize(
    "key",
    ["", "short", "한글", "=" * 44, KEY[:-2], KEY + KEY],
    ids=["empty", "short", "hangul", "padding", "cut", "double"],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    for keys in ((key, ()), (None, [key])):
        with pytest.raises(DatabaseError, match="DATA_KEY"):
            Cipher(*keys)


def test_a_hash_depends_on_the_key_and_on_where_its_parts_end() -> None:
    hashes = {
        KeyedHash(key)(*parts)
        for key in (b"1", b"2")
        for parts in (("a", "b"), ("ab",), ("", "ab"), ("ab", ""), ("a", "b", ""))
    }
    assert len(hashes) == 10
    assert {len(found) for found in hashes} == {32}
    hashed = KeyedHash(b"1")
    assert hashed("a") == hashed("a") == hmac.digest(b"1", b"\0\0\0\1a", "sha256")


def test_every_encrypted_column_names_its_own_place() -> None:
    places = [
        (column.type.place, str(column))
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Encrypted)
    ]
    assert len(places) == 11
    assert all(place == column for place, column in places)
