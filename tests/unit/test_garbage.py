"""What is loaded for good is left alone by the garbage collector, and only while it serves."""

import gc

import pytest

from bot.garbage import loaded_for_good


def test_what_was_there_is_not_looked_through_until_the_end() -> None:
    before, often = gc.get_freeze_count(), gc.get_threshold()
    stays: list[object] = []
    with loaded_for_good():
        assert gc.get_freeze_count() > before
        later: list[object] = []
        looked_through = {id(each) for each in gc.get_objects()}
        assert id(stays) not in looked_through
        assert id(later) in looked_through
        assert gc.get_threshold() > often
    assert gc.get_threshold() == often
    assert id(stays) in {id(each) for each in gc.get_objects()}


def test_a_failure_ends_it_too() -> None:
    stays: list[object] = []
    with pytest.raises(ZeroDivisionError), loaded_for_good():
        raise ZeroDivisionError
    assert id(stays) in {id(each) for each in gc.get_objects()}
