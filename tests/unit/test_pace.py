"""How much one person may ask for in a while."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.pace import RATES, UNLIMITED, Deed, Leave, Pace, Rate, read_rates

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
THREE = Pace({Deed.TALK: Rate(3, 60)}).rates


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def asked(pace: Pace, times: int, at: float = 0, who: str = "hana") -> list[Leave]:
    return [pace.ask(who, Deed.TALK, after(at)) for _ in range(times)]


def test_a_bucket_gives_all_it_holds_at_once_tells_once_and_then_is_silent() -> None:
    given, told, silent = Leave.GIVEN, Leave.REFUSED, Leave.SILENT
    assert asked(Pace(THREE), 6) == [given, given, given, told, silent, silent]


def test_what_comes_back_is_given_and_nothing_is_said_again_until_the_bucket_is_full() -> None:
    pace = Pace(THREE)
    asked(pace, 4)
    assert asked(pace, 1, at=19) == [Leave.SILENT]
    assert asked(pace, 2, at=20) == [Leave.GIVEN, Leave.SILENT]
    assert asked(pace, 2, at=40) == [Leave.GIVEN, Leave.SILENT]
    assert asked(pace, 4, at=101) == [Leave.GIVEN] * 3 + [Leave.REFUSED]


@pytest.mark.parametrize("deed", list(Deed))
def test_the_usual_rates_give_exactly_what_they_say(deed: Deed) -> None:
    pace, rate = Pace(), RATES[deed]
    leaves = [pace.ask("hana", deed, NOW) for _ in range(rate.count + 1)]
    assert leaves == [Leave.GIVEN] * rate.count + [Leave.REFUSED]
    assert pace.ask("hana", deed, after(rate.seconds)) is Leave.GIVEN


def test_people_and_deeds_do_not_share_a_bucket() -> None:
    pace = Pace({Deed.TALK: Rate(1, 60), Deed.SONGS: Rate(1, 60)})
    asked(pace, 2)
    assert asked(pace, 1, who="minsu") == [Leave.GIVEN]
    assert pace.ask("hana", Deed.SONGS, NOW) is Leave.GIVEN


def test_what_weighs_more_takes_more_and_never_more_than_a_full_bucket() -> None:
    pace = Pace(THREE)
    assert pace.ask("hana", Deed.TALK, NOW, weight=2) is Leave.GIVEN
    assert pace.ask("hana", Deed.TALK, NOW, weight=2) is Leave.REFUSED
    assert pace.ask("hana", Deed.TALK, NOW) is Leave.GIVEN
    assert pace.ask("minsu", Deed.TALK, NOW, weight=1000) is Leave.GIVEN
    assert pace.ask("minsu", Deed.TALK, NOW) is Leave.REFUSED


def test_a_refusal_takes_nothing() -> None:
    pace = Pace(THREE)
    asked(pace, 1000)
    assert asked(pace, 3, at=60) == [Leave.GIVEN] * 3


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    pace = Pace(THREE)
    asked(pace, 4, at=10_000)
    assert asked(pace, 1) == [Leave.SILENT]
    assert asked(pace, 1, at=20) == [Leave.GIVEN]


def test_memory_is_bounded_and_who_goes_has_a_full_bucket_again() -> None:
    pace = Pace(THREE, capacity=2)
    asked(pace, 4, who="first")
    for number in range(100):
        asked(pace, 1, who=str(number))
        assert len(pace) <= 2
    assert asked(pace, 1, who="first") == [Leave.GIVEN]


def test_without_a_rate_there_is_no_limit_and_nothing_is_kept() -> None:
    pace = Pace(UNLIMITED)
    assert set(asked(pace, 1000)) == {Leave.GIVEN}
    assert len(pace) == 0


def test_rates_are_read_over_the_usual_ones() -> None:
    found = read_rates("talk=5/10, export = 1/0.5")
    assert (found[Deed.TALK], found[Deed.EXPORT]) == (Rate(5, 10), Rate(1, 0.5))
    assert found[Deed.SONGS] == RATES[Deed.SONGS]
    assert read_rates("None") == UNLIMITED


@pytest.mark.parametrize("text", ["", "talk", "talk=5", "walk=5/60", "talk=5/60,", "songs="])
def test_what_is_no_list_of_rates_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"none of|no rate"):
        read_rates(text)


@pytest.mark.parametrize(
    "text", ["0/60", "5/0", "-1/60", "a/60", "5/nan", "5/inf", "5/", "10001/1"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Rate.parse(text)
