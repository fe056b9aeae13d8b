import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UndecodableError
from bot.streams import MAX_LINE_BYTES, decode_line, read_lines, utf8


def lines(data: bytes) -> list[bytes]:
    return list(read_lines(io.BytesIO(data)))


@given(st.lists(st.binary(max_size=20).map(lambda line: line.translate(None, b"\r\n"))))
def test_lines_come_back_as_they_were_joined(parts: list[bytes]) -> None:
    assert lines(b"".join(part + b"\n" for part in parts)) == parts
    assert lines(b"".join(part + b"\r\n" for part in parts)) == parts


def test_the_last_line_needs_no_end() -> None:
    assert lines("가\n나".encode()) == ["가".encode(), "나".encode()]


def test_nothing_has_no_lines() -> None:
    assert lines(b"") == []


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("excess", [1, MAX_LINE_BYTES, MAX_LINE_BYTES + 1, 3 * MAX_LINE_BYTES])
def test_a_huge_line_is_one_line_that_is_shortened(excess: int, end: bytes) -> None:
    huge, *rest = lines(b"a" * (MAX_LINE_BYTES + excess) + end)
    assert rest == []
    assert len(huge) == MAX_LINE_BYTES + 1
    assert len(decode_line(huge)) == MAX_LINE_BYTES


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_line_after_a_huge_one_is_read(end: bytes) -> None:
    assert lines(b"a" * (2 * MAX_LINE_BYTES) + end + b"b" + end)[1:] == [b"b"]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_the_longest_line_is_read(end: bytes) -> None:
    longest = b"a" * MAX_LINE_BYTES
    assert lines(longest + end) == [longest]
    assert len(decode_line(longest)) == MAX_LINE_BYTES


@pytest.mark.parametrize("line", [b"\xff\xfe", "안녕".encode("cp949"), b"\xed\xa0\x80", b"ok\xc3"])
def test_what_is_not_utf_8_is_refused_without_keeping_it(line: bytes) -> None:
    with pytest.raises(UndecodableError) as caught:
        decode_line(line)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_byte_order_mark_is_not_text() -> None:
    assert decode_line("\ufeff안녕".encode()) == "안녕"


def test_a_stream_speaks_utf_8_whatever_it_was_opened_with(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with path.open("w", encoding="ascii") as stream:
        utf8(stream).write("마음 \ud800")
    assert path.read_text("utf-8") == "마음 ?"


def test_a_closed_stream_swallows_what_is_written() -> None:
    with utf8(None) as stream:
        assert stream.write("마음") == 2
