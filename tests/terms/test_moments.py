from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucekeeper.terms import DAWN, NEVER, Interval, Span
from trucekeeper.terms.moments import (
    DAY,
    HOUR,
    add_months,
    day_of,
    end_of_day,
    parse_length,
    parse_moment,
    shifted,
    start_of_day,
    write_length,
    write_moment,
)

ZONES = ["Asia/Beirut", "Europe/Kyiv", "Asia/Gaza", "Asia/Jakarta", "UTC"]


def test_one_moment_has_one_number_whatever_offset_writes_it() -> None:
    assert parse_moment("2025-10-10T12:00+03:00") == parse_moment("2025-10-10T09:00:00Z")
    assert parse_moment("1970-01-01T00:00:00.000001Z") == 1


@pytest.mark.parametrize(
    "text",
    [
        "2025-10-10",
        "2025-10-10T12:00",
        "noon",
        "2025-13-01T00:00Z",
        "2025-10-10T25:00+03:00",
        "",
        "2025-10-10T12:00+3",
    ],
)
def test_a_time_that_is_not_a_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"2025-10-10T12:00|is not a time|no time of day"):
        parse_moment(text)


@given(st.integers(-(10**15), 4 * 10**15), st.sampled_from(ZONES))
def test_a_moment_is_written_and_read_back_in_any_zone(moment: int, zone: str) -> None:
    assert parse_moment(write_moment(moment, zone)) == moment


def test_the_ends_of_time_have_words() -> None:
    assert (write_moment(DAWN), write_moment(NEVER)) == ("always", "never")
    assert shifted(NEVER, -DAY) == NEVER
    assert shifted(DAWN, DAY) == DAWN
    assert shifted(5, 3) == 8


@pytest.mark.parametrize(
    ("text", "length"),
    [("72h", 72 * HOUR), ("14d", 14 * DAY), ("90m", 90 * 60_000_000), ("2w", 14 * DAY), ("1s", 10**6)],
)
def test_a_length_is_exact_seconds(text: str, length: int) -> None:
    assert parse_length(text) == length


@pytest.mark.parametrize("text", ["72", "h", "1.5h", "-3h", "three days", "72 hours", ""])
def test_a_length_in_other_words_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 72h"):
        parse_length(text)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (HOUR, "1 hour"),
        (72 * HOUR, "72 hours"),
        (14 * DAY, "14 days"),
        (90 * 60_000_000, "90 minutes"),
        (10**6, "1 second"),
    ],
)
def test_a_length_is_written_in_its_largest_whole_unit(length: int, words: str) -> None:
    assert write_length(length) == words


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2031, 3, 30), 23), (date(2031, 10, 26), 25), (date(2031, 7, 1), 24)]
)
def test_a_civil_day_may_have_23_24_or_25_hours(day: date, hours: int) -> None:
    first, last = start_of_day(day, "Europe/Kyiv"), end_of_day(day, "Europe/Kyiv")

    assert last - first + 1 == hours * HOUR
    assert day_of(first, "Europe/Kyiv") == day_of(last, "Europe/Kyiv") == day
    assert day_of(last + 1, "Europe/Kyiv") > day > day_of(first - 1, "Europe/Kyiv")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 11, 17), 6, date(2026, 5, 17)),
        (date(2025, 12, 15), 12, date(2026, 12, 15)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
        (date(2025, 12, 1), 0, date(2025, 12, 1)),
        (date(2025, 10, 31), 1, date(2025, 11, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_an_interval_or_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="earliest time is after"):
        Interval(2, 1)
    with pytest.raises(ValueError, match="ends before it starts"):
        Span(2, 1)
    assert Interval(1, 1) == Interval.at(1)
    assert Span(1, 1).length == 0


def test_intervals_move_and_join() -> None:
    assert Interval(1, 3).later(5) == Interval(6, 8)
    assert Interval(1, 3).hull(Interval(2, 9)) == Interval(1, 9)
    assert Interval(DAWN, NEVER).later(5) == Interval(DAWN, NEVER)
