"""The short phrases of the agreement language: moments, lengths, sides and distances.

after: approval                         a named event, clause (when met) or phase (when opened)
after: 48h before expiry                an exact length before or after another moment
deadline: 2025-01-26T04:00+02:00        a fixed moment, always with its offset
deadline: end of 2025-12-31             a civil day in the agreement's time zone
after: {last_of: [approval, exchange]}  the later of several
deadline: {next: monday, at: "12:00", after: approval}
within: 14d                             exactly 14 times 24 hours
within: {days: 14, first_day: excluded}     to the end of the 14th civil day
side: west of agreed-line
distance: at least 25km from agreed-line
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import PlainValidator, WithJsonSchema

from trucekeeper.terms.moments import (
    Length,
    Moment,
    end_of_day,
    parse_length,
    parse_moment,
    start_of_day,
)

UNSTATED: Literal["unstated"] = "unstated"
Unstated: TypeAlias = Literal["unstated"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAME = r"[A-Za-z0-9][A-Za-z0-9_.\-]*"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A moment that the text itself gives."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class CivilDay:
    """The first or the last microsecond of a civil day in the agreement's time zone."""

    day: date
    end: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """The moment of a named event, of a clause being met, or of a phase opening."""

    name: str


@dataclass(frozen=True, slots=True)
class Offset:
    """An exact length after (before, if negative) another moment."""

    length: Length
    of: When


@dataclass(frozen=True, slots=True)
class Among:
    """The first or the last of several moments."""

    last: bool
    of: tuple[When, ...]


@dataclass(frozen=True, slots=True)
class NextWeekday:
    """The first such weekday and time of day at or after another moment, in the agreement's time zone."""

    weekday: int
    hour: int
    minute: int
    after: When


When: TypeAlias = Fixed | CivilDay | Anchor | Offset | Among | NextWeekday


@dataclass(frozen=True, slots=True)
class Civil:
    """A length in civil days or months; it ends with the last microsecond of its last day.

    `first_day_counts` says whether the day of the trigger is day one; None where the text does not say.
    """

    days: int
    months: int
    first_day_counts: bool | None


@dataclass(frozen=True, slots=True)
class SideOf:
    """A named side of a line."""

    side: str
    line: str


@dataclass(frozen=True, slots=True)
class DistanceFrom:
    """At least so many metres from a line or zone (`under` is false), or less than that (`under` is true)."""

    metres: int
    under: bool
    line: str


def anchors(when: When | None) -> tuple[str, ...]:
    """Return the names that a moment waits for."""
    match when:
        case Anchor(name):
            return (name,)
        case Offset(of=of) | NextWeekday(after=of):
            return anchors(of)
        case Among(of=several):
            return tuple(name for one in several for name in anchors(one))
        case _:
            return ()


def fixed_moment(when: When, zone: str) -> Moment | None:
    """Return the moment of a phrase that names no event; None if it names one."""
    match when:
        case Fixed(moment):
            return moment
        case CivilDay(day, end):
            return end_of_day(day, zone) if end else start_of_day(day, zone)
        case Offset(length, of):
            base = fixed_moment(of, zone)
            return None if base is None else base + length
        case _:
            return None


_OFFSET = re.compile(r"(?P<length>\d+\s*[smhdw]) (?P<way>before|after) (?P<rest>.+)")
_DAY = re.compile(r"(?P<edge>start|end) of (?P<day>\d{4}-\d\d-\d\d)")
_SIDE = re.compile(rf"(?P<side>{NAME}) of (?P<line>{NAME})")
_DISTANCE = re.compile(rf"(?P<way>at least|under) (?P<n>\d+)\s*(?P<unit>km|m) from (?P<line>{NAME})")
_CLOCK = re.compile(r"(?P<h>[01]\d|2[0-3]):(?P<m>[0-5]\d)")


def parse_when(value: Any) -> Any:
    """Return the moment phrase of a YAML value; raises ValueError with the remedy."""
    if isinstance(value, dict):
        return _parse_when_mapping(value)
    if not isinstance(value, str):
        raise ValueError("a moment is a name, a time with offset, or a phrase like '48h before expiry'")  # noqa: TRY004
    if value == UNSTATED:
        raise ValueError("'unstated' is no moment here")
    if found := _OFFSET.fullmatch(value):
        length = parse_length(found["length"])
        return Offset(length if found["way"] == "after" else -length, parse_when(found["rest"]))
    if found := _DAY.fullmatch(value):
        return CivilDay(date.fromisoformat(found["day"]), end=found["edge"] == "end")
    if re.match(r"\d{4}-\d\d", value):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError(f"'{value}' is a day, not a moment: write 'start of {value}' or 'end of {value}'")
        return Fixed(parse_moment(value))
    if re.fullmatch(NAME, value):
        return Anchor(value)
    raise ValueError(f"'{value}' is no moment: name an event, a time with offset, or '48h before <event>'")


def _parse_when_mapping(value: dict[str, Any]) -> When:
    keys = set(value)
    if keys in ({"first_of"}, {"last_of"}):
        several = value.get("first_of", value.get("last_of"))
        if not isinstance(several, list) or not several:
            raise ValueError("list at least one moment")
        return Among(last="last_of" in keys, of=tuple(parse_when(one) for one in several))
    if keys == {"next", "at", "after"}:
        clock = _CLOCK.fullmatch(str(value["at"]))
        if value["next"] not in WEEKDAYS or clock is None:
            raise ValueError('write a weekday and a time of day: {next: monday, at: "12:00", after: approval}')
        return NextWeekday(
            WEEKDAYS.index(value["next"]), int(clock["h"]), int(clock["m"]), parse_when(value["after"])
        )
    raise ValueError('a moment is {first_of: [..]}, {last_of: [..]} or {next: monday, at: "12:00", after: ..}')


def parse_within(value: Any) -> Any:
    """Return an exact length, a civil length or `unstated`."""
    if isinstance(value, str):
        return value if value == UNSTATED else parse_length(value)
    if not isinstance(value, dict):
        raise ValueError("a length is written as 72h or as {days: 14, first_day: excluded}")  # noqa: TRY004
    unknown = set(value) - {"days", "months", "first_day"}
    counted = {key: value[key] for key in ("days", "months") if key in value}
    first = value.get("first_day", UNSTATED if "days" in value else "excluded")
    if unknown or len(counted) != 1 or first not in ("counts", "excluded", UNSTATED):
        raise ValueError("write {days: N, first_day: counts | excluded | unstated} or {months: N}")
    number = next(iter(counted.values()))
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 100_000:
        raise ValueError("days and months are counted in whole numbers from 1")
    return Civil(value.get("days", 0), value.get("months", 0), None if first == UNSTATED else first == "counts")


def _parse_side(value: Any) -> Any:
    found = _SIDE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("a side is written as 'west of agreed-line'")
    return SideOf(found["side"], found["line"])


def _parse_distance(value: Any) -> Any:
    found = _DISTANCE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("a distance is written as 'at least 25km from agreed-line' or 'under 10km from zone'")
    metres = int(found["n"]) * (1000 if found["unit"] == "km" else 1)
    return DistanceFrom(metres, found["way"] == "under", found["line"])


def _parse_length_value(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("a length of time is written as 72h, 90m, 14d or 2w")  # noqa: TRY004
    return parse_length(value)


_TEXT = {"type": "string"}
_TEXT_OR_MAPPING = {"anyOf": [{"type": "string"}, {"type": "object"}]}
WhenPhrase = Annotated[When, PlainValidator(parse_when), WithJsonSchema({**_TEXT_OR_MAPPING, "title": "Moment"})]
WithinPhrase = Annotated[
    Length | Civil | Unstated,
    PlainValidator(parse_within),
    WithJsonSchema({**_TEXT_OR_MAPPING, "title": "Length, exact or civil"}),
]
LengthPhrase = Annotated[
    Length, PlainValidator(_parse_length_value), WithJsonSchema({**_TEXT, "pattern": r"^\d+\s*[smhdw]$"})
]
SidePhrase = Annotated[SideOf, PlainValidator(_parse_side), WithJsonSchema({**_TEXT, "pattern": " of "})]
DistancePhrase = Annotated[
    DistanceFrom, PlainValidator(_parse_distance), WithJsonSchema({**_TEXT, "pattern": "^(at least|under) "})
]
