"""What every store of users promises, run against each of them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.errors import ConflictError
from core.models import User, UserKey
from core.ports import UnitOfWork
from core.store.memory import MemoryStore

KEY = UserKey("console", "1")


@pytest.fixture(params=[MemoryStore])
def open_work(request: pytest.FixtureRequest) -> Callable[[], UnitOfWork]:
    return request.param().unit_of_work  # type: ignore[no-any-return]


async def stored(open_work: Callable[[], UnitOfWork]) -> User:
    async with open_work() as work:
        return await work.users.get(KEY)


async def test_somebody_unknown_is_new(open_work: Callable[[], UnitOfWork]) -> None:
    user = await stored(open_work)
    assert (user.key, user.version, user.state) == (KEY, 0, None)


async def test_what_is_committed_stays(open_work: Callable[[], UnitOfWork]) -> None:
    async with open_work() as work:
        await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
        await work.commit()
    assert (await stored(open_work)).shown == ("a",)
    assert (await stored(open_work)).version == 1


async def test_what_is_not_committed_is_gone(open_work: Callable[[], UnitOfWork]) -> None:
    async with open_work() as work:
        await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
    assert (await stored(open_work)).shown == ()


async def test_an_error_rolls_back(open_work: Callable[[], UnitOfWork]) -> None:
    async def fail() -> None:
        async with open_work() as work:
            await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await stored(open_work)).version == 0


async def test_a_change_is_seen_inside_its_own_work(open_work: Callable[[], UnitOfWork]) -> None:
    async with open_work() as work:
        await work.users.put(replace(await work.users.get(KEY), shown=("a",)))
        assert (await work.users.get(KEY)).shown == ("a",)
    assert (await stored(open_work)).shown == ()


async def test_an_outdated_version_is_refused(open_work: Callable[[], UnitOfWork]) -> None:
    async with open_work() as work:
        old = await work.users.get(KEY)
        await work.users.put(old)
        await work.commit()

    async def put_old() -> None:
        async with open_work() as work:
            await work.users.put(old)
            await work.commit()

    with pytest.raises(ConflictError):
        await put_old()


async def test_a_commit_is_all_or_nothing(open_work: Callable[[], UnitOfWork]) -> None:
    other = UserKey("console", "2")
    async with open_work() as slow, open_work() as fast:
        for key in (other, KEY):
            await slow.users.put(replace(await slow.users.get(key), shown=("slow",)))
        await fast.users.put(replace(await fast.users.get(KEY), shown=("fast",)))
        await fast.commit()
        with pytest.raises(ConflictError):
            await slow.commit()
    async with open_work() as work:
        assert (await work.users.get(other)).shown == ()
        assert (await work.users.get(KEY)).shown == ("fast",)


async def test_of_two_at_once_the_later_commit_is_refused(
    open_work: Callable[[], UnitOfWork],
) -> None:
    async with open_work() as first, open_work() as second:
        for work, song in ((first, "a"), (second, "b")):
            user = await work.users.get(KEY)
            await work.users.put(replace(user, shown=(song,)))
            # Twice in one work, so that counting versions alone would not notice.
            await work.users.put(await work.users.get(KEY))
        await first.commit()
        with pytest.raises(ConflictError):
            await second.commit()
    assert (await stored(open_work)).shown == ("a",)
