"""Receiving by long polling: nothing is lost, nothing is handled twice, nobody waits for others."""

import asyncio
import itertools
import logging
from collections.abc import Callable

import pytest
from telegram import Update

from bot.handlers.telegram_errors import RevokedTokenError
from bot.handlers.telegram_polling import PollingConfig
from tests.e2e.telegram import TelegramServer
from tests.e2e.telegram.transport import (
    ALLOWED,
    MemoryInbox,
    Recorder,
    Sleeps,
    eventually,
    network,
    polling,
    transport_bot,
    words,
)

PATIENT = PollingConfig(pause_s=3600, longest_pause_s=3600)
"""Polls again only when something can be confirmed."""


async def test_an_update_is_confirmed_only_when_it_was_handled(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("안녕")
    async with polling(telegram_server, recorder):
        await telegram_server.person().says("안녕")
        await recorder.until(1)
        assert len(telegram_server.world.pending) == 1
        gate.set()
        await telegram_server.settled()
    assert recorder.ended == ["안녕"]


async def test_newer_updates_of_others_are_handled_while_an_older_one_takes_long(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("느린 말")
    async with polling(telegram_server, recorder):
        await telegram_server.person(1).says("느린 말")
        await recorder.until(1)
        for number in range(2, 5):
            await telegram_server.person(number).says(f"{number}")
            await recorder.until(number)
        assert recorder.ended == ["2", "3", "4"]
        assert len(telegram_server.world.pending) == 4
        gate.set()
        await telegram_server.settled()
    assert recorder.begun == ["느린 말", "2", "3", "4"]


async def test_waiting_for_an_older_update_is_no_busy_loop(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("느린 말")
    async with polling(telegram_server, recorder, config=PATIENT):
        await telegram_server.person().says("느린 말")
        await recorder.until(1)
        before = len(telegram_server.made("getUpdates"))
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(telegram_server.made("getUpdates")) == before
        gate.set()
        await telegram_server.settled()
    assert len(telegram_server.made("getUpdates")) <= before + 3


async def test_who_speaks_into_a_long_silence_keeps_nobody_waiting(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("느린 말")
    clock = itertools.chain([0.0], itertools.repeat(3600.0))  # the first poll is held for an hour
    config = PollingConfig(longest_pause_s=3600)
    async with polling(telegram_server, recorder, config=config, clock=lambda: next(clock)):
        for number, said in enumerate(("느린 말", "그다음 말"), 1):
            await telegram_server.person(number).says(said)
            await recorder.until(number)
        gate.set()
    assert recorder.begun == ["느린 말", "그다음 말"]


async def test_the_updates_of_one_person_are_handled_in_order(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("첫째")
    hana, duri = telegram_server.person(1), telegram_server.person(2)
    async with polling(telegram_server, recorder):
        first = await hana.says("첫째")
        await hana.taps_data(first, "좋아")
        await hana.reacts(first, [], ["👍"])
        await duri.says("다른 사람")
        await recorder.until(2)
        assert recorder.begun == ["첫째", "다른 사람"]
        gate.set()
        await telegram_server.settled()
    assert recorder.ended == ["다른 사람", "첫째", "tap 좋아", "reaction"]


async def test_only_so_many_updates_are_handled_at_a_time(telegram_server: TelegramServer) -> None:
    recorder = Recorder()
    gates = [recorder.hold(str(number)) for number in range(10)]
    async with polling(telegram_server, recorder, concurrency=3):
        for number in range(10):
            await telegram_server.person(number + 1).says(str(number))
        await recorder.until(3)
        for gate in gates:
            gate.set()
        await telegram_server.settled()
    assert recorder.most == 3
    assert sorted(recorder.ended) == [str(number) for number in range(10)]


async def test_an_update_that_comes_twice_is_handled_once(telegram_server: TelegramServer) -> None:
    recorder = Recorder()
    telegram_server.repeat = 2
    async with polling(telegram_server, recorder):
        await telegram_server.person().says("한 번")
        await telegram_server.settled()
        await telegram_server.person().says("두 번")
        await telegram_server.settled()
    assert recorder.begun == ["한 번", "두 번"]


async def test_a_finished_update_that_comes_again_much_later_is_confirmed_again(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    async with polling(telegram_server, recorder):
        await telegram_server.person().says("한 번")
        (again,) = telegram_server.world.pending
        await telegram_server.settled()
        telegram_server.world.pending.append(again)
        await telegram_server.world.notify()
        await telegram_server.settled()
    assert recorder.begun == ["한 번"]


async def test_after_a_crash_the_unfinished_updates_are_handled_and_the_finished_ones_are_not(
    telegram_server: TelegramServer,
) -> None:
    inbox, before, after = MemoryInbox(), Recorder(), Recorder()
    before.hold("느린 말")
    async with polling(telegram_server, before, inbox=inbox) as killed:
        await telegram_server.person(1).says("느린 말")
        await telegram_server.person(2).says("끝난 말")
        await before.until(2)
        await telegram_server.person(1).says("기다리던 말")
        await killed.kill()
    assert len(telegram_server.world.pending) == 3
    async with polling(telegram_server, after, inbox=inbox):
        await telegram_server.settled()
    assert before.ended == ["끝난 말"]
    assert after.ended == ["느린 말", "기다리던 말"]


@pytest.mark.parametrize("moment", range(12))
async def test_a_crash_at_any_moment_loses_nothing(
    telegram_server: TelegramServer, moment: int
) -> None:
    inbox, before, after = MemoryInbox(), Recorder(), Recorder()
    said = [f"{number}" for number in range(6)]
    async with polling(telegram_server, before, inbox=inbox) as killed:
        for number, text in enumerate(said):
            await telegram_server.person(number % 3 + 1).says(text)
        for _ in range(moment * 4):
            await asyncio.sleep(0)
        await killed.kill()
    async with polling(telegram_server, after, inbox=inbox):
        await telegram_server.settled()
    assert sorted(before.ended + after.ended) == said


async def test_what_goes_wrong_between_the_bot_and_telegram_loses_and_doubles_nothing(
    telegram_server: TelegramServer,
) -> None:
    recorder, sleeps, faults = Recorder(), Sleeps(), telegram_server.faults
    hana, said = telegram_server.person(), list[str]()
    spoils: list[Callable[[], None]] = [
        lambda: faults.drop(method="getUpdates", times=3),
        lambda: faults.lose_answer(method="getUpdates", times=2),
        lambda: faults.fail(500, method="getUpdates"),
        lambda: faults.fail(502, method="getUpdates"),
        lambda: faults.garble(method="getUpdates", times=2),
        lambda: faults.flood(17, method="getUpdates"),
    ]
    async with polling(telegram_server, recorder, sleep=sleeps):
        for spoil in spoils:
            spoil()
            while faults.waiting:
                said.append(f"{len(said)}")
                await hana.says(said[-1])
                await telegram_server.settled()
    assert recorder.ended == said
    assert 17 in sleeps.slept


async def test_pauses_between_attempts_grow_and_differ(telegram_server: TelegramServer) -> None:
    sleeps = Sleeps()
    telegram_server.faults.drop(method="getUpdates", times=9)
    async with polling(telegram_server, Recorder(), sleep=sleeps):
        await telegram_server.world.until(lambda: not telegram_server.faults.waiting)
    ceilings = [min(30.0, 0.5 * 2**number) for number in range(9)]
    assert all(
        ceiling / 2 <= slept <= ceiling
        for slept, ceiling in zip(sleeps.slept, ceilings, strict=True)
    )
    assert sleeps.slept[0] != 0.5


async def test_the_start_waits_for_the_network(telegram_server: TelegramServer) -> None:
    sleeps = Sleeps()
    telegram_server.faults.drop(method="getMe", times=4)
    bot = transport_bot(telegram_server)
    await network(sleeps).insist(bot.initialize, "getMe")
    assert bot.username == telegram_server.bot_name
    assert len(sleeps.slept) == 4
    await bot.shutdown()


async def test_a_revoked_token_ends_the_bot_and_is_not_told(
    unruly_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with polling(unruly_server, Recorder()) as running:
        unruly_server.revoked = True
        await unruly_server.person().says("거기 있어?")
        with pytest.raises(RevokedTokenError) as caught:
            await running.task
    assert unruly_server.token not in str(caught.value) + caplog.text


async def test_a_token_that_never_was_one_ends_the_bot_before_it_starts(
    unruly_server: TelegramServer,
) -> None:
    unruly_server.revoked = True
    bot = transport_bot(unruly_server)
    with pytest.raises(RevokedTokenError):
        await network().insist(bot.initialize, "getMe")
    await bot.shutdown()


async def test_another_instance_is_told_of_and_outlived(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder()
    async with transport_bot(telegram_server) as other, polling(telegram_server, recorder):
        await other.pending_updates(offset=None, limit=1, timeout_s=0, allowed=ALLOWED)
        await telegram_server.person().says("안녕")
        await telegram_server.settled()
    assert recorder.ended == ["안녕"]
    assert "another instance" in caplog.text


async def test_a_webhook_left_from_before_is_taken_away_and_loses_nothing(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    telegram_server.world.webhook = {"url": "https://old.example.org/x", "secret": None}
    await telegram_server.person().says("기다린 말")
    async with polling(telegram_server, recorder):
        await telegram_server.settled()
    assert recorder.ended == ["기다린 말"]


async def test_stopping_lets_what_runs_finish_and_confirms_it(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("느린 말")
    hana = telegram_server.person()
    async with polling(telegram_server, recorder, config=PATIENT) as running:
        await hana.says("느린 말")
        await hana.says("다음 말")
        await recorder.until(1)
        running.stopping.set()
        await eventually(lambda: running.dispatcher.closed)
        gate.set()
        await running.task
    assert recorder.ended == ["느린 말"]
    assert [update["message"]["text"] for update in telegram_server.world.pending] == ["다음 말"]


async def test_what_does_not_finish_in_time_is_cancelled_and_not_confirmed(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    recorder, inbox = Recorder(), MemoryInbox()
    recorder.hold("endless")
    async with polling(telegram_server, recorder, inbox=inbox, close_after_s=0) as running:
        await telegram_server.person().says("endless")
        await recorder.until(1)
        await running.stop()
    assert recorder.ended == []
    assert inbox.keys == set()
    assert len(telegram_server.world.pending) == 1
    assert "not finished" in caplog.text


CROWDED = PollingConfig(pause_s=0.001, longest_pause_s=0.002, straggler_s=0)


async def test_one_slow_update_does_not_hide_what_comes_after_a_hundred_others(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    recorder, inbox = Recorder(), MemoryInbox()
    gate = recorder.hold("느린 말")
    async with polling(telegram_server, recorder, inbox=inbox, config=CROWDED):
        asked = await telegram_server.person(1).says("느린 말")
        for number in range(130):
            await telegram_server.person(number + 2).says("말")
        await telegram_server.settled()
        assert recorder.ended == ["말"] * 130
        (owed,) = inbox.kept
        assert owed["message"]["message_id"] == asked.id
        assert "느린 말" not in str(inbox.kept)
        gate.set()
        await eventually(lambda: not inbox.kept)
    assert recorder.ended[-1] == "느린 말"
    assert "take long" in caplog.text


async def test_what_cannot_be_kept_is_not_let_go(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    recorder, inbox = Recorder(), MemoryInbox()
    gate = recorder.hold("느린 말")
    async with polling(telegram_server, recorder, inbox=inbox, config=CROWDED):
        await telegram_server.person(1).says("느린 말")
        await recorder.until(1)
        inbox.full = True
        for number in range(130):
            await telegram_server.person(number + 2).says("말")
        await eventually(lambda: "cannot be let go" in caplog.text)
        assert telegram_server.world.pending[0]["message"]["text"] == "느린 말"
        gate.set()
        await telegram_server.settled()
    assert sorted(recorder.ended) == sorted(["느린 말", *["말"] * 130])


async def test_nothing_is_let_go_while_all_are_busy(telegram_server: TelegramServer) -> None:
    recorder, inbox = Recorder(), MemoryInbox()
    gate = recorder.hold("느린 말")
    async with polling(telegram_server, recorder, inbox=inbox, config=CROWDED, concurrency=1):
        for number in range(130):
            await telegram_server.person(number + 1).says("말" if number else "느린 말")
        await recorder.until(1)
        polls = len(telegram_server.made("getUpdates"))
        await eventually(lambda: len(telegram_server.made("getUpdates")) > polls + 9)
        assert inbox.kept == []
        gate.set()
        await telegram_server.settled()
    assert len(recorder.ended) == 130


async def test_who_waits_behind_a_slow_update_is_held_up_and_who_waits_for_a_slot_is_not(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    gate = recorder.hold("느린 말")
    seen: dict[str, Update] = {}

    async def handle(update: Update) -> None:
        seen[words(update)] = update
        await recorder(update)

    async with polling(telegram_server, handle, concurrency=1) as bot:
        await telegram_server.person(2).says("남의 말")
        await telegram_server.person(1).says("앞의 말")
        await telegram_server.settled()
        await telegram_server.person(1).says("느린 말")
        await recorder.until(3)
        await telegram_server.person(2).says("기다리는 말")
        await asyncio.sleep(0)
        assert bot.dispatcher.held_s(seen["앞의 말"]) > 0  # of the person whose update is slow
        assert bot.dispatcher.held_s(seen["남의 말"]) == 0
        gate.set()
        await telegram_server.settled()


async def test_a_failing_handler_holds_nothing_up_and_logs_no_words(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder()
    async with polling(telegram_server, recorder):
        hana = telegram_server.person()
        await hana.says("fail")
        await hana.says("그래도")
        await telegram_server.settled()
    assert recorder.ended == ["그래도"]
    assert "RuntimeError" in caplog.text
    assert "a fault" not in caplog.text


async def test_a_handler_that_is_cancelled_from_within_holds_nothing_up(
    telegram_server: TelegramServer,
) -> None:
    handled = list[str]()

    async def handle(update: Update) -> None:
        handled.append(words(update))
        if handled == ["먼저"]:
            raise asyncio.CancelledError

    async with polling(telegram_server, handle):
        hana = telegram_server.person()
        await hana.says("먼저")
        await hana.says("다음")
        await telegram_server.settled()
    assert handled == ["먼저", "다음"]


async def test_an_update_that_cannot_be_read_is_passed_over(
    telegram_server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder()
    gate = recorder.hold("느린 말")
    caplog.set_level(logging.DEBUG)
    async with polling(telegram_server, recorder):
        await telegram_server.person(1).says("느린 말")
        await telegram_server.world.send_update("message", {"text": "비밀", "date": "gestern"})
        await telegram_server.person(2).says("다음 말")
        await recorder.until(2)
        gate.set()
        await telegram_server.settled()
    assert sorted(recorder.ended) == ["느린 말", "다음 말"]
    assert caplog.text.count("cannot be read") == 1
    assert "비밀" not in caplog.text


async def test_numbers_that_begin_anew_after_a_long_silence_are_heard(
    telegram_server: TelegramServer,
) -> None:
    recorder = Recorder()
    async with polling(telegram_server, recorder, config=PollingConfig(timeout_s=0)):
        await telegram_server.person().says("여름")
        await telegram_server.settled()
        polls = len(telegram_server.made("getUpdates"))
        await eventually(lambda: len(telegram_server.made("getUpdates")) > polls + 3)
        # A poll that fails does nothing: what is said now comes in between two polls.
        telegram_server.faults.fail(502, method="getUpdates")
        await eventually(lambda: not telegram_server.faults.waiting)
        telegram_server.world._last_update = 3
        await telegram_server.person().says("겨울")
        await telegram_server.settled()
    assert recorder.ended == ["여름", "겨울"]


async def test_an_inbox_that_cannot_be_asked_delays_updates_and_loses_none(
    telegram_server: TelegramServer,
) -> None:
    recorder, inbox = Recorder(), MemoryInbox()
    inbox.failures = 3
    async with polling(telegram_server, recorder, inbox=inbox):
        await telegram_server.person().says("안녕")
        await telegram_server.settled()
    assert recorder.ended == ["안녕"]


class _CountingInbox(MemoryInbox):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def finished(self, key: str) -> bool:
        self.asked += 1
        return await super().finished(key)


async def test_the_inbox_is_asked_only_of_what_may_be_older_than_the_process(
    telegram_server: TelegramServer,
) -> None:
    inbox, recorder = _CountingInbox(), Recorder()
    for number in range(1, 121):
        await telegram_server.person(number).says("전부터 기다린 말")
    async with polling(telegram_server, recorder, inbox=inbox):
        await telegram_server.settled()
        assert inbox.asked == 120
        await telegram_server.person().says("새 말")
        await telegram_server.settled()
    assert inbox.asked == 120
    assert recorder.ended[-1] == "새 말"


async def test_beside_another_instance_the_inbox_is_asked_again(
    telegram_server: TelegramServer,
) -> None:
    inbox, recorder = _CountingInbox(), Recorder()
    async with polling(telegram_server, recorder, inbox=inbox, sleep=Sleeps()):
        await telegram_server.person(1).says("처음")
        await telegram_server.settled()
        before = inbox.asked
        telegram_server.faults.fail(409, method="getUpdates")
        await telegram_server.person(2).says("그 전의 말")
        await telegram_server.settled()
        assert inbox.asked == before
        await telegram_server.person(3).says("누가 이미 답했을지도 모르는 말")
        await telegram_server.settled()
    assert inbox.asked == before + 1
