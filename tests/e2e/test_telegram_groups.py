"""Groups: the bot speaks when it is spoken to, and nothing tells who feels what."""

import pytest

from bot.chat.chat import Chat
from core.models import UserKey
from tests.e2e.conftest import Rows
from tests.e2e.telegram import Group, Message, Person, TelegramServer
from tests.e2e.telegram.app import running


async def heard_in(group: Group, server: TelegramServer, after: Message) -> list[Message]:
    """What the bot said in the group since, once all is handled."""
    await server.settled()
    return [message for message in group.sent if message.id > after.id]


async def said(
    server: TelegramServer, group: Group, person: Person, text: str, reply_to: Message | None = None
) -> list[Message]:
    message = await person.says(text, chat=group, reply_to=reply_to)
    return await heard_in(group, server, message)


async def test_it_speaks_only_when_it_is_spoken_to(
    telegram_server: TelegramServer, bot: Chat, stored: Rows
) -> None:
    group, hana = telegram_server.group(), telegram_server.person()
    name = telegram_server.bot_name
    for overheard in (
        "오늘 너무 슬픔",
        "죽고 싶어",
        "/songs@another_bot",
        "/frobnicate",
        "@another_bot 슬픔",
        f"@{name}x 슬픔",
    ):
        assert await said(telegram_server, group, hana, overheard) == []
    assert stored("SELECT count(*) FROM person") == [(0,)]
    _, answer = await said(telegram_server, group, hana, f"🙂 @{name.upper()} 오늘 슬픔")
    assert answer.text
    asked = group.messages[-3]
    assert group.sent[0].reply_to is asked
    assert await said(telegram_server, group, hana, "그래도 슬픔", reply_to=answer)
    assert await said(telegram_server, group, hana, "그래도 슬픔", reply_to=asked) == []
    assert "그런 명령" in (await said(telegram_server, group, hana, f"/qwertz@{name}"))[0].text
    assert stored("SELECT count(*) FROM mood_point") == [(2,)]


@pytest.mark.parametrize(("language", "feelings"), [("ko", "슬픔"), ("en", "sadness")])
async def test_songs_in_a_group_tell_of_no_mood_and_votes_are_the_voters_own(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, feelings: str
) -> None:
    group = telegram_server.group(admin=True)
    hana = telegram_server.person(language=language)
    duri = telegram_server.person(102, "두리", language=language)
    await hana.says("슬픔")
    await hana.answers(2)
    (songs,) = await said(telegram_server, group, hana, "/songs 2")
    assert feelings not in songs.text
    assert "%" not in songs.text
    assert [len(row) for row in songs.buttons[:2]] == [3, 3]  # why is not told here
    tapped = await duri.taps(songs, "1 👍")
    await telegram_server.settled()
    assert tapped.text
    assert "✓" not in "".join(songs.labels)  # whose it is nobody sees
    assert (await bot.service.votes.taste(UserKey("telegram", "102"))).likes == 1
    assert (await bot.service.votes.taste(UserKey("telegram", "101"))).likes == 0
    impression = songs.buttons[0][0].data
    assert impression
    why = await duri.taps_data(songs, f"w.{impression.rsplit('.', 1)[1]}")
    await telegram_server.settled()
    assert "%" not in why.text
    assert why.answer is not None
    assert why.answer["url"].startswith("https://t.me/")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_reactions_in_a_group_count_for_who_reacts(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str
) -> None:
    group = telegram_server.group(admin=True)
    hana, duri = (telegram_server.person(number, language=language) for number in (101, 102))
    await hana.says("/settings layout single")
    await hana.says("슬픔")
    await hana.answers(2)
    _, song, _ = await said(telegram_server, group, hana, "/songs 2")
    labels = song.labels
    await duri.reacts(song, [], ["👍"])
    await telegram_server.settled()
    assert song.labels == labels
    assert (await bot.service.votes.taste(UserKey("telegram", "102"))).likes == 1
    assert (await bot.service.votes.taste(UserKey("telegram", "101"))).likes == 0


@pytest.mark.parametrize(("language", "this"), [("ko", "이 노래"), ("en", "This song")])
async def test_what_is_never_to_come_again_is_asked_in_private(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str, this: str
) -> None:
    group, hana = telegram_server.group(), telegram_server.person(language=language)
    await hana.says("슬픔")
    await hana.answers(2)
    (songs,) = await said(telegram_server, group, hana, "/songs 2")
    tapped = await hana.taps(songs, songs.buttons[0][2].text)
    await telegram_server.settled()
    assert tapped.answer is not None
    payload = tapped.answer["url"].partition("?start=")[2]
    assert len(payload) <= 64
    asked = await hana.says(f"/start {payload}")
    (question,) = await hana.answers(after=asked)
    await hana.taps(question, this)
    await telegram_server.settled()
    assert stored("SELECT verdict FROM feedback") == [("never_song",)]
    assert question.labels == []


PERSONAL = (
    *("/mood", "/history", "/taste", "/why 1", "/like 1", "/dislike 1", "/unvote 1", "/never 1"),
    *("/settings", "/settings memory long", "/consent improve yes", "/privacy", "/export"),
    *(
        "/correct",
        "/바로잡기 슬픔",
        "/forget",
        "/잊어줘 네",
        "/link",
        "/language en",
        "/start",
        "내 기분 어때",
    ),
)


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_what_is_personal_leads_to_the_private_chat_and_does_nothing_here(
    telegram_server: TelegramServer, bot: Chat, stored: Rows, language: str
) -> None:
    group, hana = telegram_server.group(), telegram_server.person(language=language)
    payloads = []
    for command in PERSONAL:
        text = command if command.startswith("/") else f"@{telegram_server.bot_name} {command}"
        (invitation,) = await said(telegram_server, group, hana, text)
        ((button,),) = invitation.buttons
        address, _, payload = (button.url or "").partition("?start=")
        assert address == f"https://t.me/{telegram_server.bot_name}"
        assert all(char.isascii() and (char.isalnum() or char in "-_") for char in payload)
        payloads.append(payload)
    assert stored("SELECT count(*) FROM person") == [(0,)]
    for payload in payloads:
        asked = await hana.says(f"/start {payload}")
        assert await hana.answers(after=asked)


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_help_lines_come_in_private(
    telegram_server: TelegramServer, bot: Chat, language: str
) -> None:
    group, hana = telegram_server.group(), telegram_server.person(language=language)
    await hana.says("/help")
    await hana.answers()
    text = f"@{telegram_server.bot_name} 죽고 싶어"
    assert await said(telegram_server, group, hana, text) == []
    assert "109" in hana.hears[-1]
    for hidden in ("/mood 죽고 싶어", "/songs 죽고 싶어"):
        assert await said(telegram_server, group, hana, hidden) == []
        assert "109" in hana.hears[-1]


async def test_who_never_wrote_in_private_is_shown_the_way_to_the_help_lines(
    unruly_server: TelegramServer, chat: Chat
) -> None:
    group, hana = unruly_server.group(), unruly_server.person()
    async with running(unruly_server, chat):
        text = f"@{unruly_server.bot_name} 죽고 싶어"
        (invitation,) = await said(unruly_server, group, hana, text)
        assert "109" not in invitation.text
        payload = (invitation.buttons[0][0].url or "").partition("?start=")[2]
        asked = await hana.says(f"/start {payload}")
        (card,) = await hana.answers(after=asked)
        assert "109" in card.text
    assert [refusal.description for refusal in unruly_server.refusals] == [
        "Forbidden: bot can't initiate conversation with a user"
    ]


async def test_an_answer_follows_a_group_that_became_a_supergroup(
    unruly_server: TelegramServer, chat: Chat
) -> None:
    group, hana = unruly_server.group(), unruly_server.person()
    await hana.says("/help", chat=group)
    grown = await hana.upgrades(group)
    async with running(unruly_server, chat):
        await unruly_server.settled()
        assert grown.sent
        assert await said(unruly_server, grown, hana, "/songs")  # it goes on there
    assert [refusal.description for refusal in unruly_server.refusals] == [
        "Bad Request: group chat was upgraded to a supergroup chat"
    ]


async def test_a_group_that_threw_the_bot_out_is_no_trouble(
    unruly_server: TelegramServer, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    group, hana = unruly_server.group(), unruly_server.person()
    await hana.says("/help", chat=group)
    await hana.removes_bot(group)
    async with running(unruly_server, chat):
        await unruly_server.settled()
        await hana.says("/help")
        await hana.answers()
    assert [refusal.description for refusal in unruly_server.refusals] == [
        "Forbidden: bot was kicked from the group chat"
    ]
    assert not [record for record in caplog.records if record.name.startswith("bot.")]
