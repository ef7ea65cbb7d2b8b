"""Where a short phrase stops being good: the last one that is read, and the first that is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from trucekeeper.agreement.language import PatternBody
from trucekeeper.agreement.phrases import (
    LONGEST_PHRASE,
    Among,
    Anchor,
    Civil,
    CivilDay,
    DistanceFrom,
    Fixed,
    NextWeekday,
    Offset,
    PhraseError,
    SideOf,
    anchors,
    fixed_moment,
    parse_when,
    parse_within,
)
from trucekeeper.agreement.validation import adapter
from trucekeeper.terms.moments import DAY, HOUR, MINUTE, parse_moment

APPROVAL = Anchor("approval")

MOMENTS: list[Any] = [
    ("approval", APPROVAL),
    ("A-1.b_2", Anchor("A-1.b_2")),
    ("2025-10-10T12:00+03:00", Fixed(parse_moment("2025-10-10T12:00+03:00"))),
    ("1900-01-01T00:00+00:00", Fixed(parse_moment("1900-01-01T00:00+00:00"))),
    ("2199-12-31T23:59+00:00", Fixed(parse_moment("2199-12-31T23:59+00:00"))),
    ("start of 2025-10-10", CivilDay(date(2025, 10, 10), end=False)),
    ("end of 2024-02-29", CivilDay(date(2024, 2, 29), end=True)),
    ("48h before approval", Offset(-48 * HOUR, APPROVAL)),
    ("90m after 2d before approval", Offset(90 * MINUTE, Offset(-2 * DAY, APPROVAL))),
    ({"first_of": ["approval"]}, Among(last=False, of=(APPROVAL,))),
    ({"last_of": ["approval", "talks"]}, Among(last=True, of=(APPROVAL, Anchor("talks")))),
    ({"next": "monday", "at": "00:00", "after": "approval"}, NextWeekday(0, 0, 0, APPROVAL)),
    ({"next": "sunday", "at": "23:59", "after": "approval"}, NextWeekday(6, 23, 59, APPROVAL)),
]


@pytest.mark.parametrize(("written", "read"), MOMENTS)
def test_a_moment_is_read_as_it_is_written(written: object, read: object) -> None:
    assert parse_when(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "1899-12-31T23:59+00:00",
        "2200-01-01T00:00+00:00",
        "end of 1899-12-31",
        "start of 2200-01-01",
        "end of 2023-02-29",
        "start of \u0662\u0660\u0662\u0665-\u0661\u0660-\u0661\u0660",
        "unstated",
        "-approval",
        "",
        None,
        True,
        7,
        [],
        {},
        {"first_of": []},
        {"first_of": ["approval"], "last_of": ["approval"]},
        {"next": "monday", "at": "24:00", "after": "approval"},
        {"next": "monday", "at": "12:60", "after": "approval"},
        {"next": "monday", "at": "12:00"},
        {"next": ["monday"], "at": "12:00", "after": "approval"},
        {"next": "monday", "at": 720, "after": "approval"},
    ],
)
def test_what_is_no_moment_is_refused(written: object) -> None:
    with pytest.raises(PhraseError):
        parse_when(written)


def test_a_phrase_may_be_as_long_as_the_bound_and_no_longer() -> None:
    longest = "a" * LONGEST_PHRASE

    assert parse_when(longest) == Anchor(longest)
    with pytest.raises(PhraseError, match="a moment of 401 characters"):
        parse_when(longest + "a")


LENGTHS: list[Any] = [
    ("72h", 72 * HOUR),
    ("73200d", 73_200 * DAY),
    ("unstated", "unstated"),
    ({"days": 1}, Civil(1, 0, None)),
    ({"days": 73_200, "first_day": "counts"}, Civil(73_200, 0, first_day_counts=True)),
    ({"days": 14, "first_day": "excluded"}, Civil(14, 0, first_day_counts=False)),
    ({"days": 14, "first_day": "unstated"}, Civil(14, 0, None)),
    ({"months": 1}, Civil(0, 1, first_day_counts=False)),
    ({"months": 2_400}, Civil(0, 2_400, first_day_counts=False)),
]


@pytest.mark.parametrize(("written", "read"), LENGTHS)
def test_a_length_is_read_as_it_is_written(written: object, read: object) -> None:
    assert parse_within(written) == read


REFUSED_LENGTHS: list[Any] = [
    ("73201d", "'73201d' is longer than 200 years"),
    ("soon", "'soon' is not a length of time"),
    (None, "nothing is not a length of time"),
    (72, "72 is not a length of time"),
    (False, "false is not a length of time"),
    ([], "a list is not a length of time"),
    ({"days": 0}, "0 days cannot be counted"),
    ({"days": 73_201}, "73201 days cannot be counted"),
    ({"days": True}, "true days cannot be counted"),
    ({"days": "x" * 70}, f"'{'x' * 60}' days cannot be counted"),
    ({"days": {}}, "a mapping days cannot be counted"),
    ({"months": 0}, "0 months cannot be counted"),
    ({"months": 2_401}, "2401 months cannot be counted"),
    ({"days": 1, "months": 1}, "a mapping that is no length of time"),
    ({"first_day": "counts"}, "a mapping that is no length of time"),
    ({"days": 1, "first_day": "maybe"}, "a mapping that is no length of time"),
    ({"days": 1, "hours": 3}, "a mapping that is no length of time"),
]


@pytest.mark.parametrize(("written", "what"), REFUSED_LENGTHS)
def test_what_is_no_length_is_refused_and_shown(written: object, what: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_within(written)

    assert refused.value.what == what
    assert refused.value.remedy
    assert str(refused.value) == f"{what}: {refused.value.remedy}"


def pattern(**more: object) -> PatternBody:
    read: PatternBody = adapter(PatternBody).validate_python({"fact": "position", **more})
    return read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("at least 25km from agreed-line", DistanceFrom(25_000, under=False, line="agreed-line")),
        ("under 400m from valley", DistanceFrom(400, under=True, line="valley")),
        ("under 999999999 km from valley", DistanceFrom(999_999_999_000, under=True, line="valley")),
    ],
)
def test_a_distance_is_kept_in_metres(written: str, read: DistanceFrom) -> None:
    assert pattern(distance=written).distance == read


@pytest.mark.parametrize(
    "written", ["25km", "at least km from valley", "under 1000000000m from valley", "under 1.5km from x"]
)
def test_what_is_no_distance_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no distance"):
        pattern(distance=written)


def test_a_side_is_a_word_and_its_line() -> None:
    assert pattern(side="west of agreed-line").side == SideOf("west", "agreed-line")


def test_a_moment_waits_for_every_name_in_it() -> None:
    when = parse_when({"last_of": ["48h before expiry", {"next": "monday", "at": "12:00", "after": "talks"}]})

    assert anchors(when) == ("expiry", "talks")
    assert anchors(parse_when("end of 2025-10-10")) == anchors(None) == ()


def test_a_moment_that_names_no_event_has_a_fixed_time() -> None:
    def fixed(written: object) -> int | None:
        return fixed_moment(parse_when(written), "Asia/Beirut")

    assert fixed("2025-10-10T12:00+03:00") == parse_moment("2025-10-10T12:00+03:00")
    assert fixed("start of 2025-10-10") == parse_moment("2025-10-10T00:00+03:00")
    assert fixed("end of 2025-10-10") == parse_moment("2025-10-10T23:59:59.999999+03:00")
    assert fixed("48h after start of 2025-10-10") == parse_moment("2025-10-12T00:00+03:00")
    assert fixed("48h before start of 2025-10-10") == parse_moment("2025-10-08T00:00+03:00")
    assert fixed("48h before approval") is None
    assert fixed({"first_of": ["start of 2025-10-10"]}) is None
