"""Answers as Discord's messages: what they hold, and that they fit."""

from types import SimpleNamespace

import pytest

from bot.bootstrap import load_presenters
from bot.chat.answers import Answer, AnswerKind, Button
from bot.chat.buttons import consent_rows, forget_rows, list_rows, single_rows
from bot.handlers.discord_components import AGAIN, SHARE, view_of
from bot.handlers.discord_context import language_of
from bot.handlers.discord_places import Places, Rules
from bot.handlers.discord_views import Post, cards_posts, posts, song_posts, text_posts
from core.models import (
    Language,
    Layout,
    Mode,
    Reason,
    ReasonKind,
    Recommendation,
    Slate,
    Song,
    new_id,
)
from core.records import ConsentKind, Verdict
from core.service.votes import Vote
from tests.services import service_over

PRESENTERS = load_presenters()
KOREAN = PRESENTERS[Language.KOREAN]
LANGUAGES = pytest.mark.parametrize("language", list(Language))
NASTY = "*_~`|>[글](http://x.y) @everyone <@1> " * 20


def slate(count: int, title: str = "노래", artist: str = "가수") -> Slate:
    reason = Reason(ReasonKind.SHARED, "슬픔", 0.5)
    return Slate(
        Mode.SIMILAR,
        tuple(
            Recommendation(
                Song(
                    str(number), f"{title} {number}", artist, genres=(title,) * 2, link="http://x"
                ),
                1.0,
                reason,
                new_id(),
            )
            for number in range(count)
        ),
    )


def votes(of: Slate, verdict: Verdict | None = None) -> list[Vote]:
    return [Vote(item.impression, item.song, of.mode, verdict) for item in of.items]


def made(of: Slate, layout: Layout = Layout.LIST, *, private: bool = True) -> list[Post]:
    return song_posts(
        ("노래예요.",), KOREAN.cards(of), votes(of), KOREAN, layout=layout, private=private
    )


@LANGUAGES
@pytest.mark.parametrize("count", range(1, 21))
@pytest.mark.parametrize("layout", list(Layout))
async def test_songs_of_any_number_fit_with_all_their_buttons(
    language: Language, count: int, layout: Layout
) -> None:
    songs = made(slate(count, NASTY, NASTY), layout)
    for post in songs:
        assert len(post.text) <= 2000
        assert len(post.embeds) <= 10
        assert sum(len(embed) for embed in post.embeds) <= 6000
        for embed in post.embeds:
            assert len(embed.title or "") <= 256
            assert len(embed.description or "") <= 4096
        view = view_of(post.rows, PRESENTERS[language].texts, (SHARE,))
        rows = view.to_components()
        assert len(rows) <= 5
        ids = [part["custom_id"] for row in rows for part in row["components"] if "url" not in part]
        assert len(ids) == len(set(ids))
        assert max(map(len, ids)) <= 100
    shown = [embed for post in songs for embed in post.embeds]
    assert len(shown) == count


def test_every_song_of_a_list_has_its_thumbs_and_its_place_in_the_menu() -> None:
    (post,) = made(slate(5))
    rows = view_of(post.rows, KOREAN.texts).to_components()
    labels = [[part.get("label", "") for part in row["components"]] for row in rows]
    assert labels[:3] == [
        ["1 👍", "1 👎", "2 👍", "2 👎"],
        ["3 👍", "3 👎", "4 👍", "4 👎"],
        ["5 👍", "5 👎"],
    ]
    (other,) = rows[4]["components"]
    assert [option["label"] for option in other["options"]][-3:] == [
        "비슷한 노래",
        "반대 노래",
        "밝은 쪽으로",
    ]
    (menu,) = rows[3]["components"]
    assert [option["label"] for option in menu["options"]][:3] == [
        "1 이 노래만",
        "1 이 가수 노래 모두",
        "2 이 노래만",
    ]


def test_names_are_shown_as_they_are() -> None:
    (post,) = made(slate(1, NASTY), Layout.LIST)[1:]
    (embed,) = post.embeds
    assert embed.title is not None
    assert embed.title.startswith("\\*\\_\\~\\`\\|\\>\\[글\\](http://x.y) @everyone \\<@1\\> \\*")


def test_where_others_read_along_nothing_tells_of_the_mood() -> None:
    of = slate(3)
    for layout in Layout:
        for post in made(of, layout, private=False):
            assert all("%" not in (embed.description or "") for embed in post.embeds)
            labels = [button.label for row in post.rows for button in row]
            assert "✓" not in "".join(labels)
    (private,), (public,) = made(of), made(of, private=False)
    assert private.embeds[0].colour != public.embeds[0].colour
    assert cards_posts(("x",), KOREAN.cards(of))[0].embeds[0].colour == public.embeds[0].colour


def test_votes_show_at_the_buttons_of_the_voter() -> None:
    of = slate(2)
    rows = list_rows(votes(of, Verdict.UP), KOREAN)
    labels = [b.label for row in view_of(rows, KOREAN.texts).to_components() for b in _buttons(row)]
    assert labels[:2] == ["1 👍 ✓", "1 👎"]


def _buttons(row: dict[str, list[dict[str, str]]]) -> list[SimpleNamespace]:
    return [SimpleNamespace(label=part.get("label", "")) for part in row["components"]]


def test_an_address_that_is_too_long_for_a_button_is_left_out() -> None:
    rows = ((Button("듣기", url="https://x.y/" + "a" * 501), Button("둘", url="https://x.y")),)
    (row,) = view_of(rows, KOREAN.texts).to_components()
    assert [part["label"] for part in row["components"]] == ["둘"]


@LANGUAGES
def test_questions_and_their_buttons_fit(language: Language) -> None:
    texts = PRESENTERS[language].texts
    vote = votes(slate(1))[0]
    asked = consent_rows(texts, ConsentKind)
    for rows in (asked, forget_rows(texts), single_rows(vote, PRESENTERS[language])):
        parts = [part for row in view_of(rows, texts).to_components() for part in row["components"]]
        assert all(1 <= len(part["label"]) <= 80 for part in parts)
    assert len(view_of((), texts, (AGAIN,)).children) == 1
    assert view_of((), texts).to_components() == []


@pytest.mark.parametrize(
    "paragraphs", [("가" * 5000,), ("한 문장이에요. " * 300, "둘"), ("😀" * 3000,), ("*" * 3000,)]
)
def test_long_texts_come_in_parts_with_the_buttons_below_the_last(
    paragraphs: tuple[str, ...],
) -> None:
    rows = forget_rows(KOREAN.texts)
    *before, last = text_posts(paragraphs, rows)
    assert before
    assert all(0 < len(post.text) <= 2000 and not post.rows for post in before)
    assert last.rows == rows


def test_an_answer_without_words_is_no_message() -> None:
    assert text_posts(()) == []
    (post,) = posts(Answer(AnswerKind.HELP, ("안녕",)), KOREAN)
    assert post.text == "안녕"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ko", "ko"), ("en-US", "en"), ("en-GB", "en"), ("fr", "en"), ("zh-TW", "en")],
)
def test_who_reads_no_korean_is_spoken_to_in_english(locale: str, language: str) -> None:
    assert language_of(locale) == language


async def test_rules_of_a_guild_are_kept() -> None:
    places = Places(service_over().updates)
    assert await places.rules(1) == Rules()
    rules = Rules(on=False, channels=(7, 8), language=Language.ENGLISH)
    await places.put(1, rules)
    assert await places.rules(1) == rules
    assert await places.rules(2) == Rules()


def test_the_bot_speaks_in_threads_of_its_channels() -> None:
    rules = Rules().with_channel(7).with_channel(7)
    assert rules.channels == (7,)
    assert rules.speaks_in(SimpleNamespace(id=9, parent_id=7))
    assert not rules.speaks_in(SimpleNamespace(id=9, parent_id=8))
    assert not Rules(on=False).speaks_in(SimpleNamespace(id=7))
