"""Declared precision is sorted into quarters of an octave, and a source's habit is added to it."""

from math import log2

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.fusion_small import columns, report
from trucekeeper.fusion.columns import DAY_US, HOUR_US
from trucekeeper.fusion.scales import PLACE_M, PLACES, TIME_US, TIMES, place_classes, time_classes

MINUTE_US = HOUR_US // 60
NO_HABIT = [(0, 0)]


def nearest(quarters: float, last: int) -> int:
    """Return the class of so many quarters of an octave above the least, unless it is as near to two."""
    assume(abs(quarters % 1 - 0.5) > 1e-6)
    return min(max(round(quarters), 0), last)


@given(st.floats(1, 300_000))
def test_a_position_is_of_the_nearest_quarter_of_an_octave_above_ten_metres(sd_m: float) -> None:
    expected = nearest(4 * log2(sd_m / 10), 51)

    assert place_classes(columns(report(1, sd_m=sd_m)), NO_HABIT).tolist() == [expected]


@given(st.integers(MINUTE_US // 4, 20 * DAY_US))
def test_a_time_is_of_the_nearest_quarter_of_an_octave_above_a_minute(sd_us: int) -> None:
    expected = nearest(4 * log2(sd_us / MINUTE_US), 55)

    assert time_classes(columns(report(1, sd_us=sd_us)), NO_HABIT).tolist() == [expected]


def test_classes_go_from_ten_metres_to_69_km_and_from_a_minute_to_ten_days() -> None:
    assert (PLACE_M[0], TIME_US[0]) == (10, MINUTE_US)
    assert PLACE_M[-1] == pytest.approx(69_000, rel=0.01)
    assert TIME_US[-1] == pytest.approx(10 * DAY_US, rel=0.05)


def test_areas_and_days_have_classes_of_their_own_beyond_those_of_points_and_times() -> None:
    point, area = report(1, sd_m=20.0, sd_us=4 * MINUTE_US), report(2, sd_m=20.0, area=True, sd_us=120, day=True)
    rows = columns(point, area)

    assert place_classes(rows, NO_HABIT).tolist() == [4, PLACES + 4]
    assert time_classes(rows, NO_HABIT).tolist() == [8, TIMES]


def test_the_habit_that_is_added_is_that_of_the_source_and_of_the_sort() -> None:
    habits = [(1, 2), (3, -4)]
    said = [(source, apart) for source in (0, 1) for apart in (False, True)]
    rows = columns(
        *(
            report(key, sd_m=160.0, sd_us=16 * MINUTE_US, source=source, area=vague, day=vague)
            for key, (source, vague) in enumerate(said)
        )
    )

    assert place_classes(rows, habits).tolist() == [16 + 1, PLACES + 16 + 2, 16 + 3, PLACES + 16 - 4]
    assert time_classes(rows, habits).tolist() == [16 + 1, TIMES + 16 + 2, 16 + 3, TIMES + 16 - 4]


@pytest.mark.parametrize(("habit", "place", "time"), [(-99, 0, 0), (99, 51, 55)])
def test_no_habit_leads_beyond_the_first_and_the_last_class(habit: int, place: int, time: int) -> None:
    rows = columns(report(1), report(2, area=True, day=True))

    assert place_classes(rows, [(habit, habit)]).tolist() == [place, PLACES + place]
    assert time_classes(rows, [(habit, habit)]).tolist() == [time, TIMES + time]
