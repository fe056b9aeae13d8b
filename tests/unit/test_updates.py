"""Which updates were handled."""

from datetime import timedelta

from tests.services import NOW, service_over


async def test_an_update_is_finished_once_it_is_answered() -> None:
    updates = service_over().updates
    assert not await updates.finished("telegram:1:7")
    await updates.finish("telegram:1:7", now=NOW)
    await updates.finish("telegram:1:7", now=NOW)
    assert await updates.finished("telegram:1:7")
    assert not await updates.finished("telegram:1:8")


async def test_updates_are_forgotten_when_no_platform_repeats_them() -> None:
    updates = service_over().updates
    await updates.finish("old", now=NOW)
    await updates.finish("new", now=NOW + timedelta(days=2))
    await updates.prune(now=NOW + timedelta(days=3))
    assert [await updates.finished(key) for key in ("old", "new")] == [False, True]


async def test_facts_of_an_adapter_are_kept() -> None:
    updates = service_over().updates
    assert await updates.marker("discord.commands") is None
    await updates.mark("discord.commands", "abc")
    assert await updates.marker("discord.commands") == "abc"
