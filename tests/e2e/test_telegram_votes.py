"""Votes on Telegram: by button and by reaction, and what the buttons show of them."""

import pytest

from bot.chat.chat import Chat
from bot.handlers.telegram_reactions import MEANINGS
from core.models import Layout, UserKey
from tests.e2e.conftest import Rows
from tests.e2e.telegram import Message, Person, TelegramServer
from tests.e2e.telegram.app import running

HANA = UserKey("telegram", "101")
LATEST = "SELECT song_id, verdict FROM feedback ORDER BY at DESC, rowid DESC LIMIT 1"


async def shown(
    server: TelegramServer,
    *,
    language: str = "ko",
    layout: Layout = Layout.SINGLE,
    count: int = 3,
) -> tuple[Person, list[Message]]:
    """Somebody, and the messages with the songs that were just shown."""
    person = server.person(language=language)
    await person.says(f"/settings layout {layout}")
    await person.says("슬픔")
    await server.settled()
    asked = await person.says(f"/songs {count}")
    await person.answers(1 + count if layout is Layout.SINGLE else 1, after=asked)
    await server.settled()
    found = [message for message in person.chat.sent if message.id > asked.id]
    return person, found[1:] if layout is Layout.SINGLE else found


def counted(stored: Rows) -> dict[str, int]:
    return dict(stored("SELECT verdict, count(*) FROM feedback GROUP BY verdict"))


@pytest.mark.parametrize(("language", "up", "down"), [("ko", "👍", "👎"), ("en", "👍", "👎")])
async def test_a_vote_by_button_shows_at_once_and_can_be_changed_and_taken_back(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, up: str, down: str
) -> None:
    person, (song, *_) = await shown(telegram_server, language=language)
    for button, verdict, marks in (
        (up, "up", ["👍 ✓", "👎"]),
        (down, "down", ["👍", "👎 ✓"]),
        (down, "retracted", ["👍", "👎"]),
    ):
        tapped = await person.taps(song, button)
        await telegram_server.settled()
        assert tapped.text
        assert song.labels[:2] == marks
        assert stored(LATEST)[0][1] == verdict
    assert counted(stored) == {"up": 1, "down": 1, "retracted": 1}


async def test_a_second_tap_before_the_first_is_seen_changes_nothing(
    telegram_server: TelegramServer, bot: Chat, stored: Rows
) -> None:
    person, (song, *_) = await shown(telegram_server)
    taps = [await person.taps(song, "👍") for _ in range(3)]
    await telegram_server.settled()
    assert all(tap.answered for tap in taps)
    assert song.labels[:2] == ["👍 ✓", "👎"]
    verdicts = await bot.service.votes.taste(HANA)
    assert (verdicts.likes, verdicts.dislikes) == (1, 0)


async def test_a_tap_that_comes_twice_counts_once(
    telegram_server: TelegramServer, bot: Chat, stored: Rows
) -> None:
    person, (song, *_) = await shown(telegram_server)
    telegram_server.repeat = 2
    await person.taps(song, "👎")
    await telegram_server.settled()
    assert counted(stored) == {"down": 1}


@pytest.mark.parametrize("layout", list(Layout))
async def test_votes_count_on_old_messages_after_a_restart(
    telegram_server: TelegramServer, chat: Chat, stored: Rows, layout: Layout
) -> None:
    async with running(telegram_server, chat):
        person, (song, *_) = await shown(telegram_server, layout=layout)
        await person.taps(song, "👍")
        await telegram_server.settled()
    telegram_server.world.advance(30 * 24 * 3600)
    async with running(telegram_server, chat):
        await person.taps(song, "👎")
        await telegram_server.settled()
        assert song.button("👎").text.endswith("✓")
        if layout is Layout.SINGLE:
            await person.reacts(song, [], ["🔥"])
            await telegram_server.settled()
            assert song.button("👍").text.endswith("✓")
            assert counted(stored) == {"up": 2, "down": 1}


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_rows_of_a_list_vote_on_their_song(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str
) -> None:
    person, (songs,) = await shown(telegram_server, language=language, layout=Layout.LIST)
    ranked = [song for (song,) in stored("SELECT song_id FROM impression ORDER BY rank")]
    await person.taps(songs, "2 👍")
    await person.taps(songs, "3 👎")
    await telegram_server.settled()
    marked = [button.text for row in songs.buttons for button in row if "✓" in button.text]
    assert marked == ["2 👍 ✓", "3 👎 ✓"]
    kept = stored("SELECT song_id, verdict FROM feedback")
    assert sorted(kept) == sorted([(ranked[1], "up"), (ranked[2], "down")])
    await person.reacts(songs, [], ["👍"])  # of three songs it says nothing
    await telegram_server.settled()
    assert sum(counted(stored).values()) == 2


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize(
    ("language", "never", "all_of"), [("ko", 4, "이 가수"), ("en", 4, "All of this artist")]
)
async def test_what_is_never_to_come_again_is_asked_below_the_song(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    layout: Layout,
    language: str,
    never: int,
    all_of: str,
) -> None:
    person, (song, *_) = await shown(telegram_server, language=language, layout=layout)
    button = song.labels[never - 1 if layout is Layout.LIST else never]
    await person.taps(song, button)
    await telegram_server.settled()
    question = person.chat.sent[-1]
    assert question.reply_to is song
    await person.taps(question, all_of)
    await person.taps(question, all_of)
    await telegram_server.settled()
    assert question.labels == []
    assert question.edits
    assert f"{button} ✓" in song.labels
    assert set(counted(stored)) == {"never_artist"}


@pytest.mark.parametrize(("language", "why"), [("ko", "왜"), ("en", "Why")])
async def test_the_reason_comes_up_as_a_notice(
    telegram_server: TelegramServer, bot: Chat, language: str, why: str
) -> None:
    person, (song, *_) = await shown(telegram_server, language=language)
    sent = len(person.hears)
    tapped = await person.taps(song, why)
    await telegram_server.settled()
    assert "노래" in tapped.text
    assert "%" in tapped.text
    assert len(person.hears) == sent


@pytest.mark.parametrize(
    ("language", "button", "said"),
    [("ko", "반대 노래", "다른 기분"), ("en", "Another mood", "another mood")],
)
async def test_more_songs_come_by_button(
    telegram_server: TelegramServer,
    bot: Chat,
    stored: Rows,
    language: str,
    button: str,
    said: str,
) -> None:
    person, (songs,) = await shown(telegram_server, language=language, layout=Layout.LIST)
    tapped = await person.taps(songs, button)
    (more,) = await person.answers(after=songs)
    assert said in more.text
    assert tapped.answered
    assert stored("SELECT mode, count(*) FROM impression GROUP BY mode") == [
        ("opposite", 5),
        ("similar", 3),
    ]


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_buttons_that_are_not_ours_any_more_say_so(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str
) -> None:
    person = telegram_server.person(language=language)
    await person.says("/help")
    (message,) = await person.answers()
    for data in ("x", "vs.up.", "vs.up.0", "vs.sideways.0", "w.0", "t.count.x", "가"):
        tapped = await person.taps_data(message, data)
        await telegram_server.settled()
        assert tapped.text, data
    assert stored("SELECT count(*) FROM feedback") == [(0,)]


async def test_a_tap_that_waited_too_long_for_its_answer_counts_all_the_same(
    unruly_server: TelegramServer, chat: Chat, stored: Rows
) -> None:
    async with running(unruly_server, chat):
        person, (song, *_) = await shown(unruly_server)
    await person.taps(song, "👍")
    unruly_server.world.advance(151)
    async with running(unruly_server, chat):
        await unruly_server.settled()
    assert [refusal.method for refusal in unruly_server.refusals] == ["answerCallbackQuery"]
    assert counted(stored) == {"up": 1}
    assert "👍 ✓" in song.labels


async def test_every_emoji_of_the_table_is_a_vote(
    telegram_server: TelegramServer, bot: Chat, stored: Rows
) -> None:
    person, (song, *_) = await shown(telegram_server)
    for emoji, verdict in MEANINGS.items():
        await person.reacts(song, [], [emoji])
        await telegram_server.settled()
        assert stored(LATEST)[0][1] == verdict
        mark = "👍 ✓" if verdict == "up" else "👎 ✓"
        assert mark in song.labels


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_reactions_are_changed_and_taken_back_and_others_say_nothing(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str
) -> None:
    person, (song, other, _) = await shown(telegram_server, language=language)
    steps: tuple[tuple[list[str], list[str], list[str]], ...] = (
        ([], ["😢"], ["👍", "👎"]),
        (["😢"], ["❤\ufe0f"], ["👍 ✓", "👎"]),
        (["❤\ufe0f"], ["👎🏽"], ["👍", "👎 ✓"]),
        (["👎🏽"], ["custom:1"], ["👍", "👎"]),
        (["custom:1"], ["paid"], ["👍", "👎"]),
        ([], ["😢", "👍"], ["👍 ✓", "👎"]),
        (["😢", "👍"], ["😢", "👍", "💩"], ["👍", "👎 ✓"]),
        (["💩"], [], ["👍", "👎"]),
    )
    for old, new, marks in steps:
        await person.reacts(song, old, new)
        await telegram_server.settled()
        assert song.labels[:2] == marks, (old, new)
    assert other.labels[:2] == ["👍", "👎"]
    await person.reacts(person.chat.messages[0], [], ["👍"])  # no song of ours
    await telegram_server.settled()
    assert counted(stored) == {"up": 2, "down": 2, "retracted": 2}


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_taking_a_reaction_back_leaves_what_a_button_said_since(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str
) -> None:
    person, (song, *_) = await shown(telegram_server, language=language)
    await person.reacts(song, [], ["👍"])
    await telegram_server.settled()
    await person.taps(song, "👎")
    await telegram_server.settled()
    await person.reacts(song, ["👍"], [])
    await telegram_server.settled()
    assert song.labels[:2] == ["👍", "👎 ✓"]
    assert counted(stored) == {"up": 1, "down": 1}


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_list_is_moved_on_by_button(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str
) -> None:
    person, (songs,) = await shown(telegram_server, language=language, layout=Layout.LIST)
    data = [button.data or "" for row in songs.buttons for button in row]
    for refinement in [text for text in data if text.startswith("r.")]:
        before = person.chat.sent[-1]
        tapped = await person.taps_data(songs, refinement)
        assert await person.answers(after=before)
        assert tapped.answered
    await telegram_server.settled()
    ((lists,),) = stored("SELECT count(DISTINCT slate) FROM impression")
    assert lists > 1


@pytest.mark.parametrize(
    ("language", "asked", "said", "brighter", "more"),
    [
        (
            "ko",
            "2000년대 슬픈 발라드 두 곡만 추천해줘",
            "2000년대 슬픈 발라드",
            "더 밝게",
            "비슷한 노래",
        ),
        (
            "en",
            "play two sad ballads from the 2000s",
            "2000s sad 발라드",
            "Brighter",
            "Like my mood",
        ),
    ],
)
async def test_taps_below_songs_asked_for_in_words_keep_what_was_asked_after_a_restart(
    telegram_server: TelegramServer,
    chat: Chat,
    stored: Rows,
    language: str,
    asked: str,
    said: str,
    brighter: str,
    more: str,
) -> None:
    person = telegram_server.person(language=language)
    async with running(telegram_server, chat):
        await person.says(f"/settings layout {Layout.LIST}")
        await person.answers(1)
        question = await person.says(asked)
        _introduction, songs = await person.answers(2, after=question)
        assert said in songs.text
        assert "m." in "".join(b.data or "" for row in songs.buttons for b in row)
    async with running(telegram_server, chat):
        for label in (brighter, more):
            button = next(b for row in songs.buttons for b in row if b.text.startswith(label))
            before = person.chat.sent[-1]
            await person.taps_data(songs, button.data or "")
            assert await person.answers(after=before)
        await telegram_server.settled()
    kept = stored("SELECT DISTINCT asked FROM impression")
    assert len(kept) == 1
    assert "발라드" in str(bytes(kept[0][0]), "utf-8", "ignore")
    assert len(stored("SELECT DISTINCT slate FROM impression")) >= 2


@pytest.mark.parametrize(
    ("language", "text"), [("ko", "노래 부르는 거 좋아해"), ("en", "I love sad songs")]
)
async def test_what_only_tells_of_songs_gets_no_songs(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, text: str
) -> None:
    person = telegram_server.person(language=language)
    await person.says(text)
    assert await person.answers(1)
    assert stored("SELECT count(*) FROM impression") == [(0,)]
