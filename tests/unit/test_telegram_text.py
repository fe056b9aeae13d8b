"""Texts as Telegram takes them: nothing is lost, nothing is markup, everything fits."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.telegram_text import Block, packed, shortened, split, utf16


def shown(markup: str) -> str:
    return html.unescape(re.sub(r"</?(?:b|a)[^>]*>", "", markup))


@given(st.text())
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    block = Block.plain(text)
    sent = text.encode("utf-8", "ignore").decode()
    assert html.unescape(block.html) == sent
    assert not set("<>") & set(block.html)
    assert block.length == len(sent.encode("utf-16-le")) // 2


def test_links_and_bold_letters_hold_any_text() -> None:
    block = Block.link("<b>&", 'https://x.y/?a="b"&c').bold()
    assert block.html == ('<b><a href="https://x.y/?a=&quot;b&quot;&amp;c">&lt;b&gt;&amp;</a></b>')
    assert block.length == 4


@given(st.text(min_size=1, max_size=400), st.integers(2, 60))
def test_parts_fit_and_hold_every_letter(text: str, most: int) -> None:
    parts = list(split(text, most))
    assert all(utf16(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_texts_are_parted_at_lines_before_sentences_before_words() -> None:
    assert list(split("하나 둘. 셋 넷.\n다섯 여섯", 12)) == ["하나 둘. 셋 넷.", "다섯 여섯"]
    assert list(split("하나 둘 셋. 넷 다섯 여섯", 12)) == ["하나 둘 셋.", "넷 다섯 여섯"]
    assert list(split("하나 둘 셋 넷 다섯 여섯", 10)) == ["하나 둘 셋 넷", "다섯 여섯"]
    assert list(split("가" * 25, 12)) == ["가" * 12, "가" * 12, "가"]


def test_no_letter_of_two_code_units_is_parted() -> None:
    assert list(split("😀" * 5, 5)) == ["😀😀", "😀😀", "😀"]
    assert shortened("😀" * 5, 6) == "😀😀…"


def test_what_fits_is_not_shortened() -> None:
    assert shortened("노래 제목", 5) == "노래 제목"
    assert shortened("노래 제목", 4) == "노래…"


def test_blocks_share_a_message_as_long_as_they_fit() -> None:
    blocks = [Block.plain(letter * 4) for letter in "가나다"]
    assert packed(blocks, 10) == ["가가가가\n\n나나나나", "다다다다"]
    assert packed(blocks, 4) == ["가가가가", "나나나나", "다다다다"]
    assert packed([]) == []


@given(st.lists(st.text(max_size=30), max_size=20))
def test_packing_loses_nothing(texts: list[str]) -> None:
    blocks = [Block.plain(text) for text in texts]
    together = "".join(shown(message) for message in packed(blocks, 40))
    sent = [text.encode("utf-8", "ignore").decode() for text in texts]
    assert "".join(together.split()) == "".join("".join(sent).split())
