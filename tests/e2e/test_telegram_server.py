"""The test server itself: it refuses what Telegram refuses, and takes what Telegram takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.handlers.telegram_errors import retry_after_s
from bot.handlers.telegram_network import TransportBot, build_bot
from tests.e2e.telegram import Person, TelegramServer
from tests.e2e.telegram.errors import RefusedError
from tests.e2e.telegram.markup import found_entities, parse, utf16
from tests.e2e.telegram.transport import transport_bot

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 100
FIRE = "🔥"
"""Two UTF-16 units, four bytes."""


@pytest.fixture
async def bot(unruly_server: TelegramServer) -> AsyncIterator[TransportBot]:
    async with transport_bot(unruly_server) as bot:
        yield bot


@pytest.fixture
def hana(unruly_server: TelegramServer) -> Person:
    person = unruly_server.person(101)
    person.chat.started = True
    return person


def button(text: str = "좋아", **action: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, **action)]])


def article(result_id: str, text: str = "노래") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(result_id, "제목", InputTextMessageContent(text))


Act = Callable[[TransportBot], Awaitable[Any]]
REFUSED: list[tuple[Act, str]] = [
    (lambda bot: bot.send_message(101, ""), "message text is empty"),
    (lambda bot: bot.send_message(101, " \n "), "message text is empty"),
    (lambda bot: bot.send_message(101, "<b> </b>", parse_mode="HTML"), "message text is empty"),
    (lambda bot: bot.send_message(101, "가" * 4097), "message is too long"),
    (lambda bot: bot.send_message(101, FIRE * 2049), "message is too long"),
    (
        lambda bot: bot.send_message(101, "<b>아", parse_mode="HTML"),
        "can't parse entities: can't find end tag corresponding to start tag",
    ),
    (
        lambda bot: bot.send_message(101, "나 <3 너", parse_mode="HTML"),
        "can't parse entities: unclosed start tag at byte offset 4",
    ),
    (
        lambda bot: bot.send_message(101, "<p>글</p>", parse_mode="HTML"),
        'unsupported start tag "p" at byte offset 0',
    ),
    (
        lambda bot: bot.send_message(101, "<b><i>글</b></i>", parse_mode="HTML"),
        'unmatched end tag at byte offset 9, expected "</i>", found "</b>"',
    ),
    (
        lambda bot: bot.send_message(101, "글</b>", parse_mode="HTML"),
        "unexpected end tag at byte offset 3",
    ),
    (lambda bot: bot.send_message(999, "안녕"), "chat not found"),
    (
        lambda bot: bot.send_message(101, "안녕", reply_parameters=ReplyParameters(77)),
        "message to be replied not found",
    ),
    (
        lambda bot: bot.send_message(101, "글", reply_markup=button(callback_data="가" * 22)),
        "button_data_invalid",
    ),
    (
        lambda bot: bot.send_message(101, "글", reply_markup=button(callback_data="x" * 65)),
        "button_data_invalid",
    ),
    (
        lambda bot: bot.send_message(101, "글", reply_markup=button()),
        "text buttons are unallowed in the inline keyboard",
    ),
    (
        lambda bot: bot.send_message(101, "글", reply_markup=button(" ", callback_data="x")),
        "text must be non-empty",
    ),
    (
        lambda bot: bot.send_message(101, "글", reply_markup=button(url="javascript:alert(1)")),
        "unsupported url protocol",
    ),
    (
        lambda bot: bot.send_message(101, "글", reply_markup=button(url="https://노래")),
        "wrong http url",
    ),
    (
        lambda bot: bot.send_message(
            101,
            "글",
            reply_markup=InlineKeyboardMarkup(
                [[InlineKeyboardButton(str(n), callback_data="x") for n in range(9)]]
            ),
        ),
        "reply markup is too long",
    ),
    (
        lambda bot: bot.send_message(
            101,
            "글",
            reply_markup=InlineKeyboardMarkup(
                [[InlineKeyboardButton(str(n), callback_data="x")] for n in range(101)]
            ),
        ),
        "reply markup is too long",
    ),
    (lambda bot: bot.send_photo(101, PICTURE, caption="가" * 1025), "caption is too long"),
    (lambda bot: bot.send_photo(101, b"GIF89a"), "image_process_failed"),
    (lambda bot: bot.send_photo(101, PICTURE[:8] + bytes(10 * 1024**2)), "too big for a photo"),
    (lambda bot: bot.send_photo(101, "no-such-file"), "wrong remote file identifier"),
    (lambda bot: bot.send_document(101, b""), "file must be non-empty"),
    (lambda bot: bot.send_chat_action(101, "dancing"), "wrong parameter action"),
    (lambda bot: bot.edit_message_text("글", 101, 77), "message to edit not found"),
    (lambda bot: bot.edit_message_reply_markup(101, 77), "message to edit not found"),
    (lambda bot: bot.delete_message(101, 77), "message to delete not found"),
    (lambda bot: bot.set_message_reaction(101, 77, "👍"), "message to react not found"),
    (lambda bot: bot.answer_callback_query("q0"), "query is too old"),
    (lambda bot: bot.answer_inline_query("q0", []), "query is too old"),
    (lambda bot: bot.set_my_commands([("Help", "도움말")]), "bot_command_invalid"),
    (lambda bot: bot.set_my_commands([("도움말", "도움말")]), "bot_command_invalid"),
    (lambda bot: bot.set_my_commands([("h" * 33, "도움말")]), "bot_command_invalid"),
    (lambda bot: bot.set_my_commands([("help", "가" * 257)]), "bot_command_description_invalid"),
    (lambda bot: bot.set_my_commands([("help", " ")]), "bot_command_description_invalid"),
    (
        lambda bot: bot.set_my_commands([(f"c{n}", "명령") for n in range(101)]),
        "bot_commands_too_much",
    ),
    (
        lambda bot: bot.set_my_commands([("help", "도움말")], language_code="kor"),
        "invalid language code",
    ),
    (lambda bot: bot.set_my_name("가" * 65), "name is too long"),
    (lambda bot: bot.set_my_description("가" * 513), "description is too long"),
    (lambda bot: bot.set_my_short_description("가" * 121), "short description is too long"),
    (lambda bot: bot.set_webhook("http://bot.example.org"), "an https url must be provided"),
    (lambda bot: bot.set_webhook("https://bot.example.org:8080"), "only on ports"),
    (
        lambda bot: bot.set_webhook("https://bot.example.org", secret_token="비밀"),
        "unallowed characters",
    ),
    (lambda bot: bot.get_file("nothing"), "invalid file_id"),
    (lambda bot: bot.get_chat(999), "chat not found"),
    (lambda bot: bot.leave_chat(101), "private chats"),
]


@pytest.mark.parametrize(("act", "told"), REFUSED, ids=[told for _, told in REFUSED])
async def test_what_telegram_refuses_is_refused_and_noted(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot, act: Act, told: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        await act(bot)
    assert told in caught.value.message.lower()
    assert [refusal.code for refusal in unruly_server.refusals] == [400]
    assert hana.chat.messages == []


ACCEPTED: list[Act] = [
    lambda bot: bot.send_message(101, "가" * 4096),
    lambda bot: bot.send_message(101, f"<b>{FIRE * 2048}</b>", parse_mode="HTML"),
    lambda bot: bot.send_message(101, "1 &lt; 2 &amp; 3 > 2 \"&quot;'", parse_mode="HTML"),
    lambda bot: bot.send_message(101, "글", reply_markup=button(callback_data="가" * 21 + "x")),
    lambda bot: bot.send_message(101, "글", reply_markup=button(url="https://노래.kr/?q=가")),
    lambda bot: bot.send_message(
        101, "글", reply_parameters=ReplyParameters(77, allow_sending_without_reply=True)
    ),
    lambda bot: bot.send_photo(
        101, PICTURE, caption="<i>" + "가" * 1024 + "</i>", parse_mode="HTML"
    ),
    lambda bot: bot.send_document(101, b"{}", filename="내 기록.json"),
    lambda bot: bot.set_my_commands(
        [BotCommand(f"c_{n}", "가" * 256) for n in range(100)], language_code="ko"
    ),
    lambda bot: bot.set_webhook("https://bot.example.org:8443/x", secret_token="a_b-C"),
]


@pytest.mark.parametrize("act", ACCEPTED)
async def test_what_telegram_takes_is_taken(telegram_server: TelegramServer, act: Act) -> None:
    telegram_server.person(101).chat.started = True
    async with transport_bot(telegram_server) as bot:
        await act(bot)


@pytest.mark.parametrize(
    ("markup", "text", "kinds"),
    [
        ("<b>굵<i>게</i></b>", "굵게", [("bold", 0, 2), ("italic", 1, 1)]),
        (f"{FIRE}<u>줄</u>", f"{FIRE}줄", [("underline", 2, 1)]),
        ('<a href="https://a.kr/?x=1&amp;y=2">곡</a>', "곡", [("text_link", 0, 1)]),
        ("  <b>가 </b> ", "가", [("bold", 0, 1)]),
        ("&lt;b&gt; &#44032; &nbsp;", "<b> 가 &nbsp;", []),
        ("<tg-spoiler>비</tg-spoiler><span class='tg-spoiler'>밀</span>", "비밀", None),
    ],
)
def test_markup_is_read_as_telegram_reads_it(
    markup: str, text: str, kinds: list[tuple[str, int, int]] | None
) -> None:
    shown = parse(markup, "HTML")
    found = [(entity["type"], entity["offset"], entity["length"]) for entity in shown.entities]
    assert shown.text == text
    assert found == (kinds if kinds is not None else [("spoiler", 0, 1), ("spoiler", 1, 1)])


def test_links_keep_their_address_unescaped() -> None:
    (entity,) = parse('<a href="https://a.kr/?x=1&amp;y=2">곡</a>', "HTML").entities
    assert entity["url"] == "https://a.kr/?x=1&y=2"


@pytest.mark.parametrize("markup", ["<span>글</span>", "<b", "<b x=>글</b>", "</i>", "<i>글</b>"])
def test_markup_that_telegram_cannot_read_is_refused(markup: str) -> None:
    with pytest.raises(RefusedError, match="can't parse entities"):
        parse(markup, "HTML")


def test_commands_mentions_and_links_are_found_where_telegram_finds_them() -> None:
    text = f"{FIRE} /songs@maeum_bot @hana https://a.kr 1/2 a@b.c"
    found = [(entity["type"], entity["offset"]) for entity in found_entities(text)]
    assert found == [("bot_command", 3), ("mention", 20), ("url", 26)]
    assert utf16(text[:2]) == 3


async def test_a_reader_who_blocked_the_bot_never_began_or_left_cannot_be_written_to(
    unruly_server: TelegramServer, bot: TransportBot
) -> None:
    stranger, leaver, group = (
        unruly_server.person(1),
        unruly_server.person(2),
        unruly_server.group(),
    )
    await leaver.says("안녕")
    await leaver.blocks()
    await leaver.removes_bot(group)
    for chat, told in (
        (stranger.id, "can't initiate"),
        (leaver.id, "blocked by the user"),
        (group.id, "kicked from the group chat"),
    ):
        with pytest.raises(Forbidden, match=told):
            await bot.send_message(chat, "안녕")
    await leaver.unblocks()
    await bot.send_message(leaver.id, "다시 안녕")


async def test_a_group_that_became_a_supergroup_says_where_it_went(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    group = unruly_server.group()
    grown = await hana.upgrades(group)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "안녕")
    assert caught.value.new_chat_id == grown.id
    await bot.send_message(grown.id, "안녕")


async def test_an_edit_that_changes_nothing_is_refused_and_one_of_the_buttons_alone_is_not(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    sent = await bot.send_message(
        101, "<b>글</b>", parse_mode="HTML", reply_markup=button(callback_data="x")
    )
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_text("<b>글</b>", parse_mode="HTML", reply_markup=button(callback_data="x"))
    await sent.edit_reply_markup(button("싫어", callback_data="x"))
    (message,) = hana.chat.sent
    assert message.labels == ["싫어"]
    await sent.edit_text("글")
    assert (message.text, message.entities, message.labels) == ("글", [], [])
    photo = await bot.send_photo(101, PICTURE, caption="그림")
    with pytest.raises(BadRequest, match=r"(?i)no text in the message"):
        await photo.edit_text("글")
    await photo.edit_caption("다른 그림")
    assert hana.chat.sent[-1].edits == ["그림"]


async def test_messages_of_people_cannot_be_edited_and_deleted_ones_are_gone(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    said = await hana.says("안녕")
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await bot.edit_message_text("아니", 101, said.id)
    sent = await bot.send_message(101, "안녕")
    await sent.delete()
    with pytest.raises(BadRequest, match="not found"):
        await sent.edit_text("아니")
    assert hana.hears == []


async def test_taps_can_be_answered_for_150_seconds_and_inline_queries_for_30(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    await bot.send_message(101, "글", reply_markup=button(callback_data="x"))
    (message,) = hana.chat.sent
    tap, asked = await hana.taps(message, "좋아"), await hana.asks_inline("우울한 날")
    unruly_server.world.advance(30)
    await bot.answer_inline_query(asked.id, [article("1")], cache_time=timedelta(seconds=5))
    assert asked.results[0]["input_message_content"]["message_text"] == "노래"
    unruly_server.world.advance(120)
    await bot.answer_callback_query(tap.id, "네")
    assert (tap.answered, tap.text) == (True, "네")
    unruly_server.world.advance(1)
    for late in (bot.answer_callback_query(tap.id), bot.answer_inline_query(asked.id, [])):
        with pytest.raises(BadRequest, match="too old"):
            await late


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ([article(str(number)) for number in range(51)], "results_too_much"),
        ([article("1"), article("1")], "result_id_duplicate"),
        ([article("가" * 22)], "result_id_invalid"),
        ([article("1", "가" * 4097)], "message is too long"),
    ],
)
async def test_inline_results_telegram_does_not_show_are_refused(
    unruly_server: TelegramServer,
    hana: Person,
    bot: TransportBot,
    results: list[InlineQueryResultArticle],
    told: str,
) -> None:
    asked = await hana.asks_inline("우울한 날")
    with pytest.raises(BadRequest) as caught:
        # The library cuts a list after 50 results unless it gets them as they are.
        await bot.answer_inline_query(asked.id, results, current_offset=None)
    assert told in caught.value.message.lower()


async def test_an_answer_to_a_tap_has_200_characters_at_most(
    hana: Person, bot: TransportBot
) -> None:
    await bot.send_message(101, "글", reply_markup=button(callback_data="x"))
    tap = await hana.taps(hana.chat.sent[0], "좋아")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(tap.id, "가" * 201)


async def test_updates_come_until_they_are_confirmed_and_as_asked_for(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    first = await hana.says("하나")
    await hana.reacts(first, [], ["👍"])  # nobody asked for reactions yet
    await hana.says("둘")

    async def texts(**asked: Any) -> list[tuple[int, str]]:
        updates = await bot.get_updates(timeout=0, **asked)
        return [
            (update.update_id, update.message.text or "" if update.message else "reaction")
            for update in updates
        ]

    assert await texts() == await texts() == [(1001, "하나"), (1002, "둘")]
    assert await texts(limit=1) == [(1001, "하나")]
    assert await texts(offset=1002) == [(1002, "둘")]
    assert await texts() == [(1002, "둘")]
    assert await texts(offset=1003, allowed_updates=["message_reaction"]) == []
    await hana.says("셋")
    await hana.reacts(first, ["👍"], [])
    assert await texts() == [(1003, "reaction")]


async def test_reactions_in_groups_are_told_to_administrators_only(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    unruly_server.world.allowed = frozenset({"message", "message_reaction"})
    for admin in (False, True):
        group = unruly_server.group(-201 - admin, admin=admin)
        await bot.send_message(group.id, "노래")
        await hana.reacts(group.sent[0], [], ["👍", "custom:5"])
    (told,) = await bot.get_updates(timeout=0)
    assert told.message_reaction is not None
    assert told.message_reaction.chat.id == -202
    assert len(told.message_reaction.new_reaction) == 2


async def test_of_two_that_poll_the_first_is_told_of_the_second_and_a_webhook_forbids_both(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    async with transport_bot(unruly_server) as other:
        waiting = bot.get_updates(timeout=20)

        task = asyncio.create_task(waiting)
        await unruly_server.world.until(lambda: bool(unruly_server.made("getUpdates")))
        await other.get_updates(timeout=0)
        with pytest.raises(Conflict, match="only one bot"):
            await task
        await bot.set_webhook("https://bot.example.org/x")
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates(timeout=0)


async def test_a_wrong_token_is_unauthorised(unruly_server: TelegramServer) -> None:
    bot = build_bot("1:wrong", base_url=unruly_server.base_url)
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_faults_come_when_asked_for_and_are_not_the_bots_fault(
    telegram_server: TelegramServer,
) -> None:
    hana, faults = telegram_server.person(101), telegram_server.faults
    hana.chat.started = telegram_server.person(102).chat.started = True
    async with transport_bot(telegram_server) as bot:
        faults.flood(30, chat=101)
        await bot.send_message(102, "다른 사람")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(101, "안녕")
        assert retry_after_s(caught.value) == 30
        spoils: list[tuple[Callable[[], None], int]] = [
            (faults.drop, 0),
            (lambda: faults.fail(502), 0),
            (faults.lose_answer, 1),
            (faults.garble, 1),
        ]
        for spoil, effect in spoils:
            spoil()
            before = len(hana.hears)
            with pytest.raises(TelegramError):
                await bot.send_message(101, "안녕")
            assert len(hana.hears) == before + effect


async def test_what_is_not_played_is_noted(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    with pytest.raises(NetworkError, match="does not play"):
        await bot.send_dice(101)
    assert [refusal.method for refusal in unruly_server.refusals] == ["sendDice"]


async def test_voice_messages_can_be_fetched_up_to_20_megabytes(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    await hana.speaks(b"OggS...", seconds=4)
    await hana.speaks(bytes(20 * 1024**2 + 1))
    small, large = (update.message for update in await bot.get_updates(timeout=0))
    assert small is not None
    assert small.voice is not None
    assert small.voice.duration == timedelta(seconds=4)
    file = await small.voice.get_file()
    assert bytes(await file.download_as_bytearray()) == b"OggS..."
    assert large is not None
    assert large.voice is not None
    with pytest.raises(BadRequest, match=r"(?i)too big"):
        await large.voice.get_file()


async def test_photos_and_documents_arrive_whole(hana: Person, bot: TransportBot) -> None:
    await bot.send_photo(101, PICTURE, caption="그림")
    await bot.send_document(101, b'{"a": 1}', filename="maeum.json")
    photo, document = hana.chat.sent
    assert photo.upload is not None
    assert (photo.kind, photo.text, photo.upload.content) == ("photo", "그림", PICTURE)
    assert document.upload is not None
    assert (document.upload.name, document.upload.content) == ("maeum.json", b'{"a": 1}')


async def test_reactions_of_the_bot_and_its_menus_are_kept(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot
) -> None:
    said = await hana.says("안녕")
    await bot.set_message_reaction(101, said.id, ReactionTypeEmoji("👍"))
    assert said.reactions == {unruly_server.bot_id: ["👍"]}
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(101, said.id, ReactionTypeEmoji("🎵"))
    await bot.set_my_commands([("help", "도움말")], language_code="ko")
    commands = await bot.get_my_commands(language_code="ko")
    assert [command.description for command in commands] == ["도움말"]
    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize("kind", ["member", "administrator"])
async def test_the_library_reads_what_members_do(
    unruly_server: TelegramServer, hana: Person, bot: TransportBot, kind: str
) -> None:
    group = unruly_server.group()
    await hana.removes_bot(group)
    await hana.adds_bot(group, admin=kind == "administrator")
    statuses = [
        update.my_chat_member.new_chat_member.status
        for update in await bot.get_updates(timeout=0)
        if update.my_chat_member
    ]
    assert statuses == ["kicked", kind]
